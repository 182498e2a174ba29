"""A row of a file made ready to be merged: all that can be worked out before the database is held."""

from typing import NamedTuple

from corpora.rows import Quarantined, Read
from matcher.errors import SerializationError
from matcher.records import Record
from matcher.serialization import content_hash, to_json
from service.kinds import KIND_OF, Kind, check


class Incoming(NamedTuple):
    """One record on its way in, with the text that stands for it; ``line`` is where it stood in the file."""

    kind: Kind
    record: Record
    text: str
    content_hash: str
    line: int = 0


def ready(outcome: Read | Quarantined, file: str) -> Incoming | Quarantined:
    """Return a row checked and written as text; one that no table can hold is quarantined."""
    if isinstance(outcome, Quarantined):
        return outcome
    record = outcome.record
    try:
        check(record)
        text = to_json(record)
    except SerializationError as error:
        value = str(getattr(record, error.field.partition(".")[0], record))
        return Quarantined(file, outcome.line, error.field, value, error.reason)
    return Incoming(KIND_OF[type(record)], record, text, content_hash(text), outcome.line)
