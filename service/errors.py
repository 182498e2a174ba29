"""The errors of the service.

    ServiceError
    ├── SettingsError       a setting has a value that it may not have
    ├── DatabaseError       the database is missing, locked, corrupt or of another version
    ├── ImportFailedError   an import stopped; the database is as it was before
    ├── UnknownRecordError  nothing in the database has this id
    ├── UnknownCommuneError no commune, or more than one, has this name
    ├── BadQueriesError     a file of queries has a row that cannot be asked
    ├── UsageError          options that contradict each other or have no meaning
    ├── InvalidError        a field of what was sent cannot be accepted
    ├── UnauthenticatedError  nobody known asks, where somebody known is needed
    ├── ForbiddenError      who asks is known and may not
    ├── ConflictError       it contradicts what is already there
    ├── MissingVersionError an edit does not say which version it changes
    ├── StaleError          somebody else changed it meanwhile; nothing was overwritten
    ├── TooManyError        asked too often
    ├── CopyError           a copy of the database cannot be made, read or put back
    └── NotReadyError       not yet, or not any more, able to answer

Each message names the file, field and value where there is one, and says what to do.
"""

from collections.abc import Mapping
from typing import Any


class ServiceError(Exception):
    """Anything the service refuses to do."""


class SettingsError(ServiceError):
    """A setting has a value that it may not have; the message names the variable and the value."""


class DatabaseError(ServiceError):
    """The database cannot be used as it is; the message names it and says what to do."""


class ImportFailedError(ServiceError):
    """An import stopped before its end; nothing of it is in the database."""


class UnknownRecordError(ServiceError):
    """Nothing in the database has this id."""


class UnknownCommuneError(ServiceError):
    """No commune, or more than one, has this name or code; the message lists the nearest."""


class BadQueriesError(ServiceError):
    """A file of queries has a row that cannot be asked; the message names file, line, field and value."""


class UsageError(ServiceError):
    """Options that contradict each other or have no meaning."""


class InvalidError(ServiceError):
    """A field of what was sent cannot be accepted; ``field`` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class UnauthenticatedError(ServiceError):
    """Nobody known asks, where somebody known is needed."""


class ForbiddenError(ServiceError):
    """Who asks is known and may not do this."""


class ConflictError(ServiceError):
    """It contradicts what is already there; the message names that."""


class MissingVersionError(ServiceError):
    """An edit does not say which version it changes, so it might overwrite what nobody has seen."""


class StaleError(ServiceError):
    """Somebody else changed it meanwhile: nothing was overwritten.

    ``version`` is the one that is stored now, ``difference`` maps each field that differs to the stored value and the
    one that was sent.
    """

    def __init__(self, message: str, version: int, difference: Mapping[str, tuple[Any, Any]]) -> None:
        super().__init__(message)
        self.version = version
        self.difference = dict(difference)


class TooManyError(ServiceError):
    """Asked too often; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotReadyError(ServiceError):
    """Not yet, or not any more, able to answer."""


class CopyError(ServiceError):
    """A copy of the database cannot be made, read or put back; the message names file, table and reason."""
