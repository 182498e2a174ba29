"""Which programme a project belongs to, read from the codes that it carries, and its state in our words.

PNRR      M5C2I2.02… in the metropolitan area ──► its integrated urban plans; elsewhere ──► those of the others
M5C2I2.03… ──► PinQuA; any other measure ──► the PNRR
PNC       ──► the complementary plan
cohesion  the Milanese PON Metro and the Lombard regional programmes by their CCI codes; the rest ──► cohesion
"""

import re
from collections.abc import Mapping, Sequence

PNRR, PNC, COHESION = "programme:pnrr", "programme:pnc", "programme:coesione"
PUI, PUI_METROPOLITAN = "programme:pui", "programme:piani-urbani-integrati"
PINQUA = "programme:pinqua"
PON_METRO, POR_LOMBARDIA = "programme:pon-metro-milano", "programme:por-lombardia"

_MEASURE = re.compile(r"\bM([1-7])\s*C([1-5])(?:\s*([IR]))?\s*(\d)\.(\d{1,2})(?:\.(\d{1,2}))?\b")
_METROPOLITAN = "015"
_MILAN = "015146"
_PON_METRO = "2014IT16M2OP004"
_POR_LOMBARDIA = frozenset({"2014IT16RFOP012", "2014IT05SFOP007"})
_OF_SOURCE: Mapping[str, str] = {"pnrr-progetti": PNRR, "pnc": PNC, "opencoesione": COHESION}
_STATES: Mapping[str, str] = {
    "non avviato": "funded",
    "in corso": "under_way",
    "concluso": "completed",
    "liquidato": "completed",
}
"""The states of OpenCoesione; what is settled is finished, what has not begun is funded."""


_ABOVE: Mapping[str, str] = {
    PUI: PNRR,
    PUI_METROPOLITAN: PUI,
    PINQUA: PNRR,
    "programme:valori-alienazione": "programme:valori",
    "programme:valori-concessione": "programme:valori",
    "axis:pon-metro-1": PON_METRO,
    "axis:pon-metro-2": PON_METRO,
    "axis:pon-metro-3": PON_METRO,
    "axis:pon-metro-4": PON_METRO,
}
"""Which programme each is a part of; the links of the frame also say what merely has to do with what."""


def programme_of(source: str, measure: str, communes: Sequence[str]) -> str:
    """Return the frame item's id of the programme that funded an official project, "" where nothing tells."""
    if source == "pnrr-progetti":
        return programme_of_measure(measure, communes)
    if source == "opencoesione":
        codes = set(measure.split(";"))
        if _PON_METRO in codes and _MILAN in communes:
            return PON_METRO
        if codes & _POR_LOMBARDIA:
            return POR_LOMBARDIA
    return _OF_SOURCE.get(source, "")


def measure_in(words: str) -> str:
    """Return the code of the PNRR measure that a person wrote, in its one form, "" if there is none.

    ``PNRR M5C2 2.1`` and ``M5C2I2.1`` are ``M5C2I2.01.00``.
    """
    found = _MEASURE.search(words)
    if not found:
        return ""
    mission, component, kind, line, number, part = found.groups()
    return f"M{mission}C{component}{kind or 'I'}{line}.{number:0>2}.{part or '0':0>2}"


def state_of_official(state: str) -> str:
    """Return a published state in the words that ``Project`` knows; one that we do not know stays empty."""
    return _STATES.get(state.strip().casefold(), "")


def above(programme: str) -> str:
    """Return the programme that this one is a part of, "" for one that is a whole."""
    return _ABOVE.get(programme, "")


def with_those_below(programme: str) -> frozenset[str]:
    """Return a programme and all that are a part of it, of whatever depth."""
    below = (with_those_below(part) for part, whole in _ABOVE.items() if whole == programme)
    return frozenset({programme}).union(*below)


def programme_of_measure(measure: str, communes: Sequence[str]) -> str:
    """Return the programme of the PNRR that a measure's code stands for, in these communes."""
    if measure.startswith("M5C2I2.02"):
        return PUI_METROPOLITAN if any(code.startswith(_METROPOLITAN) for code in communes) else PUI
    return PINQUA if measure.startswith("M5C2I2.03") else PNRR
