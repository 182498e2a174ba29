"""The calls for a commune as its pages show them: with what it has already said of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.pages.commune.saying import Said, as_said, choices_after, reasons
from service.pages.commune.visit import Visit
from service.pages.commune.words import SLUG_OF_KIND
from service.pages.going import part
from service.pages.reasons import Shown, shown
from service.work.decisions import Decision, DecisionFilters, list_decisions
from service.work.subjects import ItemRef

MOST = 200


@dataclass(frozen=True, slots=True)
class Card:
    """One call with what may be said of it."""

    shown: Shown
    item: ItemRef | None
    item_address: str
    said: tuple[Said, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be said next, as codes: first that one is interested, then what came of it."""
        return choices_after(self.said)


@dataclass(frozen=True, slots=True)
class Cards:
    """The calls of an answer, those ruled out, and those that people recommend."""

    answer: Mapping[str, Any]
    calls: tuple[Card, ...]
    excluded: tuple[Shown, ...]
    reasons: tuple[tuple[str, str], ...]


def cards(visit: Visit, answered: Mapping[str, Any], item: ItemRef | None = None) -> Cards:
    """Return the calls of an answer, each with what the commune said of it: for the item it suits, or as a whole."""
    decided = decisions_by_call(visit)
    listed = shown(answered["recommendations"], visit.language)
    calls = tuple(
        _card(visit, one, item or _item(data["item"]), decided.get(one.call["id"], ()))
        for one, data in zip(listed, answered["recommendations"], strict=True)
    )
    return Cards(answered, calls, tuple(shown(answered["excluded"], visit.language)), reasons(visit.language))


def decisions_by_call(visit: Visit) -> dict[str, list[Decision]]:
    """Return what the commune has said of each call, the newest first."""
    found: dict[str, list[Decision]] = {}
    for decision in all_decisions(visit):
        found.setdefault(decision.call_id, []).append(decision)
    return found


def all_decisions(visit: Visit, *, withdrawn: bool = False) -> list[Decision]:
    """Return the newest decisions of the commune, as many as a page can hold."""
    with visit.acting() as acting:
        return list_decisions(acting, DecisionFilters(visit.istat, withdrawn=withdrawn), limit=MOST)[0]


def _item(data: Mapping[str, str] | None) -> ItemRef | None:
    return ItemRef(data["kind"], data["id"]) if data else None


def _card(visit: Visit, one: Shown, item: ItemRef | None, decided: Iterable[Decision]) -> Card:
    address = f"{visit.address}/{SLUG_OF_KIND[item.kind]}/{part(item.id)}" if item else ""
    said = as_said((found for found in decided if found.item in (None, item)), visit.language)
    return Card(one, item, address, tuple(said))
