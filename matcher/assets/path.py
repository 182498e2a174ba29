"""The path of an asset, as the founding document of VALO.RI has it: a suggestion with its criteria, never a certainty.

    sale        "alienazione … mediante procedure di selezione strutturate": public value, benefits for the community
    concession  ownership stays; "ibridazione di funzioni sociali e di mercato", partners profit and non-profit

Each criterion is met, not met or unknown, with the words of the asset's record that it was read from and the passage
of the document that asks for it. Only what is known decides between the paths; where nothing is, none is suggested.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.analyser import fold
from matcher.assets.conditions import free_of_heritage, words_of
from matcher.assets.places import pilot_area
from matcher.assets.words import MARKET, SOCIAL, uses_named
from matcher.records import Commune, Need, PublicAsset
from matcher.verdicts import Verdict

SOURCE = "Città metropolitana di Milano, pagina «Remix e VALO.RI», 6 dicembre 2019"


class Path(StrEnum):
    """The two paths, and none of them."""

    SALE = "sale"
    CONCESSION = "concession"
    UNDECIDED = "undecided"


class PathCriterion(StrEnum):
    """What the founding document asks; the first four of either path. ``QUALITY`` is of proposals still to come."""

    PUBLIC = "public"
    UNUSED = "unused"
    PILOT = "pilot"
    BENEFIT = "benefit"
    MAY_BE_SOLD = "may_be_sold"
    PUBLIC_VALUE = "public_value"
    QUALITY = "quality"
    OWNER_KEEPS = "owner_keeps"
    SOCIAL_USE = "social_use"
    MARKET_USE = "market_use"
    PARTNERS = "partners"


LEAST_MET = 2
"""Criteria of a path that must be met before it is suggested: one alone says little."""
OF_PATH = {
    PathCriterion.MAY_BE_SOLD: Path.SALE,
    PathCriterion.PUBLIC_VALUE: Path.SALE,
    PathCriterion.QUALITY: Path.SALE,
    PathCriterion.OWNER_KEEPS: Path.CONCESSION,
    PathCriterion.SOCIAL_USE: Path.CONCESSION,
    PathCriterion.MARKET_USE: Path.CONCESSION,
    PathCriterion.PARTNERS: Path.CONCESSION,
}
"""The path that a criterion speaks for; those of either path are not in it."""
ASKED = {
    PathCriterion.PUBLIC: "spazi e strutture di proprietà pubblica",
    PathCriterion.UNUSED: "inutilizzati o sottoutilizzati",
    PathCriterion.PILOT: "sui tre ambiti del Nord Milano, Alto Milanese e Sud Est",
    PathCriterion.BENEFIT: "generare significative ricadute di natura sociale e ambientale",
    PathCriterion.MAY_BE_SOLD: "l’alienazione dei beni mediante procedure di selezione strutturate",
    PathCriterion.PUBLIC_VALUE: "obiettivi di incremento di valore pubblico",
    PathCriterion.QUALITY: "in prevalente considerazione aspetti di qualità tecnico-progettuale",
    PathCriterion.OWNER_KEEPS: "mantenimento dell’assetto proprietario dei beni",
    PathCriterion.SOCIAL_USE: "ibridazione di funzioni sociali e di mercato",
    PathCriterion.MARKET_USE: "ibridazione di funzioni sociali e di mercato",
    PathCriterion.PARTNERS: "partner profit e no-profit in grado di ottimizzarne l’uso",
}
"""The words of the founding document behind each criterion."""


@dataclass(frozen=True, slots=True)
class PathResult:
    """One criterion judged: ``quote`` is of the asset's record, ``asked`` of the founding document."""

    criterion: PathCriterion
    verdict: Verdict
    quote: str
    asked: str


@dataclass(frozen=True, slots=True)
class PathSuggestion:
    """What is suggested, what the owner has stated ("" for nothing), and every criterion of both paths."""

    suggested: Path
    stated: str
    criteria: tuple[PathResult, ...]

    def of(self, path: Path) -> tuple[PathResult, ...]:
        """Return the criteria that speak for one path."""
        return tuple(one for one in self.criteria if OF_PATH.get(one.criterion) is path)


_PUBLIC = re.compile(
    r"\bcomune\b|citt. metropolitana|provincia|regione|agenzia|demanio|stato\b|asl\b|ats\b|asst|aler|universit|unione|"
    r"ministero|ente parco|azienda sociale"
)
_UNUSED = re.compile(
    r"in abbandono|abbandonat\w+|dismess\w+|sfitt\w+|inutilizzat\w+|sottoutilizzat\w+|vuot\w+|chius\w+|incolt\w+|"
    r"in disuso|non ancora assegnato|inagibil\w+"
)
_IN_USE = re.compile(r"\bin uso\b|\boccupat\w+")
_PARTNERS = re.compile(
    r"cooperativ\w+|associazion\w+|fondazion\w+|terzo settore|compagni\w+|impres\w+|aziend\w+|gestor\w+|"
    r"coprogettazione|partenariat\w+|volontari\w*"
)
_SEIZED = re.compile(r"confiscat\w+|criminalita organizzata")


def suggest_path(asset: PublicAsset, commune: Commune | None, needs: Sequence[Need] = ()) -> PathSuggestion:
    """Judge an asset by the criteria of both paths; ``needs`` are those it could serve and that may be shown."""
    words = fold(words_of(asset))
    criteria = (
        _found(PathCriterion.PUBLIC, _PUBLIC, fold(asset.owner)),
        _unused(words),
        _pilot(asset, commune),
        _benefit(words, needs),
        _may_be_sold(asset, words),
        _named(PathCriterion.PUBLIC_VALUE, words, frozenset(SOCIAL | MARKET)),
        _result(PathCriterion.QUALITY, Verdict.UNKNOWN),
        _owner_keeps(asset, words),
        _social(words, needs),
        _named(PathCriterion.MARKET_USE, words, MARKET),
        _found(PathCriterion.PARTNERS, _PARTNERS, words),
    )
    return PathSuggestion(_suggested(criteria), asset.path, criteria)


def _suggested(criteria: Sequence[PathResult]) -> Path:
    """Return the path that most is known for, none where as much is known for both, or less than ``LEAST_MET``.

    What is not met counts twice against a path.
    """
    known = {}
    for path in (Path.SALE, Path.CONCESSION):
        verdicts = [one.verdict for one in criteria if OF_PATH.get(one.criterion) is path]
        met, against = verdicts.count(Verdict.MET), verdicts.count(Verdict.NOT_MET)
        known[path] = (met - 2 * against) / len(verdicts) if met >= LEAST_MET else -1.0
    if known[Path.SALE] == known[Path.CONCESSION] or max(known.values()) <= 0:
        return Path.UNDECIDED
    return max(known, key=lambda path: known[path])


def _result(criterion: PathCriterion, verdict: Verdict, quote: str = "") -> PathResult:
    return PathResult(criterion, verdict, quote, ASKED[criterion])


def _found(criterion: PathCriterion, cue: re.Pattern[str], text: str) -> PathResult:
    found = cue.search(text)
    return _result(criterion, Verdict.MET if found else Verdict.UNKNOWN, found.group() if found else "")


def _named(criterion: PathCriterion, words: str, uses: frozenset[object]) -> PathResult:
    named = [one.words for one in uses_named(words) if one.use in uses]
    return _result(criterion, Verdict.MET if named else Verdict.UNKNOWN, ", ".join(named))


def _unused(words: str) -> PathResult:
    if found := _IN_USE.search(words):
        return _result(PathCriterion.UNUSED, Verdict.NOT_MET, found.group())
    return _found(PathCriterion.UNUSED, _UNUSED, words)


def _pilot(asset: PublicAsset, commune: Commune | None) -> PathResult:
    found = pilot_area(asset, commune)
    if found is None:
        known = commune is not None and bool(commune.zone)
        return _result(PathCriterion.PILOT, Verdict.NOT_MET if known else Verdict.UNKNOWN)
    sure = found.stated or found.verified
    return _result(PathCriterion.PILOT, Verdict.MET if sure else Verdict.UNKNOWN, found.area.zone)


def _benefit(words: str, needs: Sequence[Need]) -> PathResult:
    if needs:
        return _result(PathCriterion.BENEFIT, Verdict.MET, needs[0].title)
    return _named(PathCriterion.BENEFIT, words, frozenset(SOCIAL))


def _social(words: str, needs: Sequence[Need]) -> PathResult:
    for need in needs:
        if any(one.use in SOCIAL for one in uses_named(f"{need.title}. {need.text}")):
            return _result(PathCriterion.SOCIAL_USE, Verdict.MET, need.title)
    return _named(PathCriterion.SOCIAL_USE, words, frozenset(SOCIAL))


def _may_be_sold(asset: PublicAsset, words: str) -> PathResult:
    """Judge by two laws: heritage is sold with an authorisation only, what was confiscated as a last resort.

    D.lgs. 42/2004, articles 54 to 57; d.lgs. 159/2011, article 48.
    """
    if found := _SEIZED.search(words):
        return _result(PathCriterion.MAY_BE_SOLD, Verdict.NOT_MET, found.group())
    heritage = free_of_heritage(asset)
    return _result(PathCriterion.MAY_BE_SOLD, heritage.verdict, heritage.quote)


def _owner_keeps(asset: PublicAsset, words: str) -> PathResult:
    if asset.path == Path.SALE:
        return _result(PathCriterion.OWNER_KEEPS, Verdict.NOT_MET, "sale")
    if asset.path == Path.CONCESSION or _SEIZED.search(words):
        return _result(
            PathCriterion.OWNER_KEEPS, Verdict.MET, asset.path if asset.path == Path.CONCESSION else "confiscato"
        )
    return _result(PathCriterion.OWNER_KEEPS, Verdict.UNKNOWN)
