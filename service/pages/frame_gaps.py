"""Where the strategic frame has gaps: needs without a call, calls without a project, drivers with neither."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.api.acting import Watched
from service.frame.coverages import uncovered
from service.frame.exporting import TYPES, exported, gap_table, why_words
from service.frame.gaps import Gap, Gaps
from service.frame.naming import driver_label, zone_label
from service.frame.unmet import Why
from service.moments import ROME
from service.pages.formats import day, hour
from service.pages.frame_words import Spot
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
GAPS = "/quadro/lacune"
AT_ONCE = 50
"""Lines of a list on its page; the file has all of them."""
_NAMES = {Gap.NEEDS: "bisogni", Gap.CALLS: "bandi", Gap.LINES: "linee"}
_GAPS = {name: gap for gap, name in _NAMES.items()}
Form = Annotated[str, Query(alias="formato", pattern="^(csv|xlsx)$")]
Which = Annotated[str, Query(alias="quali", pattern="^(bisogni|bandi|linee)$")]
All = Annotated[str, Query(alias="tutti", pattern="^(bisogni|bandi|linee)?$")]


@router.get(GAPS)
def read_gaps(request: Request, acting: Watched, language: PageLanguage, whole: All = "") -> HTMLResponse:
    """Show the three lists, each from its beginning; ``tutti`` names the one to be shown whole."""
    state = state_of(request)
    found, picture = uncovered(state, acting.session, acting.principal), state.frame.picture()
    _told(acting, found)
    shown = {gap: None if _NAMES[gap] == whole else AT_ONCE for gap in Gap}
    return page(
        request,
        "frame/gaps.html",
        {
            "needs": [(need, _why(need.sight.why, language)) for need in found.needs[: shown[Gap.NEEDS]]],
            "calls": [(call, _closing(call.closes_at, language)) for call in found.calls[: shown[Gap.CALLS]]],
            "lines": [
                {
                    "driver": driver_label(line.driver, language),
                    "zone": zone_label(line.zone, language),
                    "needs": line.needs,
                    "at": f"/quadro/casella?{urlencode(Spot(line.driver, None, line.zone).pairs)}",
                }
                for line in found.lines[: shown[Gap.LINES]]
            ],
            "totals": {"needs": len(found.needs), "calls": len(found.calls), "lines": len(found.lines)},
            "counted": f"{day(picture.at, language)}, {hour(picture.at)}" if picture else "",
            "exports": {
                gap.value: [
                    (form, f"{GAPS}/esporta?{urlencode({'quali': _NAMES[gap], 'formato': form})}") for form in TYPES
                ]
                for gap in Gap
            },
        },
    )


@router.get(f"{GAPS}/esporta")
def export_gaps(
    request: Request, acting: Watched, language: PageLanguage, which: Which = "linee", form: Form = "csv"
) -> Response:
    """Send one of the lists as a file."""
    found, gap = uncovered(state_of(request), acting.session, acting.principal), _GAPS[which]
    if gap is Gap.NEEDS:
        _told(acting, found)
    content = exported(which, *gap_table(gap, found, language), form)
    headers = {"Content-Disposition": f'attachment; filename="lacune-{which}.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=TYPES[form], headers=headers)


def _told(acting: Acting, found: Gaps) -> None:
    if found.needs:
        acting.did("needs", "listed", "", None, count=len(found.needs))


def _why(why: Why | None, language: str) -> str:
    return "" if why is None else why_words(why, language)


def _closing(at: float | None, language: str) -> str:
    return "" if at is None else day(datetime.fromtimestamp(at, ROME), language)
