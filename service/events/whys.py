"""Why an event concerns a commune: plain records, which e-mails and pages put into words."""

from dataclasses import dataclass
from enum import StrEnum


class WhyKind(StrEnum):
    """Why an event concerns a commune."""

    COMMUNE = "commune"
    DRIVER = "driver"
    THEME = "theme"
    CALL_DRIVER = "call_driver"
    CALL_THEME = "call_theme"
    ZONE = "zone"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Why:
    """The strongest reason: ``about`` is the driver's id, the theme or the zone's name, ``title`` of what it has.

    ``item_kind``: ``needs``, ``projects`` or ``assets``; empty where the reason is none of its items.
    """

    kind: WhyKind
    about: str = ""
    title: str = ""
    item_kind: str = ""
