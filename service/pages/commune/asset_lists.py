"""A commune's own list of assets taken in from a spreadsheet, and the assets near one of its needs."""

import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, Response

from corpora.errors import LayoutError, SourceError
from corpora.sources.beni_comune import HEADINGS
from service.assets.matching import Matching, assets_near, need_of
from service.assets.uploading import LARGEST_FILE, MOST_ROWS, Uploaded, upload
from service.errors import InvalidError, UnknownRecordError
from service.pages import asset_words as words
from service.pages.commune.visit import Visit, Visited
from service.spreadsheets import CSV_TYPE, csv_table
from service.web.state import state_of
from service.web.uploads import Sent, SentForm

router = APIRouter(prefix="/comuni/{istat}", include_in_schema=False)
ItemId = Annotated[str, InPath(max_length=300)]
AT_ONCE, RULED_OUT = 10, 10
MOST_TOLD = 100
"""Rows set apart that the page shows."""
COLUMNS = ("title", "text", "address", "owner", "kind", "surface", "state", "heritage", "contamination", "constraints")
"""The columns of the example, those that matter to the matching; the page names the others."""
_EXAMPLE = (
    ("Ex macello", "Sul canale", "via Roma 1", "Comune", "padiglioni", 1200.0, "in abbandono", "sì", "no", ""),
    ("Ex scuola elementare", "", "piazza Grande", "Comune", "ex scuola", 900.0, "chiusa", "", "", "barriere"),
)


@router.get("/elenco-beni")
def read_upload(visit: Visited) -> HTMLResponse:
    """Show the form that takes a list, and what it should look like."""
    return _form(visit, None, "")


@router.get("/elenco-beni/esempio.csv")
def download_example(visit: Visited) -> Response:
    """Return a list to begin with."""
    header = [_heading(name) for name in COLUMNS]
    disposition = {"Content-Disposition": f'attachment; filename="beni-{visit.istat}.csv"'}
    return Response(csv_table(header, _EXAMPLE), media_type=CSV_TYPE, headers=disposition)


@router.post("/elenco-beni")
def send_list(visit: Visited, sent: SentForm) -> Response:
    """Take a list: good rows are kept, those that cannot be read are told with their reason."""
    if sent.content is None:
        return _form(visit, None, "none", 422)
    try:
        done = _taken(visit, sent)
    except LayoutError:
        return _form(visit, None, "columns", 422)
    except SourceError:
        return _form(visit, None, "unreadable", 422)
    except InvalidError as error:
        return _form(visit, None, "too_large" if error.field == "size" else "too_many", 422)
    return _form(visit, done, "")


@router.get("/beni-vicini/{item_id:path}")
def read_assets_near(visit: Visited, item_id: ItemId) -> HTMLResponse:
    """Show the assets that could serve a need of the commune, the most fitting first, and why others could not."""
    state = state_of(visit.request)
    with visit.acting() as acting:
        asked = Matching(acting, visit.serving, state.assets)
        need = need_of(asked, item_id)
        if need.commune_istat != visit.istat:
            raise UnknownRecordError(f"{item_id}: none of the needs that you may see has this id")
        found = assets_near(asked, need, AT_ONCE, RULED_OUT)
        places = {one.istat: one.name for one in visit.serving.communes}
    shown = {
        "need": need,
        "matches": words.match_lines(found.items, visit.language),
        "excluded": words.match_lines(found.excluded, visit.language),
        "places": places,
    }
    return visit.page("assets_near.html", shown)


def _taken(visit: Visit, sent: Sent) -> Uploaded:
    assert sent.content is not None  # noqa: S101 - asked before
    with NamedTemporaryFile(suffix=Path(sent.name).suffix[:10]) as kept:
        shutil.copyfileobj(sent.content, kept)
        if kept.tell() > LARGEST_FILE:
            raise InvalidError("size", f"{sent.name}: more than {LARGEST_FILE >> 20} MB")
        kept.flush()
        with visit.acting() as acting:
            return upload(acting, visit.istat, Path(kept.name), sent.name)


def _form(visit: Visit, done: Uploaded | None, error: str, status: int = 200) -> HTMLResponse:
    shown = {
        "uploaded": done,
        "apart": done.apart[:MOST_TOLD] if done else [],
        "error": error,
        "columns": [_heading(name) for name in HEADINGS],
        "limit": MOST_ROWS,
        "largest": LARGEST_FILE >> 20,
    }
    return visit.page("asset_list.html", shown, status)


def _heading(field: str) -> str:
    return HEADINGS[field][0].capitalize()
