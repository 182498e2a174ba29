"""Events in the weekly e-mail: those that concern what somebody follows, told when they are new and once more before.

upcoming(session, at, communes) ──► Upcoming ──told(follower, since)──► tuple[Event, ...] of the e-mail
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.records import Moment
from service.digests.content import Event
from service.events.concerning import Interests, interests_of
from service.events.keeping import rows_coming
from service.events.seen import is_open
from service.events.tables import EventRow, RegistrationRow, Standing
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
    registered: frozenset[tuple[str, str]] = frozenset()
    """(event, account) of those who have a place."""

    def told(self, communes: Mapping[str, bool], since: datetime, account_id: str | None = None) -> tuple[Event, ...]:
        """Return what one reader is told of, the next one first; what can no longer be joined only to who has a place.

        ``communes``: those whose things the reader follows, and whether the reader may know what they keep; empty for
        somebody of the incubator who follows none: every event. ``since``: what came before was told already.
        """
        told = (self._told(row, communes, since, account_id or "") for row in self.rows)
        return tuple(islice((event for event in told if event is not None), MOST))

    def _told(self, row: EventRow, communes: Mapping[str, bool], since: datetime, account_id: str) -> Event | None:
        if row.created_at <= since and row.starts_at - self.at > REMINDED_BEFORE:
            return None
        has_place = (row.id, account_id) in self.registered
        why = self._why(row, communes) if communes else Why(WhyKind.EVERYBODY)
        if not has_place and (why is None or not is_open(row, self.at)):
            return None
        return _event(row, why, has_place=has_place)

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
    return Upcoming(at, rows, interests_of(session, followed, kept_ones), _registered(session, rows))


def _registered(session: Session, rows: Sequence[EventRow]) -> frozenset[tuple[str, str]]:
    row = RegistrationRow
    held = row.withdrawn_at.is_(None), row.standing == Standing.PLACE, row.event_id.in_([one.id for one in rows])
    pairs = session.execute(select(row.event_id, row.account_id).where(*held))
    return frozenset((event_id, account_id) for event_id, account_id in pairs)


def _event(row: EventRow, why: Why | None, *, has_place: bool) -> Event:
    return Event(
        title=row.title,
        starts=Moment(row.starts_at, hour_known=True),
        where=row.place,
        event_id=row.id,
        is_online=bool(row.online_url),
        why=None if why is None or why.kind is WhyKind.EVERYBODY else why,
        has_place=has_place,
    )
