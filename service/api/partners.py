"""With whom: partners for a project and a call, what a call asks of a partnership, and whole proposals."""

from fastapi import APIRouter, Request

from service.access.enforcement import CurrentPrincipal
from service.api.shapes_partners import (
    ConsortiumRuleShape,
    ConsortiumVerdictShape,
    MembersShape,
    PartnerQuestionShape,
    PartnersShape,
    ProposalsShape,
)
from service.database import reading
from service.errors import InvalidError
from service.partners.suggesting import interests_of, judged, proposals, rules_of, suggest, understood
from service.partners.told import proposal_data, rule_data, suggested_data, verdict_data
from service.web.paging import Page
from service.web.requests import PathId
from service.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["partners"])


@router.post("/partners", operation_id="suggest_partners", response_model=PartnersShape)
def suggest_partners(request: Request, sent: PartnerQuestionShape, principal: CurrentPrincipal) -> dict[str, object]:
    """Suggest communes and bodies that complement a project, each with its role, its record and how sure that is.

    Who shows interest in the same call is told only to those whom it lets know.
    """
    state = state_of(request)
    serving, finder = state.live.serving(), state.bodies.finder(state.engine)
    with reading(state.engine) as session:
        return suggested_data(suggest(session, principal, serving, finder, sent.asked()))


@router.get("/calls/{call_id}/consortium-rules", operation_id="list_consortium_rules")
def list_consortium_rules(request: Request, call_id: PathId) -> Page[ConsortiumRuleShape]:
    """Return what a call asks of a partnership; nothing where its text says nothing: unknown is not "not asked"."""
    rules = rules_of(state_of(request).live.serving(), call_id)
    shapes = [ConsortiumRuleShape.model_validate(rule_data(rule)) for rule in rules]
    return Page(items=shapes, next_cursor="", total=len(shapes))


@router.post("/consortium-verdicts", operation_id="judge_consortium", response_model=ConsortiumVerdictShape)
def judge_consortium(request: Request, sent: MembersShape) -> dict[str, object]:
    """Judge a partnership by the rules of a call: who satisfies each, who breaks it, what is missing."""
    state = state_of(request)
    finder = state.bodies.finder(state.engine)
    return verdict_data(judged(state.live.serving(), finder, sent.call_id, sent.members))


@router.post("/consortium-proposals", operation_id="propose_consortia", response_model=ProposalsShape)
def propose_consortia(request: Request, sent: PartnerQuestionShape, principal: CurrentPrincipal) -> dict[str, object]:
    """Propose two or three complete and different partnerships for a call; those present stay in each."""
    if not sent.call_id:
        raise InvalidError("call_id", "name the call whose rules the partnership must keep")
    state = state_of(request)
    serving, finder = state.live.serving(), state.bodies.finder(state.engine)
    with reading(state.engine) as session:
        question = understood(session, principal, serving, sent.asked())
        seen = interests_of(session, principal, serving, sent.call_id)
    found = proposals(finder, question, seen)
    return {
        "call_id": sent.call_id,
        "rules": [rule_data(rule) for rule in question.rules],
        "proposals": [proposal_data(finder, one) for one in found],
    }
