"""Who really did it together: funded projects of several bodies, and neighbours funded under one measure.

    together    one project in several communes of a province, carried out by one of them or by their union
    neighbours  one measure or procedure that funded few communes of a province, some of them near one another

The query is the project's text without the names of places; candidates are all bodies of the province. Nothing leaks:
every project of the same measure, and the project itself, counts as if nobody had carried it out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpora.funded_bodies import read_precedents
from evaluation.tasks.data import read_communes
from evaluation.tasks.data import read_precedents as read_source
from matcher.analyser import name_key
from matcher.bodies import body_kind
from matcher.cleaning import without_place
from matcher.partners import Directory, Hidden, PartnerQuery
from matcher.precedents import code_of, text_of
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune, Precedent
from matcher.territory import place_key, province_key

MOST_TOGETHER = 12
"""Communes of one project: beyond, it is the province's affair and no partnership."""
FEW_FUNDED = 0.1
"""Share of a province's communes up to which a procedure chose among them: what nearly all got tells nothing."""
NEIGHBOUR_KM = 15.0
PER_MEASURE = 40
"""Cases of one measure that count, chosen by the hash of their ids: a few measures would outweigh all others."""
_OF_COMMUNES = ("M5C2I2.0", "M5C2I3.01", "M2C4I2.02", "M4C1I1.0")
"""Measures whose tenders, which name no body, are those of communes: regeneration, sport, small works, nurseries."""
TOGETHER, NEIGHBOURS = "together", "neighbours"


@dataclass(frozen=True, slots=True)
class Case:
    """One real partnership: what was asked of whom, and the ids of the bodies that took part."""

    id: str
    sort: str
    measure: str
    query: PartnerQuery
    partners: frozenset[str]


def read_outcomes(data: Path) -> list[Precedent]:
    """Read the projects of the two national plans, tenders included, and of cohesion policy; raises CorporaError."""
    others = (("opencoesione", "opencoesione_2021_2027.csv.gz"), ("pnrr-gare", "pnrr_gare_universo.csv.gz"))
    return [*read_precedents(data), *(one for source, file in others for one in read_source(data, source, file))]


def cases(data: Path, directory: Directory, precedents: Sequence[Precedent]) -> list[Case]:
    """Return the real partnerships among some projects, at most ``PER_MEASURE`` of a measure and sort."""
    communes = read_communes(data)
    found = [*_together(communes, precedents), *_neighbours(communes, directory, precedents)]
    by_measure: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in {case.id: case for case in found}.values():
        by_measure[case.sort, case.measure].append(case)
    return [case for key in sorted(by_measure) for case in sorted(by_measure[key], key=_digest)[:PER_MEASURE]]


def _together(communes: Mapping[str, Commune], precedents: Iterable[Precedent]) -> Iterator[Case]:
    for one in precedents:
        places = [communes[istat] for istat in dict.fromkeys(one.communes) if istat in communes]
        if not 2 <= len(places) <= MOST_TOGETHER or len({province_key(place.province) for place in places}) > 1:
            continue
        kind = body_kind(one.body) if one.body else None
        own = _carrier(communes, one) if one.body else None
        if own is None and kind is not Kind.UNION:
            continue
        lead = own or min(places, key=lambda place: place.istat)
        others = frozenset(f"comuni:{place.istat}" for place in places if place is not lead)
        yield Case(f"{TOGETHER}:{one.id}", TOGETHER, code_of(one), _query(one, lead, places), others)


def _neighbours(
    communes: Mapping[str, Commune], directory: Directory, precedents: Iterable[Precedent]
) -> Iterator[Case]:
    size = Counter(province_key(commune.province) for commune in communes.values())
    groups: dict[tuple[str, str], dict[str, Precedent]] = defaultdict(dict)
    for one in precedents:
        lead = _carrier(communes, one)
        if lead is not None:
            groups[one.procedure or code_of(one), province_key(lead.province)].setdefault(lead.istat, one)
    for (code, province), members in sorted(groups.items()):
        if not 2 <= len(members) <= FEW_FUNDED * size[province]:
            continue
        for istat, one in members.items():
            km = directory.distances_km(communes[istat])
            ids = (f"comuni:{other}" for other in members if other != istat)
            near = frozenset(i for i in ids if i in directory.positions and km[directory.positions[i]] <= NEIGHBOUR_KM)
            if near:
                yield Case(
                    f"{NEIGHBOURS}:{code}:{istat}", NEIGHBOURS, code_of(one), _query(one, communes[istat], ()), near
                )


def _carrier(communes: Mapping[str, Commune], one: Precedent) -> Commune | None:
    """The commune that carried a project out: the body that it names, or its only place where it names none."""
    places = [communes[istat] for istat in dict.fromkeys(one.communes) if istat in communes]
    if not one.body:
        return places[0] if len(places) == 1 and one.measure.startswith(_OF_COMMUNES) else None
    return next((place for place in places if place_key(one.body) == place_key(f"Comune di {place.name}")), None)


def _query(one: Precedent, lead: Commune, places: Iterable[Commune]) -> PartnerQuery:
    text = without_place(text_of(one), lead)
    for place in places:
        text = text.replace(name_key(place.name), " ")
    hidden = Hidden(frozenset({one.id, one.cup} - {""}), frozenset({code_of(one)}))
    return PartnerQuery(text=text.strip() or one.title, lead=lead, hidden=hidden)


def _digest(case: Case) -> tuple[bytes, str]:
    return sha256(case.id.encode()).digest(), case.id
