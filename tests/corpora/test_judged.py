"""The judged matches: what is refused and in which words, how grades become relevance, how agreement is counted."""

import json
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import CorporaError
from corpora.judged import (
    COLUMNS,
    MAY_APPLY,
    SECOND_READING,
    SPLITS,
    STYLES,
    Judgment,
    agreement,
    load_judgments,
    load_queries,
    qrels,
    refresh_qrels,
    write_qrels,
)

LABELS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "needs"
QUERY = {
    "query_id": "n01",
    "kind": "need",
    "commune": "015155",
    "text": "Mancano posti al nido.",
    "style": "short",
    "drivers": ["7"],
    "split": "dev",
}
ROW = {
    "query_id": "n01",
    "call_id": "pnrr-misure:X1",
    "purpose": "3",
    "may_apply": "yes",
    "why": "builds nursery places",
    "judge": "reader-a",
    "date": "2026-01-31",
}


def folder_with(tmp_path: Path, queries: list[object], rows: list[dict[str, str]]) -> Path:
    lines = [query if isinstance(query, str) else json.dumps(query) for query in queries]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    table = ["\t".join(COLUMNS), *("\t".join(row.values()) for row in rows)]
    (tmp_path / "judgments.tsv").write_text("\n".join(table), encoding="utf-8")
    return tmp_path


def judgment(call: str, purpose: int, may_apply: str = "yes", judge: str = "reader-a") -> Judgment:
    return Judgment(
        query_id="n01",
        call_id=f"s:{call}",
        purpose=purpose,
        may_apply=may_apply,
        why="x",
        judge=judge,
        date=date(2026, 1, 31),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "wish"),
        ("commune", "15155"),
        ("commune", 15155),
        ("text", "  "),
        ("style", "rude"),
        ("drivers", "7"),
        ("drivers", ["11"]),
        ("split", "train"),
    ],
)
def test_a_bad_query_is_refused_naming_file_line_field_and_value(tmp_path, field, value):
    folder = folder_with(tmp_path, [QUERY, {**QUERY, "query_id": "n02", field: value}], [])
    with pytest.raises(CorporaError, match=rf"queries\.jsonl, line 2, field '{field}'"):
        load_queries(folder)


def test_a_query_line_that_is_not_an_object_is_refused(tmp_path):
    with pytest.raises(CorporaError, match="line 1"):
        load_queries(folder_with(tmp_path, ["{broken"], []))
    with pytest.raises(CorporaError, match="must be one JSON object"):
        load_queries(folder_with(tmp_path, ["[1]"], []))


def test_two_queries_may_not_share_an_id(tmp_path):
    with pytest.raises(CorporaError, match="'n01' is already used"):
        load_queries(folder_with(tmp_path, [QUERY, QUERY], []))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query_id", "n99"),
        ("call_id", "no-source"),
        ("call_id", "source:"),
        ("purpose", "4"),
        ("purpose", "high"),
        ("may_apply", "maybe"),
        ("why", ""),
        ("why", "x" * 121),
        ("judge", " "),
        ("date", "31/01/2026"),
    ],
)
def test_a_bad_judgment_is_refused_naming_file_line_field_and_value(tmp_path, field, value):
    folder = folder_with(tmp_path, [QUERY], [ROW | {"call_id": "s:other"}, ROW | {field: value}])
    with pytest.raises(CorporaError, match=rf"judgments\.tsv, line 3, field '{field}'"):
        load_judgments(folder)


def test_the_same_judge_may_not_judge_a_pair_twice_but_another_may(tmp_path):
    with pytest.raises(CorporaError, match="was judged by 'reader-a' on line 2"):
        load_judgments(folder_with(tmp_path, [QUERY], [ROW, ROW]))
    assert len(load_judgments(folder_with(tmp_path, [QUERY], [ROW, ROW | {"judge": "reader-b"}]))) == 2


def test_a_row_with_a_missing_field_or_another_header_is_refused(tmp_path):
    folder = folder_with(tmp_path, [QUERY], [ROW])
    table = folder / "judgments.tsv"
    table.write_text(table.read_text() + "\nn01\ts:x\t1", encoding="utf-8")
    with pytest.raises(CorporaError, match="must have 7 fields, has 3"):
        load_judgments(folder)
    table.write_text("query_id\tcall_id\n", encoding="utf-8")
    with pytest.raises(CorporaError, match="line 1, field 'header'"):
        load_judgments(folder)


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    with pytest.raises(CorporaError, match=r"queries\.jsonl cannot be read"):
        load_queries(tmp_path)
    (tmp_path / "queries.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(CorporaError, match="must be a file in UTF-8"):
        load_queries(tmp_path)


def test_a_quotation_mark_in_a_reason_is_text(tmp_path):
    why = 'pays "works" only'
    assert load_judgments(folder_with(tmp_path, [QUERY], [ROW | {"why": why}]))[0].why == why


@pytest.mark.parametrize(
    ("purpose", "may_apply", "usable"), [(3, "yes", 3), (3, "unknown", 2), (0, "unknown", 0), (3, "no", 0)]
)
def test_a_usable_grade_is_the_purpose_lowered_by_doubt_and_erased_by_exclusion(purpose, may_apply, usable):
    graded = [judgment("x", purpose, may_apply)]
    assert qrels(graded, usable=True) == {"n01": {"s:x": usable}}
    assert qrels(graded, usable=False) == {"n01": {"s:x": purpose}}


def test_the_later_reading_of_a_pair_is_the_one_that_counts():
    assert qrels([judgment("x", 1), judgment("x", 2, judge="reader-b")], usable=False) == {"n01": {"s:x": 2}}


def test_written_qrels_have_one_row_per_pair_under_a_header(tmp_path):
    path = tmp_path / "qrels.tsv"
    assert write_qrels([judgment("x", 3, "no"), judgment("y", 2)], usable=True, path=path) == 2
    assert path.read_text() == "query_id\tcall_id\trelevance\nn01\ts:x\t0\nn01\ts:y\t2\n"


def test_agreement_weighs_a_far_miss_more_than_a_near_one():

    # By hand: one miss of one grade in four pairs; by chance the squared distance of every grade to every grade.
    first = [judgment("a", 0), judgment("b", 1), judgment("c", 2), judgment("d", 3)]
    near = [judgment("a", 1), judgment("b", 1), judgment("c", 2), judgment("d", 3)]
    far = [judgment("a", 3), judgment("b", 1), judgment("c", 2), judgment("d", 3)]
    observed, expected = 1, sum((r - c) ** 2 for r in (0, 1, 2, 3) for c in (1, 1, 2, 3)) / 4
    assert agreement(first, near).purpose_kappa == pytest.approx(1 - observed / expected)
    assert agreement(first, near).purpose_raw == 0.75
    assert agreement(first, far).purpose_kappa < agreement(first, near).purpose_kappa


def test_agreement_counts_only_the_pairs_that_both_readers_judged():
    first = [judgment("a", 0, "no"), judgment("b", 3), judgment("only", 2)]
    second = [judgment("b", 3), judgment("a", 0, "unknown")]
    found = agreement(first, second)
    assert (found.pairs, found.purpose_raw, found.may_apply_raw, found.usable_kappa) == (2, 1.0, 0.5, 1.0)


def test_agreement_without_a_shared_pair_is_refused_and_with_one_single_grade_is_not_a_number():
    with pytest.raises(CorporaError, match="share no"):
        agreement([judgment("a", 1)], [judgment("b", 1)])
    assert math.isnan(agreement([judgment("a", 1)], [judgment("a", 1)]).purpose_kappa)


@given(st.dictionaries(st.text("abcdef", min_size=1), st.tuples(st.integers(0, 3), st.sampled_from(MAY_APPLY))))
def test_a_usable_grade_is_never_above_the_purpose(graded):
    judged = [judgment(call, *grades) for call, grades in graded.items()]
    purposes, usable = qrels(judged, usable=False), qrels(judged, usable=True)
    assert purposes.keys() == usable.keys()
    assert all(usable["n01"][call] <= grade for call, grade in purposes.get("n01", {}).items())


def test_the_labelled_queries_cover_places_styles_drivers_and_both_splits():
    queries = load_queries(LABELS)
    assert len(queries) >= 80
    assert len({query.commune for query in queries}) >= 20
    assert {driver for query in queries for driver in query.drivers} == {str(number) for number in range(1, 11)}
    for split in SPLITS:
        part = [query for query in queries if query.split == split]
        assert len(part) == len(queries) / 2
        assert {query.style for query in part} == set(STYLES)
        assert {query.kind for query in part} == {"need", "project", "asset"}


def test_no_text_is_asked_twice():
    texts = [query.text.casefold() for query in load_queries(LABELS)]
    assert len(set(texts)) == len(texts)


def test_the_qrels_in_the_folder_are_those_of_its_judgments(tmp_path):
    for name in ("queries.jsonl", "judgments.tsv"):
        (tmp_path / name).write_bytes((LABELS / name).read_bytes())
    for name in refresh_qrels(tmp_path):
        hint = f"{name} is stale: run python -m corpora.judged corpora/judgments/needs"
        assert (tmp_path / name).read_text() == (LABELS / name).read_text(), hint


def test_every_dev_query_has_judged_calls():
    judged = {judgment.query_id for judgment in load_judgments(LABELS)}
    assert judged >= {query.query_id for query in load_queries(LABELS) if query.split == "dev"}


def test_a_quarter_of_the_pairs_was_read_again_blindly_and_both_readings_agree() -> None:
    first = load_judgments(LABELS)
    second = load_judgments(LABELS, SECOND_READING)
    assert {j.judge for j in first}.isdisjoint(j.judge for j in second)
    agreed = agreement(first, second)
    assert agreed.pairs == len(second) >= 0.25 * len(first)
    assert agreed.purpose_kappa >= 0.8
    assert agreed.usable_kappa >= 0.8
