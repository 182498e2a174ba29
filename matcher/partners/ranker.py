"""The order of partners: a table per feature and group of bodies, whose readings add up to the score.

    features ──► tables of the group ──► contributions ──► score, less what is there already

A list of ten equal neighbours fills one role. So each place goes to the body that adds most after those above it:
who plays a role that others above play already loses ``crowding`` for each doubling of them, communes only beyond a
share (``room``) of the list so far, of ten at least. That loss is a contribution like the others.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from matcher.errors import ArtifactError
from matcher.partners.directory import GROUPS, Positions, Values
from matcher.partners.features import FEATURES

TABLES = Path(__file__).parents[1] / "trained" / "partners.json"
"""Where the tables that ship with Remix lie."""
FORMAT = 1
LOOKED_AT = 400
"""Bodies that compete for the places of a list: the best by their own score."""
PAGE = 10
"""Places of a list that are looked at together."""
_REMEDY = "install Remix anew, or train it with `python -m training.partners`"


@dataclass(frozen=True, slots=True)
class PartnerTable:
    """What a feature adds: piecewise linear between ``knots`` (ascending), constant beyond, one row for each group."""

    feature: str
    knots: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class PartnerRanker:
    """Tables in the order of FEATURES; ``base``: what each group starts from, in the order of GROUPS.

    ``crowding``: what each doubling of bodies in the same role takes off; ``room``: the share of a list that communes
    may take before it begins.
    """

    tables: tuple[PartnerTable, ...]
    base: tuple[float, ...]
    crowding: float
    room: float

    def contributions(self, features: Values, groups: Positions) -> Values:
        """Return what the group and each feature add: float64, (n_candidates, 1 + n_features)."""
        added = np.empty((len(features), 1 + len(self.tables)))
        added[:, 0] = np.array(self.base)[groups]
        for column, table in enumerate(self.tables):
            for group in range(len(GROUPS)):
                own = groups == group
                added[own, 1 + column] = np.interp(features[own, column], table.knots, table.values[group])
        return added

    def placed(
        self, scores: Values, groups: Positions, role: Positions, k: int, *, asked: bool = True
    ) -> list[tuple[int, float]]:
        """Return the rows of the ``k`` places in order, each with what crowding takes off (0 or less).

        ``role``: int64, (n_candidates,), the role that each plays, -1 for none: those compete within their group.
        ``asked``: whether the roles were asked for; crowding counts half in those that a text only speaks of. Ties go
        to the first row.
        """
        left = np.lexsort((np.arange(len(scores)), -scores))[:LOOKED_AT]
        keys = np.where(role >= 0, role, -1 - groups)[left]
        communes = groups[left] == 0
        crowding = self.crowding if asked else self.crowding / 2
        above, values = np.zeros(len(left)), scores[left].astype(np.float64)
        placed: list[tuple[int, float]] = []
        for place in range(min(k, len(left))):
            room = np.where(communes, self.room * max(PAGE, place + 1), 1.0)
            loss = crowding * np.log2(1 + np.maximum(0, above + 1 - room))
            best = int(np.argmax(values - loss))
            placed.append((int(left[best]), -float(loss[best])))
            above[keys == keys[best]] += 1
            values[best] = -np.inf
        return placed

    def to_json(self, training: Mapping[str, Any]) -> str:
        """Return the ranker as text, one table a line; ``training`` (data, choices, figures) is kept beside it."""
        head = {"format": FORMAT, "base": self.base, "crowding": self.crowding, "room": self.room}
        lines = ",\n  ".join(json.dumps(asdict(table)) for table in self.tables)
        return f'{{"training": {json.dumps(training)},\n{json.dumps(head)[1:-1]},\n"tables": [\n  {lines}\n]}}\n'


def load_partner_ranker(path: Path = TABLES) -> PartnerRanker:
    """Read trained tables; raises ArtifactError for a file that is none, or of other features than this version's."""
    try:
        found = json.loads(path.read_bytes())
        tables = tuple(
            PartnerTable(row["feature"], tuple(row["knots"]), tuple(tuple(values) for values in row["values"]))
            for row in found["tables"]
        )
        ranker = PartnerRanker(tables, tuple(found["base"]), float(found["crowding"]), float(found["room"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path}: not a trained ranker of partners ({error}); {_REMEDY}") from error
    if found["format"] != FORMAT or tuple(table.feature for table in tables) != FEATURES:
        raise ArtifactError(f"{path}: its features or format are not those of this version; {_REMEDY}")
    return ranker


@cache
def default_partner_ranker() -> PartnerRanker:
    """Return the ranker that ships with Remix, read once."""
    return load_partner_ranker()
