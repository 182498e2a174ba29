"""An answer made again from what it was made of then, and compared with what was shown.

kept answer ──► artifact of that day + what people said by then about criteria ──► the same list?
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.artifact import load_artifact
from matcher.catalogue import Catalogue
from matcher.encoder import Encoder
from matcher.recommender import Query, Recommender, Request
from matcher.records import Commune, QueryKind
from matcher.reviewing import reviewed_catalogue
from service.answers.answering import merged
from service.artifacts import kept_artifact
from service.audit.answers import Kept
from service.imports import load_record
from service.inputs import reviews_at
from service.presentation import as_data
from service.settings import Settings
from service.work.subjects import ItemRef

TOLERANCE = 1e-4
"""Scores of one question on two kinds of processor differ in less than this (vectors do in the third decimal)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of the list that is not as it was shown; a call id is "" where one list is shorter."""

    rank: int
    shown: str
    again: str
    shown_score: float | None
    again_score: float | None


@dataclass(frozen=True, slots=True)
class Repetition:
    """Whether an answer could be made again (its artifact is still there), and what differs."""

    possible: bool
    differences: tuple[Difference, ...] = ()

    @property
    def agrees(self) -> bool | None:
        """Whether the same was found again; None where that cannot be told."""
        return not self.differences if self.possible else None


def repeat(session: Session, settings: Settings, encoder: Encoder, kept: Kept) -> Repetition:
    """Make an answer again from the artifact that it names; raises ArtifactError if that was changed on disk."""
    folder = kept_artifact(settings, kept.artifact_version)
    if folder is None:
        return Repetition(possible=False)
    return repeat_from(session, load_artifact(folder, encoder.id)[1], encoder, kept)


def repeat_from(session: Session, as_read: Catalogue, encoder: Encoder, kept: Kept) -> Repetition:
    """Make an answer again from its catalogue, as it was before what people said was laid over it."""
    catalogue = reviewed_catalogue(as_read, reviews_at(session, kept.at))
    recommender = Recommender(catalogue, encoder, kept.artifact_version)
    commune = load_record(session, Commune, kept.asked["commune"])
    queries = [Query(q["text"], commune, QueryKind(q["kind"]), q["id"]) for q in kept.asked["queries"]]
    results = list(recommender.recommend_many(queries, _request(kept.asked)))
    items = [ItemRef(item["kind"], item["id"]) if item else None for item in kept.asked["items"]]
    found = list(merged(items, results, [as_data(result) for result in results]))[: kept.asked["k"]]
    again = [(one.recommendation.call.id, one.recommendation.score) for one in found]
    shown = [(one["call"]["id"], float(one["score"])) for one in kept.answered["recommendations"]]
    return Repetition(possible=True, differences=tuple(_differences(shown, again)))


def _request(asked: Mapping[str, Any]) -> Request:
    return Request(
        k=asked["k"],
        on=datetime.fromisoformat(asked["on"]) if asked["on"] else None,
        sources=frozenset(asked["sources"]),
        grouped=asked["grouped"],
        hidden=frozenset(asked["hidden"]),
    )


def _differences(shown: list[tuple[str, float]], again: list[tuple[str, float]]) -> list[Difference]:
    found = []
    for place in range(max(len(shown), len(again))):
        before, before_score = shown[place] if place < len(shown) else ("", None)
        after, after_score = again[place] if place < len(again) else ("", None)
        same_score = None not in (before_score, after_score) and abs(before_score - after_score) <= TOLERANCE  # type: ignore[operator]
        if before != after or not same_score:
            found.append(Difference(place + 1, before, after, before_score, after_score))
    return found
