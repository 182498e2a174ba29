"""Two records that a person says are one: the one that is kept is shown in place of the other.

duplicates found by the matcher ──► a person merges ──► merged ones leave lists and recommendations ──► taken back
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matcher.catalogue import Catalogue
from service.errors import ConflictError, InvalidError
from service.ids import new_id
from service.kinds import KIND_NAMED
from service.moments import now
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.distinctions import Apart, told_apart
from service.work.merged import kept_id
from service.work.sayings import Sayings
from service.work.tables import MergeRow

KINDS = ("calls", "organisations", "projects", "assets", "needs")
"""The kinds of record of which the same may come twice."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records that are one: ``merged_id`` is shown as ``kept_id``."""

    id: str
    kind: str
    kept_id: str
    merged_id: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProbableDuplicate:
    """A call that is probably another entry of the same notice."""

    id: str
    title: str
    source: str
    url: str


def merge(acting: Acting, kind: str, kept: str, merged: str) -> Merge:
    """Say that two records are one.

    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if one of them is shown as another already.
    """
    acting.must_be_staff()
    if kind not in KINDS:
        raise InvalidError("kind", f"{kind!r}: choose one of {', '.join(KINDS)}")
    table = KIND_NAMED[kind].table
    found = set(acting.session.scalars(select(table.c.id).where(table.c.id.in_([kept, merged]))))
    for field, record_id in (("kept_id", kept), ("merged_id", merged)):
        if record_id not in found:
            raise InvalidError(field, f"{record_id}: none of the {kind} has this id")
    if kept == merged:
        raise InvalidError("merged_id", "a record is not another one than itself")
    row = MergeRow(
        id=new_id(), kind=kind, kept_id=kept, merged_id=merged, account_id=acting.account_id, at=now()
    )  # fmt: skip
    return _shown(acting, [MERGES.say(acting, row)])[0]


def list_merges(
    acting: Acting, *, kind: str = "", record_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[Merge], str]:
    """Return one page of merges, newest first, and where the next begins; ``record_id``: on either side."""
    wanted = [MergeRow.kind == kind if kind else MergeRow.kind.in_(KINDS)]
    if record_id:
        wanted.append((MergeRow.kept_id == record_id) | (MergeRow.merged_id == record_id))
    rows, last = MERGES.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _shown(acting, rows), last


def read_merge(acting: Acting, merge_id: str) -> Merge:
    """Return one merge; raises UnknownRecordError if there is none."""
    return _shown(acting, [MERGES.read(acting, merge_id)])[0]


def withdraw_merge(acting: Acting, merge_id: str) -> None:
    """Take a merge back: both records are shown again."""
    MERGES.withdraw(acting, merge_id)


def restore_merge(acting: Acting, merge_id: str) -> Merge:
    """Let a withdrawn merge hold again; raises ConflictError if one of the two is shown as another by now."""
    return _shown(acting, [MERGES.restore(acting, merge_id)])[0]


def probable_duplicates(
    catalogue: Catalogue, apart: Apart = frozenset(), *, after: str = "", limit: int = 20
) -> tuple[list[tuple[ProbableDuplicate, ...]], str]:
    """Return groups of calls that are probably one notice, in the order of their first id, and where the next begins.

    ``catalogue``: as it was read. What people merged already is not in it; what they told ``apart`` is left out.
    """
    together: dict[int, list[int]] = {}
    for position, first in enumerate(catalogue.groups.occasion.tolist()):
        together.setdefault(first, []).append(position)
    wanted = [group for group in together.values() if len(group) > 1 and catalogue.calls[group[0]].id > after]
    groups = [(group[0], open_) for group in wanted if (open_ := _undecided(catalogue, group, apart))]
    page = groups[:limit]
    last = catalogue.calls[page[-1][0]].id if len(groups) > limit else ""
    return [_group(catalogue, positions) for _, positions in page], last


def _undecided(catalogue: Catalogue, group: Sequence[int], apart: Apart) -> list[int]:
    """Return the calls of a group that may still be one with another of it."""
    ids = {position: catalogue.calls[position].id for position in group}
    return [
        position
        for position in group
        if any(other != position and frozenset({ids[position], ids[other]}) not in apart for other in group)
    ]


def _group(catalogue: Catalogue, positions: Sequence[int]) -> tuple[ProbableDuplicate, ...]:
    calls = (catalogue.calls[position] for position in positions)
    return tuple(ProbableDuplicate(call.id, call.title, call.source, call.url) for call in calls)


def _agrees(acting: Acting, row: MergeRow) -> None:
    """Refuse a merge into a record that is itself shown as another: chains would go round in circles."""
    shown = kept_id(acting.session, row.kind, row.kept_id)
    if shown != row.kept_id:
        raise ConflictError(f"{row.kept_id} is shown as {shown}: merge into that one")
    if frozenset({row.kept_id, row.merged_id}) in told_apart(acting.session, row.kind):
        raise ConflictError(f"{row.kept_id} and {row.merged_id} were told apart: take that back first")


def _shown(acting: Acting, rows: Sequence[MergeRow]) -> list[Merge]:
    known = authors(acting, (row.account_id for row in rows))
    return [
        Merge(row.id, row.kind, row.kept_id, row.merged_id, known[row.account_id], row.at, row.withdrawn_at)
        for row in rows
    ]


def _of_ours(acting: Acting, row: MergeRow) -> bool:
    """Entries of the register are merged in ``service.register.twins``, which also hides them there."""
    return acting.principal.is_staff and row.kind in KINDS


MERGES = Sayings(
    kind="merges",
    table=MergeRow,
    key=lambda row: f"{row.kind}|{row.merged_id}",
    commune=lambda _row: None,
    readable=_of_ours,
    writable=_of_ours,
    details=lambda row: {"kind": row.kind, "kept_id": row.kept_id, "merged_id": row.merged_id},
    served="merges",
    agrees=_agrees,
)
