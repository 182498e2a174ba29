"""The records that were tagged by reading, found again where they lie: our own corpus, the labels, the open data."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpora.embedded import load
from corpora.errors import CorporaError
from corpora.judged_tags import TagRecord
from evaluation.tasks.data import CALLS, read_calls, read_precedents, read_rows
from matcher.records import FundingCall, Need, Precedent, Project, PublicAsset
from matcher.strategy import Tagged

LABELS = Path(__file__).resolve().parent.parent / "corpora" / "judgments"
TAGS = LABELS / "tags"
BENCHMARK = "bench_pnrr_queries.csv.gz"
PRECEDENTS = {"opencoesione_2021_2027.csv.gz": "opencoesione", "pnc_progetti.csv.gz": "pnc"}
"""File of funded projects → its source."""
_EMBEDDED = "embedded"
_SOURCES = {file: source for source, file in CALLS.items()}
_ASKED = ("needs", "partners")


def find_records(wanted: Iterable[TagRecord], data: Path) -> dict[str, Tagged]:
    """Return record id → record, read in place; ``data`` is the folder of the official files.

    Raises CorporaError naming the record and its file if one is no longer there.
    """
    files: dict[str, list[TagRecord]] = {}
    for record in wanted:
        files.setdefault(record.file, []).append(record)
    found: dict[str, Tagged] = {}
    for file, records in files.items():
        ids = {record.record_id for record in records}
        here = {record.id: record for record in _read(file, data) if record.id in ids}
        if missing := sorted(ids - here.keys()):
            raise CorporaError(f"{TAGS / 'records.tsv'}: {missing[0]!r} is not in {file}")
        found |= here
    return found


def benchmark_project(row: dict[str, str]) -> Precedent:
    """Return one project of the PNRR benchmark: its text, and the measure that funded it."""
    return Precedent(
        id=f"bench-pnrr:{row['qid']}", source="bench-pnrr", title="", text=row["testo"], measure=row["gold_submisure"]
    )


def _read(file: str, data: Path) -> Iterator[Tagged]:
    if file == _EMBEDDED:
        yield from (record for record in load() if isinstance(record, Need | Project | PublicAsset | FundingCall))
    elif file in _ASKED:
        yield from _asked(file)
    elif file == BENCHMARK:
        yield from (benchmark_project(row) for row in read_rows(data / file))
    elif file in PRECEDENTS:
        yield from read_precedents(data, PRECEDENTS[file], file)
    elif file in _SOURCES:
        yield from read_calls(data, [_SOURCES[file]])
    else:
        raise CorporaError(f"{TAGS / 'records.tsv'}: nobody knows how to read {file!r}")


def _asked(file: str) -> Iterator[Need]:
    """The questions of a label file as needs: their words, and nothing that another reader said of them."""
    for line in (LABELS / file / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        yield Need(id=f"{file}:{query['query_id']}", commune_istat=query["commune"], title="", text=query["text"])
