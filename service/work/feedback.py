"""The decisions of communes as the matcher takes them: what to hide, what to look at, what to learn from."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.feedback import Decision, Progress, hidden_for, progress
from matcher.records import QueryKind
from matcher.serialization import from_json
from service.kinds import KIND_OF
from service.work.merged import shown_as
from service.work.subjects import COLUMN_OF, ITEM_TYPES, QUERY_KINDS, ItemRef, item_of, item_text
from service.work.tables import DecisionRow


def refused_calls(session: Session, commune_istat: str, item: ItemRef | None = None) -> frozenset[str]:
    """Return the ids of the calls that a commune does not want to see: as a whole, or for this item."""
    said = _decisions(session, dict[ItemRef, str](), commune_istat)
    return hidden_for(said, commune_istat, item.id if item else "")


def decisions_in_force(session: Session) -> list[Decision]:
    """Return what all communes decided and have not taken back, oldest first, without the texts of their items."""
    return _decisions(session, {})


def feedback_progress(session: Session) -> Progress:
    """Return how many decisions speak about what calls are for, and how many must before the ranking listens."""
    return progress(_decisions(session, _texts(session)))


def exported(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the decisions in force, oldest first, as ``training.feedback`` reads them; no note, no person."""
    for one in _decisions(session, _texts(session)):
        row = {"commune": one.commune_istat, "call_id": one.call_id, "kind": one.kind.value, "at": one.at.isoformat()}
        about = {"item_id": one.item_id, "text": one.text, "query_kind": one.query_kind.value} if one.item_id else {}
        yield row | ({"reason": one.reason.value} if one.reason else {}) | about


def _decisions(session: Session, texts: dict[ItemRef, str], commune_istat: str = "") -> list[Decision]:
    shown = shown_as(session, "calls")
    query = select(DecisionRow).where(DecisionRow.withdrawn_at.is_(None))
    if commune_istat:
        query = query.where(DecisionRow.commune_istat == commune_istat)
    rows = session.scalars(query.order_by(DecisionRow.at, DecisionRow.id))
    return [_decision(row, shown.get(row.call_id, row.call_id), texts) for row in rows]


def _decision(row: DecisionRow, call_id: str, texts: dict[ItemRef, str]) -> Decision:
    item = item_of(row)
    return Decision(
        commune_istat=row.commune_istat,
        call_id=call_id,
        kind=row.kind,
        at=row.at,
        reason=row.reason,
        item_id=item.id if item else "",
        text=texts.get(item, "") if item else "",
        query_kind=QUERY_KINDS[item.kind] if item else QueryKind.NEED,
    )


def _texts(session: Session) -> dict[ItemRef, str]:
    """The title and text of every item that a decision is about."""
    texts: dict[ItemRef, str] = {}
    for kind, record_type in ITEM_TYPES.items():
        table = KIND_OF[record_type].table
        pointed = select(getattr(DecisionRow, COLUMN_OF[kind])).where(DecisionRow.withdrawn_at.is_(None))
        for payload in session.scalars(select(table.c.payload).where(table.c.id.in_(pointed))):
            item = from_json(record_type, payload)
            texts[ItemRef(kind, item.id)] = item_text(item)
    return texts
