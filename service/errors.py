"""The errors of the service.

    ServiceError
    ├── SettingsError       a setting has a value that it may not have
    ├── DatabaseError       the database is missing, locked, corrupt or of another version
    ├── ImportFailedError   an import stopped; the database is as it was before
    ├── UnknownRecordError  nothing in the database has this id
    ├── UnknownCommuneError no commune, or more than one, has this name
    ├── BadQueriesError     a file of queries has a row that cannot be asked
    └── UsageError          options that contradict each other or have no meaning

Each message names the file, field and value where there is one, and says what to do.
"""


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
