"""Bodies that may be partners, and how sure it is what each of them is.

A register of public bodies gives a code and a category: what the body is is settled. The lists of the third sector give
a name and a seat: the name may tell the trade, or nothing. What a body was funded for speaks louder than its name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matcher.partners.roles import RoleSort, roles_of
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune, Organisation, Precedent
from matcher.territory import find_regions, place_key, region_of

COMMUNES = "comuni"
"""What the ids of communes begin with."""
_WOUND_UP = ("IN LIQUIDAZIONE", "IN SCIOGLIMENTO", "CESSATA")


class Basis(StrEnum):
    """What tells what a body is or does, surest first."""

    REGISTER = "register"
    FUNDED = "funded"
    LIST = "list"
    NAME = "name"
    NOTHING = "nothing"


class Confidence(StrEnum):
    """How sure it is: settled by a register or by what was funded, told by a name, or one telephone call away."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a body: ``kind_basis`` tells what it is, ``work_basis`` what it does, ``confidence`` both."""

    confidence: Confidence
    kind_basis: Basis
    work_basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerBody:
    """A possible partner: ``seat`` is the commune it sits in, ``funded`` what it carried out before, largest first.

    ``id``: ``comuni:<istat>`` or that of the organisation. ``registered``: a register's category settles its kind.
    """

    id: str
    name: str
    kind: Kind
    seat: Commune
    registered: bool
    category: str = ""
    funded: tuple[Precedent, ...] = ()

    @property
    def identity(self) -> Identity:
        """How sure it is what this body is and does, and by what."""
        if self.registered:
            return Identity(Confidence.SURE, Basis.REGISTER, Basis.FUNDED if self.funded else Basis.REGISTER)
        kind_basis = Basis.LIST if self.category else Basis.NAME
        if self.funded:
            return Identity(Confidence.SURE, kind_basis, Basis.FUNDED)
        if any(role.sort is RoleSort.TRADE for role in roles_of(self.kind, self.name)):
            return Identity(Confidence.LIKELY, kind_basis, Basis.NAME)
        return Identity(Confidence.UNSURE, kind_basis, Basis.NOTHING)


def possible_kinds(body: PartnerBody) -> frozenset[Kind]:
    """Return the kinds that a body may be of: several where only its name tells."""
    if body.registered or body.category:
        return frozenset({body.kind})
    return frozenset({body.kind, Kind.PUBLIC_BODY, Kind.THIRD_SECTOR})


def assemble(
    communes: Iterable[Commune],
    organisations: Iterable[Organisation],
    precedents: Iterable[Precedent],
) -> list[PartnerBody]:
    """Return the bodies that may be partners, each with what it was funded for.

    Public bodies come before others of the same name and seat, and communes from their own list only. Bodies being
    wound up are left out, and those whose seat is in no known commune. A funded project is a body's own if it names it
    and lies in its region.
    """
    seats = {commune.istat: commune for commune in communes}
    funded = _by_body(precedents)
    found: dict[str, PartnerBody] = {}
    for body_id, name, kind, seat, category, registered in _named(seats, organisations):
        if not any(words in place_key(name) for words in _WOUND_UP):
            projects = funded.get((place_key(name), region_of(seat)), ())
            found.setdefault(
                body_id,
                PartnerBody(
                    id=body_id,
                    name=name,
                    kind=kind,
                    seat=seat,
                    registered=registered,
                    category=category,
                    funded=tuple(projects),
                ),
            )
    return list(found.values())


_Named = tuple[str, str, Kind, Commune, str, bool]


def _named(seats: Mapping[str, Commune], organisations: Iterable[Organisation]) -> Iterator[_Named]:
    public: set[str] = set()
    for istat, commune in seats.items():
        yield f"{COMMUNES}:{istat}", f"Comune di {commune.name}", Kind.COMMUNE, commune, "", True
    # A body of the register may be on a list of the third sector, too: the register says more.
    for body in sorted(organisations, key=lambda body: not body.ipa_code):
        seat = seats.get(body.commune_istat)
        if seat is None or body.kind in (Kind.COMMUNE, Kind.PERSON) or body.illustrative:
            continue
        key = place_key(body.name)
        if body.ipa_code:
            public.add(key)
        elif key in public:
            continue
        yield body.id, body.name, body.kind, seat, body.category, bool(body.ipa_code)


def _by_body(precedents: Iterable[Precedent]) -> dict[tuple[str, str], list[Precedent]]:
    found: dict[tuple[str, str], list[Precedent]] = defaultdict(list)
    for precedent in precedents:
        if precedent.body:
            for region in _regions(precedent):
                found[place_key(precedent.body), region].append(precedent)
    for projects in found.values():
        projects.sort(key=lambda p: (-float(p.amount.amount) if p.amount else 0.0, p.id))
    return found


def _regions(precedent: Precedent) -> frozenset[str]:
    return find_regions(precedent.region)
