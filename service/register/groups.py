"""What groups of projects come to: how many, how much money, in which states, in how many communes.

A project counts once in a group, whatever the number of its communes, and its money is counted whole.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.register.tables import RegisterEntryRow as Entry
from service.register.tables import RegisterPlaceRow as Place
from service.tables import CommuneRow


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """What a group comes to. ``states``: projects by state, "" where nobody says one; ``amount`` in EUR.

    ``with_amount``: the projects that state an amount. ``paired``: those that go with another one, works with the
    services that accompany them.
    """

    projects: int
    with_amount: int
    amount: Decimal
    paired: int
    states: dict[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """The projects of one programme, measure and state."""

    programme: str
    measure: str
    measure_label: str
    state: str
    projects: int
    with_amount: int
    amount: Decimal
    paired: int


@dataclass(frozen=True, slots=True)
class CommuneShare:
    """What of a group is in one commune, each project whole; amount in EUR."""

    istat: str
    name: str
    zone: str
    projects: int
    amount: Decimal


def cells_of(session: Session, wanted: ColumnElement[bool]) -> list[Cell]:
    """Return the projects that are ``wanted``, counted by programme, measure and state."""
    by = Entry.programme, Entry.measure, Entry.state
    figures = func.count(), func.count(Entry.amount), func.sum(Entry.amount), func.sum(case((_is_paired(), 1), else_=0))
    query = select(*by, func.max(Entry.measure_label), *figures).where(wanted).group_by(*by)
    return [
        Cell(programme, measure, label, state, projects, with_amount, amount or Decimal(0), int(paired))
        for programme, measure, state, label, projects, with_amount, amount, paired in session.execute(query)
    ]


def totals_of_cells(cells: Iterable[Cell]) -> GroupTotals:
    """Return what some cells come to together."""
    states: Counter[str] = Counter()
    projects = with_amount = paired = 0
    amount = Decimal(0)
    for cell in cells:
        states[cell.state] += cell.projects
        projects, with_amount = projects + cell.projects, with_amount + cell.with_amount
        amount, paired = amount + cell.amount, paired + cell.paired
    return GroupTotals(projects, with_amount, amount, paired, dict(states.most_common()))


def communes_by(
    session: Session, wanted: ColumnElement[bool], *keys: ColumnElement[str] | InstrumentedAttribute[str]
) -> dict[tuple[str, ...], set[str]]:
    """Return the communes of the projects that are ``wanted``, by properties of theirs."""
    query = select(*keys, Place.commune_istat).distinct().join(Place, Place.entry_id == Entry.id).where(wanted)
    found: dict[tuple[str, ...], set[str]] = {}
    for *values, istat in session.execute(query):
        found.setdefault(tuple(values), set()).add(istat)
    return found


def shares_of_communes(session: Session, wanted: ColumnElement[bool]) -> tuple[CommuneShare, ...]:
    """Return what is in each commune of the metropolitan area, in the order of their names."""
    query = (
        select(CommuneRow.id, CommuneRow.name, CommuneRow.zone, func.count(), func.sum(Entry.amount))
        .join(Place, Place.commune_istat == CommuneRow.id)
        .join(Entry, Entry.id == Place.entry_id)
        .where(wanted, metropolitan())
        .group_by(CommuneRow.id, CommuneRow.name, CommuneRow.zone)
        .order_by(CommuneRow.name)
    )
    return tuple(
        CommuneShare(istat, name, zone, projects, amount or Decimal(0))
        for istat, name, zone, projects, amount in session.execute(query)
    )


def metropolitan() -> ColumnElement[bool]:
    """The condition that a commune is of the area that is divided into zones: of a province that has some."""
    return CommuneRow.province_code.in_(select(CommuneRow.province_code).where(CommuneRow.zone != ""))


def how_many_nowhere(session: Session, wanted: ColumnElement[bool]) -> int:
    """Return how many of the projects that are ``wanted`` name no commune."""
    nowhere = and_(wanted, Entry.id.not_in(select(Place.entry_id)))
    return session.scalar(select(func.count()).select_from(Entry).where(nowhere)) or 0


def _is_paired() -> ColumnElement[bool]:
    # What a commune keeps to itself shows in its own count alone.
    public, own = aliased(Entry), aliased(Entry)
    by_public = select(public.paired_with).where(public.paired_with != "", public.owner_istat.is_(None))
    by_own = select(own.id).where(own.paired_with == Entry.id, own.owner_istat == Entry.owner_istat)
    return or_(Entry.paired_with != "", Entry.id.in_(by_public), and_(Entry.owner_istat.is_not(None), by_own.exists()))
