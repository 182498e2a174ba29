import json
from pathlib import Path

import pytest

from matcher.records import QueryKind
from service.communes import CommuneFinder
from service.errors import BadQueriesError
from service.queries import read_queries
from tests.world import COMMUNES, RHO

FINDER = CommuneFinder(COMMUNES)
GOOD = {"query_id": "q1", "kind": "need", "commune": "Rho", "text": "Serve un asilo nido"}


def _file(folder: Path, *rows: object) -> Path:
    path = folder / "queries.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_queries_are_read_in_order_and_empty_lines_do_not_count(tmp_path: Path) -> None:
    second = GOOD | {"query_id": "q2", "kind": "asset", "commune": "015146"}
    found = read_queries(_file(tmp_path, GOOD, "", second), FINDER)
    assert [(q.id, q.kind, q.commune.name) for q in found] == [
        ("q1", QueryKind.NEED, "Rho"),
        ("q2", QueryKind.ASSET, "Milano"),
    ]
    assert found[0].commune == RHO


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{not json"], r"queries\.jsonl, line 1: not JSON"),
        (["[1]"], "line 1: a JSON object is needed"),
        ([GOOD, GOOD], "line 2, field 'query_id': 'q1' stands already in line 1"),
        ([GOOD | {"query_id": ""}], "line 1, field 'query_id': '' cannot stand in a column of a run file"),
        ([GOOD | {"query_id": "a\tb"}], r"line 1, field 'query_id': 'a\\tb' cannot stand in a column of a run file"),
        ([GOOD | {"text": "  "}], "line 1: the text is empty"),
        ([GOOD | {"text": 5}], "line 1, field 'text'"),
        ([GOOD | {"text": "a\0b"}], "line 1: the text holds a NUL byte at character 1"),
        ([GOOD | {"text": "parola " * 150_000}], "line 1: the text has 1050000 characters"),
        ([GOOD | {"commune": "Atlantide"}], "line 1: commune 'Atlantide': unknown"),
        ([GOOD | {"kind": "wish"}], "line 1: kind 'wish': choose one of need, project, asset"),
        ([{k: v for k, v in GOOD.items() if k != "kind"}], "line 1, field 'kind'"),
        ([""], "no queries in it"),
    ],
)
def test_a_row_that_cannot_be_asked_is_named(tmp_path: Path, rows: list[object], message: str) -> None:
    with pytest.raises(BadQueriesError, match=message):
        read_queries(_file(tmp_path, *rows), FINDER)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadQueriesError, match=r"none\.jsonl: cannot be read"):
        read_queries(tmp_path / "none.jsonl", FINDER)
