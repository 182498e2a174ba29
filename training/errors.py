"""What can go wrong while training: one tree, so that the command line catches it in one place."""


class TrainingError(Exception):
    """Base of all errors of this package."""


class ConfigError(TrainingError):
    """A configuration that cannot be used: the message names file, field and value, and what to do."""
