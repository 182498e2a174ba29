"""The strategy tags of a text or of a stored record: the model's, under what the record states and what people said."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from matcher.agenda import agenda_tags
from matcher.encoder import Encoder
from matcher.records import FundingCall, Need, Precedent, Project, PublicAsset
from matcher.strategy import Override, Tag, Tagged, text_to_tag, with_overrides, with_source
from matcher.tagger import Tagger
from matcher.tagger_files import load_tagger
from service.errors import UnknownRecordError, UsageError
from service.imports import load_record
from service.kinds import KIND_OF
from service.work.tags import overrides_of

TAGGED: tuple[type[Tagged], ...] = (FundingCall, Need, Project, PublicAsset, Precedent)


def tags_of_text(text: str, encoder: Encoder) -> tuple[Tag, ...]:
    """Return the tags that the model gives a text; raises UsageError if it is empty, EncoderError for a strange one."""
    if not text.strip():
        raise UsageError("the text is empty: say in a few words what the need, the project or the asset is about")
    return tagger_for(encoder).tag([text], encoder.encode_documents)[0]


def tags_of_record(session: Session, record_id: str, encoder: Encoder) -> tuple[Tag, ...]:
    """Return the tags of a stored record as they count; raises UnknownRecordError if none that has tags has this id."""
    record = _find(session, record_id)
    said = overrides_of(session, KIND_OF[type(record)].name, [record_id])
    return tags_of_records([record], said, encoder)[0]


def tags_of_records(
    records: Sequence[Tagged], said: Mapping[str, Sequence[Override]], encoder: Encoder
) -> list[tuple[Tag, ...]]:
    """Return the tags of many records as they count; ``said``: record id → what people said, oldest first."""
    found = tagger_for(encoder).tag([text_to_tag(record) for record in records], encoder.encode_documents)
    return [as_they_count(tags, record, said.get(record.id, ())) for tags, record in zip(found, records, strict=True)]


def as_they_count(tags: Iterable[Tag], record: Tagged, said: Sequence[Override]) -> tuple[Tag, ...]:
    """Lay what the record states and what people said over the model's tags, and add actors and styles."""
    counted = with_overrides(with_source(tags, record), said)
    return with_overrides([*counted, *agenda_tags(record, counted)], said)


def tagger_for(encoder: Encoder) -> Tagger:
    """Return the model that ships; raises EncoderError if it does not know the vectors of this encoder."""
    tagger = load_tagger()
    tagger.check(encoder)
    return tagger


def _find(session: Session, record_id: str) -> Tagged:
    for record_type in TAGGED:
        try:
            return load_record(session, record_type, record_id)
        except UnknownRecordError:
            continue
    raise UnknownRecordError(
        f"{record_id!r}: no call, need, project, asset or funded project has this id; `remix history` finds any other"
    )
