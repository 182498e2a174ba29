"""A set of queries and qrels from two files, as a task: how anybody measures the product on questions of their own.

Q.jsonl    {"query_id", "kind", "commune", "text"} a line       (commune: a name or an ISTAT code)
QRELS.tsv  query_id <tab> call_id <tab> relevance               (a header is optional)
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.errors import TaskError
from evaluation.measures.coverage import size_class
from evaluation.tasks.task import Fold, Material, Strata, Task, best_calls, strata_of_calls
from matcher.analyser import name_key
from matcher.errors import QueryError
from matcher.recommender import Query, Request
from matcher.records import Commune, QueryKind

QUERY_FIELDS = ("query_id", "kind", "commune", "text")
QRELS_FIELDS = ("query_id", "call_id", "relevance")
_HIGHEST = 100


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries and what is relevant to them; ``ignored`` says what was set aside, a sentence each."""

    queries: tuple[Query, ...]
    qrels: Mapping[str, Mapping[str, int]]
    ignored: tuple[str, ...]

    def task(self, name: str, material: Material, request: Request) -> Task:
        """Return the set as a task over some calls."""
        calls = {call.id: call for call in material.calls}
        strata: Strata = {
            query.id: {
                "kind": (query.kind.value,),
                "size": (size_class(query.commune.population),),
                **strata_of_calls(best_calls(self.qrels[query.id]), calls, material.themes),
            }
            for query in self.queries
        }
        about = f"{len(self.queries)} queries from {name}, over {len(calls)} calls."
        folds = (Fold(material, self.queries),)
        return Task(name=name, title=name, about=about, folds=folds, qrels=self.qrels, strata=strata, request=request)


def read_set(queries: Path, qrels: Path, communes: Mapping[str, Commune], calls: Iterable[str]) -> QuerySet:
    """Read both files and join them; ``calls`` are the ids of the calls there are.

    Raises TaskError naming file, line, field and value for the first row that does not hold together, and where
    nothing could be measured: no query has qrels, or none of the calls that they name is known.
    """
    asked = read_queries(queries, communes)
    grades = read_qrels(qrels)
    both = tuple(query for query in asked if query.id in grades)
    if not both:
        raise TaskError(f"{qrels}: none of its {len(grades)} query ids stands in {queries}; are they of one set?")
    named = {call for query in both for call in grades[query.id]}
    if not (known := named & set(calls)):
        raise TaskError(
            f"{qrels}: none of its {len(named)} call ids is known, such as {min(named)!r}; "
            "an id is <source>:<publisher's own id>, and --source must include its source"
        )
    counts = (
        (len(asked) - len(both), f"queries of {queries} have no row in {qrels}"),
        (len(grades) - len(both), f"queries of {qrels} do not stand in {queries}"),
        (len(named) - len(known), "calls of the qrels are not among the calls searched: nobody can find them"),
    )
    ignored = tuple(f"{count} {what}" for count, what in counts if count)
    return QuerySet(both, {query.id: grades[query.id] for query in both}, ignored)


def read_queries(path: Path, communes: Mapping[str, Commune]) -> list[Query]:
    """Read queries in file order; raises TaskError naming file, line, field and value."""
    by_name: dict[str, list[Commune]] = {}
    for commune in communes.values():
        by_name.setdefault(name_key(commune.name), []).append(commune)
    queries: dict[str, Query] = {}
    for line, row in _json_rows(path):
        for field in QUERY_FIELDS:
            if not isinstance(row.get(field), str):
                raise _error(path, line, field, row.get(field), "must be a text")
        if row["query_id"] in queries:
            raise _error(path, line, "query_id", row["query_id"], "stands already in an earlier line")
        commune = _commune(path, line, row["commune"], communes, by_name)
        queries[row["query_id"]] = _query(path, line, row, commune)
    if not queries:
        raise TaskError(f"{path}: no queries in it; one JSON object a line with {', '.join(QUERY_FIELDS)}")
    return list(queries.values())


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Read qrels, query id → call id → relevance; raises TaskError naming file, line, field and value."""
    grades: dict[str, dict[str, int]] = {}
    for line, text in _lines(path):
        fields = tuple(text.split("\t"))
        if line == 1 and fields == QRELS_FIELDS:
            continue
        if len(fields) != len(QRELS_FIELDS):
            raise TaskError(
                f"{path}, line {line}: {text[:80]!r} must have {len(QRELS_FIELDS)} fields separated by tabs "
                f"({', '.join(QRELS_FIELDS)}), has {len(fields)}"
            )
        query, call, relevance = (field.strip() for field in fields)
        for name, value in (("query_id", query), ("call_id", call)):
            if not value:
                raise _error(path, line, name, value, "must not be empty")
        if not (relevance.isascii() and relevance.isdigit() and int(relevance) <= _HIGHEST):
            raise _error(path, line, "relevance", relevance, f"must be a whole number from 0 to {_HIGHEST}")
        if call in grades.setdefault(query, {}):
            raise _error(path, line, "call_id", call, f"was graded for {query!r} in an earlier line")
        grades[query][call] = int(relevance)
    if not grades:
        raise TaskError(f"{path}: no qrels in it; rows of {', '.join(QRELS_FIELDS)}, separated by tabs")
    return grades


def _query(path: Path, line: int, row: Mapping[str, str], commune: Commune) -> Query:
    if row["kind"] not in tuple(QueryKind):
        raise _error(path, line, "kind", row["kind"], f"must be one of {', '.join(QueryKind)}")
    if not row["query_id"].strip():
        raise _error(path, line, "query_id", row["query_id"], "must not be empty")
    try:
        return Query(row["text"], commune, QueryKind(row["kind"]), row["query_id"])
    except QueryError as error:
        raise TaskError(f"{path}, line {line}, field 'text': {error}") from error


def _commune(
    path: Path, line: int, words: str, communes: Mapping[str, Commune], by_name: Mapping[str, list[Commune]]
) -> Commune:
    named = [communes[words]] if words in communes else by_name.get(name_key(words), [])
    if len(named) > 1:
        codes = ", ".join(f"{commune.istat} ({commune.province})" for commune in named)
        raise _error(path, line, "commune", words, f"is the name of several; give the ISTAT code: {codes}")
    if not named:
        raise _error(path, line, "commune", words, "is no commune: give its ISTAT code, 6 digits as text, or its name")
    return named[0]


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in _lines(path):
        try:
            row = json.loads(text)
        except ValueError as error:
            raise TaskError(f"{path}, line {line}: {text[:80]!r} is not JSON ({error})") from error
        if not isinstance(row, dict):
            raise TaskError(f"{path}, line {line}: {text[:80]!r} must be an object with {', '.join(QUERY_FIELDS)}")
        yield line, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TaskError(f"{path} cannot be read: {error}; it must be a file in UTF-8") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.removesuffix("\r")


def _error(path: Path, line: int, field: str, value: object, must: str) -> TaskError:
    return TaskError(f"{path}, line {line}, field {field!r}: {value!r:.80} {must}")
