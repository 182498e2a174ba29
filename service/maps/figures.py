"""What is counted in each commune: projects and their money, what is late, needs, assets, open calls that suit.

None is what nobody knows, and is never zero: no projects were imported, no amount is published, nothing was described.
Everybody sees what is public; the incubator sees what communes keep to themselves too.
"""

import json
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from matcher.eligibility.communes import CommuneTable
from matcher.records import Commune
from service import revisions
from service.answers.questions import communes_of, is_public, open_items
from service.assets.register import AssetFilters, Register, RegisterLine, matching
from service.catalogue.overview import suited
from service.catalogue.summaries import OPEN, STATES
from service.catalogue.view import positions_of
from service.errors import NotReadyError
from service.frame.tables import RecordTagRow
from service.live import Serving
from service.maps.classes import Figure
from service.register.entries import matching as passing
from service.register.entries import public, shown
from service.register.filters import RegisterFilters
from service.register.observation_rows import Fact, ObservationRow
from service.register.tables import RegisterEntryRow, RegisterPlaceRow
from service.tables import NeedRow
from service.work.merged import merged_away


class Measure(StrEnum):
    """What a map counts."""

    PROJECTS = "projects"
    MONEY = "money"
    LATE = "late"
    ASSETS = "assets"
    CALLS = "calls"
    NEEDS = "needs"


OF_PROJECTS = frozenset({Measure.PROJECTS, Measure.MONEY, Measure.LATE})
"""What is read in the register of projects, and obeys all of its filters."""
ONLY_STAFF = frozenset({Measure.NEEDS})
"""What is never published: needs belong to their communes."""
READ_FROM: Mapping[Measure, tuple[str, ...]] = {
    Measure.ASSETS: ("assets", "merges", "communes"),
    Measure.CALLS: ("needs", "projects", "assets", "merges", "communes"),
}
"""What may be kept, and what it depends on by the names of ``revisions.touch``; the rest is counted in no time."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, and what the answer is read from; ``for_staff``: whether communes' own records are counted.

    ``communes`` are all that are known; ``serving`` is needed for calls alone.
    """

    session: Session
    communes: Sequence[Commune]
    assets: Register
    for_staff: bool
    on: datetime
    serving: Serving | None = None

    @property
    def revision(self) -> str:
        """The state of the communes that are known, "" where they were read for this answer alone."""
        return "" if self.serving is None else self.serving.revision

    def needed_serving(self) -> Serving:
        """Return what calls are read from; raises NotReadyError where they were not loaded."""
        if self.serving is None:
            raise NotReadyError("the calls are being read; try again shortly")
        return self.serving

    def state(self, measure: Measure, filters: RegisterFilters) -> Hashable | None:
        """Return what a figure is good for: another state, another figure; None for what is never kept.

        Tags are filled in at any time, so that what is asked for by them is counted anew.
        """
        if measure not in READ_FROM or filters.driver or filters.mission:
            return None
        known = revisions.current(self.session, READ_FROM[measure])
        moment = self.needed_serving().view.epoch(self.on) if measure is Measure.CALLS else None
        return known, self.revision, moment


@dataclass(frozen=True, slots=True)
class Figures:
    """A figure for each commune by ISTAT code, and the total, in which what lies in several communes counts once."""

    of: Mapping[str, Figure | None]
    total: Figure | None


def read_figures(asking: Asking, measure: Measure, filters: RegisterFilters, communes: Sequence[Commune]) -> Figures:
    """Return one figure for each of these communes; money in EUR, the rest counted.

    What is asked of projects alone (programme, state, source, year, amount) is left aside for the others.
    """
    if measure in OF_PROJECTS:
        return _of_projects(asking, measure, filters, communes)
    if measure is Measure.ASSETS:
        return _of_assets(asking, filters, communes)
    if measure is Measure.NEEDS:
        return _of_needs(asking, filters, communes)
    return _of_calls(asking, filters, communes)


def asset_lines(asking: Asking, filters: RegisterFilters) -> list[RegisterLine]:
    """Return the assets that pass the filters and that may be seen."""
    tagged = _tagged(asking.session, "asset", filters)
    lines = matching(asking.assets.lines(asking.session), AssetFilters(words=filters.text))
    return [
        one
        for one in lines
        if (asking.for_staff or one.owner_istat is None) and (tagged is None or one.asset.id in tagged)
    ]


def per_head(figures: Figures, communes: Sequence[Commune], measure: Measure) -> Figures:
    """Return the figures for each inhabitant (money) or for each thousand (the rest), to two decimals."""
    scale = 1 if measure is Measure.MONEY else 1_000
    shares = {one.istat: _share(figures.of[one.istat], one.population, scale) for one in communes}
    inhabitants = sum(one.population or 0 for one in communes)
    return Figures(shares, _share(figures.total, inhabitants, scale))


def _share(value: Figure | None, inhabitants: int | None, scale: int) -> Decimal | None:
    if value is None or not inhabitants:
        return None
    return round(Decimal(value) * scale / inhabitants, 2)


def _of_projects(asking: Asking, measure: Measure, filters: RegisterFilters, communes: Sequence[Commune]) -> Figures:
    entry, placed = RegisterEntryRow, RegisterPlaceRow
    wanted = _wanted(asking, measure, filters)
    within = placed.commune_istat.in_([one.istat for one in communes])
    grouped = (
        select(placed.commune_istat, func.count(), func.sum(entry.amount))
        .join(entry, entry.id == placed.entry_id)
        .where(within, *wanted)
        .group_by(placed.commune_istat)
    )
    found = {istat: (number, money) for istat, number, money in asking.session.execute(grouped)}
    here = select(placed.entry_id).where(within)
    total = asking.session.execute(
        select(func.count(), func.sum(entry.amount)).where(entry.id.in_(here), *wanted)
    ).one()
    told = _told_of(asking, measure, communes)
    values = {
        one.istat: _counted(measure, *found.get(one.istat, (0, None))) if one.istat in told else None
        for one in communes
    }
    return Figures(values, _counted(measure, total[0], total[1]) if told else None)


def _told_of(asking: Asking, measure: Measure, communes: Sequence[Commune]) -> frozenset[str]:
    """Return the communes of whose projects something is known: all where any were imported; for delays, some day."""
    placed = RegisterPlaceRow
    if measure is Measure.LATE:
        planned = select(ObservationRow.entry_id).where(
            ObservationRow.fact == Fact.MILESTONE,
            ObservationRow.withdrawn_at.is_(None),
            ObservationRow.planned_on.is_not(None),
            *([] if asking.for_staff else [ObservationRow.owner_istat.is_(None)]),
        )
        query = select(placed.commune_istat).where(placed.entry_id.in_(planned)).distinct()
        return frozenset(asking.session.scalars(query))
    of_register = select(RegisterEntryRow.id).where(shown() if asking.for_staff else public())
    if asking.session.scalar(of_register.limit(1)) is None:
        return frozenset()
    return frozenset(one.istat for one in communes)


def _wanted(asking: Asking, measure: Measure, filters: RegisterFilters) -> list[ColumnElement[bool]]:
    return [
        shown() if asking.for_staff else public(),
        passing(replace(filters, late=filters.late or measure is Measure.LATE)),
    ]


def _counted(measure: Measure, number: int, money: Decimal | None) -> Figure | None:
    if measure is not Measure.MONEY:
        return number
    return money if number else 0


def _of_assets(asking: Asking, filters: RegisterFilters, communes: Sequence[Commune]) -> Figures:
    described = {
        one.asset.commune_istat
        for one in asking.assets.lines(asking.session)
        if asking.for_staff or one.owner_istat is None
    }
    number = Counter(one.asset.commune_istat for one in asset_lines(asking, filters))
    return _summed(number, described, communes)


def _of_needs(asking: Asking, filters: RegisterFilters, communes: Sequence[Commune]) -> Figures:
    tagged, words = _tagged(asking.session, "need", filters), filters.text.casefold().split()
    query = select(NeedRow.id, NeedRow.commune_istat, NeedRow.payload).where(
        NeedRow.archived_at.is_(None), NeedRow.id.not_in(merged_away("needs"))
    )
    rows = asking.session.execute(query).all() if asking.for_staff else []
    number = Counter(
        istat
        for id_, istat, payload in rows
        if (tagged is None or id_ in tagged) and (not words or _holds(payload, words))
    )
    return _summed(number, {istat for _, istat, _ in rows}, communes)


def _holds(payload: str, words: Sequence[str]) -> bool:
    need = json.loads(payload)
    text = f"{need['title']} {need.get('text', '')}".casefold()
    return all(word in text for word in words)


def _of_calls(asking: Asking, filters: RegisterFilters, communes: Sequence[Commune]) -> Figures:
    """Count the open calls for which a commune may apply and which are near to something that it described."""
    serving, tagged = asking.needed_serving(), _tagged(asking.session, "call", filters)
    items = [pair for pair in open_items(asking.session) if asking.for_staff or is_public(*pair)]
    is_open = serving.view.states(asking.on) == STATES.index(OPEN)
    calls = [
        position
        for position in positions_of(is_open)
        if tagged is None or serving.catalogue.calls[position].id in tagged
    ]
    found = suited(serving, calls, items, communes, CommuneTable.build(communes), asking.on)
    described = {istat for item, owner in items for istat in communes_of(item, owner)}
    number = Counter({istat: len(suiting) for istat, suiting in found.items()})
    summed = _summed(number, described, communes)
    distinct = {position for suiting in found.values() for position, _ in suiting}
    return Figures(summed.of, None if summed.total is None else len(distinct))


def _summed(number: Mapping[str, int], described: Collection[str], communes: Iterable[Commune]) -> Figures:
    """Return counts of what communes describe: where nothing was described there is nothing to count."""
    values = {one.istat: number.get(one.istat, 0) if one.istat in described else None for one in communes}
    known = [value for value in values.values() if value is not None]
    return Figures(values, sum(known) if known else None)


def _tagged(session: Session, kind: str, filters: RegisterFilters) -> frozenset[str] | None:
    """Return the records of a kind that have the driver and the mission asked for; None where none is asked for."""
    wanted = [("driver", filters.driver), ("mission", filters.mission)]
    found: frozenset[str] | None = None
    for scheme, code in wanted:
        if code:
            tag = RecordTagRow
            query = select(tag.record_id).where(tag.scheme == scheme, tag.code == code, tag.kind == kind)
            ids = frozenset(session.scalars(query))
            found = ids if found is None else found & ids
    return found
