"""From exported decisions of communes to training examples: one JSON object a line.

``{"commune": "015182", "call_id": "padigitale:…", "kind": "not_for_us", "reason": "not_relevant", "at": "2026-05-04T…",
"text": "…", "query_kind": "need", "item_id": "…"}``; ``reason`` goes with ``not_for_us`` and with nothing else, what
was decided without an item has no ``text`` and teaches nothing. Withdrawn decisions are not exported.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from corpora.labelfile import Place, json_rows
from matcher.feedback import Decision, DecisionKind, Example, Progress, Reason, examples, progress
from matcher.records import QueryKind


def load_decisions(path: Path) -> list[Decision]:
    """Read a file of decisions, in file order.

    Raises CorporaError naming file, line, field and value for the first that does not hold together.
    """
    return [_decision(place, row) for place, row in json_rows(path)]


def feedback_examples(path: Path) -> tuple[list[Example], Progress]:
    """Return what may be learnt from a file of decisions, nothing before there is enough, and how much there is.

    Raises CorporaError as ``load_decisions`` does.
    """
    decisions = load_decisions(path)
    return examples(decisions), progress(decisions)


def _decision(place: Place, row: Mapping[str, Any]) -> Decision:
    kind = DecisionKind(place.one_of("kind", row.get("kind"), [str(kind) for kind in DecisionKind]))
    given = row.get("reason")
    if (kind is DecisionKind.NOT_FOR_US) is (given is None):
        raise place.error("reason", given, "must say why a call is not for us, and go with nothing else")
    text, item = row.get("text") or "", row.get("item_id") or ""
    if not isinstance(text, str) or not isinstance(item, str):
        raise place.error("text", (text, item), "must be texts, and so must item_id")
    return Decision(
        commune_istat=place.commune("commune", row.get("commune")),
        call_id=place.source_id("call_id", row.get("call_id")),
        kind=kind,
        at=_moment(place, row.get("at")),
        reason=None if given is None else Reason(place.one_of("reason", given, [str(reason) for reason in Reason])),
        item_id=item,
        text=text,
        query_kind=QueryKind(place.one_of("query_kind", row.get("query_kind", "need"), [str(k) for k in QueryKind])),
    )


def _moment(place: Place, value: object) -> datetime:
    try:
        at = datetime.fromisoformat(place.text("at", value))
    except ValueError as error:
        raise place.error("at", value, "must be a moment as YYYY-MM-DDTHH:MM:SS+ZZ:ZZ") from error
    if at.tzinfo is None:
        raise place.error("at", value, "must say its time zone")
    return at
