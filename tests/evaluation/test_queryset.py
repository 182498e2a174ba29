"""A set of one's own: what is refused and how it is said, what is set aside, what becomes of the rest."""

import json
from pathlib import Path

import pytest

from evaluation.errors import TaskError
from evaluation.queryset import read_qrels, read_queries, read_set
from evaluation.tasks.task import Material
from matcher.recommender import Request
from matcher.records import Commune, QueryKind
from tests.world import CALLS, COMMUNES, NIDI, NOSATE, SCUOLE_SICURE

KNOWN = {commune.istat: commune for commune in COMMUNES}
IDS = [call.id for call in CALLS]
GOOD = {"query_id": "q1", "kind": "need", "commune": "015155", "text": "Un asilo nido"}


def queries(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def qrels(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(row.replace(" ", "\t") for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{not json", "line 2.*not JSON"),
        ("[1, 2]", "line 2.*must be an object"),
        ({**GOOD, "query_id": 7}, "line 2, field 'query_id': 7 must be a text"),
        ({**GOOD, "query_id": " "}, "line 2, field 'query_id'"),
        ({**GOOD, "query_id": "q1"}, "line 2, field 'query_id': 'q1' stands already"),
        ({"query_id": "q2", "kind": "need", "commune": "015155"}, "line 2, field 'text': None"),
        ({**GOOD, "query_id": "q2", "text": "  "}, "line 2, field 'text': the text is empty"),
        ({**GOOD, "query_id": "q2", "text": "x" * 20_001}, "line 2, field 'text': .*20001 characters"),
        (
            {**GOOD, "query_id": "q2", "kind": "wish"},
            "line 2, field 'kind': 'wish' must be one of need",
        ),
        ({**GOOD, "query_id": "q2", "commune": "999999"}, "line 2, field 'commune': '999999' is no commune"),
        ({**GOOD, "query_id": "q2", "commune": 15155}, "line 2, field 'commune': 15155 must be a text"),
    ],
)
def test_a_bad_query_is_refused_naming_file_line_and_field(tmp_path: Path, row: object, said: str) -> None:
    path = queries(tmp_path / "q.jsonl", GOOD, row)
    with pytest.raises(TaskError, match=rf"q\.jsonl, {said}"):
        read_queries(path, KNOWN)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("q1 world:nidi", "line 2: .*3 fields separated by tabs.*has 2"),
        ("q1 0 world:nidi 1", "line 2: .*3 fields separated by tabs.*has 4"),
        ("q1 world:nidi high", "line 2, field 'relevance': 'high' must be a whole number"),
        ("q1 world:nidi -1", "line 2, field 'relevance': '-1'"),
        ("q1 world:nidi 1.5", "line 2, field 'relevance': '1.5'"),
        ("q1 world:nidi ²", "line 2, field 'relevance'"),
        ("q1 world:nidi 1000", "line 2, field 'relevance': '1000'"),
        ("\tworld:nidi\t1", "line 2, field 'query_id'"),
        ("q1\t\t1", "line 2, field 'call_id'"),
        ("q0 world:nidi 2", "line 2, field 'call_id': 'world:nidi' was graded for 'q0'"),
        ("query_id call_id relevance", "line 2, field 'relevance'"),
    ],
)
def test_a_bad_row_of_qrels_is_refused_naming_file_line_and_field(tmp_path: Path, row: str, said: str) -> None:
    path = qrels(tmp_path / "qrels.tsv", "q0 world:nidi 1", row)
    with pytest.raises(TaskError, match=rf"qrels\.tsv, {said}"):
        read_qrels(path)


@pytest.mark.parametrize("read", [lambda path: read_queries(path, KNOWN), read_qrels])
@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"\xff\xfe", "UTF-8"), (b"\n \n", "no q")])
def test_a_file_that_cannot_be_read_or_is_empty_is_refused_by_name(tmp_path: Path, read, content, said) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TaskError, match=rf"{path}.*{said}"):
        read(path)


def test_a_commune_goes_by_its_code_or_its_name_however_it_is_written(tmp_path: Path) -> None:
    names = ("015155", "nosate", "NOSATE")
    rows = [{**GOOD, "query_id": name, "commune": name} for name in names]
    assert [query.commune for query in read_queries(queries(tmp_path / "q.jsonl", *rows), KNOWN)] == [NOSATE] * 3


def test_a_name_that_two_communes_have_is_refused_with_their_codes(tmp_path: Path) -> None:
    twins = {code: Commune(istat=code, name="Samone", province=p) for code, p in (("001235", "TO"), ("022165", "TN"))}
    path = queries(tmp_path / "q.jsonl", {**GOOD, "commune": "Samone"})
    with pytest.raises(TaskError, match=r"'Samone' is the name of several.*001235 \(TO\), 022165 \(TN\)"):
        read_queries(path, twins)


def test_qrels_read_the_same_with_and_without_header_and_with_windows_line_ends(tmp_path: Path) -> None:
    plain = read_qrels(qrels(tmp_path / "a", "q1 world:nidi 2", "q1 world:ciclabili 0"))
    header = read_qrels(qrels(tmp_path / "b", "query_id call_id relevance", "q1 world:nidi 2", "q1 world:ciclabili 0"))
    windows = read_qrels(qrels(tmp_path / "c", "q1 world:nidi 2\r", "q1 world:ciclabili 0\r"))
    assert plain == header == windows == {"q1": {"world:nidi": 2, "world:ciclabili": 0}}


def test_what_only_one_file_has_is_set_aside_and_said(tmp_path: Path) -> None:
    asked = queries(tmp_path / "q.jsonl", GOOD, {**GOOD, "query_id": "unjudged"})
    graded = qrels(tmp_path / "r.tsv", "q1 world:nidi 3", "q1 world:elsewhere 3", "unasked world:nidi 1")
    found = read_set(asked, graded, KNOWN, IDS)
    assert [query.id for query in found.queries] == ["q1"]
    assert found.qrels == {"q1": {"world:nidi": 3, "world:elsewhere": 3}}
    assert [note.split()[0] for note in found.ignored] == ["1", "1", "1"]
    assert "calls of the qrels are not among the calls searched" in found.ignored[2]


def test_files_of_different_sets_are_refused(tmp_path: Path) -> None:
    asked = queries(tmp_path / "q.jsonl", GOOD)
    with pytest.raises(TaskError, match="none of its 1 query ids stands in"):
        read_set(asked, qrels(tmp_path / "r.tsv", "q9 world:nidi 1"), KNOWN, IDS)
    with pytest.raises(TaskError, match=r"none of its 1 call ids is known, such as 'nidi'.*--source"):
        read_set(asked, qrels(tmp_path / "s.tsv", "q1 nidi 1"), KNOWN, IDS)


def test_the_set_becomes_a_task_with_the_strata_of_its_communes_and_best_calls(tmp_path: Path) -> None:
    asked = queries(tmp_path / "q.jsonl", {**GOOD, "kind": "asset"})
    graded = qrels(tmp_path / "r.tsv", f"q1 {NIDI.id} 3", f"q1 {SCUOLE_SICURE.id} 1")
    task = read_set(asked, graded, KNOWN, IDS).task("mine", Material(CALLS), Request(k=5))
    assert task.queries[0].kind is QueryKind.ASSET
    assert task.request.k == 5
    assert task.strata["q1"] == {
        "kind": ("asset",),
        "size": ("below 1,000",),
        "source": ("world",),
        "level": ("national",),
        "precedents": ("cold",),
    }
