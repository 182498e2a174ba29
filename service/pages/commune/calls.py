"""The calls for a commune as a whole, and what it says of them: saved, not for us and why, applied, what came of it."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from matcher.feedback import DecisionKind, Reason
from service.errors import ConflictError, InvalidError
from service.moments import now
from service.pages.commune.cards import all_decisions, cards
from service.pages.commune.listed import all_items
from service.pages.commune.prospects import missing_facts
from service.pages.commune.saying import as_said, choices_after, said_words
from service.pages.commune.visit import Visit, Visited
from service.pages.commune.words import GROUPS, SLUG_OF_KIND, named
from service.pages.going import go, own_address, part
from service.pages.reasons import amounts, deadline, moment_day
from service.web.requests import PathId
from service.work.decisions import Decision, decide, restore_decision, withdraw_decision
from service.work.subjects import ItemRef
from service.work.texts import plain_text

router = APIRouter(prefix="/comuni/{istat}", include_in_schema=False)
Back = Annotated[str, Form(alias="ritorno", max_length=500)]
LONGEST_NOTE = 2_000
OUTCOMES = ("applied", "funded", "rejected")


@router.get("/bandi")
def read_calls(visit: Visited) -> HTMLResponse:
    """Show the calls for all that a commune looks for, with what it said of each, and which facts are missing."""
    try:
        answer = visit.answer()
    except InvalidError:
        return visit.page("calls.html", {"cards": None, "missing": missing_facts(visit), "titles": {}})
    found = cards(visit, answer.answered)
    shown = {
        "cards": found,
        "missing": missing_facts(visit),
        "titles": _titles(visit, [card.item for card in found.calls]),
    }
    return visit.page("calls.html", shown)


@router.get("/decisioni")
def read_decisions(
    visit: Visited, withdrawn: Annotated[str, Query(alias="ritirate", max_length=1)] = ""
) -> HTMLResponse:
    """Show what the commune has said of calls, by what it said."""
    found = all_decisions(visit, withdrawn=bool(withdrawn))
    following = {} if withdrawn else _following(found, visit.language)
    groups = [
        (
            named(kind.value, GROUPS, visit.language),
            [_line(visit, one) | {"next": following.get(one.id, ())} for one in found if one.kind is kind],
        )
        for kind in (
            *(DecisionKind.SAVED, DecisionKind.APPLIED, DecisionKind.FUNDED),
            *(DecisionKind.REJECTED, DecisionKind.NOT_FOR_US),
        )
    ]
    titles = _titles(visit, [one.item for one in found])
    shown = {"groups": groups, "withdrawn": withdrawn, "any": bool(found), "titles": titles}
    return visit.page("decisions.html", shown)


@router.post("/decisioni")
def say(
    visit: Visited,
    call_id: Annotated[str, Form(alias="bando", max_length=300)] = "",
    kind: Annotated[DecisionKind, Form(alias="che")] = DecisionKind.SAVED,
    reason: Annotated[Reason, Form(alias="motivo")] = Reason.OTHER,
    note: Annotated[str, Form(alias="nota", max_length=LONGEST_NOTE)] = "",
    item_kind: Annotated[str, Form(alias="tipo", max_length=20)] = "",
    item_id: Annotated[str, Form(alias="voce", max_length=300)] = "",
    back: Back = "",
) -> Response:
    """Keep what a commune says of a call, for one of its items or as a whole."""
    following = own_address(back, f"{visit.address}/decisioni")
    try:
        words = plain_text(note.strip())
    except ValueError as error:
        raise InvalidError("nota", str(error)) from error
    why = reason if kind is DecisionKind.NOT_FOR_US else None
    item = ItemRef(item_kind, item_id) if item_id else None
    try:
        with visit.acting() as acting:
            made = decide(acting, visit.istat, call_id, kind, reason=why, note=words, item=item)
    except ConflictError:
        return go(following, fatto="contrasto")
    return go(following, fatto=kind.value, detto=made.id)


@router.post("/decisioni/{decision_id}/ritiro")
def take_back(visit: Visited, decision_id: PathId, back: Back = "") -> Response:
    """Take back what was said; it can be said again with one button."""
    with visit.acting() as acting:
        withdraw_decision(acting, decision_id)
    return go(own_address(back, f"{visit.address}/decisioni"), fatto="ritirata", detto=decision_id)


@router.post("/decisioni/{decision_id}/ripristino")
def say_again(visit: Visited, decision_id: PathId, back: Back = "") -> Response:
    """Let hold again what was taken back."""
    following = own_address(back, f"{visit.address}/decisioni")
    try:
        with visit.acting() as acting:
            restore_decision(acting, decision_id)
    except ConflictError:
        return go(following, fatto="contrasto")
    return go(following, fatto="ripristinata", detto=decision_id)


def _following(decisions: Sequence[Decision], language: str) -> dict[str, list[str]]:
    """Return what came of a call and may be said next, by the id of the newest decision on each call and item."""
    together: dict[tuple[str, ItemRef | None], list[Decision]] = {}
    for one in decisions:
        together.setdefault((one.call_id, one.item), []).append(one)
    return {
        said[0].id: [code for code in choices_after(as_said(said, language)) if code in OUTCOMES]
        for said in together.values()
    }


def _line(visit: Visit, decision: Decision) -> dict[str, object]:
    view, on = visit.serving.view, now()
    call = view.summary(visit.serving.position(decision.call_id), on) if visit.serving.has(decision.call_id) else None
    item = decision.item
    return {
        "decision": decision,
        "words": said_words(decision, visit.language),
        "when": moment_day(decision.at.isoformat(), visit.language),
        "deadline": deadline(call, visit.language) if call else "",
        "amounts": amounts(call, visit.language) if call else "",
        "item_address": f"{visit.address}/{SLUG_OF_KIND[item.kind]}/{part(item.id)}" if item else "",
    }


def _titles(visit: Visit, refs: Iterable[ItemRef | None]) -> dict[str, str]:
    """Return the title of each item that is not archived, by its id."""
    wanted = {ref.id for ref in refs if ref}
    return {
        item.record.id: item.data["title"]
        for _, found in all_items(visit)
        for item in found
        if item.record.id in wanted
    }
