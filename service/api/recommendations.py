"""Recommendations for a text, an item or a commune as a whole."""

import json

from fastapi import APIRouter, Request, Response

from service.access.enforcement import CurrentPrincipal
from service.answers.answering import answered
from service.answers.questions import understood
from service.api.shapes_answers import AnswerShape, QuestionShape
from service.audit.answers import keep
from service.database import reading, writing_in_turn
from service.ids import new_id
from service.moments import now
from service.web.requests import RequestId
from service.web.state import state_of

router = APIRouter(prefix="/api/v1/recommendations", tags=["recommendations"])


@router.post("", operation_id="recommend_calls", response_model=AnswerShape)
def recommend_calls(
    request: Request, sent: QuestionShape, principal: CurrentPrincipal, request_id: RequestId
) -> Response:
    """Recommend calls, each with who may apply, why it fits and until when; every answer is kept with its reasons.

    A visitor may ask with a text. What a commune decided about calls shows only to itself and to the incubator.
    """
    state = state_of(request)
    serving = state.live.serving()
    with reading(state.engine) as session:
        question = understood(session, principal, serving, sent.asked())
    answer = answered(serving, question, new_id(), now())
    body = json.dumps(answer.data, ensure_ascii=False, separators=(",", ":"))
    # Written last and in a breath: whoever writes holds up all other writers.
    with writing_in_turn(state.engine) as session:
        keep(session, principal, request_id, answer, body, "api")
    return Response(body, media_type="application/json")
