"""From exported decisions of communes to training examples: one JSON object a line.

``{"commune": "015182", "call_id": "padigitale:…", "kind": "not_for_us", "reason": "not_relevant", "at": "2026-05-04T…",
"text": "…", "query_kind": "need", "item_id": "…"}``; ``reason`` goes with ``not_for_us`` and with nothing else, what
was decided without an item has no ``text`` and teaches nothing. Withdrawn decisions are not exported.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from corpora.labelfile import Place, json_rows
from evaluation.tasks.task import Fold, Material, Task
from matcher.feedback import Decision, DecisionKind, Example, Progress, Reason, examples, progress
from matcher.recommender import Query
from matcher.records import Commune, QueryKind


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


def feedback_task(
    found: Sequence[Example], material: Material, communes: Mapping[str, Commune]
) -> tuple[Task, dict[str, float]]:
    """Return what communes kept or applied for as queries with answers, and what each query counts.

    A call that was refused is one of the wrong answers to what was asked; a text of which every call was refused has
    no right one and teaches nothing. Decisions of communes that are not in ``communes`` are left out.
    """
    groups: dict[tuple[str, QueryKind, str], list[Example]] = {}
    for one in found:
        groups.setdefault((one.text, one.query_kind, one.commune_istat), []).append(one)
    queries, qrels, weights = [], {}, {}
    for number, ((text, kind, istat), examples_of) in enumerate(sorted(groups.items())):
        right = [one for one in examples_of if one.label]
        if not right or istat not in communes:
            continue
        query = Query(text, communes[istat], kind, f"feedback-{number}")
        queries.append(query)
        qrels[query.id] = {one.call_id: 1 for one in right}
        weights[query.id] = sum(one.weight for one in examples_of) / len(examples_of)
    task = Task(
        name="feedback",
        title="Decisioni dei comuni",
        about="What communes kept or applied for, as they said it.",
        folds=(Fold(material, tuple(queries)),),
        qrels=qrels,
    )
    return task, weights


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
