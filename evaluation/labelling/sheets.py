"""Reading judging sheets, as ``python -m evaluation.pooling`` writes them: one query and its calls a line."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from corpora.judged import KINDS, QUERIES, JudgedQuery
from corpora.labelfile import Place, json_rows
from evaluation.pooling import CallToJudge, Sheet

_TEXTS = ("issuer", "applicants_text", "territory_text", "summary")


def read_sheets(path: Path, queries: Iterable[JudgedQuery]) -> list[Sheet]:
    """Read sheets in file order, the lines of one query joined and a call that stands twice kept once.

    Raises CorporaError naming file, line, field and value for the first line that does not hold together, or that
    asks something else than the labels' own ``queries``: its judgments could not be used.
    """
    known = {query.query_id: query for query in queries}
    joined: dict[str, Sheet] = {}
    for place, row in json_rows(path):
        sheet = _sheet(place, row)
        _check_known(place, sheet, known)
        earlier = joined.get(sheet.query_id, sheet)
        calls = {call.call_id: call for call in (*sheet.calls, *earlier.calls)}
        joined[sheet.query_id] = Sheet(
            sheet.query_id, sheet.kind, sheet.commune, sheet.text, tuple(calls[call_id] for call_id in sorted(calls))
        )
    return list(joined.values())


def _check_known(place: Place, sheet: Sheet, known: Mapping[str, JudgedQuery]) -> None:
    if sheet.query_id not in known:
        raise place.error("query_id", sheet.query_id, f"is not in {QUERIES} of the labels; was another folder meant?")
    query = known[sheet.query_id]
    for field in ("kind", "commune", "text"):
        if getattr(sheet, field) != getattr(query, field):
            raise place.error(field, getattr(sheet, field), f"is not that of {QUERIES}; make the sheets anew")


def _sheet(place: Place, row: Mapping[str, Any]) -> Sheet:
    calls = row.get("calls")
    if not (isinstance(calls, list) and all(isinstance(call, dict) for call in calls)):
        raise place.error("calls", calls, "must be a list of objects")
    return Sheet(
        query_id=place.text("query_id", row.get("query_id")),
        kind=place.one_of("kind", row.get("kind"), KINDS),
        commune=place.text("commune", row.get("commune")),
        text=place.text("text", row.get("text")),
        calls=tuple(_call(place, call) for call in calls),
    )


def _call(place: Place, row: Mapping[str, Any]) -> CallToJudge:
    for field in _TEXTS:
        if not isinstance(row.get(field), str):
            raise place.error(f"calls.{field}", row.get(field), "must be a text, which may be empty")
    sentences = row.get("sentences")
    if not (isinstance(sentences, list) and all(isinstance(sentence, str) for sentence in sentences)):
        raise place.error("calls.sentences", sentences, "must be a list of texts")
    return CallToJudge(
        call_id=place.source_id("calls.call_id", row.get("call_id")),
        title=place.text("calls.title", row.get("title")),
        sentences=tuple(sentences),
        **{field: row[field] for field in _TEXTS},
    )
