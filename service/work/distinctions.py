"""Records that look alike and that a person says are not the same.

duplicates found by the matcher ──► a person tells them apart ──► no longer proposed, each with a place of its own
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import cast as cast_to

from sqlalchemy import String, Table, cast, or_, select
from sqlalchemy.orm import Session

from service.errors import ConflictError, InvalidError
from service.ids import new_id
from service.kinds import KIND_NAMED
from service.moments import now
from service.register.kinds import REGISTER
from service.register.tables import RegisterEntryRow
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.merged import shown_as
from service.work.sayings import Sayings
from service.work.tables import DistinctionRow

KINDS = ("calls", "organisations", "projects", "assets", "needs", REGISTER)
"""The kinds of record of which two may look the same; what stands in the register may be of either table there."""
MOST_OTHERS = 100
Apart = frozenset[frozenset[str]]
"""Pairs of ids of records that are not the same."""


@dataclass(frozen=True, slots=True)
class Distinction:
    """A record that is none of some others."""

    id: str
    kind: str
    record_id: str
    other_ids: tuple[str, ...]
    author: Author
    at: datetime
    withdrawn_at: datetime | None


def tell_apart(acting: Acting, kind: str, record_id: str, other_ids: Sequence[str]) -> Distinction:
    """Say that a record is none of some others, however alike they are.

    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if the same was said already, or if a person said that they are one.
    """
    acting.must_be_staff()
    if kind not in KINDS:
        raise InvalidError("kind", f"{kind!r}: choose one of {', '.join(KINDS)}")
    others = sorted({*other_ids})
    if not others or record_id in others:
        raise InvalidError("other_ids", "name at least one record other than itself")
    table = cast_to(Table, RegisterEntryRow.__table__) if kind == REGISTER else KIND_NAMED[kind].table
    found = set(acting.session.scalars(select(table.c.id).where(table.c.id.in_([record_id, *others]))))
    for field, wanted in (("record_id", record_id), *(("other_ids", other) for other in others)):
        if wanted not in found:
            raise InvalidError(field, f"{wanted}: none of the {kind} has this id")
    row = DistinctionRow(
        id=new_id(), kind=kind, record_id=record_id, other_ids=others, account_id=acting.account_id, at=now()
    )
    return _shown(acting, [DISTINCTIONS.say(acting, row)])[0]


def list_distinctions(
    acting: Acting, *, kind: str = "", record_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[Distinction], str]:
    """Return one page of what was told apart, newest first, and where the next begins."""
    wanted = [DistinctionRow.kind == kind] if kind else []
    if record_id:
        other = cast(DistinctionRow.other_ids, String).contains(f'"{record_id}"', autoescape=True)
        wanted.append(or_(DistinctionRow.record_id == record_id, other))
    rows, last = DISTINCTIONS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _shown(acting, rows), last


def read_distinction(acting: Acting, distinction_id: str) -> Distinction:
    """Return one; raises UnknownRecordError if there is none."""
    return _shown(acting, [DISTINCTIONS.read(acting, distinction_id)])[0]


def withdraw_distinction(acting: Acting, distinction_id: str) -> None:
    """Take it back: the records may be proposed as one again."""
    DISTINCTIONS.withdraw(acting, distinction_id)


def restore_distinction(acting: Acting, distinction_id: str) -> Distinction:
    """Let it hold again; raises ConflictError if a person has merged two of them since."""
    return _shown(acting, [DISTINCTIONS.restore(acting, distinction_id)])[0]


def told_apart(session: Session, kind: str) -> Apart:
    """Return the pairs of records of a kind that people said are not the same."""
    rows = session.scalars(
        select(DistinctionRow).where(DistinctionRow.kind == kind, DistinctionRow.withdrawn_at.is_(None))
    )
    return frozenset(pair for row in rows for pair in _pairs(row))


def _pairs(row: DistinctionRow) -> Iterator[frozenset[str]]:
    return (frozenset({row.record_id, other}) for other in row.other_ids)


def _agrees(acting: Acting, row: DistinctionRow) -> None:
    """Refuse what contradicts a merge that holds."""
    shown = shown_as(acting.session, row.kind)
    record = shown.get(row.record_id, row.record_id)
    for other in row.other_ids:
        if shown.get(other, other) == record:
            raise ConflictError(f"{row.record_id} and {other} are merged: take that back first")


def _shown(acting: Acting, rows: Sequence[DistinctionRow]) -> list[Distinction]:
    known = authors(acting, (row.account_id for row in rows))
    return [
        Distinction(
            row.id, row.kind, row.record_id, tuple(row.other_ids), known[row.account_id], row.at, row.withdrawn_at
        )
        for row in rows
    ]


DISTINCTIONS = Sayings(
    kind="distinctions",
    table=DistinctionRow,
    key=lambda row: f"{row.kind}|{sha256(' '.join([row.record_id, *row.other_ids]).encode()).hexdigest()}",
    commune=lambda _row: None,
    readable=lambda acting, _row: acting.principal.is_staff,
    writable=lambda acting, _row: acting.principal.is_staff,
    details=lambda row: {"kind": row.kind, "record_id": row.record_id, "other_ids": list(row.other_ids)},
    served="distinctions",
    agrees=_agrees,
)
