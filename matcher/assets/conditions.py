"""Whether an asset can serve a need: criteria of three values, each with the words it was read from.

near      the need's commune is the asset's, a neighbour's, or too far
kind      the sort of place suits the use
surface   large enough for what the need says
available unused, or already somebody's
heritage, contamination   free of them: conditions that cost time and money and rule nothing out
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from matcher.analyser import fold
from matcher.assets.words import Named, PlaceKind, Use, cannot_serve, suits
from matcher.records import PublicAsset
from matcher.verdicts import Verdict

NEAR_KM, REACH_KM = 5.0, 10.0
"""Between the centres of communes: neighbours lie within five kilometres, few that share anything beyond ten."""
FLAT_M2, BED_M2 = 28.0, 9.0
"""The least surface of a dwelling and of a bedroom for one person (D.M. Sanità of 5 July 1975, articles 3 and 2)."""

LEAST_PART = 0.25
"""A place that holds a quarter of what is asked for may serve a part of it: two flats of eight are two flats."""


class AssetCriterion(StrEnum):
    """What is asked of an asset for a need."""

    NEAR = "near"
    KIND = "kind"
    SURFACE = "surface"
    AVAILABLE = "available"
    HERITAGE = "heritage"
    CONTAMINATION = "contamination"


DECIDING = frozenset({AssetCriterion.NEAR, AssetCriterion.KIND, AssetCriterion.SURFACE})
"""Criteria that rule an asset out where they are not met; the others are told and decide nothing."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One criterion judged for one asset and one need.

    ``quote``: the words that it was read from, verbatim; ``facts``: the figures that were compared; ``missing``: the
    fact that would settle an unknown (``place``, ``kind``, ``use``, ``surface``, ``agreement``, ``state``…).
    """

    criterion: AssetCriterion
    verdict: Verdict
    quote: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """All criteria of one asset for one need; ``verdict`` follows from the deciding ones alone."""

    verdict: Verdict
    conditions: tuple[Condition, ...]

    def of(self, criterion: AssetCriterion) -> Condition:
        """Return one criterion."""
        return next(one for one in self.conditions if one.criterion is criterion)


_HERITAGE = re.compile(
    r"vincol\w* (?:cultural|storic|monumental|architettonic)\w*|bene tutelato|bene vincolato|soprintendenza"
)
_LANDSCAPE = re.compile(r"vincolo paesaggistico|parco regionale|parco del ticino")
_CONTAMINATION = re.compile(
    r"bonific\w+[^,;.]*|amianto[^,;.]*|eternit|serbatoi interrati|contaminat\w+|suolo da indagare"
)
_UNUSED = re.compile(
    r"in abbandono|abbandonat\w+|dismess\w+|sfitt\w+|inutilizzat\w+|sottoutilizzat\w+|vuot\w+|chius\w+|incolt\w+"
    r"|in disuso|inagibile"
)
_IN_USE = re.compile(r"\bin uso\b|\boccupat\w+|\bin esercizio\b")
_SEIZED = re.compile(r"non ancora assegnato|confisca non definitiva|quota confiscata")
_M2 = r"(\d{1,3}(?:[.\s]\d{3})+|\d+)\s*(?:m2|m²|mq|metri quadr\w*)"
_STATED_M2 = re.compile(_M2)
_METRES = re.compile(r"\b(mille|duemila|tremila|cinquecento) metri\b")
_IN_WORDS = {"mille": 1000.0, "duemila": 2000.0, "tremila": 3000.0, "cinquecento": 500.0}
_TENS = {"dieci": 10, "dodici": 12, "quindici": 15, "venti": 20, "trenta": 30, "quaranta": 40, "cinquanta": 50}
_TENS |= {"sessanta": 60, "settanta": 70, "ottanta": 80, "novanta": 90, "cento": 100, "duecento": 200}
_TENS |= {"due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "nove": 9}
_NUMBER = rf"(\d{{1,4}}|{'|'.join(sorted(_TENS, key=len, reverse=True))})"
_BEDS = re.compile(rf"\b{_NUMBER} (?:posti letto|camere|stanze|letti)\b")
_FLATS = re.compile(rf"\b{_NUMBER} (?:mini ?)?(?:appartament\w+|alloggi|bilocali|monolocali)\b")


def judge(asset: PublicAsset, kind: PlaceKind, need_text: str, uses: tuple[Named, ...], km: float, same: bool) -> Fit:
    """Judge an asset for a need; ``km`` lies between their places, nan where unknown; ``same``: of one commune."""
    conditions = (
        _near(km, same),
        _kind(asset, kind, uses),
        _surface(asset, need_text),
        availability(asset),
        free_of_heritage(asset),
        free_of_contamination(asset),
    )
    deciding = [one.verdict for one in conditions if one.criterion in DECIDING]
    return Fit(worst(deciding), conditions)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what several verdicts come to: not met if any is, else unknown if any is."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


def words_of(asset: PublicAsset) -> str:
    """Return all that an asset's record says in words, a part a sentence."""
    parts = (asset.title, asset.text, asset.kind, asset.state, *asset.constraints)
    return ". ".join(part.strip(" .") for part in parts if part)


def free_of_heritage(asset: PublicAsset) -> Condition:
    """Judge whether an asset is free of protection as heritage: stated, or read in its constraints and text."""
    return _free_of(AssetCriterion.HERITAGE, asset.heritage, _HERITAGE, asset, _LANDSCAPE)


def free_of_contamination(asset: PublicAsset) -> Condition:
    """Judge whether an asset is free of contamination: stated, or read in its constraints and text."""
    return _free_of(AssetCriterion.CONTAMINATION, asset.contamination, _CONTAMINATION, asset)


def least_surface(text: str) -> tuple[float, str] | None:
    """Return the least surface that a need's text asks for in m², with its words; None where it gives no figure."""
    folded = fold(text)
    if found := _STATED_M2.search(folded):
        return float(re.sub(r"\D", "", found[1])), found.group()
    if found := _METRES.search(folded):
        return _IN_WORDS[found[1]], found.group()
    for pattern, each in ((_FLATS, FLAT_M2), (_BEDS, BED_M2)):
        if found := pattern.search(folded):
            number = int(found[1]) if found[1].isdigit() else _TENS[found[1]]
            return number * each, found.group()
    return None


def _near(km: float, same: bool) -> Condition:
    criterion = AssetCriterion.NEAR
    if same:
        return Condition(criterion, Verdict.MET, facts=(("same_commune", "yes"),))
    if math.isnan(km):
        return Condition(criterion, Verdict.UNKNOWN, missing="place")
    facts = (("km", f"{km:.1f}"),)
    if km <= NEAR_KM:
        return Condition(criterion, Verdict.MET, facts=facts)
    if km <= REACH_KM:
        return Condition(criterion, Verdict.UNKNOWN, facts=facts, missing="agreement")
    return Condition(criterion, Verdict.NOT_MET, facts=facts)


def _kind(asset: PublicAsset, kind: PlaceKind, uses: tuple[Named, ...]) -> Condition:
    criterion, quote = AssetCriterion.KIND, asset.kind or asset.title
    facts: tuple[tuple[str, str], ...] = (("kind", kind.value),)
    if kind is PlaceKind.UNKNOWN:
        return Condition(criterion, Verdict.UNKNOWN, quote, missing="kind")
    if not uses:
        return Condition(criterion, Verdict.UNKNOWN, quote, facts, missing="use")
    first = uses[0].use
    facts = (*facts, ("use", first.value))
    if cannot_serve(kind, first):
        return Condition(criterion, Verdict.NOT_MET, quote, facts)
    met = suits(kind, first) >= 1 or _seized(asset, first)
    return Condition(criterion, Verdict.MET if met else Verdict.UNKNOWN, quote, facts, "" if met else "works")


def _seized(asset: PublicAsset, use: Use) -> bool:
    return use is Use.SEIZED and "confiscat" in fold(words_of(asset))


def _surface(asset: PublicAsset, text: str) -> Condition:
    criterion, asked = AssetCriterion.SURFACE, least_surface(text)
    if asked is None:
        stated = (("surface_m2", f"{asset.surface_m2:g}"),) if asset.surface_m2 else ()
        return Condition(
            criterion, Verdict.MET if stated else Verdict.UNKNOWN, facts=stated, missing="" if stated else "surface"
        )
    least, quote = asked
    facts: tuple[tuple[str, str], ...] = (("least_m2", f"{least:g}"),)
    if asset.surface_m2 is None:
        return Condition(criterion, Verdict.UNKNOWN, quote, facts, "surface")
    facts = (*facts, ("surface_m2", f"{asset.surface_m2:g}"))
    if asset.surface_m2 >= least:
        return Condition(criterion, Verdict.MET, quote, facts)
    if asset.surface_m2 >= LEAST_PART * least:
        return Condition(criterion, Verdict.UNKNOWN, quote, facts, "part")
    return Condition(criterion, Verdict.NOT_MET, quote, facts)


def availability(asset: PublicAsset) -> Condition:
    """Judge whether an asset is unused: stated in its state, else read in its text."""
    criterion, folded = AssetCriterion.AVAILABLE, fold(words_of(asset))
    if found := _SEIZED.search(folded):
        return Condition(criterion, Verdict.UNKNOWN, found.group(), missing="assignment")
    if found := _IN_USE.search(folded):
        return Condition(criterion, Verdict.NOT_MET, found.group())
    if found := _UNUSED.search(folded):
        return Condition(criterion, Verdict.MET, found.group())
    return Condition(criterion, Verdict.UNKNOWN, missing="state")


def _free_of(
    criterion: AssetCriterion,
    stated: bool | None,
    cue: re.Pattern[str],
    asset: PublicAsset,
    doubt: re.Pattern[str] | None = None,
) -> Condition:
    folded = fold(words_of(asset))
    found = cue.search(folded)
    quote = found.group() if found else ""
    if stated is not None:
        return Condition(criterion, Verdict.NOT_MET if stated else Verdict.MET, quote, (("stated", "yes"),))
    if found and "da caratterizzare" not in quote and "da verificare" not in quote:
        return Condition(criterion, Verdict.NOT_MET, quote)
    weaker = doubt.search(folded) if doubt and not found else None
    return Condition(criterion, Verdict.UNKNOWN, quote or (weaker.group() if weaker else ""), missing=criterion.value)
