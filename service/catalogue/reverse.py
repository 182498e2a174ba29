"""The reverse view: from a call to the communes that may apply, and the item of each that fits it best.

call ──CommuneTable──► who may apply ─┐
items that may be seen ──similarity──►┴─► communes: may apply first, the nearest item first
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from matcher.passages import calm
from matcher.records import Commune
from matcher.verdicts import Verdict
from service.access.principal import Principal
from service.answers.questions import communes_of, is_public, name_of, open_items, owner_of
from service.catalogue.view import Floats
from service.live import Serving
from service.work.subjects import Item, ItemRef, item_text

_VERDICTS = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET)


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """An item and how near it is to a call: similarity in standard deviations above the passages of all calls."""

    ref: ItemRef
    title: str
    similarity: float
    private: bool


@dataclass(frozen=True, slots=True)
class CommuneMatch:
    """A commune seen from a call; ``item`` is the nearest one that who asks may see."""

    commune: Commune
    verdict: Verdict
    likelihood: float
    item: ItemMatch | None


def communes_for(
    session: Session,
    principal: Principal,
    serving: Serving,
    position: int,
    on: datetime,
    *,
    province: str = "",
    ruled_out: bool = False,
) -> list[CommuneMatch]:
    """Return all communes for one call, best first; those that may not apply only if they are asked for.

    The order depends on nothing that who asks may not see.
    """
    verdicts, likelihoods = serving.commune_table.judge(serving.catalogue.rules[position], on)
    nearest = _nearest(serving, position, _visible(session, principal))
    wanted = [
        row
        for row, commune in enumerate(serving.communes)
        if (ruled_out or verdicts[row] > 0) and (not province or commune.province.casefold() == province.casefold())
    ]
    found = [
        CommuneMatch(commune, _VERDICTS[verdicts[row]], round(float(likelihoods[row]), 4), nearest.get(commune.istat))
        for row in wanted
        for commune in (serving.communes[row],)
    ]
    return sorted(found, key=_key)


def closeness(serving: Serving, positions: Sequence[int], items: Sequence[Item]) -> Floats:
    """Return how near each item is to the nearest passage of each call: float64, (n_items, n_positions).

    In standard deviations above that item's similarity to the passages of all calls, so that a general text, which is
    near to everything, is not near to anything.
    """
    if not items or not positions:
        return np.zeros((len(items), len(positions)))
    texts = [calm(item_text(item)) for item in items]
    vectors, usual, spread = serving.view.measured(texts, serving.encoder.encode_projects)
    bounds = serving.catalogue.first_passage
    parts = [np.arange(bounds[position], bounds[position + 1]) for position in positions]
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    passages = serving.catalogue.dense.vectors[np.concatenate(parts)]
    best = np.maximum.reduceat(vectors @ passages.T, starts, axis=1)
    found: Floats = (best - usual[:, None]) / spread[:, None]
    return found


def _key(match: CommuneMatch) -> tuple[int, float, float, str]:
    near = -match.item.similarity if match.item else float("inf")
    return -_VERDICTS.index(match.verdict), near, -match.likelihood, match.commune.istat


def _visible(session: Session, principal: Principal) -> list[tuple[Item, str | None]]:
    return [
        (item, owner)
        for item, owner in open_items(session)
        if principal.keeps(owner_of(item, owner)) or is_public(item, owner)
    ]


def _nearest(serving: Serving, position: int, items: Sequence[tuple[Item, str | None]]) -> Mapping[str, ItemMatch]:
    """Return for each commune its item that is nearest to the call."""
    if not items:
        return {}
    similarity = closeness(serving, [position], [item for item, _ in items])[:, 0]
    found: dict[str, ItemMatch] = {}
    for (item, owner), value in sorted(zip(items, similarity.tolist(), strict=True), key=lambda p: (-p[1], p[0][0].id)):
        match = ItemMatch(name_of(item), item.title, round(value, 4), not is_public(item, owner))
        for istat in communes_of(item, owner):
            found.setdefault(istat, match)
    return found
