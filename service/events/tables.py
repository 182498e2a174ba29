"""The tables of events for municipal technicians, and of who attends them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base, UtcDateTime, one_of
from service.work.tables import Withdrawable


class Standing(StrEnum):
    """Where a registration stands: it has a place, or waits for one."""

    PLACE = "place"
    WAITING = "waiting"


class EventRow(Base):
    """Something to attend, at a place or at an address online.

    ``seats`` is None where there is room for all. ``drivers`` and ``zones`` hold ids of the strategic frame,
    ``communes`` ISTAT codes; all empty: for every commune. ``attendance`` is what is kept of who came, once the
    registrations have outlived their term: counts by name.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("seats IS NULL OR seats >= 1", name="seats"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str]
    online_url: Mapped[str]
    organiser: Mapped[str]
    drivers: Mapped[list[str]] = mapped_column(JSON)
    themes: Mapped[list[str]] = mapped_column(JSON)
    communes: Mapped[list[str]] = mapped_column(JSON)
    zones: Mapped[list[str]] = mapped_column(JSON)
    seats: Mapped[int | None]
    registration_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    attendance: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def commune_istat(self) -> str | None:
        """No commune keeps an event."""
        return None


class RegistrationRow(Withdrawable, Base):
    """An account of a commune that takes part; ``attended`` is None until somebody has noted it.

    ``at`` orders those who wait; ``moved_up_at`` is when a place that became free was given to it.
    """

    __tablename__ = "event_registrations"
    __table_args__ = (CheckConstraint("(withdrawn_at IS NULL) = (active_key IS NOT NULL)", name="holds"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"), index=True)
    standing: Mapped[Standing] = mapped_column(one_of(Standing, "standing"))
    moved_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attended: Mapped[bool | None]
