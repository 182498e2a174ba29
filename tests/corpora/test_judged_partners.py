"""The judged partners: what is refused and in which words, what becomes relevance, how well the readings agree."""

import json
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import CorporaError
from corpora.judged import DRIVERS, SECOND_READING, SPLITS
from corpora.judged_partners import (
    COLUMNS,
    GRADES,
    PartnerJudgment,
    load_judgments,
    load_queries,
    partner_agreement,
    partner_qrels,
)

LABELS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "partners"
QUERY = {
    "query_id": "pt01",
    "text": "Un palinsesto con i paesi vicini.",
    "commune": "015150",
    "call_id": "regione-lombardia:rl-lombardia-style",
    "wanted": "quattro comuni vicini",
    "drivers": ["2"],
    "split": "dev",
}
ROW = {
    "query_id": "pt01",
    "body_id": "comuni:015165",
    "complement": "3",
    "sure": "yes",
    "why": "small neighbour of the same countryside",
    "judge": "reader-a",
    "date": "2026-01-31",
}


def folder_with(tmp_path: Path, queries: list[dict[str, object]], rows: list[dict[str, str]]) -> Path:
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    table = ["\t".join(COLUMNS), *("\t".join(row.values()) for row in rows)]
    (tmp_path / "judgments.tsv").write_text("\n".join(table), encoding="utf-8")
    return tmp_path


def judgment(body: str, complement: int, sure: bool = True, judge: str = "reader-a") -> PartnerJudgment:
    return PartnerJudgment(
        query_id="pt01",
        body_id=f"s:{body}",
        complement=complement,
        sure=sure,
        why="x",
        judge=judge,
        date=date(2026, 1, 31),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", " "),
        ("commune", "15150"),
        ("call_id", "no-source"),
        ("call_id", None),
        ("wanted", ""),
        ("drivers", ["11"]),
        ("drivers", "2"),
        ("split", "train"),
    ],
)
def test_a_bad_partner_query_is_refused_naming_file_line_field_and_value(tmp_path, field, value):
    folder = folder_with(tmp_path, [QUERY, {**QUERY, "query_id": "pt02", field: value}], [])
    with pytest.raises(CorporaError, match=rf"queries\.jsonl, line 2, field '{field}'"):
        load_queries(folder)


def test_two_partner_queries_may_not_share_an_id(tmp_path):
    with pytest.raises(CorporaError, match="'pt01' is already used"):
        load_queries(folder_with(tmp_path, [QUERY, QUERY], []))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query_id", "pt99"),
        ("body_id", "Ozzero"),
        ("complement", "4"),
        ("sure", "maybe"),
        ("why", "x" * 121),
        ("judge", ""),
        ("date", "yesterday"),
    ],
)
def test_a_bad_partner_judgment_is_refused_naming_file_line_field_and_value(tmp_path, field, value):
    folder = folder_with(tmp_path, [QUERY], [ROW | {"body_id": "s:other"}, ROW | {field: value}])
    with pytest.raises(CorporaError, match=rf"judgments\.tsv, line 3, field '{field}'"):
        load_judgments(folder)


def test_a_body_may_be_judged_twice_for_a_project_but_not_by_the_same_judge(tmp_path):
    with pytest.raises(CorporaError, match="'body_id': 'comuni:015165' was judged by 'reader-a' on line 2"):
        load_judgments(folder_with(tmp_path, [QUERY], [ROW, ROW]))
    assert len(load_judgments(folder_with(tmp_path, [QUERY], [ROW, ROW | {"judge": "reader-b"}]))) == 2


def test_a_query_without_a_call_is_read_and_a_judgment_comes_as_it_was_written(tmp_path):
    folder = folder_with(tmp_path, [{**QUERY, "call_id": ""}], [ROW | {"sure": "no"}])
    assert load_queries(folder)[0].call_id == ""
    (read,) = load_judgments(folder)
    assert (read.pair, read.complement, read.sure) == (("pt01", "comuni:015165"), 3, False)


def test_the_later_reading_of_a_body_is_the_one_that_counts():
    graded = [judgment("a", 1), judgment("b", 0), judgment("a", 2, judge="reader-b")]
    assert partner_qrels(graded) == {"pt01": {"s:a": 2, "s:b": 0}}


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(GRADES))))
def test_every_judged_pair_has_one_grade_that_somebody_gave(graded):
    relevance = partner_qrels([judgment(body, grade) for body, grade in graded]).get("pt01", {})
    assert set(relevance) == {f"s:{body}" for body, _ in graded}
    assert all((body.removeprefix("s:"), grade) in graded for body, grade in relevance.items())


def test_agreement_is_counted_on_the_shared_pairs_and_weighs_a_far_miss_more():
    first = [judgment("a", 0), judgment("b", 1), judgment("c", 2), judgment("d", 3), judgment("only", 3)]
    near = [judgment("a", 1, sure=False), judgment("b", 1), judgment("c", 2), judgment("d", 3)]
    far = [judgment("a", 3), judgment("b", 1), judgment("c", 2), judgment("d", 3)]
    expected = sum((r - c) ** 2 for r in (0, 1, 2, 3) for c in (1, 1, 2, 3)) / 4
    found = partner_agreement(first, near)
    assert (found.pairs, found.complement_raw, found.sure_raw) == (4, 0.75, 0.75)
    assert found.complement_kappa == pytest.approx(1 - 1 / expected)
    assert partner_agreement(first, far).complement_kappa < found.complement_kappa


def test_agreement_without_a_shared_pair_is_refused_and_with_one_single_grade_is_not_a_number():
    with pytest.raises(CorporaError, match="share no"):
        partner_agreement([judgment("a", 1)], [judgment("b", 1)])
    assert math.isnan(partner_agreement([judgment("a", 1)], [judgment("a", 1)]).complement_kappa)


def test_the_labelled_projects_cover_small_and_large_leads_drivers_and_both_splits_alike():
    queries = load_queries(LABELS)
    assert len(queries) >= 32
    assert {driver for query in queries for driver in query.drivers} == set(DRIVERS)
    assert len({query.commune for query in queries}) >= 25
    assert [sum(query.split == split for query in queries) for split in SPLITS] == [len(queries) / 2] * 2
    assert len({query.text.casefold() for query in queries}) == len(queries)


def test_every_project_has_good_partners_and_bodies_that_are_none():
    relevance = partner_qrels(load_judgments(LABELS))
    assert relevance.keys() == {query.query_id for query in load_queries(LABELS)}
    assert all({0, 1, 2, 3} == set(grades.values()) for grades in relevance.values())


def test_the_lead_is_no_partner_of_itself():
    leads = {query.query_id: f"comuni:{query.commune}" for query in load_queries(LABELS)}
    assert not [j.pair for j in load_judgments(LABELS) if leads[j.query_id] == j.body_id]


def test_a_quarter_of_the_partner_pairs_was_read_again_blindly_and_both_readings_agree():
    first, second = load_judgments(LABELS), load_judgments(LABELS, SECOND_READING)
    assert {j.judge for j in first}.isdisjoint(j.judge for j in second)
    agreed = partner_agreement(first, second)
    assert agreed.pairs == len(second) >= 0.25 * len(first)
    assert agreed.complement_kappa >= 0.8
    assert agreed.sure_raw >= 0.8
