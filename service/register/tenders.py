"""The tenders that serve one project alone: no entries of the register, but shown with their project."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from matcher.records import Precedent
from matcher.serialization import from_json
from service.register.twin_rows import ProjectTwinRow as Twin
from service.tables import PrecedentRow


@dataclass(frozen=True, slots=True)
class Tender:
    """What a body bought for a project: the object as published, its kind (works, services), its amount in EUR."""

    id: str
    subject: str
    kind: str
    amount: Decimal | None


def tenders_of(session: Session, entry_id: str) -> Sequence[Tender]:
    """Return the tenders that serve this project alone, those for most money first."""
    other = case((Twin.first_id == entry_id, Twin.second_id), else_=Twin.first_id)
    mine = Twin.is_tender & ((Twin.first_id == entry_id) | (Twin.second_id == entry_id))
    payloads = session.scalars(
        select(PrecedentRow.payload)
        .join(Twin, other == PrecedentRow.id)
        .where(mine, PrecedentRow.archived_at.is_(None))
        .order_by(PrecedentRow.id)
    )
    found = [_tender(from_json(Precedent, payload)) for payload in payloads]
    return sorted(found, key=lambda one: (-(one.amount or 0), one.id))


def _tender(read: Precedent) -> Tender:
    amount = read.amount.amount if read.amount is not None and read.amount.currency == "EUR" else None
    return Tender(read.id, read.title, read.theme, amount)
