"""What a task is: queries, the calls they are asked over, and the answers that are known to be right.

Task ── folds: Fold ── material: Material ──► one catalogue
    │           └── queries
    ├── qrels, may_apply, strata   by query id
    └── request                    how the systems are asked
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from evaluation.results import Qrels, QueryInfo, Result, TaskInfo, Total
from matcher.catalogue import FundedBodies
from matcher.precedents import code_of
from matcher.recommender import Query, Request
from matcher.records import Commune, FundingCall, Precedent

MayApply = Mapping[str, Mapping[str, str]]
"""Query id → call id → yes, no or unknown, as a reader judged it."""
Strata = dict[str, dict[str, tuple[str, ...]]]
"""Query id → stratum (kind, size, source…) → the values that the query has there."""

DEPTH = 20
"""How many calls a system is asked for: as deep as the deepest measure, R@20, looks."""
NOWHERE = Commune(istat="", name="")
"""Stands for the commune where a task does not judge who may apply."""
WARM, COLD = "warm", "cold"


@dataclass(frozen=True, slots=True)
class Material:
    """What one catalogue is built from: calls, who was funded before (counts), what was funded before.

    ``themes`` are phrases by programme, ``precedents`` the funded projects themselves.
    """

    calls: tuple[FundingCall, ...]
    funded: FundedBodies = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    precedents: tuple[Precedent, ...] = ()

    def without(self, programmes: Collection[str]) -> "Material":
        """Return the same calls, with nothing known of what these programmes have funded."""
        funded = {code: kinds for code, kinds in self.funded.items() if code not in programmes}
        themes = {code: phrases for code, phrases in self.themes.items() if code not in programmes}
        precedents = tuple(one for one in self.precedents if code_of(one) not in programmes)
        return Material(self.calls, funded, themes, precedents)


@dataclass(frozen=True, slots=True)
class Fold:
    """Queries that are answered over one catalogue."""

    material: Material
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Queries with answers that are known.

    ``title`` and ``about`` say in words what is asked of whom. ``qrels`` are what rankings are measured by;
    ``purpose`` the same where nobody asks who may apply. Every query has an id of its own across the folds.
    ``trusted``: whether the product's likelihoods, explanations and robustness are measured, too (one fold only).
    """

    name: str
    title: str
    about: str
    folds: tuple[Fold, ...]
    qrels: Qrels
    purpose: Qrels = field(default_factory=dict)
    may_apply: MayApply = field(default_factory=dict)
    strata: Strata = field(default_factory=dict)
    language: str = "it"
    trusted: bool = False
    request: Request = field(default_factory=lambda: Request(k=DEPTH, judge_eligibility=False))

    @property
    def queries(self) -> tuple[Query, ...]:
        """All queries, in the order of the folds."""
        return tuple(query for fold in self.folds for query in fold.queries)

    def info(self) -> TaskInfo:
        """Return the task as the report shows it."""
        queries = tuple(QueryInfo(q.id, q.text, self.strata.get(q.id, {})) for q in self.queries)
        return TaskInfo(self.name, self.title, self.about, queries, self.qrels, self.language)


@dataclass(frozen=True, slots=True)
class Checked:
    """A task without a ranking, measured while it is loaded: the queries it stands for, and what was found."""

    info: TaskInfo
    results: tuple[Result, ...]
    totals: tuple[Total, ...]


def best_calls(grades: Mapping[str, int]) -> tuple[str, ...]:
    """Return the calls of the highest grade in one query's qrels, none if nothing is relevant."""
    top = max(grades.values(), default=0)
    return tuple(call for call, grade in grades.items() if grade == top > 0)


def strata_of_calls(
    best: Iterable[str], calls: Mapping[str, FundingCall], themes: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the strata that a query has from its best calls: their sources and levels, and whether they are warm.

    A call is warm where its programme is known to have funded something, cold where it is new.
    """
    found = [calls[call] for call in best if call in calls]
    return {
        "source": _values(call.source for call in found),
        "level": _values(call.level.value for call in found),
        "precedents": _values(WARM if themes.get(call.programme) else COLD for call in found),
    }


def sample(ids: Sequence[str], n: int, seed: str) -> tuple[str, ...]:
    """Return ``n`` of some ids, chosen by the hash of seed and id: the same on every machine, and for any order."""
    return tuple(sorted(sorted(ids, key=lambda one: sha256(f"{seed}\0{one}".encode()).digest())[:n]))


def _values(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
