"""How good the suggested partners are: ``python -m evaluation.partners`` prints the tables and writes the figures.

labelled    36 invented projects of real communes, bodies graded by reading: nDCG@10, roles covered, against each
            baseline with a paired test (the tables are learnt on dev: only test counts)
outcomes    real partnerships: is the true partner among the first 20 of all bodies of the province?
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evaluation.comparison import Comparison, compare_all, mean_interval
from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.measures.roles import NAME as ROLES_NAME
from evaluation.measures.roles import role_coverage
from evaluation.partner_material import LabelledSet, labelled, read_directory
from evaluation.partner_outcomes import NEIGHBOURS, TOGETHER, Case, cases, read_outcomes
from evaluation.partner_systems import PartnerSystems, Ranked
from evaluation.results import PerQuery, Result, Run
from evaluation.workplace import data_folder
from matcher.partners import Directory

DEPTH = 20
HIT, FOUND = "hit@20", "found@20"
"""Whether any true partner, and which share of them, is among the first 20."""
OWN = "remix"
SHOWN = (MAIN, "R@20", "Judged@10", ROLES_NAME, HIT, FOUND)
"""Measures that the tables show, where a task has them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One task: its results by system and measure, and the product against each baseline."""

    task: str
    results: tuple[Result, ...]
    comparisons: tuple[Comparison, ...]


def measure_labelled(directory: Directory, asked: LabelledSet, task: str, told: Callable[[str], None]) -> Measured:
    """Rank the labelled projects by every system and measure them."""
    results = []
    for name, system in PartnerSystems(directory).all().items():
        told(f"{task}: {name}")
        run: Run = {query_id: system(query, DEPTH) for query_id, query in asked.queries.items()}
        values = dict(ranking_measures(run, asked.qrels)) | {
            ROLES_NAME: role_coverage(run, asked.qrels, asked.roles, directory)
        }
        results += [Result(task, name, measure, found) for measure, found in values.items()]
    return Measured(task, tuple(results), tuple(_compared(results, (MAIN, ROLES_NAME))))


def measure_outcomes(directory: Directory, asked: Sequence[Case], task: str, told: Callable[[str], None]) -> Measured:
    """Rank the bodies of each case's province by every system and look for the true partners."""
    results = []
    for name, system in PartnerSystems(directory, same_province=True).all().items():
        told(f"{task}: {name}")
        found: Mapping[str, Ranked] = {case.id: system(case.query, DEPTH) for case in asked}
        shares = {case.id: _share(case, found[case.id]) for case in asked}
        hits: PerQuery = {case_id: float(share > 0) for case_id, share in shares.items()}
        results += [Result(task, name, HIT, hits), Result(task, name, FOUND, shares)]
    return Measured(task, tuple(results), tuple(_compared(results, (HIT, FOUND))))


def _share(case: Case, ranked: Ranked) -> float:
    first = {body_id for body_id, _ in ranked}
    return len(case.partners & first) / len(case.partners)


def _compared(results: Sequence[Result], measures: Sequence[str]) -> list[Comparison]:
    own = {one.measure: one for one in results if one.system == OWN}
    pairs = [(one, own[one.measure]) for one in results if one.system != OWN and one.measure in measures]
    return compare_all(pairs)


def run(data: Path, split: str, told: Callable[[str], None]) -> list[Measured]:
    """Measure the labelled projects of a split, with and without what they want, and the real partnerships."""
    regional = read_directory(data)
    found = [
        measure_labelled(regional, labelled(data, split, wanted=wanted), f"partners-{split}{suffix}", told)
        for wanted, suffix in ((True, ""), (False, "-text-only"))
    ]
    precedents = read_outcomes(data)
    national = read_directory(data, "", precedents)
    real = cases(data, national, precedents)
    by_sort = {sort: [case for case in real if case.sort == sort] for sort in (TOGETHER, NEIGHBOURS)} | {"all": real}
    found += [measure_outcomes(national, some, f"outcome-{sort}", told) for sort, some in by_sort.items()]
    return found


def table_of(measured: Measured) -> Table:
    """Return a table of one task: systems, measures with 95% intervals, the difference to the product's, p by Holm."""
    measures = [name for name in SHOWN if any(one.measure == name for one in measured.results)]
    n = len(measured.results[0].per_query)
    table = Table("system", *measures, "difference, p", title=f"{measured.task}, n = {n}", title_justify="left")
    for system in dict.fromkeys(one.system for one in measured.results):
        own = {one.measure: one for one in measured.results if one.system == system}
        cells = [_interval(own[name]) for name in measures]
        against = [
            f"{one.measure} {one.difference.mean:+.3f} p {one.p_holm:.4f}"
            for one in measured.comparisons
            if one.baseline == system
        ]
        table.add_row(system, *cells, "; ".join(against))
    return table


def _interval(result: Result) -> str:
    found = mean_interval(result.per_query.values())
    return f"{found.mean:.3f} [{found.low:.3f}-{found.high:.3f}]"


def figures(measured: Sequence[Measured]) -> dict[str, dict[str, dict[str, float]]]:
    """Return task → system → measure → mean, rounded: what a file of figures holds."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for one in measured:
        for result in one.results:
            found.setdefault(one.task, {}).setdefault(result.system, {})[result.measure] = round(result.mean(), 4)
    return found


def main(
    split: Annotated[str, typer.Option("--split", help="dev, on which the tables were learnt, or test.")] = "dev",
    out: Annotated[Path | None, typer.Option("--out", help="JSON file for the figures.")] = None,
) -> None:
    """Print how good the suggested partners are, beside each baseline."""
    console = Console(width=220)
    measured = run(data_folder(), split, lambda what: Console(stderr=True).print(what))
    for one in measured:
        console.print(table_of(one))
    if out is not None:
        out.write_text(json.dumps(figures(measured), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
