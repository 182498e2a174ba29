"""Records tagged by reading: what is refused and in which words, how they are dealt, how well readings agree."""

import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.embedded import load
from corpora.errors import CorporaError
from corpora.judged_tags import (
    LABEL_COLUMNS,
    RECORD_COLUMNS,
    SECOND_READING,
    SPLITS,
    TagReading,
    TagRecord,
    agreement_of,
    load_readings,
    load_records,
    split_of,
    tag_agreement,
)
from matcher.records import FundingCall, Need, Project, PublicAsset
from matcher.strategy import CODES, COMPONENT, DRIVER, MISSION, SCHEMES, STTM

LABELS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "tags"
RECORD = {"record_id": "s:a", "kind": "need", "file": "embedded", "group": "s:a"}
LABEL = {
    "record_id": "s:a",
    "drivers": "3 7",
    "components": "M2C3",
    "sttm": "1",
    "judge": "reader-a",
    "date": "2026-01-31",
}


def folder_with(folder: Path, records: list[dict[str, str]], labels: list[dict[str, str]]) -> Path:
    for name, columns, rows in (("records.tsv", RECORD_COLUMNS, records), ("labels.tsv", LABEL_COLUMNS, labels)):
        lines = ["\t".join(columns), *("\t".join(row[column] for column in columns) for row in rows)]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def reading(record_id: str, drivers: str = "", components: str = "", sttm: str = "") -> TagReading:
    codes = (frozenset(value.split()) for value in (drivers, components, sttm))
    return TagReading(record_id, *codes, judge="reader", date=date(2026, 1, 31))


@pytest.mark.parametrize(
    ("field", "value"), [("record_id", "no-source"), ("kind", "commune"), ("file", ""), ("group", " ")]
)
def test_a_bad_record_is_refused_naming_file_line_field_and_value(tmp_path, field, value):
    folder = folder_with(tmp_path, [RECORD, RECORD | {"record_id": "s:b", field: value}], [])
    with pytest.raises(CorporaError, match=rf"records\.tsv, line 3, field '{field}'"):
        load_records(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("record_id", "s:unknown"),
        ("drivers", "11"),
        ("drivers", "3,7"),
        ("components", "M7C1"),
        ("components", "M2"),
        ("sttm", "4"),
        ("judge", ""),
        ("date", "yesterday"),
    ],
)
def test_a_bad_label_is_refused_naming_file_line_field_and_value(tmp_path, field, value):
    folder = folder_with(tmp_path, [RECORD], [LABEL | {field: value}])
    with pytest.raises(CorporaError, match=rf"labels\.tsv, line 2, field '{field}'"):
        load_readings(folder)


def test_a_record_stands_once_in_each_file(tmp_path):
    with pytest.raises(CorporaError, match="'s:a' is already in an earlier line"):
        load_records(folder_with(tmp_path, [RECORD, RECORD], []))
    with pytest.raises(CorporaError, match="'s:a' was read in an earlier line"):
        load_readings(folder_with(tmp_path, [RECORD], [LABEL, LABEL]))


def test_a_label_comes_as_it_was_written_and_a_component_stands_for_its_mission(tmp_path):
    (read,) = load_readings(folder_with(tmp_path, [RECORD], [LABEL | {"components": "M2C3 M4C1", "sttm": ""}]))
    assert (read.codes(DRIVER), read.codes(STTM)) == ({"3", "7"}, set())
    assert (read.codes(COMPONENT), read.codes(MISSION)) == ({"M2C3", "M4C1"}, {"M2", "M4"})


@given(st.text(min_size=1))
def test_a_group_belongs_to_one_split_and_a_measure_is_never_tested(group):
    assert split_of(group) == split_of(group)
    assert split_of(group) in SPLITS
    assert split_of(f"M4C1I1.01.00{group}") == "train"
    assert split_of(f"fresh:{group}") == "fresh"


def test_agreement_counts_every_code_of_every_shared_record():
    first = [reading("s:a", "1 2"), reading("s:b", "3"), reading("s:only", "9")]
    second = [reading("s:a", "1"), reading("s:b", "3")]
    found = tag_agreement(first, second)[DRIVER]
    # 20 decisions, 19 alike; the first reader gives 3 codes, the second 2.
    chance = (3 * 2 + 17 * 18) / 400
    assert (found.records, found.exact) == (2, 0.5)
    assert found.kappa == pytest.approx((19 / 20 - chance) / (1 - chance))


def test_agreement_without_a_shared_record_is_refused_and_of_nothing_given_is_not_a_number():
    with pytest.raises(CorporaError, match="share no record"):
        tag_agreement([reading("s:a")], [reading("s:b")])
    assert math.isnan(agreement_of([(frozenset(), frozenset())], CODES[STTM]).kappa)


def test_every_record_of_the_founding_documents_was_read_and_many_real_ones():
    read = {one.record_id for one in load_readings(LABELS)}
    ours = {r.id for r in load() if isinstance(r, Need | Project | PublicAsset | FundingCall)}
    assert ours <= read
    assert len(read) >= 300
    assert {one.record_id for one in load_records(LABELS)} == read


def test_every_code_of_a_bar_is_tested_on_records_enough_to_say_something():
    readings = {one.record_id: one for one in load_readings(LABELS)}
    tested = [readings[one.record_id] for one in load_records(LABELS) if one.split == "test"]
    assert len(tested) >= 300
    for scheme, fewest in ((DRIVER, 15), (MISSION, 8), (STTM, 40)):
        assert all(sum(code in one.codes(scheme) for one in tested) >= fewest for code in CODES[scheme]), scheme


def test_no_group_is_parted_between_splits_and_a_stated_mission_is_the_one_that_was_kept():
    readings = {one.record_id: one for one in load_readings(LABELS)}
    of_group: dict[str, set[str]] = {}
    for record in load_records(LABELS):
        of_group.setdefault(record.group, set()).add(record.split)
        if record.stated and not record.record_id.startswith("pnc:"):
            assert readings[record.record_id].components == {record.group[:4]}
    assert all(len(splits) == 1 for splits in of_group.values())


def test_a_quarter_of_the_records_was_read_again_and_both_readings_agree():
    first, second = load_readings(LABELS), load_readings(LABELS, SECOND_READING)
    assert {one.judge for one in first}.isdisjoint(one.judge for one in second)
    agreed = tag_agreement(first, second)
    assert all(agreed[scheme].records == len(second) >= 0.25 * len(first) for scheme in SCHEMES)
    assert all(agreed[scheme].kappa >= 0.9 for scheme in SCHEMES)


def test_the_split_of_a_record_is_that_of_its_group():
    record = TagRecord("s:a", "need", "embedded", "M2C3I1.01.00")
    assert (record.split, record.stated) == ("train", True)
