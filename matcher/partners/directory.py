"""The bodies as arrays: where each sits, which roles it plays, what its name says and what it was funded for.

bodies ──► Directory: places (km), roles (bool), words of names, words of funded projects, all aligned by position
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import Analyser
from matcher.cleaning import without_place
from matcher.distances import distances_km, places_of, radius_km
from matcher.partners.bodies import PartnerBody
from matcher.partners.roles import CODES, roles_of
from matcher.precedents import code_of, text_of
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune, Precedent
from matcher.territory import place_key, province_key
from matcher.wordvectors import WordVectors

GROUPS = ("communes", "public", "others")
"""Communes, other public bodies, third sector and firms: a kilometre means another thing for each."""
_PRIVATE = frozenset({Kind.THIRD_SECTOR, Kind.FIRM, Kind.PERSON})

Values = NDArray[np.float64]
Bools = NDArray[np.bool_]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Projects that count as if nobody had carried them out: by id or CUP, or all those of some programmes."""

    projects: Collection[str] = ()
    programmes: Collection[str] = ()

    def holds(self, project: Precedent) -> bool:
        """Whether a project is one of them."""
        return project.id in self.projects or project.cup in self.projects or code_of(project) in self.programmes


@dataclass(frozen=True)
class Directory:
    """Bodies and what is looked up of them; built once, read by many threads."""

    bodies: tuple[PartnerBody, ...]
    names: WordVectors
    projects: WordVectors

    @classmethod
    def build(cls, bodies: Sequence[PartnerBody]) -> "Directory":
        """Index the words of names, places left out, and of funded projects."""
        analyser = Analyser()
        names = WordVectors.build([without_place(body.name, body.seat) for body in bodies], analyser)
        texts = [text_of(project) for body in bodies for project in body.funded]
        return cls(tuple(bodies), names, WordVectors.build(texts, analyser))

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each body by its id."""
        return {body.id: position for position, body in enumerate(self.bodies)}

    @cached_property
    def plays(self) -> Bools:
        """Which roles each body plays: bool, (n_bodies, n_roles)."""
        column = {code: at for at, code in enumerate(CODES)}
        found = np.zeros((len(self.bodies), len(CODES)), dtype=np.bool_)
        for row, body in enumerate(self.bodies):
            found[row, [column[role.code] for role in roles_of(body.kind, body.name)]] = True
        return found

    def played(self, positions: Positions) -> frozenset[str]:
        """Return the codes of the roles that any of some bodies plays."""
        return frozenset(CODES[column] for column in np.flatnonzero(self.plays[positions].any(axis=0)).tolist())

    @cached_property
    def groups(self) -> Positions:
        """The group of each body as its place in ``GROUPS``: int64, (n_bodies,)."""
        kinds = (body.kind for body in self.bodies)
        return np.array([0 if kind is Kind.COMMUNE else 2 if kind in _PRIVATE else 1 for kind in kinds], dtype=np.int64)

    @cached_property
    def name_keys(self) -> tuple[str, ...]:
        """The key of each body's name, "" for communes, whose name is their place."""
        return tuple("" if body.kind is Kind.COMMUNE else place_key(body.name) for body in self.bodies)

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """The kind of each body as its place in ``ApplicantKind``: int64, (n_bodies,)."""
        order = {kind: at for at, kind in enumerate(Kind)}
        return np.array([order[body.kind] for body in self.bodies], dtype=np.int64)

    @cached_property
    def provinces(self) -> NDArray[np.object_]:
        """The key of the province of each seat."""
        return np.array([province_key(body.seat.province) for body in self.bodies], dtype=object)

    @cached_property
    def zones(self) -> NDArray[np.object_]:
        """The key of the homogeneous zone of each seat, "" where there is none."""
        return np.array([place_key(body.seat.zone) for body in self.bodies], dtype=object)

    @cached_property
    def radii(self) -> Values:
        """The radius of a disc as large as the commune of each seat, km: float64, (n_bodies,)."""
        return np.array([radius_km(body.seat) for body in self.bodies])

    @cached_property
    def population(self) -> Values:
        """Inhabitants of the commune of each seat, 0 where not known: float64, (n_bodies,)."""
        return np.array([float(body.seat.population or 0) for body in self.bodies])

    @cached_property
    def _places(self) -> Values:
        return places_of([body.seat for body in self.bodies])

    @cached_property
    def _owners(self) -> Positions:
        counts = [len(body.funded) for body in self.bodies]
        return np.repeat(np.arange(len(self.bodies)), counts).astype(np.int64)

    @cached_property
    def _flat(self) -> tuple[Precedent, ...]:
        return tuple(project for body in self.bodies for project in body.funded)

    @cached_property
    def _codes(self) -> NDArray[np.object_]:
        return np.array([code_of(project) for project in self._flat], dtype=object)

    def distances_km(self, place: Commune) -> Values:
        """Return how far each seat's centre is from a commune's, km: float64, (n_bodies,), infinite where unknown."""
        return distances_km(place, self._places)

    def shown(self, hidden: Hidden) -> Bools:
        """Return which funded projects count: bool, (n_projects,)."""
        if not hidden.projects and not hidden.programmes:
            return np.ones(len(self._flat), dtype=np.bool_)
        return np.array([not hidden.holds(project) for project in self._flat], dtype=np.bool_)

    def times_funded(self, shown: Bools) -> Values:
        """Return how many projects each body has carried out: float64, (n_bodies,)."""
        found: Values = np.bincount(self._owners[shown], minlength=len(self.bodies)).astype(np.float64)
        return found

    def of_programme(self, programme: str, shown: Bools) -> Values:
        """Return whether a programme has funded each body before, 0 or 1: float64, (n_bodies,)."""
        found = np.zeros(len(self.bodies))
        if programme:
            found[self._owners[(self._codes == programme) & shown]] = 1.0
        return found

    def alike(self, text: str, shown: Bools) -> tuple[Values, Positions]:
        """Return how alike each body's most alike project reads, and its place among the body's own.

        float64 in [0, 1] and int64, (n_bodies,) each; 0 and -1 where a body has none.
        """
        best = np.zeros(len(self.bodies))
        which = np.full(len(self.bodies), -1, dtype=np.int64)
        if not len(self._flat):
            return best, which
        similar = np.where(shown, self.projects.similarities(text), -1.0)
        first = np.searchsorted(self._owners, np.arange(len(self.bodies)))
        order = np.lexsort((similar, self._owners))
        owners = self._owners[order]
        last = np.flatnonzero(np.append(owners[1:] != owners[:-1], True))
        chosen = order[last]
        kept = chosen[similar[chosen] > 0]
        best[self._owners[kept]] = similar[kept]
        which[self._owners[kept]] = kept - first[self._owners[kept]]
        return best, which


NOTHING_HIDDEN = Hidden()
"""Every project counts."""
