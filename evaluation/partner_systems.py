"""The rankings of partners that are compared: the product's own, and what one would do without it.

nearest        the nearest communes first
most-funded    of the bodies within reach, whichever received most
words          the bodies whose name, seat and funded projects share most words with what is asked (BM25)
remix          the product, with the tables that it ships
"""

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np

from matcher.analyser import Analyser
from matcher.lexical import LexicalIndex
from matcher.partners import Directory, PartnerFinder, PartnerQuery, PartnerRanker
from matcher.partners.directory import Bools, Values
from matcher.partners.features import REACH_KM
from matcher.records import ApplicantKind as Kind
from matcher.records import Precedent
from matcher.territory import place_key, province_key

Ranked = list[tuple[str, float]]
"""Body ids with their scores, best first."""
System = Callable[[PartnerQuery, int], Ranked]
SHOWN_PROJECTS = 5
SAME_ZONE_KM = 3.0
"""What lying in the same homogeneous zone is worth in distance, as when the bodies to judge were pooled."""


class PartnerSystems:
    """The systems over one directory; ``same_province``: only bodies of the lead's province compete."""

    def __init__(
        self, directory: Directory, *, same_province: bool = False, ranker: PartnerRanker | None = None
    ) -> None:
        self.directory = directory
        self.same_province = same_province
        self.finder = PartnerFinder(directory, ranker)

    def all(self) -> dict[str, System]:
        """Return every system by its name, baselines first."""
        return {
            "nearest": self.nearest,
            "most-funded": self.most_funded,
            "words": self.words,
            "remix": self.remix,
        }

    def nearest(self, query: PartnerQuery, depth: int) -> Ranked:
        """The nearest communes first, those of the same homogeneous zone as if they were nearer."""
        zone = place_key(query.lead.zone)
        km = self.directory.distances_km(query.lead) - SAME_ZONE_KM * ((self.directory.zones == zone) & bool(zone))
        return self._ranked(query, depth, np.where(self._communes, -km, -np.inf))

    def most_funded(self, query: PartnerQuery, depth: int) -> Ranked:
        """Of the bodies within reach, whichever received most for the projects that count."""
        near = self.directory.distances_km(query.lead) <= REACH_KM
        amounts = self._amounts(query)
        return self._ranked(query, depth, np.where(near & (amounts > 0), amounts, -np.inf))

    def words(self, query: PartnerQuery, depth: int) -> Ranked:
        """The bodies whose words are those of the query."""
        scores = self._lexical.scores([f"{query.text} {query.wanted}"])[0].astype(np.float64)
        return self._ranked(query, depth, np.where(scores > 0, scores, -np.inf))

    def remix(self, query: PartnerQuery, depth: int) -> Ranked:
        """The product's own list."""
        # Bodies of other provinces may stand among the first: then as many more are asked for.
        found = self.finder.recommend(query, depth * 4 if self.same_province else depth)
        wanted = province_key(query.lead.province)
        kept = [one for one in found.items if not self.same_province or province_key(one.body.seat.province) == wanted]
        return [(one.body.id, -float(one.rank)) for one in kept[:depth]]

    @cached_property
    def _communes(self) -> Bools:
        return np.array([body.kind is Kind.COMMUNE for body in self.directory.bodies], dtype=np.bool_)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex.build([_text(self.directory, at) for at in range(len(self.directory.bodies))], Analyser())

    def _amounts(self, query: PartnerQuery) -> Values:
        bodies = self.directory.bodies
        return np.array([sum(_euro(body.funded, query)) for body in bodies], dtype=np.float64)

    def _ranked(self, query: PartnerQuery, depth: int, values: Values) -> Ranked:
        allowed = np.isfinite(values)
        if self.same_province:
            allowed &= self.directory.provinces == province_key(query.lead.province)
        own = self.directory.positions.get(f"comuni:{query.lead.istat}")
        if own is not None:
            allowed[own] = False
        at = np.flatnonzero(allowed)
        order = at[np.lexsort((at, -values[at]))][:depth]
        return [(self.directory.bodies[position].id, float(values[position])) for position in order.tolist()]


def _euro(funded: Iterable[Precedent], query: PartnerQuery) -> Iterable[float]:
    return (float(one.amount.amount) for one in funded if one.amount and not query.hidden.holds(one))


def _text(directory: Directory, at: int) -> str:
    body = directory.bodies[at]
    titles = (project.title for project in body.funded[:SHOWN_PROJECTS])
    return ". ".join((body.name, f"{body.seat.name} {body.seat.zone}".strip(), *titles))
