"""Which calls are news for one person and one commune, and why: new, changed or closing, each once. Pure.

candidates, best first ─┐
calls that were wanted ─┴─► not refused, not muted ──► changed? new? closing? ──► Picked, the most pressing first
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from matcher.records import FundingCall, Moment
from service.digests.content import Change, Reason, Told
from service.digests.news import CallHistory
from service.digests.ranking import Candidate
from service.digests.weeks import Week
from service.moments import ROME
from service.working_days import working_days_between

NEW_PLACES = 20
"""Places of the ranking among which a new call is told."""
CLOSING_PLACES = 10
"""Places among which a call that closes is told though nobody saved it."""
LEAD = 8
"""Working days, beside those that a resolution takes, before a deadline at which it is told: two e-mails at least."""
LAST_DAYS = 5
"""Working days before a deadline in which it is told once more."""
OVERLAP = timedelta(days=7)
"""How far before the last e-mail a call may have come and still be told: what that one had no room for."""
ROOM = 16
"""Calls told of one thing that somebody follows; the others come a week later."""
_ORDER = (Reason.NEW, Reason.CHANGED, Reason.CLOSING)


@dataclass(frozen=True, slots=True)
class Candidacy:
    """A candidate and the item that it is for, empty for a commune as a whole; ``wanted``: at the reader's wish."""

    candidate: Candidate
    item: str = ""
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """A call that is told, and why."""

    candidacy: Candidacy
    reason: Reason
    version: int
    changes: tuple[Change, ...]
    closes: Moment | None
    working_days: int | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a choice depends on besides the candidates.

    ``fresh_since``: what came before is no news. ``closes``: when a call closes, as it was read. ``resolution_days``:
    working days that a resolution of the *giunta* takes. ``sequences``: of the calendar entries of calls. ``settled``:
    calls that the commune has applied to.
    """

    at: datetime
    week: Week
    told: Told
    fresh_since: datetime
    histories: Mapping[str, CallHistory]
    muted: frozenset[str]
    closes: Callable[[FundingCall], Moment | None]
    resolution_days: int
    sequences: Mapping[str, int]
    settled: frozenset[str] = frozenset()


def choose(candidacies: Iterable[Candidacy], around: Circumstances, room: int = ROOM) -> tuple[list[Picked], int]:
    """Return what is told, new ones first, each kind in its own order, and how many more had no room."""
    found: dict[Reason, list[Picked]] = {reason: [] for reason in _ORDER}
    for candidacy in _distinct(candidacies):
        call = candidacy.candidate.call
        if call.id in around.histories and (candidacy.wanted or not is_muted(call, around.muted)):
            picked = _picked(candidacy, around.histories[call.id], around)
            if picked is not None:
                found[picked.reason].append(picked)
    found[Reason.CLOSING].sort(key=lambda one: one.closes.at if one.closes else around.at)
    # One of each kind in turn, so that many new ones leave room for what closes.
    turns = [one for turn in zip_longest(*found.values()) for one in turn if one is not None]
    shown = sorted(turns[:room], key=lambda one: _ORDER.index(one.reason))
    return shown, len(turns) - len(shown)


def fresh_since(told: Told, since: datetime) -> datetime:
    """Return from when on calls are new to somebody who subscribed at ``since``."""
    return since if told.at is None else max(since, told.at - OVERLAP)


def is_muted(call: FundingCall, muted: frozenset[str]) -> bool:
    """Whether any of a call's themes is one that the reader wants to hear nothing of."""
    return any(theme.casefold() in muted for theme in call.themes)


def is_near(closes: Moment | None, at: datetime, resolution_days: int) -> bool:
    """Whether a deadline is to come, and so near that it is told."""
    left = days_left(closes, at)
    return left is not None and left <= resolution_days + LEAD


def days_left(closes: Moment | None, at: datetime) -> int | None:
    """Return the working days until a deadline; None where there is none, or it has passed."""
    if closes is None or closes.at < at:
        return None
    return working_days_between(at.astimezone(ROME).date(), closes.at.astimezone(ROME).date())


def _distinct(candidacies: Iterable[Candidacy]) -> Iterator[Candidacy]:
    """Yield each call once, for what it suits best; what the reader wants stays wanted."""
    best: dict[str, Candidacy] = {}
    for one in candidacies:
        id_ = one.candidate.call.id
        other = best.get(id_)
        if other is None:
            best[id_] = one
        else:
            first = min(other, one, key=lambda found: found.candidate.rank or 10**6)
            best[id_] = Candidacy(first.candidate, first.item, other.wanted or one.wanted)
    yield from sorted(best.values(), key=lambda found: (found.candidate.rank or 10**6, found.candidate.call.id))


def _picked(candidacy: Candidacy, history: CallHistory, around: Circumstances) -> Picked | None:
    call = candidacy.candidate.call
    closes = around.closes(call)
    left = days_left(closes, around.at)
    changes = _changes(candidacy, history, around)
    if changes:
        return Picked(candidacy, Reason.CHANGED, history.version, changes, closes, left)
    is_new = call.id not in around.told.calls and history.first_seen > around.fresh_since
    if is_new and candidacy.candidate.rank and candidacy.candidate.rank <= NEW_PLACES:
        return Picked(candidacy, Reason.NEW, history.version, (), closes, left)
    if is_near(closes, around.at, around.resolution_days) and _tells_closing(candidacy, history, left or 0, around):
        return Picked(candidacy, Reason.CLOSING, history.version, (), closes, left)
    return None


def _changes(candidacy: Candidacy, history: CallHistory, around: Circumstances) -> tuple[Change, ...]:
    told = around.told.calls.get(candidacy.candidate.call.id)
    if told is not None:
        return history.changes_after(told.version)
    if history.first_seen > around.fresh_since:
        return ()
    changes = history.changes_after(history.version_at(around.fresh_since))
    # To somebody who never heard of the call, that its text was retouched says nothing.
    return changes if candidacy.wanted or any(change.before or change.after for change in changes) else ()


def _tells_closing(candidacy: Candidacy, history: CallHistory, left: int, around: Circumstances) -> bool:
    call_id = candidacy.candidate.call.id
    if call_id in around.settled:
        return False
    if candidacy.wanted:
        return True
    if not 0 < candidacy.candidate.rank <= CLOSING_PLACES:
        return False
    told = around.told.calls.get(call_id)
    if told is None or told.closing_version != history.version:
        return True
    return left <= LAST_DAYS and told.closing_week != around.week
