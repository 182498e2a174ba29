"""What follows when a request goes from one state to another: its terms, the waiting, its end. Pure."""

from datetime import datetime
from typing import Any

from service.requests.tables import RequestState, ServiceRequestRow
from service.requests.terms import ENDED, OPEN, Terms, without_waiting


def moved(row: ServiceRequestRow, state: RequestState, at: datetime, terms: Terms) -> dict[str, Any]:
    """Return the columns that change when a request goes to a state.

    The working days in which the commune was waited for are added to its terms; what is taken up again after an answer
    or its end gets a new term.
    """
    values: dict[str, Any] = {
        "state": state,
        "waiting_since": at if state is RequestState.WAITING else None,
        "ended_at": at if state in ENDED else None,
    }
    if state is row.state:
        return {}
    if row.waiting_since is not None:
        for name in ("due_on", "promised_on"):
            values[name] = without_waiting(getattr(row, name), row.waiting_since, at)
    elif state in OPEN and row.state not in OPEN:
        values["due_on"] = terms.due(row.service, at)
        if row.first_answer_at is None:
            values["promised_on"] = values["due_on"]
    if state is RequestState.ANSWERED and row.first_answer_at is None:
        values["first_answer_at"] = at
    return values


def open_again(row: ServiceRequestRow) -> RequestState:
    """Return the state of a request on which the next word is the incubator's again."""
    return RequestState.TAKEN if row.owner_id else RequestState.RECEIVED
