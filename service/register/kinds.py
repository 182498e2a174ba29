"""Which record an entry of the register stands for."""

from enum import StrEnum


class EntryKind(StrEnum):
    """A project of ours or of a commune, or one that a programme has funded and published."""

    PROJECT = "project"
    PRECEDENT = "precedent"
