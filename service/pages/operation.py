"""The index in use, for administrators: what it is made of, since when, and how well it finds."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from matcher.artifact import Manifest, read_manifest
from matcher.errors import ArtifactError
from service.artifacts import kept_artifact
from service.live import Serving
from service.pages.languages import PageLanguage
from service.pages.quality import told
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.pages.translations import translations
from service.quality import measured
from service.settings import Settings
from service.tables import DataVersionRow, PrecedentRow
from service.web.state import state_of
from service.web.transactions import ReadSession

router = APIRouter(include_in_schema=False)
INDEX = "/amministrazione/indice"


@router.get(INDEX)
def read_index(request: Request, session: ReadSession, language: PageLanguage) -> HTMLResponse:
    """Show which index requests are answered from, what it was made of and since when, and how well it finds."""
    state, quality = state_of(request), measured()
    serving = state.live.serving()
    manifest = _manifest(state.settings, serving.recommender.artifact_version)
    times = {row.name: row.number for row in session.scalars(select(DataVersionRow))}
    n_precedents = session.scalar(select(func.count()).select_from(PrecedentRow)) or 0
    shown = {
        "name": serving.recommender.artifact_version,
        "manifest": manifest,
        "made": moment_day(manifest.created, language) if manifest else "",
        "since": moment_day(serving.since.isoformat(), language),
        "revision": serving.revision,
        "encoder": serving.encoder.id,
        "n_calls": len(serving.catalogue.calls),
        "failure": state.live.failure,
        "parts": [(name, n, times.get(key, 0)) for key, name, n in _parts(serving, n_precedents, language)],
        "measured_here": quality.is_of_ranker and quality.encoder == serving.encoder.id,
        "figures": told(quality, language),
    }
    return page(request, "administration/index.html", shown)


def _parts(serving: Serving, n_precedents: int, language: str) -> list[tuple[str, str, int]]:
    """Return what the index depends on: name of the data, what people call it, how many there are."""
    words = translations(language)
    return [
        ("calls", words.gettext("Bandi"), len(serving.catalogue.calls)),
        ("precedents", words.gettext("Progetti già finanziati"), n_precedents),
        ("communes", words.gettext("Comuni"), len(serving.communes)),
    ]


def _manifest(settings: Settings, name: str) -> Manifest | None:
    """Return what the index says of itself; None while it is still being written, or where it cannot be read."""
    folder = kept_artifact(settings, name)
    try:
        return read_manifest(folder) if folder else None
    except ArtifactError:
        return None
