"""Keeps the stored tags true to the records, a slice at a time, beside serving.

record written, model replaced ──► its basis is another ──► read again      (import, edit, undo, new version)
a person said something ──► forgotten in the same transaction ──► read again

What lies in the metropolitan city is read first: that is what its matrix counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from sqlalchemy import Engine, Table, and_, delete, insert, literal, or_, select
from sqlalchemy.orm import Session

from matcher.encoder import Encoder
from matcher.serialization import from_json
from matcher.strategy import DecidedBy, Tag, Tagged
from matcher.tagger import Tagger
from service.database import reading, writing_in_turn
from service.frame.kinds import FRAME_KINDS, FrameKind
from service.frame.reading import TagReader, counted, model_for
from service.frame.tables import RecordTagRow, TaggedRecordRow
from service.register.tables import RegisterPlaceRow
from service.revisions import current
from service.tables import CommuneRow, DataVersionRow
from service.work.tags import overrides_of

AT_ONCE = 16
"""Records read in one slice: with 128, a page asked for meanwhile took up to 80 ms longer (``tests.bench_portal``)."""
FOLLOWED = (*(kind.name for kind in FRAME_KINDS), "tags")
"""What tags are made from, as ``revisions`` names it."""
_TAGS, _TAGGED = cast(Table, RecordTagRow.__table__), cast(Table, TaggedRecordRow.__table__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record whose stored tags are not those of its present text."""

    kind: FrameKind
    id: str


class TagFilling:
    """Brings the stored tags up to date in slices; used by one thread. ``model`` gives what reads for an encoder."""

    def __init__(self, model: Callable[[Encoder], Tagger | None] = model_for) -> None:
        self._model = model
        self._reader: TagReader | None = None
        self._encoder: Encoder | None = None
        self._done = ""
        self._under_way = ""
        self._waiting: list[Waiting] = []

    @property
    def left(self) -> int:
        """How many records are known to wait."""
        return len(self._waiting)

    @property
    def waits_for_few(self) -> bool:
        """Whether any of the kinds of which there are few is not read yet."""
        return any(not one.kind.is_many for one in self._waiting)

    def advance(self, engine: Engine, encoder: Encoder, most: int = AT_ONCE) -> bool:
        """Read the next records, at most so many; returns whether there are more."""
        reader = self._reader_for(encoder)
        with reading(engine) as session:
            revision = f"{current(session, FOLLOWED)} {reader.version}"
            if revision == self._done:
                return False
            if revision != self._under_way:
                self._waiting, self._under_way = stale(session, reader.version), revision
        some = list(islice(self._waiting, most))
        for kind in dict.fromkeys(one.kind for one in some):
            store(engine, reader, kind, [one.id for one in some if one.kind is kind])
        del self._waiting[: len(some)]
        if not self._waiting:
            self._done = revision
        return bool(self._waiting)

    def _reader_for(self, encoder: Encoder) -> TagReader:
        if self._reader is None or self._encoder is not encoder:
            self._reader, self._encoder = TagReader(encoder, self._model(encoder)), encoder
        return self._reader


def stale(session: Session, version: str) -> list[Waiting]:
    """Return the records whose tags are to be read, kind by kind; funded projects of the metropolitan city first."""
    found = [Waiting(kind, id_) for kind in FRAME_KINDS for id_ in session.scalars(_stale_of(kind, version))]
    ours = set(
        session.scalars(
            select(RegisterPlaceRow.entry_id)
            .join(CommuneRow, CommuneRow.id == RegisterPlaceRow.commune_istat)
            .where(CommuneRow.zone != "")
        )
    )
    return sorted(found, key=lambda one: (one.kind.is_many and one.id not in ours, FRAME_KINDS.index(one.kind)))


def store(engine: Engine, reader: TagReader, kind: FrameKind, ids: Sequence[str]) -> None:
    """Read records of one kind and store their tags as they count now."""
    table = kind.table
    with reading(engine) as session:
        # Another process may have read some of them meanwhile.
        wanted = _stale_of(kind, reader.version, table.c.payload, table.c.content_hash).where(table.c.id.in_(ids))
        rows = session.execute(wanted).all()
    records = [cast(Tagged, from_json(kind.record_type, row.payload)) for row in rows]
    read = reader.read(records)
    with writing_in_turn(engine) as session:
        _wait_for_sayings(session)
        tags = counted(records, read, overrides_of(session, kind.name, [record.id for record in records]))
        _replace(session, kind, reader.version, {row.id: row.content_hash for row in rows}, tags)


def _stale_of(kind: FrameKind, version: str, *columns: Any) -> Any:
    table, tagged = kind.table, _TAGGED.c
    stored = and_(tagged.kind == kind.word, tagged.record_id == table.c.id)
    return (
        select(table.c.id, *columns)
        .outerjoin(_TAGGED, stored)
        .where(or_(tagged.basis.is_(None), tagged.basis != literal(f"{version}:") + table.c.content_hash))
        .order_by(table.c.id)
    )


def _wait_for_sayings(session: Session) -> None:
    """Let nobody say anything of tags until this is committed: what was said meanwhile would be lost."""
    session.execute(select(DataVersionRow.name).where(DataVersionRow.name == "tags").with_for_update())


def _replace(
    session: Session, kind: FrameKind, version: str, hashes: Mapping[str, str], tags: Sequence[Iterable[Tag]]
) -> None:
    ids = list(hashes)
    for table in (_TAGS, _TAGGED):
        session.execute(delete(table).where(table.c.kind == kind.word, table.c.record_id.in_(ids)))
    rows = [
        {
            "kind": kind.word,
            "record_id": record_id,
            "scheme": tag.scheme,
            "code": tag.code,
            "confidence": min(max(tag.probability, 0.0), 1.0),
            "by_hand": tag.decided_by is DecidedBy.PERSON,
            "tagger": version,
            "evidence": tag.evidence,
        }
        for record_id, found in zip(ids, tags, strict=True)
        for tag in found
    ]
    if rows:
        session.execute(insert(_TAGS), rows)
    basis = [{"kind": kind.word, "record_id": id_, "basis": f"{version}:{digest}"} for id_, digest in hashes.items()]
    if basis:
        session.execute(insert(_TAGGED), basis)
