"""The small default corpus, written by us from facts: what Remix knows before any official file is imported.

    calls/*.toml  communes.csv  frame.toml  projects.toml  organisations.toml  assets.toml  needs.toml  ──►  load()

Every record names its source and the day it speaks for; illustrative records say that they are.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Any

from corpora.embedded.parsing import parse
from corpora.errors import EmbeddedCorpusError
from matcher.records import Commune, FrameItem, FundingCall, Need, Organisation, Project, PublicAsset, Record

AS_OF = date(2025, 5, 13)
"""The day the corpus speaks for.

On it many real calls for communes were open at once: SEED PA since the day before, Strade Verdi, Lombardia Style, and
for two more days RELOad-CER and CER Fase 2; others had just closed or were announced.
"""
NAME = "embedded"
"""The source of every record, and the first half of its id."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: the files that hold it (a pattern), the TOML key of one record, and its class."""

    pattern: str
    key: str
    record: type[Record]


KINDS = (
    Kind("calls/*.toml", "call", FundingCall),
    Kind("communes*.csv", "", Commune),
    Kind("frame*.toml", "item", FrameItem),
    Kind("projects*.toml", "project", Project),
    Kind("organisations*.toml", "organisation", Organisation),
    Kind("assets*.toml", "asset", PublicAsset),
    Kind("needs*.toml", "need", Need),
)
NOT_RECORDS = frozenset({"funded_bodies.csv", "funded_themes.csv"})
"""What lies beside the records without being any: counts, read by ``corpora.funded_bodies``."""


def load(folder: Traversable | None = None) -> Iterator[Record]:
    """Yield every record of the corpus in ``folder`` (default: the one packaged with Remix), file by file.

    Raises EmbeddedCorpusError, naming file, entry, field and value, on anything that is not right: the corpus is ours,
    so a bad record is a mistake to mend and not a row to quarantine.
    """
    seen: dict[tuple[type[Record], str], str] = {}
    for name, file in _data_files(folder or files(__name__)):
        kind = _kind_of(name)
        for entry, table in enumerate(_tables(name, file, kind), start=1):
            record = parse(_with_source(table, kind), kind.record, file=name, entry=entry, as_of=AS_OF)
            first = seen.setdefault((kind.record, record.id), f"{name}, entry {entry}")
            if first != f"{name}, entry {entry}":
                raise EmbeddedCorpusError(
                    f"{name}, entry {entry}, field 'id', value {record.id!r}: already used in {first}; ids are unique"
                )
            yield record


def _data_files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _data_files(item, f"{prefix}{item.name}/")
        elif item.name.endswith((".toml", ".csv")) and item.name not in NOT_RECORDS:
            yield prefix + item.name, item


def _kind_of(name: str) -> Kind:
    for kind in KINDS:
        if fnmatch(name, kind.pattern):
            return kind
    raise EmbeddedCorpusError(f"{name}: no kind of record has files of this name; see corpora.embedded.KINDS")


def _tables(name: str, file: Traversable, kind: Kind) -> list[Mapping[str, Any]]:
    text = file.read_text(encoding="utf-8")
    if name.endswith(".csv"):
        rows = csv.DictReader(StringIO(text), restkey="beyond the last column")
        return [{column: cell for column, cell in row.items() if cell} for row in rows]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EmbeddedCorpusError(f"{name}: not readable as TOML: {error}") from error
    stray = document.keys() - {kind.key}
    if stray:
        raise EmbeddedCorpusError(f"{name}, field {min(stray)!r}: only [[{kind.key}]] tables may stand in this file")
    tables: list[Mapping[str, Any]] = document.get(kind.key, [])
    return tables


def _with_source(table: Mapping[str, Any], kind: Kind) -> Mapping[str, Any]:
    return {"source": NAME, **table} if kind.record is FundingCall else table
