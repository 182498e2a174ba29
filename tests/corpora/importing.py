"""Import a file in one line, and write small files of our own in a publisher's columns."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora.rows import Quarantined, Read, Repairs
from corpora.sources import get_source
from matcher.records import Record


@dataclass(frozen=True)
class Imported:
    """What a source made of a file."""

    records: Sequence[Record]
    quarantined: Sequence[Quarantined]
    repairs: Mapping[str, int]

    def __getitem__(self, record_id: str) -> Record:
        return next(record for record in self.records if record.id == record_id)

    @property
    def distinct_ids(self) -> int:
        return len({record.id for record in self.records})


def import_file(source: str, path: Path) -> Imported:
    repairs = Repairs()
    outcomes = list(get_source(source).read(path, repairs))
    return Imported(
        records=[outcome.record for outcome in outcomes if isinstance(outcome, Read)],
        quarantined=[outcome for outcome in outcomes if isinstance(outcome, Quarantined)],
        repairs=dict(repairs.counts),
    )


def write_table(path: Path, *rows: Mapping[str, str], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path
