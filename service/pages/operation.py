"""What runs the service, for administrators: the index in use, the audit trail."""

from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.artifact import Manifest, read_manifest
from matcher.errors import ArtifactError
from service.accounts.tables import AccountRow
from service.artifacts import kept_artifact
from service.audit.reading import EventFilters, find_events
from service.errors import InvalidError
from service.pages.languages import PageLanguage
from service.pages.names_of_access import EVENT_KINDS, event_kind_name, event_name
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.settings import Settings
from service.tables import CommuneRow
from service.web.state import state_of
from service.web.transactions import ReadSession

router = APIRouter(include_in_schema=False)
INDEX, TRAIL = "/amministrazione/indice", "/amministrazione/registro"
AT_ONCE = 30
Before = Annotated[int | None, Query(alias="prima", ge=1, le=2**62)]


@router.get(INDEX)
def read_index(request: Request, language: PageLanguage) -> HTMLResponse:
    """Show which index requests are answered from, what it was made of and since when."""
    state = state_of(request)
    serving = state.live.serving()
    manifest = _manifest(state.settings, serving.recommender.artifact_version)
    shown = {
        "name": serving.recommender.artifact_version,
        "manifest": manifest,
        "made": moment_day(manifest.created, language) if manifest else "",
        "since": moment_day(serving.since.isoformat(), language),
        "revision": serving.revision,
        "encoder": serving.encoder.id,
        "n_calls": len(serving.catalogue.calls),
        "failure": state.live.failure,
    }
    return page(request, "administration/index.html", shown)


@router.get(TRAIL)
def read_trail(
    request: Request,
    session: ReadSession,
    language: PageLanguage,
    azione: Annotated[str, Query(max_length=100)] = "",
    chi: Annotated[str, Query(max_length=254)] = "",
    oggetto: Annotated[str, Query(max_length=300)] = "",
    comune: Annotated[str, Query(max_length=6)] = "",
    dal: Annotated[str, Query(max_length=10)] = "",
    al: Annotated[str, Query(max_length=10)] = "",
    before: Before = None,
) -> HTMLResponse:
    """Show who saw or changed what, newest first."""
    asked = {"azione": azione, "chi": chi, "oggetto": oggetto, "comune": comune, "dal": dal, "al": al}
    who = _account(session, chi)
    filters = EventFilters(
        account_id=who, action=azione, object_id=oggetto, commune_istat=comune, first=_day(dal), last=_day(al)
    )
    rows, following = find_events(session, filters, before=before, limit=AT_ONCE)
    kept = {name: value for name, value in asked.items() if value}
    shown = {
        "events": [_event(row, language) for row in rows],
        "people": _names(session, AccountRow, [row.account_id for row in rows]),
        "communes": _names(session, CommuneRow, [row.commune_istat for row in rows]),
        "asked": asked,
        "kinds": sorted(((kind, event_kind_name(kind, language)) for kind in EVENT_KINDS), key=lambda pair: pair[1]),
        "following": f"{TRAIL}?{urlencode(kept | {'prima': following})}" if following else "",
    }
    return page(request, "administration/trail.html", shown)


def _manifest(settings: Settings, name: str) -> Manifest | None:
    """Return what the index says of itself; None while it is still being written, or where it cannot be read."""
    folder = kept_artifact(settings, name)
    try:
        return read_manifest(folder) if folder else None
    except ArtifactError:
        return None


def _event(row: Any, language: str) -> dict[str, Any]:
    at: datetime = row.at
    details = ", ".join(f"{name}: {value}" for name, value in row.details.items() if value not in ("", None))
    return {
        "row": row,
        "name": event_name(row.action, language),
        "when": moment_day(at.isoformat(), language),
        "details": details,
    }


def _names(session: Session, table: Any, ids: list[str | None]) -> dict[str, str]:
    wanted = sorted({one for one in ids if one})
    return {key: name for key, name in session.execute(select(table.id, table.name).where(table.id.in_(wanted)))}


def _account(session: Session, words: str) -> str:
    """Return the id of an account from its e-mail address; what is no address is taken as an id."""
    if "@" not in words:
        return words
    return session.scalar(select(AccountRow.id).where(AccountRow.email == words.strip().lower())) or words


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as error:
        raise InvalidError("dal", f"{words!r}: not a day") from error
