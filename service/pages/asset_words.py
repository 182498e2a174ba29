"""What the codes of assets are called on pages, and the sentences made of what was judged."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from corpora.embedded import NAME as EMBEDDED
from matcher.assets.conditions import AssetCriterion, Condition
from matcher.assets.matching import AssetMatch
from matcher.assets.path import OF_PATH, Path, PathCriterion, PathResult, PathSuggestion
from matcher.assets.places import InPilotArea
from matcher.assets.words import PlaceKind, Use
from matcher.verdicts import Verdict
from service import wording
from service.pages.formats import number
from service.pages.source_names import source_name
from service.pages.translations import translations


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.SCHOOL: _("scuola o istituto"),
    PlaceKind.NURSERY: _("asilo o nido"),
    PlaceKind.OFFICES: _("uffici"),
    PlaceKind.FLAT: _("appartamento"),
    PlaceKind.HOUSE: _("casa"),
    PlaceKind.SHOP: _("negozio o mercato"),
    PlaceKind.HALL: _("cinema, teatro, biblioteca o sala"),
    PlaceKind.INDUSTRIAL: _("capannone o fabbrica"),
    PlaceKind.DEPOT: _("deposito o magazzino"),
    PlaceKind.KITCHEN: _("cucina o mensa"),
    PlaceKind.FARM: _("cascina o edificio rurale"),
    PlaceKind.VILLA: _("villa o palazzo"),
    PlaceKind.CLOISTER: _("convento"),
    PlaceKind.BARRACKS: _("caserma"),
    PlaceKind.CARE_HOME: _("struttura di cura o accoglienza"),
    PlaceKind.LODGING: _("albergo o ostello"),
    PlaceKind.SPORT: _("impianto sportivo"),
    PlaceKind.COMMON_ROOM: _("spazio comune"),
    PlaceKind.GARAGE: _("box o garage"),
    PlaceKind.FARMLAND: _("terreno agricolo"),
    PlaceKind.GROUND: _("area o terreno"),
    PlaceKind.PLANT: _("impianto dismesso"),
    PlaceKind.UNKNOWN: _("tipo non riconosciuto"),
}
USES: Mapping[Use, str] = {
    Use.STUDENTS: _("posti per studenti"),
    Use.HOUSING: _("alloggi"),
    Use.SHELTER: _("accoglienza e rifugio"),
    Use.GROUP_HOME: _("casa per piccoli gruppi"),
    Use.CHILDCARE: _("nido o scuola dell’infanzia"),
    Use.TEACHING: _("formazione"),
    Use.DAY_CARE: _("centro diurno"),
    Use.HEALTH: _("ambulatori"),
    Use.STUDY: _("studio e biblioteca"),
    Use.ASSOCIATIONS: _("sede di associazioni"),
    Use.STAGE: _("spettacoli e prove"),
    Use.MUSEUM: _("museo e mostre"),
    Use.SPORT: _("sport"),
    Use.WORKSHOPS: _("laboratori e imprese"),
    Use.COWORKING: _("coworking"),
    Use.SHOP: _("vendita"),
    Use.FOOD: _("cucina e ristoro"),
    Use.SOLIDARITY: _("aiuti alimentari"),
    Use.REUSE: _("riparazione e riuso"),
    Use.STORE: _("magazzino"),
    Use.VEHICLES: _("rimessa di mezzi"),
    Use.EXCHANGE: _("interscambio e biciclette"),
    Use.GUESTS: _("ospitalità"),
    Use.SOCIAL_FARM: _("agricoltura sociale"),
    Use.GARDEN: _("orti e giardini"),
    Use.WOOD: _("alberi e suolo libero"),
    Use.ENERGY: _("energia"),
    Use.DESKS: _("uffici e sportelli"),
    Use.SEIZED: _("riuso di beni confiscati"),
    Use.REMEDIATION: _("bonifica"),
}
CRITERIA: Mapping[AssetCriterion, str] = {
    AssetCriterion.NEAR: _("È vicino?"),
    AssetCriterion.KIND: _("È il tipo di luogo giusto?"),
    AssetCriterion.SURFACE: _("È abbastanza grande?"),
    AssetCriterion.AVAILABLE: _("È libero?"),
    AssetCriterion.HERITAGE: _("È senza vincoli culturali?"),
    AssetCriterion.CONTAMINATION: _("È senza bonifiche da fare?"),
}
MISSING: Mapping[str, str] = {
    "place": _("non si sa dove si trova"),
    "agreement": _("serve un accordo tra i comuni"),
    "kind": _("non si riconosce che tipo di luogo è"),
    "use": _("il bisogno non dice a che cosa serve il luogo"),
    "works": _("servirebbero lavori per adattarlo"),
    "surface": _("la superficie non è indicata"),
    "part": _("basta solo per una parte di ciò che serve"),
    "assignment": _("non è ancora assegnato al comune"),
    "state": _("non è detto se è libero"),
    "heritage": _("non è detto se c’è un vincolo culturale"),
    "contamination": _("non è detto se c’è qualcosa da bonificare"),
}
PATHS: Mapping[Path, str] = {
    Path.SALE: _("vendita con una selezione strutturata"),
    Path.CONCESSION: _("concessione, con usi sociali e di mercato insieme"),
    Path.UNDECIDED: _("nessuno dei due: non se ne sa abbastanza"),
}
STATED: Mapping[str, str] = {"sale": _("vendita"), "concession": _("concessione"), "undecided": _("da decidere")}
PATH_CRITERIA: Mapping[PathCriterion, str] = {
    PathCriterion.PUBLIC: _("È di un ente pubblico"),
    PathCriterion.UNUSED: _("È inutilizzato o poco usato"),
    PathCriterion.PILOT: _("È in uno dei tre ambiti pilota"),
    PathCriterion.BENEFIT: _("Può portare benefici sociali o ambientali"),
    PathCriterion.MAY_BE_SOLD: _("Si può vendere liberamente"),
    PathCriterion.PUBLIC_VALUE: _("Ha un uso di valore pubblico"),
    PathCriterion.QUALITY: _("Le proposte hanno qualità tecnica e progettuale"),
    PathCriterion.OWNER_KEEPS: _("Resta dell’ente"),
    PathCriterion.SOCIAL_USE: _("Ha un uso sociale"),
    PathCriterion.MARKET_USE: _("Ha un uso di mercato"),
    PathCriterion.PARTNERS: _("Ci sono partner, profit o non profit"),
}
FREE: Mapping[Verdict, str] = {Verdict.MET: _("no"), Verdict.NOT_MET: _("sì"), Verdict.UNKNOWN: _("non si sa")}
"""Whether there is a constraint, by the verdict of "free of it"."""
UNUSED: Mapping[Verdict, str] = {
    Verdict.MET: _("libero"),
    Verdict.NOT_MET: _("in uso"),
    Verdict.UNKNOWN: _("non si sa"),
}
_SAME, _KM = _("è nello stesso comune"), _("a %(km)s km")
_LARGE = _("%(own)s m², ne servono almeno %(least)s")
_LEAST = _("ne servono almeno %(least)s")
_OWN = _("%(own)s m²")
_INTO = _("%(kind)s → %(use)s")


@dataclass(frozen=True, slots=True)
class Told:
    """One judged criterion in words."""

    name: str
    code: str
    verdict: str
    told: str
    quote: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class ToldMatch:
    """One match in words; ``strength`` is its score as a share of the best one's."""

    match: AssetMatch
    verdict: str
    verdict_words: str
    where: str
    why: str
    criteria: tuple[Told, ...]
    strength: float


def source(code: str, language: str) -> str:
    """Return what a source of assets is called."""
    return named(_("Esempi e beni del PON Metro"), language) if code == EMBEDDED else source_name(code, language)


def distance(km: float | None, language: str) -> str:
    """Return how far something is, "" where that is not known."""
    if km is None or math.isnan(km):
        return ""
    return named(_KM, language) % {"km": number(round(km, 1), language)}


def named(words: str, language: str) -> str:
    """Return marked words in a language."""
    return translations(language).gettext(words)


def condition_line(one: Condition, language: str) -> Told:
    """Return one judged criterion of a pair in words."""
    told = [_fact(one, language), named(MISSING[one.missing], language) if one.missing in MISSING else ""]
    return Told(
        named(CRITERIA[one.criterion], language),
        one.verdict.value,
        wording.say(f"criterion.{one.verdict.value}", language),
        "; ".join(filter(None, told)),
        one.quote if one.criterion is not AssetCriterion.KIND else "",
    )


def match_lines(matches: tuple[AssetMatch, ...], language: str) -> list[ToldMatch]:
    """Return matches in words, in their order."""
    best = max((one.score for one in matches), default=0.0)
    return [_match(one, max(one.score, 0.0) / best if best > 0 else 0.0, language) for one in matches]


def path_lines(found: PathSuggestion, path: Path | None, language: str) -> list[Told]:
    """Return the criteria that speak for one path (None: for both) in words."""
    return [_path_line(one, language) for one in found.criteria if OF_PATH.get(one.criterion) is path]


def area_name(found: InPilotArea | None, language: str) -> str:
    """Return the pilot area with what is still to be checked about it, "" for none."""
    if found is None:
        return ""
    doubt = "" if found.stated or found.verified else named(_("elenco dei comuni da verificare"), language)
    return f"{found.area.zone} ({doubt})" if doubt else found.area.zone


def _match(one: AssetMatch, strength: float, language: str) -> ToldMatch:
    words = translations(language)
    uses = ", ".join(words.gettext(USES[use.use]) for use in one.reason.uses[:3])
    kind = words.gettext(KINDS[one.reason.kind])
    shared = ", ".join(one.reason.shared_terms[:4])
    why = words.gettext(_INTO) % {"kind": kind, "use": uses} if uses else kind
    if shared:
        why = f"{why}; {wording.say('shared_words', language)} «{shared}»"
    return ToldMatch(
        match=one,
        verdict=one.fit.verdict.value,
        verdict_words=named(_VERDICTS[one.fit.verdict], language),
        where=_where(one, language),
        why=why,
        criteria=tuple(condition_line(condition, language) for condition in one.fit.conditions),
        strength=strength,
    )


_VERDICTS: Mapping[Verdict, str] = {
    Verdict.MET: _("può servire"),
    Verdict.UNKNOWN: _("da verificare"),
    Verdict.NOT_MET: _("non può servire"),
}


def _where(one: AssetMatch, language: str) -> str:
    if one.asset.commune_istat == one.need.commune_istat:
        return named(_SAME, language)
    return distance(one.km, language) or named(MISSING["place"], language)


def _fact(one: Condition, language: str) -> str:
    facts = dict(one.facts)
    if one.criterion is AssetCriterion.NEAR:
        if "same_commune" in facts:
            return named(_SAME, language)
        return distance(float(facts["km"]), language) if "km" in facts else ""
    if one.criterion is AssetCriterion.KIND and "use" in facts:
        kind, use = KINDS[PlaceKind(facts["kind"])], USES[Use(facts["use"])]
        return named(_INTO, language) % {"kind": named(kind, language), "use": named(use, language)}
    if one.criterion is AssetCriterion.SURFACE:
        return _surface(facts, language)
    return ""


def _surface(facts: Mapping[str, str], language: str) -> str:
    sizes = {
        name: number(float(facts[key]), language)
        for name, key in (("own", "surface_m2"), ("least", "least_m2"))
        if key in facts
    }
    if not sizes:
        return ""
    words = _LARGE if len(sizes) == 2 else _OWN if "own" in sizes else _LEAST
    return named(words, language) % sizes


def _path_line(one: PathResult, language: str) -> Told:
    return Told(
        named(PATH_CRITERIA[one.criterion], language),
        one.verdict.value,
        wording.say(f"criterion.{one.verdict.value}", language),
        "",
        named(STATED[one.quote], language) if one.quote in STATED else one.quote,
        one.asked,
    )
