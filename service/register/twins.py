"""The same project in two sources: proposed by the matcher, merged or told apart by the incubator, undone.

project_twins ──► proposed, side by side ──► a person merges: one entry leads, the other leaves lists and counts
                                       └──► a person tells apart: never proposed again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from matcher.project_twins import Evidence
from service.errors import ConflictError, InvalidError
from service.ids import new_id
from service.moments import now
from service.register.folding import fold
from service.register.kinds import REGISTER, EntryKind
from service.register.tables import RegisterEntryRow as Entry
from service.register.twin_rows import ProjectTwinRow as Twin
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.distinctions import told_apart
from service.work.merged import kept_id
from service.work.sayings import Sayings
from service.work.tables import MergeRow

_SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class ProposedTwin:
    """Two entries that are probably one project: ``leading`` is the one that would rather be kept."""

    leading: Entry
    other: Entry
    evidence: tuple[Evidence, ...]
    likeness: float

    @property
    def may_turn(self) -> bool:
        """Whether the other may lead too: what all may see is never shown as what one commune keeps."""
        return self.other.owner_istat is None or self.leading.owner_istat is not None


@dataclass(frozen=True, slots=True)
class ProjectMerge:
    """Two entries that a person says are one project: ``merged_id`` is shown as ``kept_id``."""

    id: str
    kept_id: str
    merged_id: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None


def proposed_twins(acting: Acting, *, after: str = "", limit: int = 20) -> tuple[list[ProposedTwin], str]:
    """Return one page of the pairs that nobody has decided on, in the order of their ids, and where the next begins.

    Raises ForbiddenError for anybody but the incubator, InvalidError for a cursor of another list.
    """
    acting.must_be_staff()
    first, second = aliased(Entry), aliased(Entry)
    query = (
        select(Twin, first, second)
        .join(first, and_(first.id == Twin.first_id, _open(first)))
        .join(second, and_(second.id == Twin.second_id, _open(second)))
        .where(Twin.is_tender.is_(False), _following(after))
        .order_by(Twin.first_id, Twin.second_id)
    )
    apart = told_apart(acting.session, REGISTER)
    found: list[tuple[Twin, ProposedTwin]] = []
    for twin, one, other in acting.session.execute(query):
        if frozenset({one.id, other.id}) not in apart and _may_be_one(one, other):
            found.append((twin, _proposed(twin, one, other)))
        if len(found) > limit:
            break
    last = found[limit - 1][0] if len(found) > limit else None
    cursor = f"{last.first_id}{_SEPARATOR}{last.second_id}" if last else ""
    return [twin for _, twin in found[:limit]], cursor


def merge_projects(acting: Acting, kept: str, merged: str) -> ProjectMerge:
    """Say that two entries are one project, of which ``kept`` is shown.

    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if one of them is shown as another already, or if a person told them apart.
    """
    acting.must_be_staff()
    row = MergeRow(id=new_id(), kind=REGISTER, kept_id=kept, merged_id=merged, account_id=acting.account_id, at=now())
    said = PROJECT_MERGES.say(acting, row)
    fold(acting.session)
    return _shown(acting, [said])[0]


def list_project_merges(
    acting: Acting, *, record_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[ProjectMerge], str]:
    """Return one page of merges, newest first, and where the next begins; ``record_id``: on either side."""
    acting.must_be_staff()
    wanted: list[ColumnElement[bool]] = [MergeRow.kind == REGISTER]
    if record_id:
        wanted.append((MergeRow.kept_id == record_id) | (MergeRow.merged_id == record_id))
    rows, last = PROJECT_MERGES.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _shown(acting, rows), last


def read_project_merge(acting: Acting, merge_id: str) -> ProjectMerge:
    """Return one merge; raises UnknownRecordError if there is none."""
    return _shown(acting, [PROJECT_MERGES.read(acting, merge_id)])[0]


def withdraw_project_merge(acting: Acting, merge_id: str) -> None:
    """Take a merge back: both entries are listed and counted again."""
    PROJECT_MERGES.withdraw(acting, merge_id)
    fold(acting.session)


def restore_project_merge(acting: Acting, merge_id: str) -> ProjectMerge:
    """Let a withdrawn merge hold again; raises ConflictError if one of the two is shown as another by now."""
    row = PROJECT_MERGES.restore(acting, merge_id)
    fold(acting.session)
    return _shown(acting, [row])[0]


def _open(entry: type[Entry]) -> ColumnElement[bool]:
    return and_(entry.archived_at.is_(None), entry.merged_into == "")


def _following(after: str) -> ColumnElement[bool]:
    if not after:
        return Twin.first_id.is_not(None)
    first, separator, second = after.partition(_SEPARATOR)
    if not separator:
        raise InvalidError("cursor", "not a cursor of this list; start again without one")
    return (Twin.first_id > first) | and_(Twin.first_id == first, Twin.second_id > second)


def _proposed(twin: Twin, one: Entry, other: Entry) -> ProposedTwin:
    leading, second = sorted((one, other), key=_precedence)
    return ProposedTwin(leading, second, tuple(Evidence(code) for code in twin.evidence), twin.likeness)


def _precedence(entry: Entry) -> tuple[bool, bool, bool, str]:
    """Whoever is seen by all leads, then the publisher's own, then whoever says how much."""
    return entry.owner_istat is not None, entry.kind is EntryKind.PROJECT, entry.amount is None, entry.id


def _may_be_one(kept: Entry, merged: Entry) -> bool:
    """Two communes' own projects stay two: neither may learn of the other's."""
    return kept.owner_istat is None or merged.owner_istat is None or kept.owner_istat == merged.owner_istat


def _agrees(acting: Acting, row: MergeRow) -> None:
    """Refuse what is no entry, what would hide a project from those who may see it, chains and contradictions."""
    kept, merged = (
        _entry(acting, field, wanted) for field, wanted in (("kept_id", row.kept_id), ("merged_id", row.merged_id))
    )
    if kept.id == merged.id:
        raise InvalidError("merged_id", "a project is not another one than itself")
    if kept.owner_istat is not None and merged.owner_istat != kept.owner_istat:
        reason = "keep the project that everybody may see" if merged.owner_istat is None else "of another commune"
        raise InvalidError("kept_id", f"{kept.id} is kept by one commune: {reason}")
    shown = kept_id(acting.session, REGISTER, kept.id)
    if shown != kept.id:
        raise ConflictError(f"{kept.id} is shown as {shown}: merge into that one")
    if frozenset({kept.id, merged.id}) in told_apart(acting.session, REGISTER):
        raise ConflictError(f"{kept.id} and {merged.id} were told apart: take that back first")


def _entry(acting: Acting, field: str, entry_id: str) -> Entry:
    entry = acting.session.get(Entry, entry_id)
    if entry is None or entry.archived_at is not None:
        raise InvalidError(field, f"{entry_id}: no project of the register has this id")
    return entry


def _shown(acting: Acting, rows: Sequence[MergeRow]) -> list[ProjectMerge]:
    known = authors(acting, (row.account_id for row in rows))
    return [
        ProjectMerge(row.id, row.kept_id, row.merged_id, known[row.account_id], row.at, row.withdrawn_at)
        for row in rows
    ]


def _of_ours(acting: Acting, row: MergeRow) -> bool:
    return acting.principal.is_staff and row.kind == REGISTER


PROJECT_MERGES = Sayings(
    kind="project-merges",
    table=MergeRow,
    key=lambda row: f"{row.kind}|{row.merged_id}",
    commune=lambda _row: None,
    readable=_of_ours,
    writable=_of_ours,
    details=lambda row: {"kept_id": row.kept_id, "merged_id": row.merged_id},
    served="project-merges",
    agrees=_agrees,
)
