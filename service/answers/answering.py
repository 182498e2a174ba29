"""From a question to the answer that is shown and kept: dicts that JSON can hold, the same for every surface.

Question ──recommend_many──► one list per item ──merged──► one list, each call with the item that makes the match
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from threading import BoundedSemaphore
from typing import Any

from matcher.eligibility import judge
from matcher.explanation import Recommendation, Recommendations
from matcher.recommender import Request
from matcher.verdicts import municipality
from service.answers.questions import Question
from service.ids import new_id
from service.live import Serving
from service.presentation import as_data, criterion_data
from service.work.picks import Pick
from service.work.subjects import ItemRef

_COMPUTING = BoundedSemaphore(os.cpu_count() or 1)
"""Answers computed at once: more than there are processors only get in each other's way, and all of them late."""
SPARE_PLACES = 4
"""Places worked out for each item beyond its share of the list: items of one commune want some of the same calls."""
_OF_THE_CALL = frozenset({"call_id", "title", "issuer", "url", "closes", "closing_hour_known", "illustrative"})
"""Fields of a recommendation's data that its call's summary holds too."""


@dataclass(frozen=True, slots=True)
class Found:
    """One call in the answer: the recommendation, its data, and the item of the commune that makes the match."""

    recommendation: Recommendation
    data: Mapping[str, Any]
    item: ItemRef | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a question: ``shown`` in rank order, ``data`` all of it for JSON."""

    question: Question
    serving: Serving
    id: str
    at: datetime
    shown: tuple[Found, ...]
    data: Mapping[str, Any]


def answered(serving: Serving, question: Question, answer_id: str, at: datetime) -> Answer:
    """Answer a question; what people recommend stands above the ranking."""
    with _COMPUTING:
        results, lists = _computed(serving, question)
    return _answer(serving, question, answer_id, at, results, lists)


def answered_each(serving: Serving, questions: Sequence[Question], at: datetime) -> list[Answer]:
    """Answer questions of one query each, those with the same request together; each answer gets an id of its own.

    Whoever asks for one answer meanwhile waits no longer than these take: send few at a time.
    """
    answers: list[Answer] = []
    for request, alike in groupby(questions, key=lambda question: question.request):
        asked = list(alike)
        with _COMPUTING:
            queries = [question.queries[0] for question in asked]
            results = list(serving.recommender.recommend_many(queries, request))
            lists = [as_data(result) for result in results]
        for question, result, data in zip(asked, results, lists, strict=True):
            answers.append(_answer(serving, question, new_id(), at, [result], [data]))
    return answers


def _computed(serving: Serving, question: Question) -> tuple[list[Recommendations], list[Mapping[str, Any]]]:
    """Return the list of each query and its data; of several ones only as much as the list merged of them can need.

    Of a commune as a whole nobody is shown what was ruled out, item by item, which takes as long as all the rest.
    """
    request, n_items = question.request, len(question.queries)
    if n_items > 1:
        each = min(request.k, request.k // n_items + SPARE_PLACES)
        results, lists = _lists(serving, question, replace(request, k=each, excluded=0))
        n_found = sum(1 for _ in merged(question.items, results, lists))
        if n_found >= request.k or all(len(result.items) < each for result in results):
            return results, lists
        request = replace(request, excluded=0)
    return _lists(serving, question, request)


def _lists(
    serving: Serving, question: Question, request: Request
) -> tuple[list[Recommendations], list[Mapping[str, Any]]]:
    results = list(serving.recommender.recommend_many(question.queries, request))
    return results, [as_data(result) for result in results]


def _answer(
    serving: Serving,
    question: Question,
    answer_id: str,
    at: datetime,
    results: Sequence[Recommendations],
    lists: Sequence[Mapping[str, Any]],
) -> Answer:
    shown = tuple(merged(question.items, results, lists))[: question.request.k]
    excluded = _excluded(results[0], lists[0]) if len(results) == 1 else ()
    on = question.request.on or at
    data = {
        "id": answer_id,
        "at": at.isoformat(),
        "commune": {"istat": question.commune.istat, "name": question.commune.name},
        "judged_on": on.isoformat(),
        "artifact": serving.recommender.artifact_version,
        "data_version": serving.revision,
        "candidates": max(result.n_candidates for result in results),
        "ruled_out": max(result.n_excluded for result in results),
        "hidden": max(result.n_hidden for result in results),
        "items": len(question.queries),
        "items_left_out": question.left_out,
        "picks": [_picked(serving, question, pick, on) for pick in question.picks if serving.has(pick.call_id)],
        "recommendations": [_shown(serving, found, rank, on) for rank, found in enumerate(shown, start=1)],
        "excluded": [_shown(serving, found, rank, on) for rank, found in enumerate(excluded, start=1)],
    }
    return Answer(question, serving, answer_id, at, shown, data)


def merged(
    items: Sequence[ItemRef | None], results: Sequence[Recommendations], lists: Sequence[Mapping[str, Any]]
) -> Iterator[Found]:
    """Yield each call once, under the item where it ranks best: first every item's first call, then the second ones.

    Scores of different queries cannot be compared; places in their lists can.
    """
    places = [
        (found.rank, number, Found(found, data, item))
        for number, (result, shown, item) in enumerate(zip(results, lists, items, strict=True))
        for found, data in zip(result.items, shown["recommendations"], strict=True)
    ]
    seen: set[str] = set()
    for _, _, found in sorted(places, key=lambda place: place[:2]):
        call_ids = {found.recommendation.call.id, *(variant.call.id for variant in found.recommendation.variants)}
        if not seen & call_ids:
            yield found
        seen |= call_ids


def _excluded(result: Recommendations, data: Mapping[str, Any]) -> tuple[Found, ...]:
    return tuple(Found(found, one, None) for found, one in zip(result.excluded, data["excluded"], strict=True))


def _shown(serving: Serving, found: Found, rank: int, on: datetime) -> dict[str, Any]:
    position = serving.position(found.recommendation.call.id)
    data = {name: value for name, value in found.data.items() if name not in _OF_THE_CALL}
    return data | {"rank": rank, "item": _item(found.item), "call": serving.view.summary(position, on)}


def _picked(serving: Serving, question: Question, pick: Pick, on: datetime) -> dict[str, Any]:
    position = serving.position(pick.call_id)
    judged = judge(serving.catalogue.rules[position], municipality(question.commune), on)
    return {
        "id": pick.id,
        "why": pick.why,
        "author": {"office": pick.author.office.value, "role": pick.author.role, "name": pick.author.name},
        "at": pick.at.isoformat(),
        "item": _item(pick.item),
        "eligibility": judged.verdict.value,
        "criteria": [criterion_data(result) for result in judged.criteria],
        "call": serving.view.summary(position, on),
    }


def _item(item: ItemRef | None) -> dict[str, str] | None:
    return None if item is None else {"kind": item.kind, "id": item.id}
