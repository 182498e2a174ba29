"""Requests taken, handed over, put off, closed, withdrawn and taken up again; every change can be undone by its side.

received ──owner──► taken ──answer──► answered ──► closed
                      └──question──► waiting ──reply──► taken          withdrawn, closed ──► taken up again
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from service.access.principal import STAFF
from service.accounts.tables import AccountRow
from service.errors import ConflictError, ForbiddenError, InvalidError
from service.moments import ROME, now
from service.requests.happenings import Happening, Outcome
from service.requests.moves import moved, open_again
from service.requests.records import KIND, row_of, shown
from service.requests.tables import RequestEntryRow, RequestState, ServiceRequestRow
from service.requests.terms import ENDED, OPEN, Terms
from service.work.acting import Acting
from service.work.staff import must_be_of_the_incubator
from service.work.versioned import last_change, must_be_current, store, values_before

EDITABLE = ("state", "owner_id", "due_on")
_PARSERS = {
    "state": RequestState,
    "due_on": date.fromisoformat,
    "promised_on": date.fromisoformat,
    "waiting_since": datetime.fromisoformat,
    "first_answer_at": datetime.fromisoformat,
    "ended_at": datetime.fromisoformat,
}
_TOLD = {
    RequestState.WAITING: Happening.QUESTIONED,
    RequestState.ANSWERED: Happening.ANSWERED,
    RequestState.CLOSED: Happening.CLOSED,
    RequestState.WITHDRAWN: Happening.WITHDRAWN,
}


def change(acting: Acting, request_id: str, version: int, patch: Mapping[str, Any], terms: Terms) -> Outcome:
    """Change state, owner or due date; a commune may only withdraw a request of its own and take it up again.

    What gets its first owner is taken; without an owner again it is merely received. Raises UnknownRecordError,
    StaleError if ``version`` is not the stored one, InvalidError naming a field, ForbiddenError for what only the
    incubator may change.
    """
    row = row_of(acting, request_id, for_change=True)
    must_be_current(row, version, patch)
    if not acting.principal.is_staff:
        _must_be_for_a_commune(row, patch)
    for name in ("state", "due_on"):
        if patch.get(name, True) is None:
            raise InvalidError(name, "cannot be taken away")
    must_be_of_the_incubator(acting, patch.get("owner_id"))
    values = {name: patch[name] for name in EDITABLE if name in patch}
    if values.get("due_on") and values["due_on"] < row.asked_at.astimezone(ROME).date():
        raise InvalidError("due_on", f"{values['due_on']}: before the request itself")
    state = _following(row, values)
    happening = _happening(acting, row, state, values)
    store(
        acting, KIND, row, moved(row, state, now(), terms) | {k: v for k, v in values.items() if k != "state"}, "edited"
    )
    return Outcome(shown(acting, [row])[0], happening)


def undo(acting: Acting, request_id: str, version: int) -> Outcome:
    """Undo the last change of a request with the entry that it wrote; once more makes it again.

    What was just asked is withdrawn. Raises UnknownRecordError, StaleError if ``version`` is not the stored one,
    ConflictError where the other side wrote last.
    """
    row = row_of(acting, request_id, for_change=True)
    must_be_current(row, version, {})
    last = last_change(acting, KIND, row)
    _must_be_own(acting, (last.account_id if last else None) or row.account_id)
    if last is None:
        values: Mapping[str, Any] = moved(row, RequestState.WITHDRAWN, now(), Terms({}))
    else:
        values = values_before(last, _PARSERS)
        if "last_entry_id" in values:
            _turn_entry(acting, row.last_entry_id, values["last_entry_id"])
    store(acting, KIND, row, values, "undone")
    return Outcome(shown(acting, [row])[0])


def _following(row: ServiceRequestRow, values: Mapping[str, Any]) -> RequestState:
    """The state that a request is in after a change."""
    state: RequestState = values.get("state", row.state)
    if state in OPEN and "state" not in values and "owner_id" in values:
        return RequestState.TAKEN if values["owner_id"] else RequestState.RECEIVED
    if state is RequestState.RECEIVED and row.state not in OPEN:
        return open_again(row)
    return state


def _happening(
    acting: Acting, row: ServiceRequestRow, state: RequestState, values: Mapping[str, Any]
) -> Happening | None:
    if state is not row.state and state in _TOLD:
        return _TOLD[state]
    if state in OPEN and row.state not in OPEN and not acting.principal.is_staff:
        return Happening.REOPENED
    owner = values.get("owner_id", row.owner_id)
    return Happening.HANDED_OVER if owner and owner != row.owner_id else None


def _must_be_for_a_commune(row: ServiceRequestRow, patch: Mapping[str, Any]) -> None:
    if set(patch) - {"state"}:
        raise ForbiddenError("only the incubator says who follows a request, and until when it is answered")
    state = patch.get("state")
    reopens = state is RequestState.RECEIVED and (row.state in ENDED or row.state is RequestState.ANSWERED)
    withdraws = state is RequestState.WITHDRAWN and row.state not in ENDED
    if patch and not (reopens or withdraws or state is row.state):
        raise InvalidError("state", "a commune withdraws its request, or takes up again one that was answered or ended")


def _must_be_own(acting: Acting, account_id: str) -> None:
    by_staff = acting.session.get_one(AccountRow, account_id).role in STAFF
    if by_staff is not acting.principal.is_staff:
        side = "the incubator" if by_staff else "the commune"
        raise ConflictError(f"{side} wrote last: what others did is theirs to undo")


def _turn_entry(acting: Acting, present: str | None, before: str | None) -> None:
    """Take back the entry that came last; or, if that one was taken back itself, let it hold again."""
    again = acting.session.get(RequestEntryRow, before) if before else None
    if again is not None and again.withdrawn_at is not None:
        again.withdrawn_at = None
    elif present is not None:
        acting.session.get_one(RequestEntryRow, present).withdrawn_at = now()
