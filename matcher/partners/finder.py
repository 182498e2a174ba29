"""From a project to the bodies that complement it: the same five steps as for calls, over other records.

project ──► 1 within reach ──► 2 features ──► 3 score, less what is there already ──► 4 may it apply ──► 5 reasons
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.eligibility.judgement import judge
from matcher.explanation import Contribution, PrecedentMatch
from matcher.partners.bodies import Identity, PartnerBody
from matcher.partners.directory import Directory, Positions, Values
from matcher.partners.features import FEATURES, Candidates, PartnerQuery, candidates, spoken_roles, wanted_roles
from matcher.partners.ranker import PartnerRanker, default_partner_ranker
from matcher.partners.roles import CODES, ROLES, RoleSort
from matcher.records import Precedent
from matcher.verdicts import Applicant, Eligibility

INTEREST = 1.0
"""What showing interest in the same call adds; set by hand, as nobody has shown any that could be learnt from."""
PRECEDENTS = 3
"""Projects shown of a body: enough to believe its experience, few enough to read."""
NAMES = ("kind_of_body", *FEATURES, "interested", "role_taken")
"""The names of the contributions: the group of the body, the features, shown interest, and what crowding takes off."""
_ALIKE = FEATURES.index("alike_funded")


@dataclass(frozen=True, slots=True)
class FilledRole:
    """A role that a body would fill; ``asked``: somebody or the call asks for it, else the project speaks of it."""

    code: str
    sort: RoleSort
    asked: bool


@dataclass(frozen=True, slots=True)
class PartnerRecommendation:
    """One body for one project; ``rank`` starts at 1, ``score`` is comparable within one list only.

    ``contributions`` (named as in ``NAMES``) sum to the score. ``eligibility``: whether the body itself could apply for
    the call, as far as its rules tell. ``roles``: what it would fill, asked first. ``identity``: how sure it is what it
    is and does. ``km``: between the centres of the two communes, None where one is not known. ``precedents``: what it
    carried out, the most alike first, then the largest (those with similarity 0); ``n_precedents`` of them in all.
    ``interested``: it lets others know that the same call interests it.
    """

    rank: int
    body: PartnerBody
    score: float
    eligibility: Eligibility
    contributions: tuple[Contribution, ...]
    roles: tuple[FilledRole, ...]
    identity: Identity
    km: float | None
    precedents: tuple[PrecedentMatch, ...]
    n_precedents: int
    interested: bool


@dataclass(frozen=True, slots=True)
class PartnerRecommendations:
    """The answer: ``items`` in order; ``n_candidates`` bodies were within reach.

    ``besides``: for each role asked for that nobody among the items plays, the best body that does; they go on
    counting ranks. ``asked``: codes of the roles asked for; ``unfilled``: those that nobody within reach plays.
    """

    items: tuple[PartnerRecommendation, ...]
    besides: tuple[PartnerRecommendation, ...]
    n_candidates: int
    asked: tuple[str, ...]
    unfilled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    query: PartnerQuery
    wanted: frozenset[str]
    spoken: frozenset[str]
    on: datetime | None


class PartnerFinder:
    """Finds partners among the bodies of one directory; holds no state, so one instance serves many threads."""

    def __init__(self, directory: Directory, ranker: PartnerRanker | None = None) -> None:
        self.directory = directory
        self.ranker = ranker or default_partner_ranker()

    def recommend(
        self, query: PartnerQuery, k: int = 10, on: datetime | None = None, interested: Collection[str] = ()
    ) -> PartnerRecommendations:
        """Return the ``k`` bodies that complement a project best, with reasons.

        ``on``: the aware moment at which the call's dates are judged, None to leave them. ``interested``: ids of the
        bodies that let others know that the same call interests them.
        """
        asked = _Asked(query, wanted_roles(self.directory, query), spoken_roles(query), on)
        found = candidates(self.directory, query)
        shown = frozenset(interested)
        interest = np.array([float(self.directory.bodies[p].id in shown) for p in found.positions.tolist()])
        added = np.column_stack([self.ranker.contributions(found.features, found.groups), INTEREST * interest])
        values = np.column_stack([found.groups, found.features, interest])
        role = main_roles(self.directory, found, asked.wanted or asked.spoken)
        placed = self.ranker.placed(added.sum(axis=1), found.groups, role, k, asked=bool(asked.wanted))
        scores = added.sum(axis=1)
        left = self._besides(found, scores, [row for row, _ in placed], asked.wanted)
        shown_rows = [*placed, *((row, 0.0) for row in left)]
        items = [
            self._item(rank, row, found, _contributions(values[row], added[row], crowding), asked)
            for rank, (row, crowding) in enumerate(shown_rows, start=1)
        ]
        return PartnerRecommendations(
            items=tuple(items[: len(placed)]),
            besides=tuple(items[len(placed) :]),
            n_candidates=len(found.positions),
            asked=tuple(sorted(asked.wanted)),
            unfilled=tuple(sorted(asked.wanted - self.directory.played(found.positions))),
        )

    def _besides(self, found: Candidates, scores: Values, rows: list[int], wanted: frozenset[str]) -> list[int]:
        """The rows of the best bodies for the roles that none of some rows plays; a legal form is no role to fill."""
        firm = frozenset(role.code for role in ROLES if role.sort is not RoleSort.FORM)
        chosen: list[int] = []
        for code in sorted(wanted & firm):
            plays = self.directory.plays[found.positions, CODES.index(code)]
            if plays.any() and not plays[[*rows, *chosen]].any():
                chosen.append(int(np.argmax(np.where(plays, scores, -np.inf))))
        return chosen

    def _item(
        self, rank: int, row: int, found: Candidates, contributions: tuple[Contribution, ...], asked: _Asked
    ) -> PartnerRecommendation:
        position = int(found.positions[row])
        body = self.directory.bodies[position]
        own = [project for project in body.funded if not asked.query.hidden.holds(project)]
        at = int(found.alike[row])
        alike = (body.funded[at], float(found.features[row, _ALIKE])) if at >= 0 else None
        return PartnerRecommendation(
            rank=rank,
            body=body,
            score=sum(one.contribution for one in contributions),
            eligibility=judge(asked.query.rules, Applicant(frozenset({body.kind}), body.seat, body.name), asked.on),
            contributions=contributions,
            roles=tuple(sorted(self._roles(position, asked), key=lambda r: (not r.asked, r.sort is RoleSort.FORM))),
            identity=body.identity,
            km=float(found.km[row]) if np.isfinite(found.km[row]) else None,
            precedents=_shown(own, alike),
            n_precedents=len(own),
            interested=contributions[-2].value > 0,
        )

    def _roles(self, position: int, asked: _Asked) -> Iterator[FilledRole]:
        for role, plays in zip(ROLES, self.directory.plays[position], strict=True):
            if plays and role.code in asked.wanted | asked.spoken:
                yield FilledRole(role.code, role.sort, role.code in asked.wanted)


def main_roles(directory: Directory, found: Candidates, roles: frozenset[str]) -> Positions:
    """Return the role that each candidate mainly plays, of those asked for: int64, (n_candidates,), -1 for none.

    The rarest one; a legal form only where it plays no other.
    """
    columns = np.array([CODES.index(code) for code in sorted(roles)], dtype=np.int64)
    if not len(columns):
        return np.full(len(found.positions), -1, dtype=np.int64)
    plays = directory.plays[found.positions][:, columns]
    cost = plays.sum(axis=0) + len(plays) * np.array(
        [ROLES[column].sort is RoleSort.FORM for column in columns.tolist()]
    )
    main = columns[np.argmin(np.where(plays, cost, np.inf), axis=1)]
    return np.where(plays.any(axis=1), main, -1).astype(np.int64)


def _contributions(values: Values, added: Values, crowding: float) -> tuple[Contribution, ...]:
    numbers = zip(NAMES, [*values.tolist(), -crowding], [*added.tolist(), crowding], strict=True)
    return tuple(Contribution(name, value, amount) for name, value, amount in numbers)


def _shown(own: list[Precedent], alike: tuple[Precedent, float] | None) -> tuple[PrecedentMatch, ...]:
    first = [PrecedentMatch(*alike)] if alike else []
    largest = [PrecedentMatch(project, 0.0) for project in own if not alike or project is not alike[0]]
    return tuple((first + largest)[:PRECEDENTS])
