"""The bodies that may be partners, from the open data: communes, public bodies, third sector, and what each did.

    comuni:<istat>    enti-ipa:<IPA code>    ets:<slug of the name>-<istat>

A third-sector body is known by its name and seat alone: what it does is a guess from the name. The lists of the 5x1000
also hold hospitals, universities and regions that do research: those of the IPA register are left out, as are its
communes, and the others are given the kind that their name denotes.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.errors import CorporaError
from corpora.funded_bodies import read_precedents
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from corpora.values import slug
from matcher.bodies import body_kind
from matcher.distances import distances_km as from_commune
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune, Organisation, Precedent
from matcher.territory import place_key

REGION = "Lombardia"
FUNDED_LIMIT = 5
TITLE_LIMIT = 90
_THIRD_SECTOR = frozenset({"ets_e_onlus", "asd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A possible partner; ``place`` is the commune of its seat, degrees are WGS84, ``amount`` is in euro.

    ``funded`` holds what its largest projects of different measures were for, ``FUNDED_LIMIT`` at most.
    """

    id: str
    name: str
    kind: Kind
    place: str
    province: str
    zone: str
    population: int
    lat: float
    lon: float
    amount: float = 0.0
    projects: int = 0
    funded: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a text ranker reads: the name, the seat, what it was funded for."""
        return ". ".join((self.name, f"{self.place} {self.zone}".strip(), *self.funded))


@dataclass(slots=True)
class _Track:
    projects: list[Precedent] = field(default_factory=list)

    def amount(self) -> float:
        return sum(float(p.amount.amount) for p in self.projects if p.amount)

    def largest(self) -> tuple[str, ...]:
        """What the largest project of each measure was for, largest first."""
        found: dict[str, str] = {}
        for project in sorted(self.projects, key=lambda p: (-float(p.amount.amount) if p.amount else 0.0, p.id)):
            found.setdefault(project.measure, f"{project.programme}: {project.title[:TITLE_LIMIT]}")
        return tuple(found.values())[:FUNDED_LIMIT]


def read_bodies(folder: Path) -> list[Body]:
    """Read the bodies of Lombardy from a folder of the open data; raises CorporaError for a file that is not there."""
    tracks: dict[str, _Track] = defaultdict(_Track)
    for precedent in read_precedents(folder):
        if precedent.body and place_key(REGION) in place_key(precedent.region):
            tracks[place_key(precedent.body)].projects.append(precedent)
    seats = {
        outcome.record.istat: outcome.record
        for outcome in get_source("comuni").read(folder / "comuni_italiani.csv.gz", Repairs())
        if isinstance(outcome, Read) and isinstance(outcome.record, Commune) and outcome.record.region == REGION
    }
    found: dict[str, Body] = {}
    for body_id, name, kind, seat in _named(folder, seats):
        track = tracks.get(place_key(name), _Track())
        found.setdefault(
            body_id,
            Body(
                id=body_id,
                name=name,
                kind=kind,
                place=seat.name,
                province=seat.province,
                zone=seat.zone,
                population=seat.population or 0,
                lat=seat.lat if seat.lat is not None else float("nan"),
                lon=seat.lon if seat.lon is not None else float("nan"),
                amount=track.amount(),
                projects=len(track.projects),
                funded=track.largest(),
            ),
        )
    return list(found.values())


def third_sector_id(name: str, istat: str) -> str:
    """The id of a body of the 5x1000 lists, which publish no code: its name and the commune of its seat."""
    return f"ets:{slug(name)}-{istat}"


def distances_km(lead: Body, bodies: Sequence[Body]) -> NDArray[np.float64]:
    """Distances between the centres of the seats, km: float64, (n_bodies,); unknown places are infinitely far."""
    places = np.radians([[body.lat, body.lon] for body in bodies]).reshape(-1, 2)
    here = Commune(istat=lead.id, name=lead.place, lat=lead.lat, lon=lead.lon)
    return from_commune(here, places)


def _named(folder: Path, seats: Mapping[str, Commune]) -> Iterator[tuple[str, str, Kind, Commune]]:
    public = set()
    for istat, commune in seats.items():
        yield f"comuni:{istat}", f"Comune di {commune.name}", Kind.COMMUNE, commune
    for outcome in get_source("enti-ipa").read(folder / "enti_pubblici_ipa.csv.gz", Repairs()):
        if isinstance(outcome, Read) and isinstance(outcome.record, Organisation):
            body = outcome.record
            if body.kind is not Kind.COMMUNE and body.commune_istat in seats:
                public.add(place_key(body.name))
                yield body.id, body.name, body.kind, seats[body.commune_istat]
    for name, istat, kind in _five_per_thousand(folder / "enti_5x1000_lombardia.csv.gz"):
        if istat in seats and place_key(name) not in public:
            yield third_sector_id(name, istat), name, kind, seats[istat]


def _five_per_thousand(path: Path) -> Iterator[tuple[str, str, Kind]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                name = " ".join(row["denominazione"].split())
                social = _THIRD_SECTOR & set(row["categorie"].split(";"))
                yield name, row["istat"], Kind.THIRD_SECTOR if social else body_kind(name) or Kind.PUBLIC_BODY
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise CorporaError(f"{path} cannot be read: {error}; it must be the list of 5x1000 bodies") from error
