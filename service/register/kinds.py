"""Which record an entry of the register stands for."""

from enum import StrEnum

REGISTER = "register"
"""What entries are called among the kinds of record of which two may be one."""


class EntryKind(StrEnum):
    """A project of ours or of a commune, or one that a programme has funded and published."""

    PROJECT = "project"
    PRECEDENT = "precedent"
