"""What a call asks of a partnership as a whole, as data: one rule per condition, each with the words it was read from.

    members      how many members, of any kind or of some kinds        "almeno cinque comuni", "almeno un'università"
    lead         what kind of body leads                               "capofila pubblico"
    population   inhabitants of all its communes together              "insieme almeno 15.000 abitanti"
    size         inhabitants of each of its communes                   "comuni sotto i 5.000 abitanti"
    territory    where each member sits
    admitted     of what kind each member, or the lead alone, may be
    adjoining    its communes touch one another
    one_zone     its communes belong to one homogeneous zone
    only_once    a body takes part in one proposal at most

A condition of which nothing was read has no rule: unknown is never "not asked".
"""

from dataclasses import dataclass
from enum import StrEnum

from matcher.eligibility.rules import ApplicantRule, TerritoryRule
from matcher.records import ApplicantKind, Commune


class RuleSort(StrEnum):
    """What a rule is about."""

    MEMBERS = "members"
    LEAD = "lead"
    POPULATION = "population"
    SIZE = "size"
    TERRITORY = "territory"
    ADMITTED = "admitted"
    ADJOINING = "adjoining"
    ONE_ZONE = "one_zone"
    ONLY_ONCE = "only_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumRule:
    """One condition; ``minimum`` and ``maximum`` are included, None is no bound.

    ``kinds``: whom a rule on members or the lead counts, empty for everybody. ``lead_only``: an ``admitted`` rule that
    speaks of who applies. ``applicants``, ``places``: the call's own rules that ``admitted`` and ``territory`` lean on.
    ``strict`` is false where the words open another way in: outside the bounds is then unknown.
    """

    sort: RuleSort
    minimum: int | None = None
    maximum: int | None = None
    kinds: frozenset[ApplicantKind] = frozenset()
    lead_only: bool = False
    strict: bool = True
    applicants: ApplicantRule | None = None
    places: TerritoryRule | None = None
    quote: str
    origin: str


@dataclass(frozen=True, slots=True)
class Member:
    """A body in a partnership: ``kinds`` are those it may be of, several where that is not sure; its seat or commune.

    ``elsewhere``: whether it takes part in another proposal for the same call, None where nobody said.
    """

    id: str
    name: str
    kinds: frozenset[ApplicantKind]
    commune: Commune | None
    elsewhere: bool | None = None


@dataclass(frozen=True, slots=True)
class Consortium:
    """A partnership; the first member leads."""

    members: tuple[Member, ...]

    @property
    def lead(self) -> Member | None:
        """Who leads, None in a partnership of nobody."""
        return self.members[0] if self.members else None
