"""``pnrr-warm`` and ``pnrr-cold``: the text of a funded project → the PNRR measure that funded it.

warm    the product as it is: it knows what each measure has funded (the benchmark's dev and test projects are not
among what was counted, see ``evaluation.leakage``)
cold    every answer is a measure of which nobody knows what it has funded: the measures are dealt into FOLDS
groups, and each group's precedents are withheld in turn while all others keep theirs
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpora.funded_bodies import load_funded_bodies
from corpora.funded_themes import load_funded_themes, read_precedents
from evaluation.measures.coverage import size_class
from evaluation.tasks.data import read_calls, read_communes, read_rows, with_notices
from evaluation.tasks.task import COLD, DEPTH, NOWHERE, WARM, Fold, Material, Strata, Task, sample
from matcher.precedents import chosen_precedents
from matcher.recommender import Query, Request
from matcher.records import Commune, QueryKind

FOLDS = 10
PER_MEASURE = 12
"""Projects of one measure that are asked at most: the large ones have hundreds that read alike."""
MOST = 2_000
_SOURCE = "pnrr-misure"
_BENCHMARK = "bench_pnrr_queries.csv.gz"
_OVERLAPS = ((0.1, "below 0.1"), (0.3, "0.1 to 0.3"))
"""Share of the measure's own name that the text holds: how far it gives itself away."""


@dataclass(frozen=True, slots=True)
class FundedProject:
    """A funded project and the measure that funded it."""

    query: Query
    measure: str
    strata: dict[str, tuple[str, ...]]


def load_warm(data: Path, split: str) -> Task:
    """Load the projects of a split, asked over all that is known; raises CorporaError for an unreadable file."""
    funded, material = funded_projects(data, split), known_material(data)
    folds = (Fold(material, tuple(one.query for one in funded)),)
    return _task("pnrr-warm", "what each measure has funded before is known", folds, funded, material)


def load_cold(data: Path, split: str) -> Task:
    """Load the same projects, each asked as if its measure were new; raises CorporaError for an unreadable file."""
    funded, material = funded_projects(data, split), known_material(data)
    measures = sorted({one.measure for one in funded})
    folds = []
    for number in range(FOLDS):
        withheld = frozenset(measures[number::FOLDS])
        queries = tuple(one.query for one in funded if one.measure in withheld)
        if queries:
            folds.append(Fold(material.without(withheld), queries))
    return _task("pnrr-cold", "what the right measure has funded before is withheld", tuple(folds), funded, material)


def known_material(data: Path) -> Material:
    """Read the measures, their notices, and what they have funded.

    The projects that the benchmark asks in dev and test are not among those.
    """
    calls = with_notices(data, read_calls(data, [_SOURCE]))
    precedents = chosen_precedents(read_precedents(data), {call.programme for call in calls})
    return Material(calls, load_funded_bodies(), load_funded_themes(), tuple(precedents))


def _task(name: str, known: str, folds: tuple[Fold, ...], funded: list[FundedProject], material: Material) -> Task:
    themes = {} if name == "pnrr-cold" else material.themes
    strata: Strata = {
        one.query.id: {**one.strata, "precedents": (WARM if themes.get(one.measure) else COLD,)} for one in funded
    }
    n_measures = sum(call.is_measure for call in material.calls)
    return Task(
        name=name,
        title="Progetti finanziati dal PNRR e la loro misura",
        about=f"Which of {n_measures} PNRR measures funded this project? Here {known}. "
        f"At most {PER_MEASURE} projects of a measure; nobody asks who may apply.",
        folds=folds,
        qrels={one.query.id: {f"{_SOURCE}:{one.measure}": 1} for one in funded},
        strata=strata,
        request=Request(k=DEPTH, judge_eligibility=False, sources=frozenset({_SOURCE})),
    )


def funded_projects(data: Path, split: str, per_measure: int = PER_MEASURE, most: int = MOST) -> list[FundedProject]:
    """Return the sampled projects of a split; one that two measures claim is left out, for it has no cold side."""
    rows = {row["qid"]: row for row in read_rows(data / _BENCHMARK) if row["split"] == split}
    communes = read_communes(data)
    chosen = stratified(((qid, row["gold_submisure"]) for qid, row in rows.items()), per_measure, most, "pnrr")
    return [_one(rows[qid], split, communes) for qid in chosen if ";" not in rows[qid]["gold_submisure"]]


def stratified(pairs: Iterable[tuple[str, str]], per_group: int, most: int, seed: str) -> tuple[str, ...]:
    """Return ids of (id, group) pairs: at most ``per_group`` of a group and ``most`` in all, chosen by ``sample``."""
    groups: dict[str, list[str]] = {}
    for one, group in pairs:
        groups.setdefault(group, []).append(one)
    kept = [one for group in sorted(groups) for one in sample(groups[group], per_group, seed)]
    return sample(kept, most, seed)


def _one(row: dict[str, str], split: str, communes: dict[str, Commune]) -> FundedProject:
    commune = communes.get(row["istat_comuni"].split(";")[0])
    overlap = float(row["sovrapposizione_nome"] or 0)
    strata: dict[str, tuple[str, ...]] = {
        "split": (split,),
        "size": (size_class(commune.population if commune else None),),
        "mission": (row["gold_submisure"][:2],),
        "text": (row["fonte"],),
        "body": ("local" if row["ente_locale"] == "True" else "other",),
        "name in text": (next((name for bound, name in _OVERLAPS if overlap < bound), "0.3 and more"),),
    }
    query = Query(row["testo"], commune or NOWHERE, QueryKind.PROJECT, row["qid"], row["cup"])
    return FundedProject(query, row["gold_submisure"], strata)
