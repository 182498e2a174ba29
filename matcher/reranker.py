"""The re-ranker: a table per feature, whose readings add up to the score.

    feature ──► table of its group (programmes that have funded something, programmes that have not) ──► contribution
    score = sum of contributions = log-odds, up to a constant of the query, that this call funds it

A project among the measures of one plan and a need among the calls of everybody differ in every number. There is a set
of tables for each; how far a project is answered by the first depends on how many of the calls have precedents.

Both groups were trained in one softmax, half of the time with the right answer's precedents hidden, so a new call and
an old one have scores on one scale. Serving reads tables; nothing is fitted.
"""

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import ArtifactError
from matcher.features import FEATURES
from matcher.projections import Projections, load_projections
from matcher.records import QueryKind

TABLES, PROJECTIONS, MANIFEST = "ranker.json", "projections.npz", "manifest.json"
TRAINED = Path(__file__).parent / "trained" / "ranker"
"""Where the re-ranker that ships with Remix lies."""
FORMAT = 2
_REMEDY = "install Remix anew, or train it with `remix train`"
SPARSE, COVERED = 0.08, 0.16
"""Share of the calls in scope with precedents, between which the tables of projects take over: of the PNRR's measures
one in four has some, of its procedures one in seven."""
_KNOWN = FEATURES.index("known")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """What a feature adds: piecewise linear between ``knots`` (ascending), constant beyond them.

    ``known`` and ``new``: the values at the knots for calls with and without precedents.
    """

    feature: str
    knots: tuple[float, ...]
    known: tuple[float, ...]
    new: tuple[float, ...]


@dataclass(frozen=True)
class Reranker:
    """Tables in the order of FEATURES: ``projects`` where precedents lead, ``needs`` elsewhere.

    ``affinity``: the weights of a programme's seven features (see ``Signals``); ``projections``: what is read from
    vectors besides their cosine, None for nothing.
    """

    projects: tuple[Table, ...]
    needs: tuple[Table, ...]
    affinity: tuple[float, ...]
    projections: Projections | None = None

    def contributions(self, features: Matrix, share: float) -> Matrix:
        """Return what each feature adds to each candidate's score: float64, (n_candidates, n_features).

        ``share``: how far the tables of projects count, 0 to 1 (see ``precedents_lead``).
        """
        known = features[:, _KNOWN] > 0
        added = np.zeros_like(features)
        for tables, part in ((self.projects, share), (self.needs, 1 - share)):
            if part > 0:
                added += part * self._read(tables, features, known)
        return added

    def _read(self, tables: tuple[Table, ...], features: Matrix, known: NDArray[np.bool_]) -> Matrix:
        added = np.empty_like(features)
        for column, table in enumerate(tables):
            values = features[:, column]
            added[:, column] = np.where(
                known, np.interp(values, table.knots, table.known), np.interp(values, table.knots, table.new)
            )
        return added

    def to_json(self) -> str:
        """Return the re-ranker as text: one table a line, the same text for the same tables."""
        sets = ",\n".join(f'"{name}": [\n  {_lines(tables)}\n]' for name, tables in self._sets())
        return f'{{"format": {FORMAT}, "affinity": {json.dumps(self.affinity)},\n{sets}}}\n'

    def _sets(self) -> tuple[tuple[str, tuple[Table, ...]], ...]:
        return ("projects", self.projects), ("needs", self.needs)


def _lines(tables: tuple[Table, ...]) -> str:
    return ",\n  ".join(json.dumps(asdict(table)) for table in tables)


def precedents_lead(kind: QueryKind, coverage: float) -> float:
    """Return how far a query is answered by the tables of projects, 0 to 1.

    ``coverage``: share of the calls in scope that are known to have funded something, 0 where they are of several
    sources. Elsewhere what was learned on the measures of one plan does not carry over; needs and assets are told in
    other words than projects.
    """
    if kind is not QueryKind.PROJECT:
        return 0.0
    return float(np.clip((coverage - SPARSE) / (COVERED - SPARSE), 0, 1))


def load_reranker(folder: Path = TRAINED) -> Reranker:
    """Read a trained re-ranker; raises ArtifactError if it is not the one that its manifest names, or does not fit."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        for name, digest in manifest["files"].items():
            if digest != sha256((folder / name).read_bytes()).hexdigest():
                raise ArtifactError(f"{folder / name}: changed since it was trained; {_REMEDY}")
        found = parse_reranker(json.loads((folder / TABLES).read_bytes()))
        projected = load_projections(folder / PROJECTIONS) if PROJECTIONS in manifest["files"] else None
        return replace(found, projections=projected)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{folder}: not a trained re-ranker ({error}); {_REMEDY}") from error


@cache
def default_reranker() -> Reranker:
    """Return the re-ranker that ships with Remix, read once."""
    return load_reranker()


def parse_reranker(found: dict[str, Any]) -> Reranker:
    """Read what ``to_json`` wrote; raises ArtifactError for other features or another format than this version's."""
    if found["format"] != FORMAT:
        raise ArtifactError(f"re-ranker of format {found['format']}, this version reads {FORMAT}; {_REMEDY}")
    projects, needs = (
        tuple(Table(t["feature"], tuple(t["knots"]), tuple(t["known"]), tuple(t["new"])) for t in found[name])
        for name in ("projects", "needs")
    )
    for tables in (projects, needs):
        if tuple(table.feature for table in tables) != FEATURES:
            raise ArtifactError(f"the re-ranker's features are not those of this version; {_REMEDY}")
    return Reranker(projects, needs, tuple(found["affinity"]))
