"""Strategy tags given by reading: which records were read, what each reader gave them, how well two readings agree.

A folder holds ``records.tsv``, ``labels.tsv`` and ``second_reading.tsv``; what the tags mean is in its ``GUIDE.md``.
Records are named by id and by the file that holds them, never copied.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from corpora.errors import CorporaError
from corpora.labelfile import Place, tsv_rows
from matcher.strategy import CODES, COMPONENT, DRIVER, MISSION, SCHEMES, STTM

RECORDS = "records.tsv"
LABELS = "labels.tsv"
SECOND_READING = "second_reading.tsv"
"""A quarter of the records, read again in another order, without the first tags in sight."""
KINDS = ("need", "project", "asset", "call")
SPLITS = ("train", "dev", "test", "fresh")
"""``fresh`` was drawn and read once the tagger was finished: nothing of it was known to anybody before."""
RECORD_COLUMNS = ("record_id", "kind", "file", "group")
LABEL_COLUMNS = ("record_id", "drivers", "components", "sttm", "judge", "date")
_TRAIN, _DEV = 0.3, 0.5
_MEASURE = re.compile(r"M[1-7]C[1-4]")
_COLUMN = {DRIVER: "drivers", COMPONENT: "components", STTM: "sttm"}


@dataclass(frozen=True, slots=True)
class TagRecord:
    """A record that was read: its id, its kind, the file that holds it, and the group it never leaves.

    Records that speak of one thing (a notice and its measure, works and the services beside them, editions of one
    call) share a group, so that none of them teaches what another one tests; a PNRR measure's group is its code.
    """

    record_id: str
    kind: str
    file: str
    group: str

    @property
    def stated(self) -> bool:
        """Whether the record carries a measure's code, so that its mission and component are facts."""
        return bool(_MEASURE.match(self.group))

    @property
    def split(self) -> str:
        """Where the record belongs: train, dev, test or fresh."""
        return split_of(self.group)


@dataclass(frozen=True, slots=True)
class TagReading:
    """The codes that one reader gave one record; empty where none fits."""

    record_id: str
    drivers: frozenset[str]
    components: frozenset[str]
    sttm: frozenset[str]
    judge: str
    date: date

    def codes(self, scheme: str) -> frozenset[str]:
        """The codes of one scheme; a component stands for its mission, too."""
        if scheme == MISSION:
            return frozenset(component[:2] for component in self.components)
        return {DRIVER: self.drivers, COMPONENT: self.components, STTM: self.sttm}[scheme]


@dataclass(frozen=True, slots=True)
class TagAgreement:
    """How well two readings of the same records agree on a scheme: kappa over (record, code), share of equal sets."""

    records: int
    kappa: float
    exact: float


def split_of(group: str) -> str:
    """Where a group belongs: three tenths train, two dev, five test by its hash, the same on every machine; or fresh.

    The groups of PNRR measures are all train: there the source speaks, and the tagger is not asked.
    """
    if group.startswith("fresh:"):
        return "fresh"
    if _MEASURE.match(group):
        return "train"
    share = int.from_bytes(sha256(f"tags-2\0{group}".encode()).digest()[:4], "big") / 2**32
    return "train" if share < _TRAIN else "dev" if share < _DEV else "test"


def load_records(folder: Path) -> list[TagRecord]:
    """Read ``records.tsv`` of a folder, in file order.

    Raises CorporaError naming file, line, field and value for the first row that does not hold together.
    """
    found: dict[str, TagRecord] = {}
    for place, row in tsv_rows(folder / RECORDS, RECORD_COLUMNS):
        record = TagRecord(
            record_id=place.source_id("record_id", row["record_id"]),
            kind=place.one_of("kind", row["kind"], KINDS),
            file=place.text("file", row["file"]),
            group=place.text("group", row["group"]),
        )
        if record.record_id in found:
            raise place.error("record_id", record.record_id, "is already in an earlier line")
        found[record.record_id] = record
    return list(found.values())


def load_readings(folder: Path, file: str = LABELS) -> list[TagReading]:
    """Read the tags that a reader gave, in file order.

    Raises CorporaError naming file, line, field and value for a bad row, a code that its scheme does not have, a
    record that ``records.tsv`` does not have, or one read twice.
    """
    known = {record.record_id for record in load_records(folder)}
    found: dict[str, TagReading] = {}
    for place, row in tsv_rows(folder / file, LABEL_COLUMNS):
        reading = _reading(place, row)
        if reading.record_id not in known:
            raise place.error("record_id", reading.record_id, f"is not in {folder / RECORDS}")
        if reading.record_id in found:
            raise place.error("record_id", reading.record_id, "was read in an earlier line")
        found[reading.record_id] = reading
    return list(found.values())


def tag_agreement(first: Iterable[TagReading], second: Iterable[TagReading]) -> dict[str, TagAgreement]:
    """Compare two readings on the records they share, by scheme: Cohen's kappa over all (record, code) decisions.

    Raises CorporaError if they share no record.
    """
    left, right = ({reading.record_id: reading for reading in readings} for readings in (first, second))
    shared = sorted(left.keys() & right.keys())
    if not shared:
        raise CorporaError("the two readings share no record: nothing to compare")
    return {
        scheme: agreement_of([(left[one].codes(scheme), right[one].codes(scheme)) for one in shared], CODES[scheme])
        for scheme in SCHEMES
    }


def agreement_of(pairs: list[tuple[frozenset[str], frozenset[str]]], codes: Iterable[str]) -> TagAgreement:
    """Compare pairs of sets of codes; kappa is over every (record, code), nan where nobody ever gave one."""
    decisions = [(code in a, code in b) for code in codes for a, b in pairs]
    first, second = zip(*decisions, strict=True)
    kappa = float(cohen_kappa_score(first, second)) if len({*first, *second}) > 1 else float("nan")
    return TagAgreement(len(pairs), kappa, sum(a == b for a, b in pairs) / len(pairs))


def _reading(place: Place, row: Mapping[str, str]) -> TagReading:
    codes = {
        scheme: frozenset(place.each_of(column, row[column].split(), CODES[scheme]))
        for scheme, column in _COLUMN.items()
    }
    return TagReading(
        record_id=place.source_id("record_id", row["record_id"]),
        drivers=codes[DRIVER],
        components=codes[COMPONENT],
        sttm=codes[STTM],
        judge=place.text("judge", row["judge"]),
        date=place.day("date", row["date"]),
    )
