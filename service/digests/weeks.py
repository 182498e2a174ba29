"""The weeks of the digest: ISO 8601 weeks, from Monday to Sunday as Rome's clocks show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.errors import UsageError
from service.moments import ROME, start_of

_WRITTEN = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week: ``year`` is the one that most of its days lie in, ``number`` runs from 1 to 52 or 53."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def read(cls, text: str) -> Week:
        """Return the week written as 2026-W48; raises UsageError for one that the calendar does not have."""
        written = _WRITTEN.fullmatch(text.strip().upper())
        try:
            if written is None:
                raise ValueError
            week = cls(int(written[1]), int(written[2]))
            _ = week.monday
        except ValueError:
            raise UsageError(f"week {text!r}: not a week of the calendar; write it as 2026-W48") from None
        return week

    @classmethod
    def of(cls, at: datetime) -> Week:
        """Return the week of a moment, by Rome's clocks."""
        year, number, _ = at.astimezone(ROME).isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        """The first day; raises ValueError for a week that the year does not have."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def begins(self) -> datetime:
        """The first moment, in Rome's time."""
        return start_of(self.monday)

    @property
    def ends(self) -> datetime:
        """The first moment of the week after: seven days of Rome's clocks later, which are not always 168 hours."""
        return start_of(self.monday + timedelta(days=7))
