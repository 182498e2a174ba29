"""How many inhabitants a call asks of a commune: ``inferiore a 5.000``, ``fino a tremila``, ``compresa tra``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matcher.eligibility.applicants import plain
from matcher.eligibility.numbers import NUMBER, number
from matcher.eligibility.rules import PopulationRule
from matcher.eligibility.sections import MAX_QUOTE

_N = rf"(?P<n>{NUMBER})"
_INHABITANTS = r"\s*(?:abitanti|residenti|ab\.|unita)?"
_BETWEEN = re.compile(
    rf"(?:compres[aoi]|tra|fra|da)\s+(?:tra |fra |da |i |gli )*(?P<low>{NUMBER})(?:\s*abitanti)?"
    rf"\s+(?:e|a|ai|ed)\s+(?:i )?(?P<high>{NUMBER})\s*(?:abitanti|residenti)"
)
# (is it the upper bound, is the bound itself in, pattern before the number)
_QUALIFIERS = (
    (
        True,
        True,
        r"(?:inferior[ei] o (?:pari|ugual[ei])|pari o inferior[ei]|non superior[ei]|fino|non eccedente)\s+(?:a|ai|ad)",
    ),
    (True, True, r"(?:non (?:piu di|oltre)|al massimo|massimo|entro)(?: i)?"),
    (True, False, r"(?:inferior[ei]|minor[ei])\s+(?:a|ai|ad)|(?:meno di|sotto)(?: i)?|al di sotto (?:di|dei)"),
    (
        False,
        True,
        r"(?:superior[ei] o (?:pari|ugual[ei])|pari o superior[ei]|non inferior[ei])\s+(?:a|ai|ad)|almeno"
        r"|minimo(?: di)?",
    ),
    (False, False, r"(?:superior[ei]|maggior[ei])\s+(?:a|ai|ad)|(?:piu di|oltre|sopra)(?: i)?|al di sopra (?:di|dei)"),
)
_BOUNDS = tuple(
    (upper, included, re.compile(rf"(?:{before})\s+{_N}{_INHABITANTS}")) for upper, included, before in _QUALIFIERS
)
SMALL_COMMUNE = 5_000
"""Most inhabitants of a *piccolo comune* (law 158 of 2017)."""
_SMALL = re.compile(r"piccoli (?P<what>comuni|borghi)")
_SPEAKS_OF_INHABITANTS = re.compile(r"abitanti|residenti|popolazione")
_SPEAKS_OF_PLACES = re.compile(r"comun[ei]\b|enti locali|citta|centri|territor|municip|union[ei]")
# Another way in for those outside the bounds, or a place in a line of their own.
_ALTERNATIVE = re.compile(r"linea|quota|priorit")
_ALTERNATIVE_TO_SIZE = re.compile(r"capoluog|in forma associata|raggruppament|aggregazion")
FEWEST, MOST = 100, 300_000
"""Other numbers beside ``abitanti`` are rates, distances or targets, not sizes that calls tell communes apart by."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Inhabitants, bounds included."""

    minimum: int | None = None
    maximum: int | None = None


def population_rule(text: str, origin: str) -> PopulationRule | None:
    """The threshold that a phrase sets, None where it sets none or several that contradict one another."""
    words = plain(text)
    if not (_SPEAKS_OF_INHABITANTS.search(words) and _SPEAKS_OF_PLACES.search(words)):
        return None
    bounds = set(_read(words))
    lows = {bound.minimum for bound in bounds if bound.minimum is not None}
    highs = {bound.maximum for bound in bounds if bound.maximum is not None}
    if not bounds or len(lows) > 1 or len(highs) > 1:
        return None
    low, high = next(iter(lows), None), next(iter(highs), None)
    if low is not None and high is not None and low > high:
        return None
    strict = not (_ALTERNATIVE.search(words) or (low is not None and _ALTERNATIVE_TO_SIZE.search(words)))
    return PopulationRule(minimum=low, maximum=high, strict=strict, quote=_quote(text), origin=origin)


def small_commune_rule(text: str, origin: str) -> PopulationRule | None:
    """The size that *piccoli comuni* or *piccoli borghi* imply where no threshold is stated."""
    small = _SMALL.search(plain(text))
    if small is None:
        return None
    # The law names communes; a small village may lie in a larger one.
    strict = small["what"] == "comuni"
    return PopulationRule(maximum=SMALL_COMMUNE, strict=strict, quote=_quote(text), origin=origin)


def _quote(text: str) -> str:
    return " ".join(text.split())[:MAX_QUOTE]


def _read(words: str) -> Iterator[Bounds]:
    for match in _BETWEEN.finditer(words):
        yield Bounds(int(number(match["low"])), int(number(match["high"])))
    rest = _BETWEEN.sub(" ", words)
    for upper, included, pattern in _BOUNDS:
        for match in pattern.finditer(rest):
            size = int(number(match["n"]))
            if not FEWEST <= size <= MOST or not _near_inhabitants(rest, match):
                continue
            yield Bounds(maximum=size if included else size - 1) if upper else Bounds(size if included else size + 1)
        rest = pattern.sub(" ", rest)


def _near_inhabitants(words: str, match: re.Match[str]) -> bool:
    return bool(_SPEAKS_OF_INHABITANTS.search(words, max(0, match.start() - 60), match.end() + 15))
