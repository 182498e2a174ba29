"""Events that concern whoever looks: for a commune's own page, with the reason of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.events.concerning import interests_of
from service.events.keeping import rows_coming
from service.events.seen import Event, seen
from service.events.tables import EventRow
from service.events.whys import Why
from service.moments import now
from service.work.acting import Acting


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An event to come and why it concerns a commune."""

    event: Event
    why: Why


def reasons(acting: Acting, event_ids: Sequence[str]) -> dict[str, Why]:
    """Return why events concern the commune of whoever acts; empty for anybody without one."""
    istat = acting.principal.commune_istat
    if istat is None or not acting.principal.keeps(istat) or not event_ids:
        return {}
    interests = interests_of(acting.session, [istat], [istat])[istat]
    rows = acting.session.scalars(select(EventRow).where(EventRow.id.in_(event_ids)))
    return {row.id: why for row in rows if (why := interests.why(row)) is not None}


def suggestions(acting: Acting, istat: str, most: int) -> list[Suggestion]:
    """Return the next events that concern a commune and can be joined, or that whoever acts has joined.

    Whoever acts must keep the commune, else it is as if there were none.
    """
    if not acting.principal.keeps(istat):
        return []
    rows = rows_coming(acting.session, now())
    if not rows:
        return []
    interests = interests_of(acting.session, [istat], [istat])[istat]
    concerned = [(row, why) for row in rows if (why := interests.why(row)) is not None]
    shown = seen(acting, [row for row, _ in concerned])
    found = [Suggestion(event, why) for event, (_, why) in zip(shown, concerned, strict=True)]
    return [one for one in found if one.event.is_open or one.event.mine][:most]
