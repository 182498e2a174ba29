"""What the words of assets and needs say: which sort of place it is, which use is asked for, what suits what.

    "ex scuola" ──► PlaceKind.SCHOOL         "nuovo nido" ──► Use.CHILDCARE         suits(SCHOOL, CHILDCARE) ──► GOOD

The tables are common knowledge of buildings and nothing more: a kind that is not among them, and a use that no word
names, stay unknown. They were corrected on the dev split of the evaluation only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from matcher.analyser import fold
from matcher.assets.tables import KINDS, SUITS, USES, entries


class PlaceKind(StrEnum):
    """The sorts of place that are told apart, because they serve different uses."""

    SCHOOL = "school"
    NURSERY = "nursery"
    OFFICES = "offices"
    FLAT = "flat"
    HOUSE = "house"
    SHOP = "shop"
    HALL = "hall"
    INDUSTRIAL = "industrial"
    DEPOT = "depot"
    KITCHEN = "kitchen"
    FARM = "farm"
    VILLA = "villa"
    CLOISTER = "cloister"
    BARRACKS = "barracks"
    CARE_HOME = "care_home"
    LODGING = "lodging"
    SPORT = "sport"
    COMMON_ROOM = "common_room"
    GARAGE = "garage"
    FARMLAND = "farmland"
    GROUND = "ground"
    PLANT = "plant"
    UNKNOWN = "unknown"


class Use(StrEnum):
    """What a place may be wanted for."""

    STUDENTS = "students"
    HOUSING = "housing"
    SHELTER = "shelter"
    GROUP_HOME = "group_home"
    CHILDCARE = "childcare"
    TEACHING = "teaching"
    DAY_CARE = "day_care"
    HEALTH = "health"
    STUDY = "study"
    ASSOCIATIONS = "associations"
    STAGE = "stage"
    MUSEUM = "museum"
    SPORT = "sport"
    WORKSHOPS = "workshops"
    COWORKING = "coworking"
    SHOP = "shop"
    FOOD = "food"
    SOLIDARITY = "solidarity"
    REUSE = "reuse"
    STORE = "store"
    VEHICLES = "vehicles"
    EXCHANGE = "exchange"
    GUESTS = "guests"
    SOCIAL_FARM = "social_farm"
    GARDEN = "garden"
    WOOD = "wood"
    ENERGY = "energy"
    DESKS = "desks"
    SEIZED = "seized"
    REMEDIATION = "remediation"


SOCIAL = frozenset(
    {
        *(Use.HOUSING, Use.SHELTER, Use.GROUP_HOME, Use.CHILDCARE, Use.DAY_CARE, Use.HEALTH, Use.STUDY, Use.STUDENTS),
        *(
            Use.ASSOCIATIONS,
            Use.SOLIDARITY,
            Use.SOCIAL_FARM,
            Use.GARDEN,
            Use.SEIZED,
            Use.TEACHING,
            Use.SPORT,
            Use.REUSE,
        ),
    }
)
"""Uses of a social kind, as the founding document of VALO.RI speaks of them."""
MARKET = frozenset({Use.WORKSHOPS, Use.COWORKING, Use.SHOP, Use.FOOD, Use.GUESTS, Use.STAGE, Use.ENERGY, Use.EXCHANGE})
"""Uses that can earn money."""


@dataclass(frozen=True, slots=True)
class Named:
    """A use and the words that name it, as they stand in the text."""

    use: Use
    words: str


def _cues(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"\b(?:{words})")) for name, words in entries(table).items())


# A convent that was a barracks is what it was last called: the order of the table decides.
_KINDS = _cues(KINDS)
_USES = _cues(USES)
_GOOD, _FAIR = 1.0, 0.5
# Kind: what it serves as it is or with ordinary works | what it could be made into.
_GIVEN = {
    PlaceKind(kind): {
        **{Use(use): _FAIR for use in fair.split()},
        **{Use(use): _GOOD for use in good.split()},
    }
    for kind, rest in entries(SUITS).items()
    for good, _, fair in (rest.partition("|"),)
}
OPEN_GROUND = frozenset({PlaceKind.FARMLAND, PlaceKind.GROUND})
_IN_THE_OPEN = frozenset({Use.GARDEN, Use.WOOD, Use.SOCIAL_FARM, Use.REMEDIATION, Use.ENERGY})
_ROOFED_ONLY = frozenset(Use) - _IN_THE_OPEN - {Use.EXCHANGE, Use.SPORT, Use.VEHICLES, Use.STORE, Use.SEIZED}
_PLACE = re.compile(
    r"\b(spaz[io]|sed[ei]\b|edifici|local[ei]|stanz|sal[ae]\b|camer|capannone|appartament|alloggi|luogo|area\b|"
    r"terr[ae]\b|terreno|immobil|aul[ae]\b|laborator|ambulator|post[io] letto|palestra|piano terra|magazzin|cascin|"
    r"rimess|centro\b|nido|orti\b|parcheggio|negozio|museo|sportello|ostello|bosco)"
)


@lru_cache(maxsize=4096)
def place_kind(kind: str, title: str) -> PlaceKind:
    """Return which sort of place it is, from its stated kind, else from its title."""
    for text in (fold(kind), fold(title)):
        for name, cue in _KINDS:
            if cue.search(text):
                return PlaceKind(name)
    return PlaceKind.UNKNOWN


def kinds_named(text: str) -> frozenset[PlaceKind]:
    """Return every sort of place that a text names."""
    folded = fold(text)
    return frozenset(PlaceKind(name) for name, cue in _KINDS if cue.search(folded))


@lru_cache(maxsize=4096)
def uses_named(text: str) -> tuple[Named, ...]:
    """Return the uses that a text names, in the order in which they are first named, each with its words."""
    folded = fold(text)
    found = [(match.start(), Named(Use(name), match.group())) for name, cue in _USES if (match := cue.search(folded))]
    return tuple(named for _, named in sorted(found, key=lambda pair: (pair[0], pair[1].use)))


def asks_for_a_place(text: str) -> bool:
    """Whether a text speaks of a place at all: what is only a service or a device needs none."""
    return bool(_PLACE.search(fold(text)))


def suits(kind: PlaceKind, use: Use) -> float:
    """Return how a place suits a use: 1 as it is or with ordinary works, 0.5 if made into it, 0 not known to."""
    return _given(kind).get(use, 0.0)


def cannot_serve(kind: PlaceKind, use: Use) -> bool:
    """Whether a sort of place is out of question: rooms on open ground, a wood in a flat."""
    if kind in OPEN_GROUND:
        return use in _ROOFED_ONLY
    roofed_in = kind in (PlaceKind.FLAT, PlaceKind.GARAGE, PlaceKind.SHOP, PlaceKind.COMMON_ROOM, PlaceKind.OFFICES)
    return roofed_in and use in (Use.WOOD, Use.SOCIAL_FARM)


def _given(kind: PlaceKind) -> Mapping[Use, float]:
    return _GIVEN.get(kind, {})
