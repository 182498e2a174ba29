"""Events in the weekly e-mail: those that concern what somebody follows, told when they are new and once more before.

upcoming(session, at, communes) ──► Upcoming ──told(follower, since)──► tuple[Event, ...] of the e-mail
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.records import Moment
from service.digests.content import Event
from service.events.concerning import Interests, interests_of
from service.events.keeping import rows_coming
from service.events.tables import EventRow
from service.events.whys import Why, WhyKind

REMINDED_BEFORE = timedelta(days=7)
"""An event is told once more in the last weekly e-mail before it: a week has one."""
MOST = 5


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The events to come and what the communes that are followed have; made once for all the readers of a run."""

    at: datetime
    rows: Sequence[EventRow] = ()
    interests: Mapping[str, Interests] | None = None

    def told(self, communes: Mapping[str, bool], since: datetime) -> tuple[Event, ...]:
        """Return what one reader is told of, the next one first.

        ``communes``: those whose things the reader follows, and whether the reader may know what they keep; empty for
        somebody of the incubator who follows none: every event. ``since``: what came before was told already.
        """
        found = []
        for row in self.rows:
            if row.created_at <= since and row.starts_at - self.at > REMINDED_BEFORE:
                continue
            why = self._why(row, communes) if communes else Why(WhyKind.EVERYBODY)
            if why is not None:
                found.append(_event(row, why))
        return tuple(found[:MOST])

    def _why(self, row: EventRow, communes: Mapping[str, bool]) -> Why | None:
        reasons = (self._of(istat, may_know=may_know).why(row) for istat, may_know in communes.items())
        return min(filter(None, reasons), key=lambda why: list(WhyKind).index(why.kind), default=None)

    def _of(self, istat: str, *, may_know: bool) -> Interests:
        known = (self.interests or {}).get(istat, Interests(istat, ""))
        return known if may_know else replace(known, held=())


def upcoming(session: Session, at: datetime, communes: Iterable[tuple[str, bool]]) -> Upcoming:
    """Read the events to come; ``communes`` are all that anybody follows, each with whether somebody keeps it."""
    rows = rows_coming(session, at)
    if not rows:
        return Upcoming(at)
    followed = dict[str, bool]()
    for istat, kept in communes:
        followed[istat] = followed.get(istat, False) or kept
    kept_ones = [istat for istat, kept in followed.items() if kept]
    return Upcoming(at, rows, interests_of(session, followed, kept_ones))


def _event(row: EventRow, why: Why) -> Event:
    return Event(
        title=row.title,
        starts=Moment(row.starts_at, hour_known=True),
        where=row.place,
        event_id=row.id,
        is_online=bool(row.online_url),
        why=None if why.kind is WhyKind.EVERYBODY else why,
    )
