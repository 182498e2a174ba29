"""How often something may be tried: free at first, then after pauses that double; counted where all processes see it.

    take(session, key, limit) ──► one more try is counted, or TooManyError with the seconds to wait
    give_back(session, key)   ──► it went well: that try does not count
    clear(session, key)       ──► it went well: the next failure is the first again

A try is counted before it is made, so that a hundred at the same moment are not a hundred free ones.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.accounts.tables import ThrottleRow
from service.errors import TooManyError
from service.moments import now


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` tries without a pause, then 1, 2, 4 … seconds, at most ``longest``; forgotten after ``forget``."""

    free: int
    longest: timedelta = timedelta(minutes=15)
    forget: timedelta = timedelta(hours=24)

    def pause_after(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries in vain."""
        if tries < self.free:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(tries - self.free, 20)), self.longest)


def take(session: Session, key: str, limit: Limit) -> None:
    """Count one try of ``key``; raises TooManyError, without counting it, if its pause has not passed."""
    at, row = now(), _locked(session, key)
    if at - row.since > limit.forget:
        row.failures = 0
    wait = row.since + limit.pause_after(row.failures) - at if row.failures else timedelta(0)
    if wait > timedelta(0):
        raise TooManyError("too many tries; wait before the next one", ceil(wait.total_seconds()))
    row.failures += 1
    row.since = at


def give_back(session: Session, key: str) -> None:
    """Take back one try of ``key``."""
    tried = update(ThrottleRow).where(ThrottleRow.key == _hashed(key), ThrottleRow.failures > 0)
    session.execute(tried.values(failures=ThrottleRow.failures - 1))


def clear(session: Session, key: str) -> None:
    """Forget the tries of ``key``."""
    session.execute(delete(ThrottleRow).where(ThrottleRow.key == _hashed(key)))


def _locked(session: Session, key: str) -> ThrottleRow:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(ThrottleRow).values(key=_hashed(key), failures=0, since=now()).on_conflict_do_nothing())
    return session.scalars(select(ThrottleRow).where(ThrottleRow.key == _hashed(key)).with_for_update()).one()


def _hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()
