"""``docs/founding-documents.md`` walked both ways: what it names exists, and what was written from them has a line."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from corpora.embedded import load
from matcher.records import Record

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "founding-documents.md"
DOCUMENTS = (
    "Città metropolitana di Milano, pagina «Remix e VALO.RI»",
    "Città metropolitana di Milano, scheda per i volontari «Welfare metropolitano e rigenerazione urbana»",
    "Città metropolitana di Milano, notizia «Presentazione ai Sindaci»",
    "Città metropolitana di Milano, Piano strategico 2022-2024",
    "Comune di Milano, pagina «PON Metro Milano",
)
"""How the provenance of a record begins that was written from one of the founding documents."""
RECORD = re.compile(r"(?:embedded|driver|mission|sttm|programme|axis|service|pilot-area|zone):[\w-]+", re.IGNORECASE)


def lines() -> list[tuple[str, str, str]]:
    """The lines of the page's tables: what is named, where it lives, what shows it."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [tuple(cell.strip() for cell in row.strip("|").split(" | ")) for row in rows]
    return [(row[0], row[1], row[2]) for row in cells if row[0] != "named"]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def records_of(where: str) -> set[str]:
    return {name for name in quoted(where) if RECORD.fullmatch(name)}


@cache
def defined_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(tests: list[str]) -> Iterator[str]:
    for one in tests:
        file, _, name = one.partition("::")
        if not (ROOT / file).is_file() or name not in defined_in(ROOT / file):
            yield one


@pytest.fixture(scope="module")
def corpus() -> list[Record]:
    return list(load())


def test_every_line_says_where_and_names_a_test() -> None:
    assert len(lines()) > 150
    bare = [name for name, where, shown in lines() if not quoted(where) or not quoted(shown)]
    assert bare == []


def test_no_two_lines_name_the_same() -> None:
    names = [name for name, _, _ in lines()]
    assert sorted(names) == sorted(set(names))


def test_every_record_of_a_line_exists(corpus: list[Record]) -> None:
    known = {record.id for record in corpus}
    assert {name: records_of(where) - known for name, where, _ in lines() if records_of(where) - known} == {}


def test_every_test_of_a_line_exists() -> None:
    assert [gone for _, _, shown in lines() for gone in missing(quoted(shown))] == []


def test_every_record_written_from_a_founding_document_has_a_line(corpus: list[Record]) -> None:
    named = set().union(*(records_of(where) for _, where, _ in lines()))
    written = {
        record.id for record in corpus if record.provenance and record.provenance.reference.startswith(DOCUMENTS)
    }
    assert len(written) > 100
    assert written - named == set()


def test_no_line_repeats_eight_words_of_the_founding_documents(shared_data: Path) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}

    seeds = sorted((shared_data.parent / "seeds").glob("*.txt"))
    theirs = set().union(*(runs(seed.read_text(encoding="utf-8")) for seed in seeds))
    assert theirs
    assert [line for line in lines() if runs(" ".join(line)) & theirs] == []
