"""Strategy tags that people set or take away: their word stands above the model's, whatever model comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.strategy import CODES, Override
from service.errors import InvalidError
from service.frame.forgetting import forget
from service.ids import new_id
from service.kinds import KIND_NAMED
from service.moments import now
from service.work import edits
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.items import KINDS as ITEM_KINDS
from service.work.items import keeper, may_see
from service.work.sayings import Sayings
from service.work.tables import TagOverrideRow

PUBLISHED = ("calls", "precedents")
"""Kinds that nobody keeps: everybody sees them, the incubator corrects them."""
KINDS = (*PUBLISHED, *ITEM_KINDS)
_CHUNK = 500
"""Ids in one statement: below the 999 parameters that the oldest SQLite in use allows."""


@dataclass(frozen=True, slots=True)
class TagOverride:
    """What a person said of one code on one record: it belongs there (``holds``) or it does not."""

    id: str
    kind: str
    record_id: str
    scheme: str
    code: str
    holds: bool
    author: Author
    at: datetime
    withdrawn_at: datetime | None


def override_tag(acting: Acting, kind: str, record_id: str, scheme: str, code: str, *, holds: bool) -> TagOverride:
    """Set a tag on a record, or take it away; a later word on the same code withdraws the earlier one.

    A commune's people do so on the commune's own items, the incubator on all. Raises InvalidError naming the field
    that cannot be accepted.
    """
    if code not in CODES.get(scheme, ()):
        known = ", ".join(CODES.get(scheme, CODES))
        raise InvalidError("code" if scheme in CODES else "scheme", f"{code!r} of {scheme!r}: choose one of {known}")
    if not may_write(acting, kind, record_id):
        raise InvalidError("record_id", f"{record_id}: none of the {kind} that you may change has this id")
    row = TagOverrideRow(
        id=new_id(), kind=kind, record_id=record_id, scheme=scheme, code=code, holds=holds,
        account_id=acting.account_id, at=now(),
    )  # fmt: skip
    if (earlier := TAGS.holding(acting, _key(row))) is not None:
        if earlier.holds is holds:
            return _shown(acting, [earlier])[0]
        TAGS.withdraw(acting, earlier.id)
    said = TAGS.say(acting, row)
    forget(acting.session, kind, record_id)
    return _shown(acting, [said])[0]


def overrides_of(session: Session, kind: str, record_ids: Iterable[str]) -> dict[str, list[Override]]:
    """Return what people said about the tags of each record, oldest first, for ``matcher.strategy.with_overrides``."""
    wanted, found = sorted(set(record_ids)), dict[str, list[Override]]()
    for start in range(0, len(wanted), _CHUNK):
        rows = session.scalars(
            select(TagOverrideRow)
            .where(
                TagOverrideRow.kind == kind,
                TagOverrideRow.record_id.in_(wanted[start : start + _CHUNK]),
                TagOverrideRow.withdrawn_at.is_(None),
            )
            .order_by(TagOverrideRow.at, TagOverrideRow.id)
        )
        for row in rows:
            found.setdefault(row.record_id, []).append(Override(row.scheme, row.code, row.holds))
    return found


def list_tag_overrides(
    acting: Acting, kind: str, record_id: str, *, withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[TagOverride], str]:
    """Return one page of what people said about the tags of a record, newest first; empty where it may not be seen."""
    if not may_read(acting, kind, record_id):
        return [], ""
    about = TagOverrideRow.kind == kind, TagOverrideRow.record_id == record_id
    rows, last = TAGS.newest(acting, *about, withdrawn=withdrawn, after=after, limit=limit)
    return _shown(acting, rows), last


def read_tag_override(acting: Acting, override_id: str) -> TagOverride:
    """Return one override; raises UnknownRecordError if there is none that may be seen."""
    return _shown(acting, [TAGS.read(acting, override_id)])[0]


def withdraw_tag_override(acting: Acting, override_id: str) -> None:
    """Take a word back: the model's, or the source's, counts again."""
    said = TAGS.withdraw(acting, override_id)
    forget(acting.session, said.kind, said.record_id)


def restore_tag_override(acting: Acting, override_id: str) -> TagOverride:
    """Let a word hold again; raises ConflictError if there is another one by now."""
    said = TAGS.restore(acting, override_id)
    forget(acting.session, said.kind, said.record_id)
    return _shown(acting, [said])[0]


def may_read(acting: Acting, kind: str, record_id: str) -> bool:
    """Whether a record is there for who asks."""
    if kind in PUBLISHED:
        return edits.find(acting, KIND_NAMED[kind], record_id) is not None
    item = edits.find(acting, KIND_NAMED[kind], record_id) if kind in ITEM_KINDS else None
    return item is not None and may_see(acting, item)


def may_write(acting: Acting, kind: str, record_id: str) -> bool:
    """Whether who asks may say which tags belong to a record."""
    if kind in PUBLISHED:
        return acting.principal.is_staff and may_read(acting, kind, record_id)
    item = edits.find(acting, KIND_NAMED[kind], record_id) if kind in ITEM_KINDS else None
    return item is not None and acting.principal.keeps(keeper(item))


def _key(row: TagOverrideRow) -> str:
    return f"{row.kind}|{row.record_id}|{row.scheme}|{row.code}"


def _shown(acting: Acting, rows: Sequence[TagOverrideRow]) -> list[TagOverride]:
    known = authors(acting, (row.account_id for row in rows))
    return [
        TagOverride(
            row.id, row.kind, row.record_id, row.scheme, row.code, row.holds,
            known[row.account_id], row.at, row.withdrawn_at,
        )
        for row in rows
    ]  # fmt: skip


TAGS = Sayings(
    kind="tag_overrides",
    table=TagOverrideRow,
    key=_key,
    commune=lambda _row: None,
    readable=lambda acting, row: may_read(acting, row.kind, row.record_id),
    writable=lambda acting, row: may_write(acting, row.kind, row.record_id),
    details=lambda row: {"kind": row.kind, "record_id": row.record_id, "code": f"{row.scheme}:{row.code}"},
    served="tags",
)
