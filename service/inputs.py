"""What a catalogue is made of, as the database has it now: read once, and afterwards only what changed.

database ──► Inputs.read(session) ──► revision, calls (not archived, merged ones under the one that was kept)
         │                       ──► funded projects, read again only when any of them changed
         └─► reviews_at(session)  ──► what people say about the criteria of calls
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.eligibility.reviews import Review
from matcher.precedents import PrecedentIndex
from matcher.records import FundingCall, Precedent
from matcher.serialization import from_json
from service import revisions
from service.imports import load_records
from service.tables import FundingCallRow
from service.work.merged import merged_away
from service.work.tables import CriterionReviewRow

_CHUNK = 500
"""Ids in one statement: below the 999 parameters that the oldest SQLite in use allows."""


@dataclass(slots=True)
class Inputs:
    """The calls and funded projects as they were read last; ``read`` again costs only what changed since.

    The index of the funded projects is built anew only when any of them changed, or the programmes that have calls.
    """

    revision: str = ""
    calls: tuple[FundingCall, ...] = ()
    versions: dict[str, int] = field(default_factory=dict)
    _precedents: tuple[Precedent, ...] = ()
    _precedents_revision: str = ""
    _index: tuple[frozenset[str], PrecedentIndex] | None = None
    _read: dict[str, tuple[str, FundingCall]] = field(default_factory=dict)

    def read(self, session: Session) -> None:
        """Read the state that ``session`` sees; a call that has not changed stays the same object."""
        revision = revisions.current(session, revisions.BUILT_FROM)
        rows = session.execute(
            select(FundingCallRow.id, FundingCallRow.content_hash, FundingCallRow.version)
            .where(FundingCallRow.archived_at.is_(None))
            .order_by(FundingCallRow.id)
        ).all()
        merged = _merged_calls(session)
        shown = {id_: content_hash for id_, content_hash, _ in rows if id_ not in merged}
        stale = [id_ for id_, content_hash in shown.items() if self._read.get(id_, ("",))[0] != content_hash]
        fresh = _calls(session, stale)
        self._read = {
            id_: (content_hash, fresh[id_] if id_ in fresh else self._read[id_][1])
            for id_, content_hash in shown.items()
        }
        self.calls = tuple(call for _, call in self._read.values())
        self.versions = {id_: version for id_, _, version in rows}
        self.revision = revision
        precedents_revision = revisions.current(session, ("precedents",))
        if precedents_revision != self._precedents_revision:
            self._precedents = tuple(load_records(session, Precedent))
            self._precedents_revision, self._index = precedents_revision, None

    def precedents(self, build: Callable[[Sequence[Precedent], frozenset[str]], PrecedentIndex]) -> PrecedentIndex:
        """Return the index of the funded projects as they were read last; ``build`` gets the programmes of calls."""
        codes = frozenset(call.programme for call in self.calls if call.programme)
        if self._index is None or self._index[0] != codes:
            self._index = (codes, build(self._precedents, codes))
        return self._index[1]


def reviews_at(session: Session, at: datetime) -> dict[str, list[Review]]:
    """Return what people said about the criteria of each call and had not withdrawn at a moment, oldest first."""
    rows = session.scalars(
        select(CriterionReviewRow)
        .where(
            CriterionReviewRow.at <= at,
            or_(CriterionReviewRow.withdrawn_at.is_(None), CriterionReviewRow.withdrawn_at > at),
        )
        .order_by(CriterionReviewRow.at, CriterionReviewRow.id)
    )
    found: dict[str, list[Review]] = {}
    for row in rows:
        found.setdefault(row.call_id, []).append(row.review)
    return found


def _merged_calls(session: Session) -> frozenset[str]:
    """The ids of the calls that a person said are another one, which is shown in their place."""
    return frozenset(session.scalars(merged_away("calls")))


def _calls(session: Session, ids: list[str]) -> dict[str, FundingCall]:
    found: dict[str, FundingCall] = {}
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        rows = session.execute(select(FundingCallRow.id, FundingCallRow.payload).where(FundingCallRow.id.in_(some)))
        found.update((id_, from_json(FundingCall, payload)) for id_, payload in rows)
    return found
