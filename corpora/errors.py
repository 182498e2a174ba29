"""The errors of the corpora.

    CorporaError
    ├── SourceError         a file cannot be read at all: missing, truncated, not the format it claims
    ├── LayoutError         a file was read but a needed column or key is missing
    ├── EmbeddedCorpusError a record of our own default corpus is wrong
    └── SerializationError  a record cannot be written as JSON, or JSON does not fit a record

A single bad row is never an error: it is quarantined (see ``corpora.rows``) and the good rows go on.
"""


class CorporaError(Exception):
    """Anything the corpora refuse to read."""


class SourceError(CorporaError):
    """A file cannot be read at all; the message names it and says what to do."""


class LayoutError(CorporaError):
    """A file lacks a column or key that its source must have; the message names file and column."""


class EmbeddedCorpusError(CorporaError):
    """A record of the embedded corpus is wrong; the message names file, entry, field and value."""


class SerializationError(CorporaError):
    """A record holds a value that its field may not hold; the message names record, field and value."""

    def __init__(self, record: str, field: str, reason: str) -> None:
        self.record, self.field, self.reason = record, field, reason
        super().__init__(f"{record}, field {field!r}: {reason}" if field else f"{record}: {reason}")
