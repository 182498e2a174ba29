"""What the tagger learns from, and how much each kind of it counts.

    read       records that were tagged by reading (train and dev), see corpora/judgments/tags
    written    short texts written for this, one or two sentences each, with their tags
    measures   funded projects, notices and measures of the PNRR: the measure's code states mission and component, and
               ``measure_tags.tsv`` what drivers and strategies its projects serve
    cup        other funded projects, by the sector that the project code (CUP) gives them, see ``cup_tags.tsv``

Nothing whose first words are those of a test or fresh record is learnt from.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpora.judged_tags import TagReading, TagRecord, load_readings, load_records
from evaluation.tag_records import BENCHMARK, PRECEDENTS, TAGS, benchmark_project, find_records
from evaluation.tasks.data import read_calls, read_precedents, read_rows
from matcher.records import Precedent
from matcher.strategy import COMPONENT, DRIVER, STTM, Tagged, source_tags, text_to_tag
from matcher.tagger import SCORED

HERE = Path(__file__).parent
WRITTEN, MEASURES, SECTORS = (HERE / name for name in ("tag_examples.tsv", "measure_tags.tsv", "cup_tags.tsv"))
READ, FROM_WRITTEN, FROM_MEASURES, FROM_CUP = "read", "written", "measures", "cup"
WEIGHTS = {READ: 1.0, FROM_WRITTEN: 1.0, FROM_MEASURES: 0.1, FROM_CUP: 0.05}
"""Kind of material → how much one text of it counts; chosen out of fold on train and dev."""
PER_MEASURE, PER_SECTOR, SHORTEST = 25, 25, 30
"""Projects taken of one measure or sector, by the hash of their id, and the fewest characters that say something."""
_CALLS = ("pnrr-misure", "pnrr-avvisi", "padigitale")
_FIRST = 40

Codes = Mapping[str, frozenset[str] | None]
"""Scheme → codes; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class TagExample:
    """A text with its tags; ``group`` is what is never parted between folds.

    ``stated``: its mission is the fact of a measure's code. ``hindsight``: it was written after its author had seen
    what the tagger got wrong on train and dev, so that nothing may be calibrated or chosen with its help.
    """

    id: str
    kind: str
    text: str
    group: str
    codes: Codes
    stated: bool = False
    hindsight: bool = False

    @property
    def weight(self) -> float:
        """How much it counts."""
        return WEIGHTS[self.kind]


def material(data: Path) -> list[TagExample]:
    """Return all that the tagger learns from; raises CorporaError for a file that cannot be read."""
    records = load_records(TAGS)
    found = find_records(records, data)
    ids = {record.record_id for record in records}
    held = {first_words(text_to_tag(found[r.record_id])) for r in records if r.split in ("test", "fresh")}
    weak = [*_of_measures(data), *_of_sectors(data)]
    taught = [example for example in weak if example.id not in ids and first_words(example.text) not in held]
    return [*read_examples(records, found, ("train", "dev")), *_capped(taught), *written_examples()]


def read_examples(
    records: Iterable[TagRecord], found: Mapping[str, Tagged], splits: tuple[str, ...]
) -> list[TagExample]:
    """Return the records of some splits with the tags that a reader gave them."""
    readings: dict[str, TagReading] = {reading.record_id: reading for reading in load_readings(TAGS)}
    return [
        TagExample(
            id=record.record_id,
            kind=READ,
            text=text_to_tag(found[record.record_id]),
            group=record.group,
            codes={scheme: readings[record.record_id].codes(scheme) for scheme in SCORED},
            stated=record.stated,
        )
        for record in records
        if record.split in splits
    ]


def written_examples() -> list[TagExample]:
    """Return the texts that were written to learn from."""
    return [
        TagExample(
            id=f"written:{number}",
            kind=FROM_WRITTEN,
            text=row["text"],
            group=f"written:{number}",
            codes=_codes(row),
            hindsight=row["hindsight"] == "yes",
        )
        for number, row in enumerate(_table(WRITTEN))
    ]


def first_words(text: str) -> str:
    """Return how a text begins, letters only: two records that begin alike are one work or one call."""
    return re.sub(r"\W+", "", text.casefold())[:_FIRST]


def _of_measures(data: Path) -> Iterator[TagExample]:
    rules = {row["measure"]: row for row in _table(MEASURES)}
    projects = (benchmark_project(row) for row in read_rows(data / BENCHMARK) if row["split"] == "train")
    for record in (*projects, *read_calls(data, _CALLS)):
        component = next((tag.code for tag in source_tags(record) if tag.scheme == COMPONENT), "")
        if component:
            measure = record.measure if isinstance(record, Precedent) else record.programme
            rule = next((rules[measure[:n]] for n in range(len(measure), 3, -1) if measure[:n] in rules), None)
            known = _codes(rule) if rule else dict.fromkeys((DRIVER, STTM))
            codes = {**known, COMPONENT: frozenset({component})}
            yield TagExample(record.id, FROM_MEASURES, text_to_tag(record), measure, codes)


def _of_sectors(data: Path) -> Iterator[TagExample]:
    rules = [(_bare(row["subsector"]), row) for row in _table(SECTORS)]
    for file, source in PRECEDENTS.items():
        sectors = {_bare(row["cup"]): row["cup_sottosettore"] for row in read_rows(data / file)}
        for record in read_precedents(data, source, file):
            sector = _bare(sectors.get(_bare(record.cup), ""))
            rule = next((row for start, row in rules if sector.startswith(start)), None)
            if rule:
                yield TagExample(record.id, FROM_CUP, text_to_tag(record), rule["subsector"], _codes(rule))


def _capped(examples: Iterable[TagExample]) -> Iterator[TagExample]:
    """At most so many texts of one measure or sector, none twice and none that says nothing."""
    seen: set[str] = set()
    taken: dict[tuple[str, str], int] = {}
    for example in sorted(examples, key=lambda one: sha256(one.id.encode()).digest()):
        place, first = (example.kind, example.group), first_words(example.text)
        most = PER_MEASURE if example.kind == FROM_MEASURES else PER_SECTOR
        if len(example.text) >= SHORTEST and first not in seen and taken.get(place, 0) < most:
            seen.add(first)
            taken[place] = taken.get(place, 0) + 1
            yield example


def _codes(row: Mapping[str, str]) -> dict[str, frozenset[str] | None]:
    columns = {DRIVER: "drivers", COMPONENT: "components", STTM: "sttm"}
    return {scheme: frozenset(row[column].split()) for scheme, column in columns.items() if column in row}


def _bare(name: str) -> str:
    return re.sub(r"\W+", " ", name).strip()


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
