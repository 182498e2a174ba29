"""The official files as the tasks read them: in place, from the folder that holds them all."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpora.errors import SourceError
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from evaluation.errors import TaskError
from matcher.records import Commune, FundingCall, Precedent, Record

CALLS = {
    "pnrr-misure": "pnrr_misure.csv",
    "pnrr-avvisi": "pnrr_bandi_avvisi.csv",
    "padigitale": "padigitale_avvisi.csv",
    "regione-lombardia": "rl_bandi_fulltext.jsonl.gz",
    "incentivi": "it_incentivi_catalogo.csv.gz",
}
"""Source of calls → its file."""
_NOTICES = ("pnrr-avvisi", "padigitale")
_COMMUNES = "comuni_italiani.csv.gz"


def read_calls(data: Path, sources: Iterable[str] = tuple(CALLS)) -> tuple[FundingCall, ...]:
    """Read the calls of some sources, all by default; of several with one id the last counts.

    Raises TaskError for a source whose calls are in no file here, CorporaError for a file that cannot be read.
    """
    found: dict[str, FundingCall] = {}
    for source in sources:
        if source not in CALLS:
            raise TaskError(f"--source {source!r}: choose one of {', '.join(CALLS)}")
        found.update((r.id, r) for r in read_records(source, data / CALLS[source]) if isinstance(r, FundingCall))
    return tuple(found.values())


def with_notices(data: Path, calls: Iterable[FundingCall]) -> tuple[FundingCall, ...]:
    """Return some calls with the notices of their measures, which tell what a measure pays and to whom.

    They are for reading only: a task that asks about measures keeps to these by its ``Request.sources``. A folder
    without files of notices has none. Raises CorporaError for a file that cannot be read.
    """
    found = {call.id: call for call in calls}
    measures = {call.programme for call in found.values() if call.is_measure}
    there = [source for source in _NOTICES if measures and (data / CALLS[source]).exists()]
    notices = (call for call in read_calls(data, there) if call.programme in measures)
    return tuple((found | {call.id: call for call in notices if call.id not in found}).values())


def read_communes(data: Path) -> dict[str, Commune]:
    """Read the communes of Italy by ISTAT code; raises CorporaError for a file that cannot be read."""
    return {r.istat: r for r in read_records("comuni", data / _COMMUNES) if isinstance(r, Commune)}


def read_precedents(data: Path, source: str, file: str) -> Iterator[Precedent]:
    """Yield the funded projects in one file of a source; raises CorporaError for a file that cannot be read."""
    return (record for record in read_records(source, data / file) if isinstance(record, Precedent))


def read_records(source: str, path: Path) -> Iterator[Record]:
    """Yield the records of one file, rows set apart left out; raises CorporaError if it cannot be read."""
    return (outcome.record for outcome in get_source(source).read(path, Repairs()) if isinstance(outcome, Read))


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table, plain or gzipped, all values as text; raises SourceError if it cannot be read."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise SourceError(f"{path} cannot be read: {error}; fetch it again") from error
