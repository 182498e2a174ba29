"""The table of what was said of a project of the register, fact by fact, with its day and who said it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from service.tables import Base, one_of
from service.work.tables import Holding


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal number kept as its digits: no database rounds it, and it is read back as it was written."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the digits down, without an exponent."""
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Give the number back."""
        return None if value is None else Decimal(value)


class Fact(StrEnum):
    """What kind of fact is said of a project."""

    STATE = "state"
    MILESTONE = "milestone"
    AMOUNT = "amount"
    INDICATOR = "indicator"


class ObservationRow(Holding, Base):
    """One dated fact about an entry of the register, said by an import or by a person.

    ``said_on`` is the day for which it holds, ``at`` the moment at which it was written down. ``state`` is one of the
    words of ``Project.state``; ``name`` what a milestone, an amount (funding, committed, spent) or an indicator is
    called, ``name_key`` the same for comparing. ``value`` has ``unit`` (EUR for amounts). ``reference`` says where it
    was read. ``owner_istat``: the commune whose own project it is about, None where everybody may see it.
    """

    __tablename__ = "observations"
    __table_args__ = (
        CheckConstraint("(import_id IS NULL) <> (account_id IS NULL)", name="one_author"),
        CheckConstraint("(withdrawn_at IS NULL) = (active_key IS NOT NULL)", name="holds"),
        CheckConstraint("(fact = 'state') = (state <> '')", name="state_said"),
        CheckConstraint("(fact IN ('amount', 'indicator')) = (value IS NOT NULL)", name="value_said"),
        CheckConstraint("fact = 'milestone' OR (planned_on IS NULL AND actual_on IS NULL)", name="days_of_milestones"),
    )

    entry_id: Mapped[str] = mapped_column(index=True)
    owner_istat: Mapped[str | None] = mapped_column(ForeignKey("communes.id"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    said_on: Mapped[date] = mapped_column(index=True)
    fact: Mapped[Fact] = mapped_column(one_of(Fact, "fact"))
    state: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="")
    planned_on: Mapped[date | None]
    actual_on: Mapped[date | None]
    value: Mapped[Decimal | None] = mapped_column(ExactNumber)
    unit: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class EntryNewsRow(Base):
    """What the record of an entry says itself, and for which day: what people observe later goes before it.

    ``said_on`` is the day that its source speaks for, or on which it was imported or written; ``state`` and
    ``amount`` are the record's own, where the entry shows what was observed since.
    """

    __tablename__ = "entry_news"

    entry_id: Mapped[str] = mapped_column(primary_key=True)
    said_on: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="")
