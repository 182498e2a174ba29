"""The first page and what it leads to: a need in plain words, a commune, and the calls for it with their reasons."""

import json
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from matcher.errors import QueryError
from matcher.recommender import LONGEST_QUERY
from matcher.records import QueryKind
from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.answers.answering import answered
from service.answers.questions import Asked, understood
from service.audit.answers import Kept, keep, kept_answer, kept_of
from service.audit.tables import AnswerRow
from service.catalogue.overview import followed
from service.database import reading, writing_in_turn
from service.errors import InvalidError, UnknownCommuneError
from service.ids import new_id
from service.moments import now
from service.pages.languages import PageLanguage
from service.pages.reasons import shown
from service.pages.templating import page
from service.web.requests import RequestId
from service.web.state import state_of

router = APIRouter(include_in_schema=False)
ASKED_AT_ONCE = 10
RULED_OUT = 10
KINDS = (QueryKind.NEED, QueryKind.PROJECT, QueryKind.ASSET)


@router.get("/")
def read_home(request: Request) -> HTMLResponse:
    """Show the field in which one describes what is needed."""
    return _form(request, {}, {})


@router.post("/raccomandazioni")
def ask(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    testo: Annotated[str, Form(max_length=4 * LONGEST_QUERY)] = "",
    comune: Annotated[str, Form(max_length=200)] = "",
    tipo: Annotated[QueryKind, Form()] = QueryKind.NEED,
) -> Response:
    """Answer what was described and lead to the page of the answer, which can be kept, printed and shared."""
    state = state_of(request)
    serving = state.live.serving()
    sent = {"testo": testo, "comune": comune, "tipo": tipo}
    if not testo.strip():
        return _form(request, sent, {"testo": "empty"})
    asked = Asked(text=testo, kind=tipo, commune=_code(comune), k=ASKED_AT_ONCE, excluded=RULED_OUT)
    try:
        with reading(state.engine) as session:
            question = understood(session, principal, serving, asked)
    except (UnknownCommuneError, InvalidError):
        return _form(request, sent, {"comune": "unknown" if comune.strip() else "empty"})
    except QueryError:
        return _form(request, sent, {"testo": "unusable"})
    answer = answered(serving, question, new_id(), now())
    with writing_in_turn(state.engine) as session:
        keep(
            session,
            principal,
            request_id,
            answer,
            json.dumps(answer.data, ensure_ascii=False, separators=(",", ":")),
            "page",
        )
    return RedirectResponse(f"/raccomandazioni/{answer.id}", status_code=303)


@router.get("/raccomandazioni/{answer_id}")
def read_answer(request: Request, principal: CurrentPrincipal, language: PageLanguage, answer_id: str) -> HTMLResponse:
    """Show an answer as it was given."""
    with reading(state_of(request).engine) as session:
        row = session.get(AnswerRow, answer_id)
        # What a visitor asked has no owner: whoever holds its address, which nobody can guess, may read it.
        kept = (
            kept_of(row) if row is not None and row.account_id is None else kept_answer(session, principal, answer_id)
        )
    return _answer(request, principal, kept, language)


def _answer(request: Request, principal: Principal, kept: Kept, language: str) -> HTMLResponse:
    data = kept.answered
    queries = kept.asked["queries"]
    shown_calls = shown(data["recommendations"], language)
    return page(
        request,
        "answer.html",
        {
            "answer": data,
            "text": queries[0]["text"] if len(queries) == 1 else "",
            "kind": queries[0]["kind"],
            "calls": shown_calls,
            "excluded": shown(data["excluded"], language),
            "is_own": principal.keeps(kept.commune_istat),
        },
    )


def _form(request: Request, sent: dict[str, str], errors: dict[str, str]) -> HTMLResponse:
    serving = state_of(request).live.serving()
    return page(
        request,
        "home.html",
        {
            "communes": followed(serving.communes),
            "sent": {"testo": "", "comune": "", "tipo": QueryKind.NEED} | sent,
            "errors": {"testo": "", "comune": ""} | errors,
            "kinds": KINDS,
            "n_calls": len(serving.catalogue.calls),
        },
        status=422 if errors else 200,
    )


def _code(words: str) -> str:
    """Return the ISTAT code at the end of a choice such as ``Bollate (015027)``, or the words as they are."""
    inside = words.strip().removesuffix(")").rpartition("(")[2]
    return inside if inside.isdecimal() and len(inside) == 6 else words
