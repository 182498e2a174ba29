"""Where a call is for: its territory field, the body that issues it, the places that its title names.

A municipality's own call is for its own people, a chamber's for its own provinces, a region's for its own places,
even where a catalogue files it as national.
"""

import re

from matcher.bodies import body_kind, fold
from matcher.eligibility.applicants import plain
from matcher.eligibility.rules import TerritoryRule
from matcher.eligibility.sections import MAX_QUOTE
from matcher.records import ApplicantKind, FundingCall, Level
from matcher.territory import (
    PROVINCE_REGION,
    REGION_NAMES,
    SOUTH,
    find_provinces,
    find_regions,
    find_zones,
    place_key,
)

# Shares of the places of an area that a partial description means; round figures, from how many communes there are.
AREA_OF_A_GROUP = 0.03
"""One union of communes or local action group among those of a region."""
SMALL_ISLANDS = 0.005
"""Communes on small islands: some 35 of 7,900."""
INNER_AREAS = 0.25
"""Communes of inner areas in a strategy: some 1,900 of 7,900."""
MOUNTAINS = 0.3
"""Mountain communes: about 3,500 of 7,900, few of them near a city."""
LISTED = 0.7
"""Places of a list that is not at hand: such lists name the many and leave out the few."""
FILED_AS_NATIONAL = 0.1
"""A local body's call that a catalogue files as national: mostly the catalogue's default."""

METROPOLITAN_CITIES = frozenset(
    (
        *("TORINO", "MILANO", "VENEZIA", "GENOVA", "BOLOGNA", "FIRENZE", "ROMA"),
        *("NAPOLI", "BARI", "REGGIO CALABRIA", "PALERMO", "MESSINA", "CATANIA", "CAGLIARI"),
    )
)
_PARTS_OF_REGIONS = frozenset({"EMILIA", "ROMAGNA", "TRENTINO", "ALTO ADIGE", "SUDTIROL", "FRIULI"})
_WHOLE_REGIONS = frozenset(name for names in REGION_NAMES.values() for name in names) - _PARTS_OF_REGIONS
_OF_A_WHOLE_REGION = re.compile(rf" (?:DI|DEL|DELL|DELLA|DELLE) (?:{'|'.join(sorted(_WHOLE_REGIONS))}) $")
_NATION = re.compile(r"\bnazional|\bitalia\b|territorio italiano|unione europea|stati membri|europ")
_PARTIAL = (
    (
        re.compile(r"comuni montani|zone montane|montagna|(?<!comunita )montan[ei]\b|\bvetta\b|rifugi\b|alpin[oie]\b"),
        MOUNTAINS,
    ),
    (re.compile(r"aree interne|aree svantaggiate|aree rurali"), INNER_AREAS),
    (re.compile(r"isole minori|isole verdi|piccole isole"), SMALL_ISLANDS),
    (
        re.compile(
            r"elenco|fasc(?:ia|e)\b|comuni (?:di pianura|indicati|individuati|ammessi|del |dell.|delle )"
            r"|\bzone\b|allegato"
        ),
        LISTED,
    ),
)
_SOUTH_WORDS = re.compile(r"mezzogiorno|\bsud\b|regioni meridionali|\bzes\b|zone economiche speciali")
_ROME = re.compile(r"caput mundi|\bgiubil|\broma 4|roman cultural")
_IN_METROPOLITAN = re.compile(r"nelle (?:\w+ )?citta metropolitane|nelle aree metropolitane")
_METROPOLITAN = re.compile(r"citta metropolitane")
_OWN_TOWN = re.compile(
    r"^(?:comune|citta)\s+(?:di|del|della|dei)?\s*(?P<name>[^,(;–]+?)\s*(?:\(|,|;|–| - |$)", re.IGNORECASE
)
_TITLE_TOWN = re.compile(
    r"\bComune di (?P<name>[A-ZÀ-Ü][\wÀ-ÿ'’.]*(?:[ '’-](?:[A-ZÀ-Ü][\wÀ-ÿ'’.]*|d[ei]l?l?[aeio]?|in|e|sul?|con|al))*)"
)
_NAMES_COMMUNES = re.compile(r"^(?:Comun[ei]|Città) (?:di |d['’])(?=[A-ZÀ-Ü])")
_TITLE_PROVINCE = re.compile(r"\bprovinc(?:ia|e) (?:di|del|dell|della)\b", re.IGNORECASE)
_TITLE_TOWNS = re.compile(
    r"\bcomuni di (?P<names>(?-i:[A-ZÀ-Ü])[^;:()–]*?)(?= (?-i:e|ed) (?-i:[a-zà-ù])|\s*(?:[;:()–]| - |$))", re.IGNORECASE
)
_AUTONOMOUS = re.compile(r"^provincia autonoma di\b")
_LOCAL_ISSUERS = (ApplicantKind.COMMUNE, ApplicantKind.UNION, ApplicantKind.PROVINCE)


def territory_rule(call: FundingCall) -> TerritoryRule | None:
    """Where the call is for, None where nothing says."""
    issuer_kind = body_kind(call.issuer) if call.issuer else None
    for rule in (
        _of_named_places(call),
        _of_local_issuer(call, issuer_kind),
        _of_chamber(call),
        _of_autonomous_province(call),
        _of_title_place(call),
        _of_field(call),
        _of_region(call, issuer_kind),
        _of_nation(call, issuer_kind),
    ):
        if rule is not None:
            return rule
    return None


def _of_named_places(call: FundingCall) -> TerritoryRule | None:
    """Communes or zones that the territory field names one by one."""
    quote, words = _quote(call.territory_text), call.territory_text.strip()
    listed = next((value for name, value in call.extra if name == "comuni"), "")
    if listed:
        towns = frozenset(place_key(name) for name in listed.split(";") if name.strip())
        return TerritoryRule(regions=find_regions(words), communes=towns, quote=_quote(listed), origin="comuni")
    zones = find_zones(words)
    if zones:
        return TerritoryRule(zones=zones, quote=quote, origin="territory_text")
    if not _NAMES_COMMUNES.match(words):
        return None
    names = _names(_NAMES_COMMUNES.sub("", words))
    towns = frozenset(place_key(_NAMES_COMMUNES.sub("", name)) for name in names)
    return TerritoryRule(communes=towns, quote=quote, origin="territory_text")


def _of_local_issuer(call: FundingCall, kind: ApplicantKind | None) -> TerritoryRule | None:
    regions = find_regions(call.territory_text)
    issuer = _quote(call.issuer)
    if kind not in _LOCAL_ISSUERS or place_key(call.issuer).startswith("UNIONE EUROPEA"):
        return _of_title_town(call, kind, regions)
    if _files_as_national(call):
        return TerritoryRule(share=FILED_AS_NATIONAL, quote=issuer, origin="issuer")
    if kind is ApplicantKind.PROVINCE:
        provinces = find_provinces(call.issuer)
        return TerritoryRule(provinces=provinces, quote=issuer, origin="issuer") if provinces else None
    if kind is ApplicantKind.UNION:
        return TerritoryRule(regions=regions, share=AREA_OF_A_GROUP, quote=issuer, origin="issuer")
    named = _OWN_TOWN.match(call.issuer.strip())
    if named is None:
        return None
    towns = {place_key(named["name"])} | {place_key(m["name"]) for m in _TITLE_TOWN.finditer(call.title)}
    towns |= {place_key(name) for m in _TITLE_TOWNS.finditer(call.title) for name in _names(m["names"])}
    return TerritoryRule(regions=regions, communes=frozenset(towns), quote=issuer, origin="issuer")


def _of_title_town(call: FundingCall, kind: ApplicantKind | None, regions: frozenset[str]) -> TerritoryRule | None:
    named = _TITLE_TOWN.search(call.title)
    if named is None or len(regions) > 1:
        return None
    if kind is None and regions:
        towns = frozenset({place_key(named["name"])})
        return TerritoryRule(regions=regions, communes=towns, quote=_quote(call.title), origin="title")
    # A region or a ministry that names a town may name it as one of several.
    return TerritoryRule(regions=regions, share=AREA_OF_A_GROUP, quote=_quote(call.title), origin="title")


def _of_chamber(call: FundingCall) -> TerritoryRule | None:
    words = plain(call.issuer)
    if re.search(r"\bgal\b|gruppo (?:di )?azione locale", words):
        regions = find_regions(call.territory_text)
        return TerritoryRule(regions=regions, share=AREA_OF_A_GROUP, quote=_quote(call.issuer), origin="issuer")
    if not re.search(r"camer[ae] di commercio|c\.?c\.?i\.?a\.?a\.?", words):
        return None
    provinces, regions = find_provinces(call.issuer), find_regions(call.issuer)
    if _files_as_national(call):
        return TerritoryRule(share=FILED_AS_NATIONAL, quote=_quote(call.issuer), origin="issuer")
    if provinces:
        return TerritoryRule(provinces=provinces, quote=_quote(call.issuer), origin="issuer")
    regions = regions or find_regions(call.territory_text)
    if not regions or _title_provinces(call):
        return None
    # The chambers of Umbria and of the Marche are for all of it, those of Emilia and of North-West Tuscany are not.
    share = 1.0 if _OF_A_WHOLE_REGION.search(fold(call.issuer)) else LISTED
    return TerritoryRule(regions=regions, share=share, quote=_quote(call.issuer), origin="issuer")


def _of_title_place(call: FundingCall) -> TerritoryRule | None:
    """Places that the title sets, where the territory field is silent or wider."""
    words, quote = plain(call.title), _quote(call.title)
    hints = words + " " + plain(" ".join(value for name, value in call.extra if name in ("misura", "submisura")))
    if _ROME.search(hints) or _ROME.search(plain(call.summary[:80])):
        return TerritoryRule(communes=frozenset({"ROMA"}), quote=quote, origin="title")
    if _IN_METROPOLITAN.search(words) and not find_regions(call.territory_text):
        return TerritoryRule(provinces=METROPOLITAN_CITIES, quote=quote, origin="title")
    if _SOUTH_WORDS.search(words) and "in italia" not in words and "gestion" not in words:
        return TerritoryRule(regions=SOUTH, quote=quote, origin="title")
    if provinces := _title_provinces(call):
        return TerritoryRule(provinces=provinces, quote=quote, origin="title")
    share = _partial_share(words)
    regions = find_regions(call.territory_text)
    if share < 1 and not (regions and share == LISTED):
        return TerritoryRule(regions=regions, share=share, quote=quote, origin="title")
    return None


def _of_field(call: FundingCall) -> TerritoryRule | None:
    """The territory field: regions, provinces, or the nation; other text in it narrows to some places inside."""
    if not call.territory_text:
        return None
    words, quote = plain(call.territory_text), _quote(call.territory_text)
    share = _partial_share(words)
    regions = find_regions(call.territory_text)
    provinces = find_provinces(call.territory_text) if re.search(r"\bprovinc", words) else frozenset()
    if _METROPOLITAN.search(words):
        provinces |= METROPOLITAN_CITIES
    elif "citta metropolitana" in words:
        provinces |= find_provinces(call.territory_text)
    if provinces:
        # Regions beside provinces widen the area: a region is all its provinces.
        provinces |= {province for province, region in PROVINCE_REGION.items() if region in regions}
        return TerritoryRule(provinces=provinces, share=share, quote=quote, origin="territory_text")
    if regions:
        return TerritoryRule(regions=regions, share=share, quote=quote, origin="territory_text")
    if _NATION.search(words) and not _regional_issuer(call):
        return TerritoryRule(share=share, quote=quote, origin="territory_text")
    return None


def _of_autonomous_province(call: FundingCall) -> TerritoryRule | None:
    """A body that is a region by its powers and a province by its borders."""
    if not _AUTONOMOUS.search(plain(call.issuer)) or _files_as_national(call):
        return None
    provinces = find_provinces(call.issuer)
    return TerritoryRule(provinces=provinces, quote=_quote(call.issuer), origin="issuer") if provinces else None


def _of_region(call: FundingCall, kind: ApplicantKind | None) -> TerritoryRule | None:
    if kind is not ApplicantKind.REGION and not _regional_issuer(call):
        return None
    regions = find_regions(call.issuer)
    if _files_as_national(call) and not regions & find_regions(call.title):
        return TerritoryRule(share=FILED_AS_NATIONAL, quote=_quote(call.issuer), origin="issuer")
    return TerritoryRule(regions=regions, quote=_quote(call.issuer), origin="issuer") if regions else None


def _of_nation(call: FundingCall, kind: ApplicantKind | None) -> TerritoryRule | None:
    """A ministry's or a union-wide call is for the whole nation, or for the regions that its title names."""
    if kind is not ApplicantKind.CENTRAL and call.level not in (Level.NATIONAL, Level.EU):
        return None
    regions = find_regions(call.title)
    if regions:
        return TerritoryRule(regions=regions, quote=_quote(call.title), origin="title")
    quote, origin = (call.issuer, "issuer") if call.issuer else (call.programme or call.title, "programme")
    return TerritoryRule(quote=_quote(quote), origin=origin)


def _title_provinces(call: FundingCall) -> frozenset[str]:
    return find_provinces(call.title) if _TITLE_PROVINCE.search(call.title) else frozenset()


def _regional_issuer(call: FundingCall) -> bool:
    return "region" in plain(call.issuer) and len(find_regions(call.issuer)) == 1


def _files_as_national(call: FundingCall) -> bool:
    return bool(_NATION.search(plain(call.territory_text))) and not find_regions(call.territory_text)


def _partial_share(words: str) -> float:
    return min((share for pattern, share in _PARTIAL if pattern.search(words)), default=1.0)


def _names(text: str) -> list[str]:
    """The places of a list, *San* in full: the register of communes writes it so."""
    names = re.split(r",|;| e (?=[A-ZÀ-Ü])", re.sub(r"\bS\.\s*(?=[A-ZÀ-Ü])", "San ", text))
    return [name.strip() for name in names if name.strip()]


def _quote(text: str) -> str:
    return text.strip()[:MAX_QUOTE]
