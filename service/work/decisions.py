"""What communes decide about calls: saved, not for us (and why), applied, funded, rejected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.feedback import DecisionKind, Reason
from service.errors import ConflictError, InvalidError
from service.ids import new_id
from service.moments import now
from service.tables import CommuneRow
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.items import must_be_communes
from service.work.sayings import Sayings, seen
from service.work.subjects import ItemRef, call_titles, item_columns, item_of, shown_call
from service.work.tables import DecisionRow

CONTRADICTIONS = {
    DecisionKind.NOT_FOR_US: {DecisionKind.APPLIED, DecisionKind.FUNDED, DecisionKind.REJECTED},
    DecisionKind.APPLIED: {DecisionKind.NOT_FOR_US},
    DecisionKind.FUNDED: {DecisionKind.NOT_FOR_US, DecisionKind.REJECTED},
    DecisionKind.REJECTED: {DecisionKind.NOT_FOR_US, DecisionKind.FUNDED},
}
"""What cannot hold together for one commune, call and item."""
GIVES_WAY = {
    DecisionKind.NOT_FOR_US: {DecisionKind.SAVED},
    DecisionKind.SAVED: {DecisionKind.NOT_FOR_US},
}
"""A change of mind: what the new decision withdraws."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is shown; ``reason`` only where the call is not for the commune."""

    id: str
    commune_istat: str
    call_id: str
    call_title: str
    item: ItemRef | None
    kind: DecisionKind
    reason: Reason | None
    note: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """Which decisions are listed; empty means all that may be seen."""

    commune_istat: str = ""
    call_id: str = ""
    kind: DecisionKind | None = None
    reason: Reason | None = None
    withdrawn: bool = False


def decide(
    acting: Acting,
    commune_istat: str | None,
    call_id: str,
    kind: DecisionKind,
    *,
    reason: Reason | None = None,
    note: str = "",
    item: ItemRef | None = None,
) -> Decision:
    """Keep a decision of a commune, by its own people or by the incubator on its behalf.

    The same decision again is the one that holds. Raises UnknownRecordError for another commune, InvalidError naming
    the field that cannot be accepted, ConflictError if it contradicts a decision that holds.
    """
    commune = commune_istat or acting.principal.commune_istat
    if not commune:
        raise InvalidError("commune_istat", "say which commune decides")
    acting.must_keep(commune, f"{commune}: no commune of yours has this code")
    must_be_communes(acting, "commune_istat", [commune])
    if (kind is DecisionKind.NOT_FOR_US) is (reason is None):
        raise InvalidError("reason", "a reason goes with not_for_us, and with nothing else")
    call = shown_call(acting, call_id)
    row = DecisionRow(
        id=new_id(), commune_istat=commune, call_id=call, kind=kind, reason=reason, note=note,
        account_id=acting.account_id, at=now(), **item_columns(acting, item, commune),
    )  # fmt: skip
    same = DECISIONS.holding(acting, _key(row))
    if same is not None and (same.reason, same.note) == (reason, note):
        return _shown(acting, [same])[0]
    return _shown(acting, [DECISIONS.say(acting, row)])[0]


def list_decisions(
    acting: Acting, filters: DecisionFilters, *, after: str = "", limit: int = 20
) -> tuple[list[Decision], str]:
    """Return one page of the decisions that may be seen, newest first, and where the next begins."""
    wanted = seen(acting, DecisionRow.commune_istat, DecisionRow.call_id, filters.commune_istat, filters.call_id)
    if filters.kind:
        wanted.append(DecisionRow.kind == filters.kind)
    if filters.reason:
        wanted.append(DecisionRow.reason == filters.reason)
    rows, last = DECISIONS.newest(acting, *wanted, withdrawn=filters.withdrawn, after=after, limit=limit)
    acting.did("decisions", "listed", "", filters.commune_istat or acting.principal.commune_istat, count=len(rows))
    return _shown(acting, rows), last


def read_decision(acting: Acting, decision_id: str) -> Decision:
    """Return one decision; raises UnknownRecordError if there is none that may be seen."""
    return _shown(acting, [DECISIONS.read(acting, decision_id)])[0]


def decision_that_holds(session: Session, commune_istat: str, call_id: str, kind: DecisionKind) -> str | None:
    """Return the id of what a commune as a whole has decided about a call; None where it has not, or took it back."""
    key = f"{commune_istat}|{call_id}|{kind.value}|"
    return session.scalars(select(DecisionRow.id).where(DecisionRow.active_key == key)).one_or_none()


def withdraw_decision(acting: Acting, decision_id: str) -> None:
    """Take a decision back; raises UnknownRecordError if there is none that may be changed."""
    DECISIONS.withdraw(acting, decision_id)


def restore_decision(acting: Acting, decision_id: str) -> Decision:
    """Let a withdrawn decision hold again; raises ConflictError if another one contradicts it by now."""
    return _shown(acting, [DECISIONS.restore(acting, decision_id)])[0]


def _agrees(acting: Acting, row: DecisionRow) -> None:
    """Refuse what contradicts a decision that holds; withdraw what gives way to a change of mind."""
    # One decision of a commune at a time: two that contradict each other would not see each other.
    own_row = select(CommuneRow.id).where(CommuneRow.id == row.commune_istat)
    acting.session.execute(own_row.with_for_update(key_share=True))
    kind = row.kind
    for other in [*CONTRADICTIONS.get(kind, ())]:
        if (found := DECISIONS.holding(acting, _key(row, other))) is not None:
            raise ConflictError(f"{found.id} says {other.value}: withdraw it first")
    for other in GIVES_WAY.get(kind, ()):
        if (found := DECISIONS.holding(acting, _key(row, other))) is not None:
            DECISIONS.withdraw(acting, found.id)


def _key(row: DecisionRow, kind: DecisionKind | None = None) -> str:
    item = item_of(row)
    return f"{row.commune_istat}|{row.call_id}|{(kind or row.kind).value}|{item.id if item else ''}"


def _keeps(acting: Acting, row: DecisionRow) -> bool:
    return acting.principal.keeps(row.commune_istat)


def _shown(acting: Acting, rows: list[DecisionRow]) -> list[Decision]:
    known, titles = authors(acting, (row.account_id for row in rows)), call_titles(acting, (r.call_id for r in rows))
    return [
        Decision(
            row.id, row.commune_istat, row.call_id, titles[row.call_id], item_of(row), row.kind, row.reason, row.note,
            known[row.account_id], row.at, row.withdrawn_at,
        )
        for row in rows
    ]  # fmt: skip


DECISIONS = Sayings(
    kind="decisions",
    table=DecisionRow,
    key=_key,
    commune=lambda row: row.commune_istat,
    readable=_keeps,
    writable=_keeps,
    details=lambda row: {"call_id": row.call_id, "kind": row.kind.value, "reason": row.reason and row.reason.value},
    agrees=_agrees,
)
