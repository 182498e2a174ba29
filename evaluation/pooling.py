"""From runs to judging sheets: what several rankers put first, unjudged yet, with both texts to read.

    run files ──► union of the first ``depth`` per query ──► minus the pairs already judged ──► one sheet per query

A sheet says neither which ranker found a call nor how high: whoever judges must not know (pooling: Spärck Jones and
van Rijsbergen 1975). Run it as ``python -m evaluation.pooling``.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import CorporaError
from corpora.judged import JudgedQuery, load_judgments, load_queries
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from evaluation.errors import EvaluationError, RunError
from evaluation.runs import read_run
from matcher.analyser import Analyser
from matcher.lexical import LexicalIndex
from matcher.passages import sentences
from matcher.records import FundingCall

SUMMARY_LIMIT = 600
SENTENCE_LIMIT = 400
SENTENCES = 2

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CallToJudge:
    """What a judge reads of a call: its short fields and, from a long text, the sentences nearest to the query."""

    call_id: str
    title: str
    issuer: str
    applicants_text: str
    territory_text: str
    summary: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One query and the calls to judge for it, in the order of their ids."""

    query_id: str
    kind: str
    commune: str
    text: str
    calls: tuple[CallToJudge, ...]


def pool(runs: Iterable[Path], depth: int, judged: Collection[Pair] = ()) -> dict[str, list[str]]:
    """Union the first ``depth`` ranks of run files: query id → sorted call ids, pairs already judged left out.

    Raises RunError for a run that cannot be read.
    """
    found: dict[str, set[str]] = {}
    for path in runs:
        for row in read_run(path):
            if row.rank <= depth and (row.query_id, row.call_id) not in judged:
                found.setdefault(row.query_id, set()).add(row.call_id)
    return {query_id: sorted(found[query_id]) for query_id in sorted(found)}


def pairs_to_reread(labels: Path, file: str) -> dict[str, list[str]]:
    """Return the pairs of a file of judgments in ``labels``, as ``pool`` does; raises CorporaError for a bad file."""
    found: dict[str, set[str]] = {}
    for judgment in load_judgments(labels, file):
        found.setdefault(judgment.query_id, set()).add(judgment.call_id)
    return {query_id: sorted(found[query_id]) for query_id in sorted(found)}


def sheets(
    pooled: Mapping[str, Sequence[str]], queries: Iterable[JudgedQuery], calls: Mapping[str, FundingCall]
) -> Iterator[Sheet]:
    """Yield the sheets of the queries that have calls to judge, in the order of the queries.

    Raises RunError naming the pooled calls that ``calls`` does not hold.
    """
    wanted = [(query, pooled[query.query_id]) for query in queries if query.query_id in pooled]
    missing = sorted({call_id for _, call_ids in wanted for call_id in call_ids} - calls.keys())
    if missing:
        raise RunError(f"{len(missing)} pooled calls are in none of the --calls files: {', '.join(missing[:5])}")
    analyser = Analyser()
    for query, call_ids in wanted:
        to_judge = tuple(_to_judge(calls[call_id], query.text, analyser) for call_id in call_ids)
        yield Sheet(query.query_id, query.kind, query.commune, query.text, to_judge)


def nearest_sentences(text: str, query: str, analyser: Analyser) -> tuple[str, ...]:
    """Return the sentences of a text that share most with a query by BM25, in reading order, at most two."""
    spans = [" ".join(text[start:end].split())[:SENTENCE_LIMIT] for start, end in sentences(text)]
    if not spans:
        return ()
    scores = LexicalIndex.build(spans, analyser).scores([query])[0]
    best = sorted(range(len(spans)), key=lambda position: (-scores[position], position))[:SENTENCES]
    return tuple(spans[position] for position in sorted(best) if scores[position] > 0)


def read_calls(files: Iterable[tuple[str, Path]]) -> dict[str, FundingCall]:
    """Read calls by id through the importers of (source, file) pairs; raises CorporaError for an unreadable file."""
    outcomes = (outcome for source, path in files for outcome in get_source(source).read(path, Repairs()))
    records = (outcome.record for outcome in outcomes if isinstance(outcome, Read))
    return {record.id: record for record in records if isinstance(record, FundingCall)}


def _to_judge(call: FundingCall, query: str, analyser: Analyser) -> CallToJudge:
    summary = " ".join(call.summary.split())
    return CallToJudge(
        call_id=call.id,
        title=call.title,
        issuer=call.issuer,
        applicants_text=call.applicants_text,
        territory_text=call.territory_text,
        summary=summary if len(summary) <= SUMMARY_LIMIT else f"{summary[:SUMMARY_LIMIT]}…",
        sentences=nearest_sentences(call.text, query, analyser),
    )


def _unjudged(runs: Iterable[Path], depth: int, labels: Path) -> dict[str, list[str]]:
    return pool(runs, depth, {judgment.pair for judgment in load_judgments(labels)})


def _source_and_path(value: str) -> tuple[str, Path]:
    source, separator, path = value.partition("=")
    if not (separator and path):
        raise typer.BadParameter(f"{value!r} must be SOURCE=FILE, as pnrr-misure=data/pnrr_misure.csv")
    return source, Path(path)


def main(
    calls: Annotated[list[str], typer.Option("--calls", help="SOURCE=FILE of calls; once for each source.")],
    out: Annotated[Path, typer.Option("--out", help="Where the sheets go, one JSON object per query.")],
    runs: Annotated[list[Path] | None, typer.Option("--runs", help="A run file; once for each ranker.")] = None,
    reread: Annotated[str, typer.Option("--reread", help="Instead of runs: the pairs of a file of judgments.")] = "",
    depth: Annotated[int, typer.Option("--depth", min=1, help="How many of each run's first calls to judge.")] = 15,
    labels: Annotated[Path, typer.Option("--labels", help="Folder of queries.jsonl and judgments.tsv.")] = Path(
        "corpora/judgments/needs"
    ),
) -> None:
    """Write the sheets of what several runs put first and nobody has judged yet."""
    if bool(runs) == bool(reread):
        raise typer.BadParameter("give either --runs, or --reread with a file of judgments in the labels' folder")
    files = [_source_and_path(value) for value in calls]
    try:
        pooled = pairs_to_reread(labels, reread) if reread else _unjudged(runs or [], depth, labels)
        written = list(sheets(pooled, load_queries(labels), read_calls(files)))
    except (EvaluationError, CorporaError) as error:
        raise typer.BadParameter(str(error)) from error
    out.write_text("".join(json.dumps(asdict(s), ensure_ascii=False) + "\n" for s in written), encoding="utf-8")
    typer.echo(f"{sum(len(s.calls) for s in written)} pairs to judge for {len(written)} queries in {out}")


if __name__ == "__main__":
    typer.run(main)
