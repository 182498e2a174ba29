"""The tags of a few records at a time, for storing: the model's under what records state and what people said.

Funded projects of one measure that read the same but for their places share the vector of the first of them: encoding
is what takes long, and a register of tens of thousands says the same thing many times.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from matcher.encoder import Encoder, Vectors
from matcher.errors import EncoderError
from matcher.passages import calm
from matcher.precedents import code_of, without_places
from matcher.records import Precedent
from matcher.strategy import TEXT_CHARACTERS, Override, Tag, Tagged, text_to_tag
from matcher.tagger import Tagger
from service.tagging import as_they_count, tagger_for

RULES = "1"
"""The version of what is read by rule; another one reads every record anew."""


class TagReader:
    """Reads records with one model and one encoder; without a model only what records and people say counts."""

    def __init__(self, encoder: Encoder, tagger: Tagger | None) -> None:
        self._encoder = encoder
        self._tagger = tagger
        self._alike: dict[tuple[str, str], str] = {}
        self.version = f"{_digest(self._tagger)}.{RULES}"

    def read(self, records: Sequence[Tagged]) -> list[tuple[Tag, ...]]:
        """Return what the model says of each record."""
        if self._tagger is None:
            return [()] * len(records)
        texts = [text_to_tag(record) for record in records]
        shared = [self._shared(record, text) for record, text in zip(records, texts, strict=True)]
        return self._tagger.tag(texts, lambda some: self._vectors(shared, some))

    def _vectors(self, shared: Sequence[str], some: Sequence[str]) -> Vectors:
        if len(some) != len(shared):
            raise ValueError(f"{len(shared)} records read at once, of which the model asks for {len(some)}")
        return self._encoder.encode_documents([calm(text[:TEXT_CHARACTERS]) for text in shared])

    def _shared(self, record: Tagged, text: str) -> str:
        if not isinstance(record, Precedent):
            return text
        return self._alike.setdefault((code_of(record), without_places(record)), text)


def counted(
    records: Sequence[Tagged], read: Sequence[tuple[Tag, ...]], said: Mapping[str, Sequence[Override]]
) -> list[tuple[Tag, ...]]:
    """Return the tags that count; what the model left to a person does not."""
    return [
        tuple(tag for tag in as_they_count(tags, record, said.get(record.id, ())) if tag.certain)
        for record, tags in zip(records, read, strict=True)
    ]


def model_for(encoder: Encoder) -> Tagger | None:
    """Return the model that ships; None where it does not know the vectors of this encoder."""
    try:
        return tagger_for(encoder)
    except EncoderError:
        return None


def _digest(tagger: Tagger | None) -> str:
    if tagger is None:
        return "none"
    bands = repr(sorted((scheme, band.drop, band.give) for scheme, band in tagger.bands.items()))
    return sha256(tagger.weights.tobytes() + tagger.intercepts.tobytes() + bands.encode()).hexdigest()[:12]
