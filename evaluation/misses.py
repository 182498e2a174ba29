"""Errors to be read: what stood first instead of the right call, drawn by a seed, with the texts to judge it by.

    pnrr-warm        the right measure is not first         ─┐
    pnrr-cold        it is not among the first five          ├─► 50 of each ──► a sheet to read, not in here
    pnrr-cold-near   it is among them, but not first         │         └──► their rankings, ids only, to be kept
    needs            a call above a better-labelled one,    ─┘
                     two of each of the queries ranked worst

The sheet holds publishers' texts and is never committed; what was read is kept by ids (``corpora.judged_errors``). Only
the dev split is drawn from. Run it as ``python -m evaluation.misses --out FOLDER``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from corpora.errors import CorporaError
from corpora.judged_errors import DRAW_COLUMNS, DRAWS, NEAR, RANKING_COLUMNS, RANKINGS
from evaluation.errors import EvaluationError, TaskError
from evaluation.harness import Clock, run_task
from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.pooling import SUMMARY_LIMIT, nearest_sentences
from evaluation.results import DEPTH, Qrels, Run
from evaluation.tasks import load_task
from evaluation.tasks.task import Checked, Task, best_calls, sample
from evaluation.trust import PRODUCT
from evaluation.workplace import data_folder, open_encoder
from matcher.analyser import Analyser
from matcher.records import FundingCall


@dataclass(frozen=True, slots=True)
class Slice:
    """Errors of a task in which the right call stands after so many places, and not after ``until``."""

    task: str
    after: int
    until: int = 0


SLICES = {
    "pnrr-warm": Slice("pnrr-warm", 1),
    "pnrr-cold": Slice("pnrr-cold", 5),
    f"pnrr-cold{NEAR}": Slice("pnrr-cold", 1, 5),
}
"""Name → errors where one call is right; in ``needs`` every inversion is one."""
NAMES = (*SLICES, "needs")
DRAWN = 50
PER_QUERY = 2
"""Inversions read of one query of ``needs``."""
SEED = "misses"
SHOWN = 5
"""Calls of a ranking that the sheet shows where one call is right."""
_ONE_ANSWER = {part.task for part in SLICES.values()}
_REPOSITORY = Path(__file__).resolve().parent.parent
RANKER = _REPOSITORY / "matcher" / "trained" / "ranker" / "ranker.json"
"""What ranked: its hash is kept, for another one makes other errors."""


@dataclass(frozen=True, slots=True)
class Miss:
    """``shown`` stands above ``right``, which is labelled better; call ids."""

    query_id: str
    shown: str
    right: str


def late(run: Run, qrels: Qrels, part: Slice) -> list[Miss]:
    """Return the queries whose best call stands in a slice, each with the call that stands first."""
    found = []
    for query_id in sorted(qrels):
        ranking, best = [call for call, _ in run[query_id]], set(best_calls(qrels[query_id]))
        reached = not part.until or best & set(ranking[: part.until])
        if best and reached and not best & set(ranking[: part.after]):
            found.append(Miss(query_id, ranking[0], min(best)))
    return found


def inversions(run: Run, qrels: Qrels) -> list[Miss]:
    """Return every call of a first page that stands above a better-labelled one, with the best that stands below it.

    A call that nobody labelled counts as 0, as the measures count it; one that was not found stands below all.
    """
    return [
        Miss(query_id, call, below)
        for query_id in sorted(qrels)
        for rank, (call, _) in enumerate(run[query_id][:DEPTH])
        if (below := _best_below(run[query_id], rank, qrels[query_id]))
    ]


def _best_below(ranking: Sequence[tuple[str, float]], rank: int, grades: Mapping[str, int]) -> str:
    places = {call: place for place, (call, _) in enumerate(ranking)}
    least = grades.get(ranking[rank][0], 0)
    better = [one for one, grade in grades.items() if grade > least and places.get(one, len(places)) > rank]
    return min(better, key=lambda one: (-grades[one], places.get(one, len(places)), one), default="")


def draw(name: str, run: Run, qrels: Qrels, n: int = DRAWN, seed: str = SEED) -> tuple[list[Miss], list[Miss]]:
    """Return ``n`` errors of a task, the same on every machine, and all of them."""
    if name in SLICES:
        found = late(run, qrels, SLICES[name])
        chosen = set(sample([miss.query_id for miss in found], n, seed))
        return [miss for miss in found if miss.query_id in chosen], found
    found = inversions(run, qrels)
    values = ranking_measures(run, qrels)[MAIN]
    by_query: dict[str, dict[str, Miss]] = {}
    for miss in sorted(found, key=lambda miss: (values[miss.query_id], miss.query_id)):
        by_query.setdefault(miss.query_id, {})[miss.shown] = miss
    drawn = [of_query[call] for of_query in by_query.values() for call in sample([*of_query], PER_QUERY, seed)]
    return drawn[:n], found


def sheet(task: Task, run: Run, drawn: list[Miss]) -> Iterator[str]:
    """Yield the blocks of a reading sheet, in Markdown, an error each."""
    calls = {call.id: call for fold in task.folds for call in fold.material.calls}
    queries, analyser = {query.id: query for query in task.queries}, Analyser()
    for number, miss in enumerate(drawn, start=1):
        query = queries[miss.query_id]
        places = {call: place for place, (call, _) in enumerate(run[miss.query_id], start=1)}
        first = [call for call, _ in run[miss.query_id][:SHOWN]] if task.name in _ONE_ANSWER else [miss.shown]
        yield f"## {number}. {task.name} {query.id} ({query.commune.name}, {query.commune.population})\n{query.text}"
        for call in dict.fromkeys([miss.right, *first]):
            role = "RIGHT" if call == miss.right else "shown"
            grade = task.qrels[query.id].get(call, "no label")
            head = f"- {role}, rank {places.get(call, f'>{task.request.k}')}, label {grade}"
            yield f"{head}: {_text(calls[call], query.text, analyser)}"


def _text(call: FundingCall, query: str, analyser: Analyser) -> str:
    fields = (call.title, call.issuer, call.applicants_text, call.territory_text, call.summary[:SUMMARY_LIMIT])
    said = [" ".join(field.split()) for field in (*fields, *nearest_sentences(call.text, query, analyser)) if field]
    return f"`{call.id}` " + " | ".join(said)


def run_product(name: str) -> tuple[Task, Run]:
    """Ask the product the dev split of a task; raises TaskError for one that ranks nothing."""
    task = load_task(name, data_folder(), "dev")
    if isinstance(task, Checked):
        raise TaskError(f"{name!r} has no ranking of which errors could be read")
    encoder = open_encoder(_silent)
    return task, run_task(replace(task, trusted=False), [PRODUCT], encoder, _silent, Clock()).runs[PRODUCT]


def draw_all(out: Path) -> Iterator[str]:
    """Write a sheet per task, ``rankings.tsv`` and ``drawn.tsv`` into a folder; yield what was drawn, task by task.

    Raises TaskError for a folder inside the repository or that cannot be written, CorporaError for unreadable data.
    """
    if out.resolve().is_relative_to(_REPOSITORY):
        raise TaskError(f"--out {out}: the sheets hold publishers' texts; choose a folder outside the repository")
    tops, draws = ["\t".join(RANKING_COLUMNS)], ["\t".join(DRAW_COLUMNS)]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for task, run in (run_product(name) for name in (*sorted(_ONE_ANSWER), "needs")):
            for name in (name for name in NAMES if task.name in (name, name.removesuffix(NEAR))):
                drawn, found = draw(name, run, task.qrels)
                (out / f"{name}.md").write_text("\n\n".join(sheet(task, run, drawn)) + "\n", encoding="utf-8")
                tops += [f"{name}\t{one}\t{_top(run[one])}" for one in dict.fromkeys(miss.query_id for miss in drawn)]
                draws.append("\t".join(map(str, _summary(name, run, task.qrels, found))))
                yield f"{name}: {len(drawn)} of {len(found)} errors"
        (out / RANKINGS).write_text("\n".join(tops) + "\n", encoding="utf-8")
        (out / DRAWS).write_text("\n".join(draws) + "\n", encoding="utf-8")
    except OSError as error:
        raise TaskError(f"--out {out}: cannot be written ({error.strerror}); choose another folder") from error


def _top(ranking: Sequence[tuple[str, float]]) -> str:
    return " ".join(call for call, _ in ranking[:DEPTH])


def _summary(name: str, run: Run, qrels: Qrels, found: Sequence[Miss]) -> tuple[object, ...]:
    values = ranking_measures(run, qrels)[MAIN]
    wrong = {miss.query_id for miss in found}
    hopeless = sum(not best_calls(grades) for grades in qrels.values())
    of_wrong = fmean(values[one] for one in wrong) if wrong else 1.0
    ranker = sha256(RANKER.read_bytes()).hexdigest()[:12]
    return (
        name,
        len(values),
        hopeless,
        len(found),
        len(wrong),
        f"{fmean(values.values()):.4f}",
        f"{of_wrong:.4f}",
        ranker,
    )


def _silent(_what: str, _done: int, _total: int) -> None:
    return None


def main(out: Annotated[Path, typer.Option("--out", help="Folder for what is to be read, not in here.")]) -> None:
    """Draw errors of the product on the dev split and write them down to be read."""
    try:
        for line in draw_all(out):
            typer.echo(line)
    except (EvaluationError, CorporaError) as error:
        raise typer.BadParameter(str(error)) from error


if __name__ == "__main__":
    typer.run(main)
