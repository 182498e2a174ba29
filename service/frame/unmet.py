"""Needs for which no call is in sight: none that their commune may apply for, or none that is near.

need ──the one data path──► the best calls that its commune may apply for ──similarity──► near enough, or not
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from matcher.recommender import Query, Request
from matcher.records import Need, QueryKind
from service.answers.questions import open_items, sources_in_scope
from service.catalogue.overview import SUITS
from service.catalogue.reverse import closeness
from service.frame.zones import zone_of
from service.live import Serving
from service.work.subjects import item_text

LOOKED_AT = 10
"""Calls of each need that are compared with it: what stands further down is not shown on the first page either."""
_AT_ONCE = 16


class Why(StrEnum):
    """Why there is no call for a need."""

    NONE_ADMITTED = "none_admitted"
    """Its commune is ruled out of every call."""
    NONE_NEAR = "none_near"
    """The commune may apply for some, but none speaks of what is needed."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found for a need; ``why`` is None where a call is near enough.

    ``call_id`` is the nearest of the calls that its commune may apply for, "" if there is none.
    """

    why: Why | None
    call_id: str = ""
    call_title: str = ""


@dataclass(frozen=True, slots=True)
class SeenNeed:
    """A need with the commune that it is of, and what is in sight for it."""

    id: str
    title: str
    commune_istat: str
    commune_name: str
    zone: str
    sight: Sight


class NeedsInSight:
    """Looks at every need once for each state of the calls; used by one thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Sight] = {}
        self._of = ""

    def look(
        self, session: Session, serving: Serving, on: datetime, stopping: Callable[[], bool] = lambda: False
    ) -> tuple[SeenNeed, ...]:
        """Return every need of a known commune, by id; what was not looked at before ``stopping`` is missing."""
        state = f"{serving.revision} {serving.view.epoch(on)}"
        if state != self._of:
            self._known, self._of = {}, state
        needs = [
            item
            for item, _ in open_items(session)
            if isinstance(item, Need) and item.commune_istat in serving.commune_by_istat
        ]
        missing = [need for need in needs if _key(need) not in self._known]
        for start in range(0, len(missing), _AT_ONCE):
            if stopping():
                break
            self._look_at(serving, missing[start : start + _AT_ONCE], on)
        self._known = {_key(need): self._known[_key(need)] for need in needs if _key(need) in self._known}
        return tuple(_seen(serving, need, self._known[_key(need)]) for need in needs if _key(need) in self._known)

    def _look_at(self, serving: Serving, needs: Sequence[Need], on: datetime) -> None:
        queries = [
            Query(item_text(need), serving.commune_by_istat[need.commune_istat], QueryKind.NEED, need.id)
            for need in needs
        ]
        asked = Request(k=LOOKED_AT, on=on, sources=sources_in_scope(serving, ()))
        answers = serving.recommender.recommend_many(queries, asked)
        for need, answer in zip(needs, answers, strict=True):
            positions = [serving.position(one.call.id) for one in answer.items]
            self._known[_key(need)] = _sight(serving, need, positions)


def _sight(serving: Serving, need: Need, positions: Sequence[int]) -> Sight:
    if not positions:
        return Sight(Why.NONE_ADMITTED)
    near = closeness(serving, positions, [need])[0]
    nearest = int(near.argmax())
    call = serving.catalogue.calls[positions[nearest]]
    return Sight(None if near[nearest] >= SUITS else Why.NONE_NEAR, call.id, call.title)


def _seen(serving: Serving, need: Need, sight: Sight) -> SeenNeed:
    commune = serving.commune_by_istat[need.commune_istat]
    return SeenNeed(need.id, need.title, commune.istat, commune.name, zone_of(commune), sight)


def _key(need: Need) -> tuple[str, str]:
    return need.id, f"{need.commune_istat} {item_text(need)}"
