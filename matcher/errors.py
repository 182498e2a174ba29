"""The errors of the matcher.

    MatcherError
    ├── QueryError          the question cannot be answered: empty, too long, unknown field
    ├── EncoderError        the encoder cannot be built, found or verified
    └── ArtifactError       the artifact is missing, corrupt or was built by another encoder

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
