"""What the codes of the matrix are called, in either language."""

from matcher.strategy import DRIVER, MISSION
from service.frame.matrix import NONE
from service.tag_wording import label

_NO_DRIVER = ("Senza linea del piano", "No driver of the plan")
_NO_MISSION = ("Senza missione", "No mission")
_EVERYWHERE = ("Tutta la Città metropolitana", "The whole metropolitan city")


def driver_label(code: str, language: str) -> str:
    """Return the name of a driver, NONE included; the frame has them in Italian only."""
    return _NO_DRIVER[language == "en"] if code == NONE else label(DRIVER, code, language)


def mission_label(code: str, language: str) -> str:
    """Return the name of a mission, NONE included."""
    return _NO_MISSION[language == "en"] if code == NONE else label(MISSION, code, language)


def zone_label(zone: str, language: str) -> str:
    """Return the name of a zone, NONE standing for all together."""
    return _EVERYWHERE[language == "en"] if zone == NONE else zone
