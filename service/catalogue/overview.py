"""All communes at a glance: which calls came since last week, which close soon, and who has something to gain by them.

calls that are new or close soon ──may apply──► communes ──one of its items is near──► worth a call
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.eligibility.communes import CommuneTable
from matcher.records import Commune
from service import revisions
from service.answers.questions import communes_of, name_of, open_items
from service.catalogue.reverse import ItemMatch, closeness
from service.catalogue.summaries import CLOSED, STATES
from service.catalogue.view import positions_of
from service.live import Serving
from service.tables import FundingCallRow, ImportRow
from service.work.subjects import Item

NEW_DAYS = 7
CLOSING_WORKING_DAYS = 10
SUITS = 2.5
"""How near an item must be, in standard deviations above the passages of all calls: in the included corpus, with the
encoder that comes by default, an item is so near to 3 of its 103 calls (its nearest one stands at 3.1, the median)."""
_LONGEST = timedelta(days=30)
"""More days than ten working days ever take."""
Items = Sequence[tuple[Item, str | None]]


@dataclass(frozen=True, slots=True)
class Chance:
    """A call in which there is something for a commune, and the item of the commune that says so."""

    call_id: str
    item: ItemMatch


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is in sight for one commune, the nearest first; ``items`` is how many it has that look for money."""

    commune: Commune
    new: tuple[Chance, ...]
    closing: tuple[Chance, ...]
    items: int


def ready_outlooks(session: Session, serving: Serving, on: datetime) -> dict[str, dict[str, Any]]:
    """Return ``outlooks`` as plain data by ISTAT code; kept until the day, a call's state or an item changes."""
    key = ("outlooks", serving.view.epoch(on), serving.revision, _state_of_items(session))
    found: dict[str, dict[str, Any]] = json.loads(
        serving.view.ready(
            key, lambda: json.dumps({one.commune.istat: _plain(one) for one in outlooks(session, serving, on)}).encode()
        )
    )
    return found


def followed(communes: Sequence[Commune]) -> list[Commune]:
    """Return the communes of the metropolitan city (the province of those with a zone), or all, by name."""
    ours = {one.province_code for one in communes if one.zone}
    return sorted(
        (one for one in communes if one.province_code in ours or not ours), key=lambda one: (one.name, one.istat)
    )


def outlooks(session: Session, serving: Serving, on: datetime) -> list[Outlook]:
    """Return the outlook of each commune that is followed, by name; for the incubator, which sees every item."""
    communes = followed(serving.communes)
    table = CommuneTable.build(communes)
    items = open_items(session)
    counts = _counts(items)
    new, closing = new_calls(session, serving, on), closing_calls(serving, on)
    found = suited(serving, sorted({*new, *closing}), items, communes, table, on)
    return [
        Outlook(
            commune,
            tuple(chance for position, chance in found.get(commune.istat, ()) if position in new),
            tuple(chance for position, chance in found.get(commune.istat, ()) if position in closing),
            counts.get(commune.istat, 0),
        )
        for commune in communes
    ]


def _state_of_items(session: Session) -> str:
    return revisions.current(session, ("needs", "projects", "assets"))


def new_calls(session: Session, serving: Serving, on: datetime) -> set[int]:
    """Return the positions of the calls that were read for the first time within the last days and are not closed."""
    since = on - timedelta(days=NEW_DAYS)
    query = (
        select(FundingCallRow.id)
        .join(ImportRow, ImportRow.id == FundingCallRow.first_import_id)
        .where(ImportRow.started_at >= since)
    )
    known = serving.catalogue.positions
    found = {known[call_id] for call_id in session.scalars(query) if call_id in known}
    return found - set(positions_of(serving.view.states(on) == STATES.index(CLOSED)))


def closing_calls(serving: Serving, on: datetime) -> set[int]:
    """Return the positions of the calls that close within the next working days."""
    closing = serving.view.closing
    soon = (closing >= on.timestamp()) & (closing <= (on + _LONGEST).timestamp())
    lefts = ((position, serving.view.summary(position, on)["working_days_left"]) for position in positions_of(soon))
    return {position for position, left in lefts if left is not None and left <= CLOSING_WORKING_DAYS}


def _plain(outlook: Outlook) -> dict[str, Any]:
    return {
        "items": outlook.items,
        "new": [_plain_chance(one) for one in outlook.new],
        "closing": [_plain_chance(one) for one in outlook.closing],
    }


def _plain_chance(chance: Chance) -> dict[str, str]:
    ref = chance.item.ref
    return {"call_id": chance.call_id, "kind": ref.kind, "item_id": ref.id, "title": chance.item.title}


def _counts(items: Items) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for item, owner in items:
        for istat in communes_of(item, owner):
            found[istat] = found.get(istat, 0) + 1
    return found


def suited(
    serving: Serving,
    positions: Sequence[int],
    items: Items,
    communes: Sequence[Commune],
    table: CommuneTable,
    on: datetime,
) -> Mapping[str, list[tuple[int, Chance]]]:
    """Return for each commune the calls that it may apply for and that are near one of its items, nearest first."""
    wanted = {one.istat: row for row, one in enumerate(communes)}
    concerned = [pair for pair in items if any(istat in wanted for istat in communes_of(*pair))]
    near = closeness(serving, positions, [item for item, _ in concerned])
    best: dict[tuple[str, int], ItemMatch] = {}
    for row, column in np.argwhere(near >= SUITS).tolist():
        item, owner = concerned[row]
        match = ItemMatch(name_of(item), item.title, round(float(near[row, column]), 4), private=True)
        for istat in communes_of(item, owner):
            known = best.get((istat, column))
            if istat in wanted and (known is None or known.similarity < match.similarity):
                best[istat, column] = match
    verdicts = {column: table.judge(serving.catalogue.rules[positions[column]], on)[0] for _, column in best}
    found: dict[str, list[tuple[int, Chance]]] = {}
    for (istat, column), match in sorted(best.items(), key=lambda pair: (-pair[1].similarity, pair[0])):
        if verdicts[column][wanted[istat]] > 0:
            position = positions[column]
            chance = Chance(serving.catalogue.calls[position].id, match)
            found.setdefault(istat, []).append((position, chance))
    return found
