"""The audit trail, for administrators: who saw or changed what, for which commune, when; searched and taken along."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.tables import AccountRow
from service.audit.reading import EventFilters, find_events
from service.communes import CommuneFinder
from service.errors import InvalidError, UnknownCommuneError
from service.moments import ROME, now
from service.pages.languages import PageLanguage
from service.pages.names_of_access import EVENT_KINDS, event_kind_name, event_name
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.pages.translations import translations
from service.spreadsheets import CSV_TYPE, Cell, csv_table
from service.tables import CommuneRow
from service.web.state import state_of
from service.web.transactions import ReadSession

router = APIRouter(include_in_schema=False)
TRAIL = "/amministrazione/registro"
AT_ONCE = 30
MOST_EXPORTED = 20_000
"""Events in one file; who needs more narrows the days."""
EXPORTED_AT_ONCE = 1000
Before = Annotated[int | None, Query(alias="prima", ge=1, le=2**62)]


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_HEADER = (
    _("Quando"),
    _("Chi"),
    _("Chiave di un programma"),
    _("Azione"),
    _("Su che cosa"),
    _("Comune"),
    _("Dettagli"),
    _("Richiesta"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, as it was typed."""

    azione: str
    chi: str
    oggetto: str
    comune: str
    dal: str
    al: str

    def kept(self) -> dict[str, str]:
        """Return what was typed, for the address of the next page."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in fields.items() if value}

    def filters(self, session: Session, communes: CommuneFinder) -> EventFilters:
        """Return it as the trail is searched by; raises InvalidError for a day that is none."""
        return EventFilters(
            account_id=_account(session, self.chi),
            action=self.azione,
            object_id=self.oggetto,
            commune_istat=_commune(communes, self.comune),
            first=_day(self.dal),
            last=_day(self.al),
        )


def _asked(
    azione: Annotated[str, Query(max_length=100)] = "",
    chi: Annotated[str, Query(max_length=254)] = "",
    oggetto: Annotated[str, Query(max_length=300)] = "",
    comune: Annotated[str, Query(max_length=200)] = "",
    dal: Annotated[str, Query(max_length=10)] = "",
    al: Annotated[str, Query(max_length=10)] = "",
) -> Asked:
    return Asked(azione, chi, oggetto, comune, dal, al)


AskedFor = Annotated[Asked, Depends(_asked)]


@router.get(TRAIL)
def read_trail(
    request: Request, session: ReadSession, language: PageLanguage, asked: AskedFor, before: Before = None
) -> HTMLResponse:
    """Show who saw or changed what, newest first."""
    filters = asked.filters(session, state_of(request).live.serving().finder)
    rows, following = find_events(session, filters, before=before, limit=AT_ONCE)
    shown = {
        "events": [_event(row, language) for row in rows],
        "people": _names(session, AccountRow, [row.account_id for row in rows]),
        "communes": _names(session, CommuneRow, [row.commune_istat for row in rows]),
        "asked": asked,
        "kinds": sorted(((kind, event_kind_name(kind, language)) for kind in EVENT_KINDS), key=lambda pair: pair[1]),
        "following": f"{TRAIL}?{urlencode(asked.kept() | {'prima': following})}" if following else "",
        "file": f"{TRAIL}/tabella.csv?{urlencode(asked.kept())}",
        "most": MOST_EXPORTED,
    }
    return page(request, "administration/trail.html", shown)


@router.get(f"{TRAIL}/tabella.csv")
def download_trail(request: Request, session: ReadSession, language: PageLanguage, asked: AskedFor) -> Response:
    """Return what was found as a table, newest first."""
    words = translations(language)
    filters = asked.filters(session, state_of(request).live.serving().finder)
    table = csv_table([words.gettext(one) for one in _HEADER], _rows(session, filters, language))
    name = f"registro-{now().date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(table, media_type=CSV_TYPE, headers=headers)


def _rows(session: Session, filters: EventFilters, language: str) -> Iterator[list[Cell]]:
    people = {id_: name for id_, name in session.execute(select(AccountRow.id, AccountRow.name))}
    communes = {id_: name for id_, name in session.execute(select(CommuneRow.id, CommuneRow.name))}
    before, left = None, MOST_EXPORTED
    while left > 0:
        rows, before = find_events(session, filters, before=before, limit=min(EXPORTED_AT_ONCE, left))
        for row in rows:
            commune = communes.get(row.commune_istat or "", row.commune_istat or "")
            yield [
                row.at.astimezone(ROME).isoformat(timespec="seconds"),
                people.get(row.account_id or "", ""),
                row.api_key_id or "",
                event_name(row.action, language),
                row.object_id,
                commune,
                _details(row),
                row.request_id,
            ]
        left -= len(rows)
        if before is None:
            return


def _event(row: Any, language: str) -> dict[str, Any]:
    at: datetime = row.at
    return {
        "row": row,
        "name": event_name(row.action, language),
        "when": moment_day(at.isoformat(), language),
        "details": _details(row),
    }


def _details(row: Any) -> str:
    return ", ".join(f"{name}: {value}" for name, value in row.details.items() if value not in ("", None))


def _names(session: Session, table: Any, ids: list[str | None]) -> dict[str, str]:
    wanted = sorted({one for one in ids if one})
    return {key: name for key, name in session.execute(select(table.id, table.name).where(table.id.in_(wanted)))}


def _account(session: Session, words: str) -> str:
    """Return the id of an account from its e-mail address; what is no address is taken as an id."""
    if "@" not in words:
        return words
    return session.scalar(select(AccountRow.id).where(AccountRow.email == words.strip().lower())) or words


def _commune(communes: CommuneFinder, words: str) -> str:
    """Return the ISTAT code of a commune from its name; what is none finds nothing."""
    try:
        return communes.find(words).istat if words.strip() else ""
    except UnknownCommuneError:
        return words


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as error:
        raise InvalidError("dal", f"{words!r}: not a day") from error
