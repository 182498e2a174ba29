"""What the links of the weekly e-mail open: a page that says what it would do, and does it only when it is told to.

A scanner that follows every link changes nothing. No log-in is asked for: the link itself is the proof.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from matcher.feedback import Reason
from service.access.principal import VISITOR
from service.database import reading, writing_in_turn
from service.digests import acting, subscriptions
from service.digests.links import LONGEST, Act, Link, LinkOverError
from service.digests.opening import links_of
from service.digests.tables import SubscriptionState
from service.errors import ConflictError, UnknownRecordError
from service.pages.commune.words import REASONS, named
from service.pages.going import go, part
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.web.requests import RequestId
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
Token = Annotated[str, Path(max_length=LONGEST)]
What = Annotated[str, Form(alias="che", max_length=20)]
UNDO = "annulla"


@router.get("/dalla-posta/{token}")
def read_offer(
    request: Request,
    language: PageLanguage,
    token: Token,
    done: Annotated[str, Query(alias="fatto", max_length=20)] = "",
) -> HTMLResponse:
    """Say what a link would do, or has done."""
    try:
        link = _link(request, token)
        with reading(state_of(request).engine) as session:
            offered = acting.standing(session, link)
    except LinkOverError:
        return page(request, "mail/over.html", status=404)
    shown = {
        "offered": offered,
        "act": link.act.value,
        "call_address": f"/bandi/{part(offered.call_id)}" if offered.call_id else "",
        "reasons": [(code, named(code, REASONS, language)) for code in REASONS],
        "done": done,
        "end_address": f"/disiscrizione/{offered.subscription.token}" if link.act is Act.CONFIRM else "",
    }
    return page(request, "mail/offer.html", shown)


@router.post("/dalla-posta/{token}")
def take_offer(
    request: Request,
    request_id: RequestId,
    token: Token,
    what: What = "",
    reason: Annotated[Reason, Form(alias="motivo")] = Reason.OTHER,
) -> Response:
    """Do what a link offers, or take it back."""
    here = f"/dalla-posta/{part(token)}"
    try:
        link = _link(request, token)
        with writing_in_turn(state_of(request).engine) as session:
            if what == UNDO:
                acting.undo(session, link, request_id)
            else:
                acting.act(session, link, request_id, reason)
    except LinkOverError:
        return page(request, "mail/over.html", status=404)
    except ConflictError:
        return go(here, fatto="contrasto")
    return go(here, fatto="annullato" if what == UNDO else "si")


@router.get("/disiscrizione/{token}")
def read_end(request: Request, token: Token) -> HTMLResponse:
    """Say that the weekly e-mail would end, or has ended."""
    with reading(state_of(request).engine) as session:
        return _end_page(request, session, token)


@router.post("/disiscrizione/{token}")
def end(
    request: Request,
    request_id: RequestId,
    token: Token,
    what: What = "",
    one_click: Annotated[str, Form(alias="List-Unsubscribe", max_length=20)] = "",
) -> Response:
    """End somebody's weekly e-mail, or take the end back; a mail program's one click (RFC 8058) is answered at once."""
    try:
        with writing_in_turn(state_of(request).engine) as session:
            doing = Acting(session, VISITOR, request_id)
            if what == UNDO:
                subscriptions.resume(doing, token)
            else:
                subscriptions.end(doing, token, "one-click" if one_click else "page")
            if one_click:
                return _end_page(request, session, token)
    except UnknownRecordError:
        return page(request, "mail/over.html", status=404)
    return go(f"/disiscrizione/{part(token)}")


def _end_page(request: Request, session: Session, token: str) -> HTMLResponse:
    try:
        found = subscriptions.with_token(session, token)
    except UnknownRecordError:
        return page(request, "mail/over.html", status=404)
    shown = {
        "ended": found.state is SubscriptionState.ENDED,
        "can_resume": found.confirmed_at is not None,
        "has_account": found.account_id is not None,
    }
    return page(request, "mail/end.html", shown)


def _link(request: Request, token: str) -> Link:
    return links_of(state_of(request).settings).read(token)
