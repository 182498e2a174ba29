"""What is measured of each body that might complement a project: one row of named numbers per candidate.

project, what it wants, its call ──► roles asked ─┐
directory of bodies ──► candidates within reach ──┴──► features
"""

import re
from dataclasses import dataclass

import numpy as np

from matcher.cleaning import without_place
from matcher.distances import radius_km
from matcher.eligibility.rules import ApplicantRule, Rule
from matcher.partners.bodies import COMMUNES
from matcher.partners.directory import NOTHING_HIDDEN, Bools, Directory, Hidden, Positions, Values
from matcher.partners.roles import CODES, ROLES, RoleSort, asked_roles
from matcher.records import Commune
from matcher.territory import place_key, province_key

REACH_KM = 40.0
"""How far a partner may sit: the labelled ones that count sit within 30 km; beyond, only the province's own."""
FARTHEST_NEIGHBOUR = 6.0
"""Distance in radii of the two communes beyond which more makes no difference."""
LONGEST_COMMON = 5
"""Letters up to which a word of a zone's name says nothing: nord, ovest, sud, est, alto."""
MOST_FIT = 2.0
FAR_BACK = 8.0
"""log2 of 1 + a number of bodies, beyond which more of them make no difference."""
HALF = 0.5
"""How much a legal form counts beside a trade: a cooperative whose name tells no trade may do what is asked."""

FEATURES = (
    "wanted",
    "spoken_of",
    "unasked",
    "nearer",
    "alone",
    "distance",
    "adjacency",
    "same_zone",
    "same_province",
    "words",
    "local_name",
    "alike_funded",
    "times_funded",
    "same_programme",
    "size",
    "admitted",
)
"""The features, in the order of the columns.

``wanted`` 0 to 2: how much of what is asked for in words the body brings; ``spoken_of``: the same for what the project
only speaks of; ``unasked``: something is asked for and the body brings none of it; ``nearer``: how many nearer bodies
play the role asked for, ``alone``: how many play it within reach (log2 of 1 + number); ``distance``: log of 1 + km;
``adjacency``: distance in radii of the two communes (below 2 they mostly touch); ``words``: cosine of the words asked
for and the name's; ``local_name``: the name says the commune or its zone; ``alike_funded``: cosine of the project and
the most alike one carried out; ``times_funded``: log of 1 + projects; ``same_programme``: funded by the call's own
programme; ``size``: log10 of the ratio of inhabitants, of communes; ``admitted``: the chance that the call admits the
kind of body, 1 without a call.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerQuery:
    """A project that looks for partners.

    ``lead``: the commune that asks. ``wanted``: what would complement it, in words, "" where nobody said. ``required``:
    codes of roles that the call requires. ``rules``: those of the call it is for, empty where none is chosen;
    ``programme``: the call's. ``present``: ids of the bodies that take part already. ``hidden``: funded projects that
    must not speak, such as the project itself.
    """

    text: str
    lead: Commune
    wanted: str = ""
    required: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    programme: str = ""
    present: frozenset[str] = frozenset()
    hidden: Hidden = NOTHING_HIDDEN


@dataclass(frozen=True, slots=True)
class Candidates:
    """The bodies within reach of a query, as positions in the directory, ascending.

    ``features``: float64, (n_candidates, n_features); ``groups``: int64, their places in ``GROUPS``; ``km``: float64;
    ``alike``: int64, the place of the most alike project among the body's own, -1 for none.
    """

    positions: Positions
    features: Values
    groups: Positions
    km: Values
    alike: Positions


def wanted_roles(directory: Directory, query: PartnerQuery) -> frozenset[str]:
    """Return the codes of the roles asked for, by people or by the call, that nobody present plays yet.

    Of communes there may always be more.
    """
    asked = query.required | (asked_roles(query.wanted) if query.wanted else frozenset())
    rows = [directory.positions[body_id] for body_id in query.present if body_id in directory.positions]
    return asked - (directory.played(np.array(rows, dtype=np.int64)) - {"commune"})


def spoken_roles(query: PartnerQuery) -> frozenset[str]:
    """Return the codes of the roles that the project's text speaks of."""
    return asked_roles(query.text)


def candidates(directory: Directory, query: PartnerQuery) -> Candidates:
    """Measure the bodies within reach of a project; the one that asks and those that take part are left out."""
    km = directory.distances_km(query.lead)
    inside = (km <= REACH_KM) | (directory.provinces == province_key(query.lead.province))
    for body_id in {*query.present, f"{COMMUNES}:{query.lead.istat}"} & directory.positions.keys():
        inside[directory.positions[body_id]] = False
    at = np.flatnonzero(inside)
    shown = directory.shown(query.hidden)
    alike, which = directory.alike(query.text, shown)
    columns = (
        _of_roles(directory, at, km[at], query)
        | _of_places(directory, at, km[at], query.lead)
        | {
            "words": directory.names.similarities(without_place(query.wanted or query.text, query.lead))[at],
            "alike_funded": alike[at],
            "times_funded": np.log1p(directory.times_funded(shown)[at]),
            "same_programme": directory.of_programme(query.programme, shown)[at],
            "admitted": _admitted(directory, at, query),
        }
    )
    features = np.column_stack([columns[name] for name in FEATURES])
    return Candidates(at, features, directory.groups[at], km[at], which[at])


def _of_roles(directory: Directory, at: Positions, km: Values, query: PartnerQuery) -> dict[str, Values]:
    plays, local = directory.plays[at], _local(directory, at, query.lead)
    asked, spoken = wanted_roles(directory, query), spoken_roles(query)
    wanted = _fit(plays, asked)
    # A health authority "of the Martesana" is nearer to the Martesana than its seat.
    nearer, alone = _standing(plays, np.where(local > 0, 0.0, km), asked or spoken)
    return {
        "wanted": wanted,
        "spoken_of": _fit(plays, spoken),
        "unasked": ((wanted == 0) & bool(query.wanted)).astype(np.float64),
        "nearer": nearer,
        "alone": alone,
        "local_name": local,
    }


def _of_places(directory: Directory, at: Positions, km: Values, lead: Commune) -> dict[str, Values]:
    zone = place_key(lead.zone)
    return {
        "distance": np.log1p(km),
        "adjacency": np.minimum(km / (directory.radii[at] + radius_km(lead)), FARTHEST_NEIGHBOUR),
        "same_zone": ((directory.zones[at] == zone) & bool(zone)).astype(np.float64),
        "same_province": (directory.provinces[at] == province_key(lead.province)).astype(np.float64),
        "size": _size(directory.population[at], lead, directory.groups[at]),
    }


def _fit(plays: Bools, roles: frozenset[str]) -> Values:
    """How much of what is asked each body brings: 1 for a role by kind or trade, ``HALF`` by legal form, at most 2."""
    weight = np.array([(HALF if role.sort is RoleSort.FORM else 1.0) * (role.code in roles) for role in ROLES])
    found: Values = np.minimum(plays @ weight, MOST_FIT)
    return found


def _standing(plays: Bools, km: Values, roles: frozenset[str]) -> tuple[Values, Values]:
    """How many strictly nearer bodies play the same asked role, and how many play it at all, as log2 of 1 + number.

    Each in the role that speaks most for the body; ``FAR_BACK`` for a body that plays none.
    """
    nearer, playing_it = np.full(len(km), np.inf), np.full(len(km), np.inf)
    for column in (CODES.index(code) for code in sorted(roles)):
        playing = np.flatnonzero(plays[:, column])
        ahead = np.searchsorted(np.sort(km[playing]), km[playing], side="left")
        nearer[playing] = np.minimum(nearer[playing], ahead)
        playing_it[playing] = np.minimum(playing_it[playing], len(playing))
    return np.minimum(np.log2(1 + nearer), FAR_BACK), np.minimum(np.log2(1 + playing_it), FAR_BACK)


def _local(directory: Directory, at: Positions, lead: Commune) -> Values:
    """Whether the name of a body other than a commune says the lead's name or a word of its zone's, 0 or 1."""
    words = {place_key(lead.name), *(w for w in place_key(lead.zone).split() if len(w) > LONGEST_COMMON)}
    said = re.compile(rf"\b(?:{'|'.join(sorted(re.escape(word) for word in words if word))})")
    return np.array([float(said.search(directory.name_keys[position]) is not None) for position in at.tolist()])


def _size(population: Values, lead: Commune, groups: Positions) -> Values:
    own = float(lead.population or 0)
    known = (population > 0) & (own > 0) & (groups == 0)
    found: Values = np.where(known, np.log10(np.maximum(population, 1) / max(own, 1)), 0.0)
    return found


def _admitted(directory: Directory, at: Positions, query: PartnerQuery) -> Values:
    """The chance that the call admits a body of each kind; where it must sit is asked of who applies, not of all."""
    rule = next((rule for rule in query.rules if isinstance(rule, ApplicantRule)), None)
    if rule is None:
        return np.ones(len(at))
    found: Values = np.array(rule.chances)[directory.kinds[at]]
    return found
