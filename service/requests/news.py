"""What the incubator did on requests since some moment, the last act of each, for those who hear of it by e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.access.principal import STAFF
from service.accounts.tables import AccountRow
from service.requests.records import KIND
from service.requests.tables import EntryKind, RequestEntryRow, RequestState, Service, ServiceRequestRow
from service.tables import RecordChangeRow

TOLD = frozenset({RequestState.TAKEN, RequestState.WAITING, RequestState.ANSWERED, RequestState.CLOSED})


@dataclass(frozen=True, slots=True)
class Served:
    """A request on which the incubator acted; ``state`` is the present one, ``path`` the commune's page about it."""

    commune_istat: str
    account_id: str
    service: Service
    state: RequestState
    at: datetime
    path: str


def served(session: Session, since: datetime) -> list[Served]:
    """Return the last act of the incubator on each request after a moment, oldest first; its notes are for itself."""
    last: dict[str, Served] = {}
    for row, account_id, at in sorted((*_moves(session, since), *_words(session, since)), key=lambda one: one[2]):
        path = f"/comuni/{row.commune_istat}/richieste/{row.id}"
        last[row.id] = Served(row.commune_istat, account_id, row.service, row.state, at, path)
    return sorted(last.values(), key=lambda one: one.at)


def _moves(session: Session, since: datetime) -> Sequence[Any]:
    change, row = RecordChangeRow, ServiceRequestRow
    state = change.changes["state"][1].as_string()
    return session.execute(
        select(row, change.account_id, change.at)
        .join(change, change.record_id == row.id)
        .join(AccountRow, AccountRow.id == change.account_id)
        .where(change.kind == KIND, change.at > since, state.is_not(None))
        .where(row.state.in_(sorted(TOLD)), AccountRow.role.in_(sorted(STAFF)))
    ).all()


def _words(session: Session, since: datetime) -> Sequence[Any]:
    entry, row = RequestEntryRow, ServiceRequestRow
    return session.execute(
        select(row, entry.account_id, entry.at)
        .join(entry, entry.request_id == row.id)
        .join(AccountRow, AccountRow.id == entry.account_id)
        .where(entry.at > since, entry.kind == EntryKind.MESSAGE, entry.withdrawn_at.is_(None))
        .where(row.state.in_(sorted(TOLD)), AccountRow.role.in_(sorted(STAFF)))
    ).all()
