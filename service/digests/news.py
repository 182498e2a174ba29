"""What happened to calls: when each was first seen, and what each version changed.

moved(session, since)   ──► ids of the calls that came or changed
histories(session, ids) ──► CallHistory: what differs now from a version, of the fields that matter to readers
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.digests.content import Change
from service.tables import FundingCallRow, ImportRow, RecordChangeRow

TOLD = (
    "closes opens status while_funds_last max_award min_award total_amount cofinancing applicants_text territory_text "
    "title issuer"
).split()
"""Fields whose change is told with its old and its new value, those that decide about an application first."""
LONG = ("summary", "text")
"""Fields of which is told that they changed: what changed in them is read in the call."""
CALLS = "calls"
_CHUNK = 500
"""Ids in one statement: below the 999 parameters that the oldest SQLite in use allows."""


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a call: each field that it changed, with the old and the new value."""

    version: int
    at: datetime
    changes: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class CallHistory:
    """A call's present version, when it was first seen, and what came after its first version, oldest first."""

    version: int
    first_seen: datetime
    steps: tuple[Step, ...] = field(default=())

    def changes_after(self, version: int) -> tuple[Change, ...]:
        """Return what differs now from an earlier version; what was changed and changed back does not."""
        return _told(step for step in self.steps if step.version > version)

    def version_at(self, at: datetime) -> int:
        """Return the version that held at a moment; the first one before it was seen."""
        return max((step.version for step in self.steps if step.at <= at), default=1)


def moved(session: Session, since: datetime) -> frozenset[str]:
    """Return the ids of the calls that were first seen, or changed, after a moment."""
    seen = _first_seen()
    new = select(FundingCallRow.id).outerjoin(ImportRow, ImportRow.id == FundingCallRow.first_import_id)
    changed = select(RecordChangeRow.record_id).where(RecordChangeRow.kind == CALLS, RecordChangeRow.at > since)
    return frozenset(session.scalars(new.where(seen > since))) | frozenset(session.scalars(changed.distinct()))


def histories(session: Session, call_ids: Iterable[str]) -> dict[str, CallHistory]:
    """Return the histories of these calls; what is no call, or archived, is not in it."""
    wanted = sorted(set(call_ids))
    found: dict[str, CallHistory] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        steps = _steps(session, some)
        rows = session.execute(
            select(FundingCallRow.id, FundingCallRow.version, _first_seen())
            .outerjoin(ImportRow, ImportRow.id == FundingCallRow.first_import_id)
            .where(FundingCallRow.id.in_(some), FundingCallRow.archived_at.is_(None))
        )
        found.update((id_, CallHistory(version, seen, tuple(steps.get(id_, ())))) for id_, version, seen in rows)
    return found


def _first_seen() -> Any:
    # An import is seen when it is committed: its end is nearest to that.
    return func.coalesce(ImportRow.finished_at, ImportRow.started_at, type_=ImportRow.started_at.type)


def _steps(session: Session, call_ids: Sequence[str]) -> dict[str, list[Step]]:
    rows = session.execute(
        select(RecordChangeRow.record_id, RecordChangeRow.version, RecordChangeRow.at, RecordChangeRow.changes)
        .where(RecordChangeRow.kind == CALLS, RecordChangeRow.record_id.in_(call_ids))
        .order_by(RecordChangeRow.record_id, RecordChangeRow.version)
    )
    found: dict[str, list[Step]] = {}
    for call_id, version, at, changes in rows:
        found.setdefault(call_id, []).append(Step(version, at, changes))
    return found


def _told(steps: Iterator[Step]) -> tuple[Change, ...]:
    pairs: dict[str, tuple[Any, Any]] = {}
    for step in steps:
        for name, (old, new) in step.changes.items():
            pairs[name] = (pairs[name][0] if name in pairs else old, new)
    said = [Change(name, _text(pairs[name][0]), _text(pairs[name][1])) for name in TOLD if _differs(pairs.get(name))]
    return (*said, *(Change(name, "", "") for name in LONG if _differs(pairs.get(name))))


def _differs(pair: tuple[Any, Any] | None) -> bool:
    return pair is not None and pair[0] != pair[1]


def _text(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
