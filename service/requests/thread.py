"""What is said about a request: answers, questions and replies that both sides read, notes of the incubator, hours."""

from dataclasses import dataclass
from typing import Any

from service.errors import ConflictError, ForbiddenError, InvalidError
from service.ids import new_id
from service.moments import now
from service.requests.happenings import Happening, Outcome
from service.requests.moves import moved, open_again
from service.requests.records import KIND, RequestEntry, entries_of, row_of, shown, shown_entries
from service.requests.tables import EntryKind, RequestEntryRow, RequestState, ServiceRequestRow
from service.requests.terms import OPEN, Terms
from service.work.acting import Acting
from service.work.versioned import store

LONGEST_ENTRY = 10_000
MOST_MINUTES = 6_000
"""Minutes of one entry: a hundred hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody writes; ``asks_back``: the incubator asks the commune something, and waits for its word."""

    text: str
    kind: EntryKind = EntryKind.MESSAGE
    asks_back: bool = False
    minutes: int = 0


def write(acting: Acting, request_id: str, written: Written, terms: Terms) -> Outcome:
    """Add to the thread of a request: the incubator answers, asks back or notes, the commune replies.

    A reply opens again what was answered or closed; whoever of the incubator answers first follows the request. Raises
    UnknownRecordError, InvalidError for an entry without words, ForbiddenError for a commune's note or hours,
    ConflictError for words on what the commune has withdrawn.
    """
    row = row_of(acting, request_id, for_change=True)
    is_note = written.kind is EntryKind.NOTE
    if not acting.principal.is_staff and (is_note or written.minutes or written.asks_back):
        raise ForbiddenError("notes, hours and questions are the incubator's")
    if not written.text and not (is_note and written.minutes):
        raise InvalidError("text", "empty")
    if row.state is RequestState.WITHDRAWN and acting.principal.is_staff and not is_note:
        raise ConflictError("the commune has withdrawn this request")
    entry = RequestEntryRow(
        id=new_id(), request_id=row.id, account_id=acting.account_id, kind=written.kind, text=written.text,
        minutes=written.minutes, at=now(),
    )  # fmt: skip
    acting.session.add(entry)
    values = {} if is_note else _following(acting, row, written, terms)
    verb = "noted" if is_note else "answered" if acting.principal.is_staff else "replied"
    store(acting, KIND, row, values | {"last_entry_id": entry.id}, verb, entry_id=entry.id)
    happening = None if is_note else _happening(acting, written)
    return Outcome(shown(acting, [row])[0], happening, shown_entries(acting, [entry])[0])


def read_thread(acting: Acting, request_id: str) -> list[RequestEntry]:
    """Return what was said about a request, oldest first; raises UnknownRecordError if there is none to be seen."""
    row = row_of(acting, request_id)
    acting.saw(KIND, row.id, row.commune_istat)
    return entries_of(acting, row)


def _following(acting: Acting, row: ServiceRequestRow, written: Written, terms: Terms) -> dict[str, Any]:
    """What changes in a request with words that both sides read."""
    if acting.principal.is_staff:
        state = RequestState.WAITING if written.asks_back else RequestState.ANSWERED
        owner = {} if row.owner_id else {"owner_id": acting.account_id}
        return moved(row, state, now(), terms) | owner
    return {} if row.state in OPEN else moved(row, open_again(row), now(), terms)


def _happening(acting: Acting, written: Written) -> Happening:
    if not acting.principal.is_staff:
        return Happening.REPLIED
    return Happening.QUESTIONED if written.asks_back else Happening.ANSWERED
