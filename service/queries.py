"""The queries of a bulk run: one JSON object a line, all checked before the first is answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matcher.errors import QueryError
from matcher.recommender import Query
from matcher.records import QueryKind
from service.communes import CommuneFinder
from service.errors import BadQueriesError, UnknownCommuneError

FIELDS = ("query_id", "kind", "commune", "text")


def read_queries(path: Path, communes: CommuneFinder) -> list[Query]:
    """Read ``{"query_id", "kind", "commune", "text"}`` rows; ``commune`` is a name or an ISTAT code.

    Raises BadQueriesError naming file, line, field and value at the first row that cannot be asked.
    """
    queries: list[Query] = []
    seen: dict[str, int] = {}
    for line, row in _rows(path):
        query = _query(path, line, row, communes)
        if query.id in seen:
            raise BadQueriesError(
                f"{path}, line {line}, field 'query_id': {query.id!r} stands already in line {seen[query.id]}"
            )
        seen[query.id] = line
        queries.append(query)
    if not queries:
        raise BadQueriesError(f"{path}: no queries in it; one JSON object a line with {', '.join(FIELDS)}")
    return queries


def parse_kind(text: str) -> QueryKind:
    """Return the kind of query that a word names; raises QueryError naming the known ones."""
    try:
        return QueryKind(text)
    except ValueError as error:
        raise QueryError(f"kind {text!r}: choose one of {', '.join(QueryKind)}") from error


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BadQueriesError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadQueriesError(f"{path}, line {number}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise BadQueriesError(f"{path}, line {number}: a JSON object is needed, with {', '.join(FIELDS)}")
        yield number, row


def _query(path: Path, line: int, row: dict[str, Any], communes: CommuneFinder) -> Query:
    for field in FIELDS:
        if not isinstance(row.get(field), str):
            raise BadQueriesError(f"{path}, line {line}, field {field!r}: text is needed, found {row.get(field)!r:.80}")
    if not row["query_id"].isprintable() or not row["query_id"]:
        raise BadQueriesError(
            f"{path}, line {line}, field 'query_id': {row['query_id']!r} cannot stand in a column of a run file"
        )
    try:
        return Query(row["text"], communes.find(row["commune"]), parse_kind(row["kind"]), row["query_id"])
    except (QueryError, UnknownCommuneError) as error:
        raise BadQueriesError(f"{path}, line {line}: {error}") from error
