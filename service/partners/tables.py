"""The table of who is interested in which call, and who may know it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base, one_of
from service.work.tables import Withdrawable


class Audience(StrEnum):
    """Who, besides the commune itself and the incubator, may know of an interest."""

    NOBODY = "nobody"
    ZONE = "zone"
    CHOSEN = "chosen"
    COMMUNES = "communes"


class InterestRow(Withdrawable, Base):
    """A commune that is interested in a call; ``shown_to`` is its consent to be shown as such.

    ``chosen``: ISTAT codes of the communes that may know it, where it chose some. ``contact``: how its office is
    reached, shown with the interest only where ``shares_contact``.
    """

    __tablename__ = "interests"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (active_key IS NOT NULL)", name="holds"),
        CheckConstraint("NOT shares_contact OR contact <> ''", name="contact_to_share"),
        CheckConstraint("NOT shares_contact OR shown_to <> 'nobody'", name="contact_with_interest"),
    )

    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"), index=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    shown_to: Mapped[Audience] = mapped_column(one_of(Audience, "shown_to"))
    chosen: Mapped[list[Any]] = mapped_column(JSON)
    shares_contact: Mapped[bool]
    contact: Mapped[str]
