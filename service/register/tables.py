"""What the register asks for of every project, official or kept by a commune, and where each project is.

Both tables follow the records: whoever writes a precedent or a project writes here too, in the same transaction.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Dialect, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from service.register.kinds import EntryKind
from service.tables import Base, UtcDateTime, one_of
from service.work.tables import HOLDS, Withdrawable

_CENTS = 100


class Euros(TypeDecorator[Decimal]):
    """An amount in EUR, kept as whole cents because SQLite has no exact decimals; sums of it are amounts too."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn euros into cents."""
        return None if value is None else int((Decimal(value) * _CENTS).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Turn cents into euros."""
        return None if value is None else Decimal(value) / _CENTS


class RegisterEntryRow(Base):
    """One project; ``id`` is the key of its record, a precedent or a project.

    ``programme`` is the id of the frame item it belongs to, ``measure`` the publisher's code below it, ``state`` one
    of the words that ``Project`` knows; each is empty where nobody says. ``owner_istat`` is the commune that keeps it
    to itself, None for what everybody may see. ``merged_into`` is the entry that is shown in its place.
    """

    __tablename__ = "register_entries"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind, "kind"))
    source: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    cup: Mapped[str] = mapped_column(index=True)
    programme: Mapped[str] = mapped_column(index=True)
    measure: Mapped[str] = mapped_column(index=True)
    measure_label: Mapped[str]
    state: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column("amount_cents", Euros(), key="amount")
    year: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text)
    paired_with: Mapped[str] = mapped_column(index=True)
    owner_istat: Mapped[str | None]
    illustrative: Mapped[bool]
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into: Mapped[str] = mapped_column(default="", server_default="", index=True)


class RegisterPlaceRow(Base):
    """A commune in which a project is; a project without one is nowhere, and counts in the total only."""

    __tablename__ = "register_places"

    entry_id: Mapped[str] = mapped_column(ForeignKey("register_entries.id"), primary_key=True)
    commune_istat: Mapped[str] = mapped_column(primary_key=True, index=True)


class PlacementRow(Withdrawable, Base):
    """The programme that a person says a project belongs to, whatever its codes say."""

    __tablename__ = "register_placements"
    __table_args__ = (CheckConstraint(HOLDS, name="holds"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("register_entries.id"), index=True)
    programme: Mapped[str]


class PairRow(Withdrawable, Base):
    """Two projects that a person says go together: works, and the services that accompany them."""

    __tablename__ = "register_pairs"
    __table_args__ = (
        CheckConstraint(HOLDS, name="holds"),
        CheckConstraint("entry_id <> other_id", name="two_projects"),
    )

    entry_id: Mapped[str] = mapped_column(index=True)
    other_id: Mapped[str] = mapped_column(index=True)
