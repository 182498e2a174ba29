"""The errors of the corpora.

    CorporaError
    ├── SourceError         a file cannot be read at all: missing, truncated, not the format it claims
    ├── LayoutError         a file was read but a needed column or key is missing
    └── EmbeddedCorpusError a record of our own default corpus is wrong

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
