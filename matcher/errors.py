"""The errors of the matcher.

    MatcherError
    ├── QueryError          the question cannot be answered: empty, too long, unknown field
    ├── EncoderError        the encoder cannot be built, found or verified
    ├── ArtifactError       the artifact is missing, corrupt or was built by another encoder
    │   └── ArtifactFormatError  another version of the program wrote it
    └── SerializationError  a record cannot be written as JSON, or JSON does not fit a record

Each message names the file, field and value where there is one, and says what to do.
"""


class MatcherError(Exception):
    """Anything the matcher refuses to do."""


class QueryError(MatcherError):
    """The query cannot be answered as it stands."""


class EncoderError(MatcherError):
    """The encoder cannot be built, found or verified."""


class ArtifactError(MatcherError):
    """The artifact is missing, corrupt or does not fit the encoder in use."""


class ArtifactFormatError(ArtifactError):
    """Another version of the program wrote the artifact: it is sound, and has to be built again."""


class SerializationError(MatcherError):
    """A record holds a value that its field may not hold; the message names record, field and value."""

    def __init__(self, record: str, field: str, reason: str) -> None:
        self.record, self.field, self.reason = record, field, reason
        super().__init__(f"{record}, field {field!r}: {reason}" if field else f"{record}: {reason}")
