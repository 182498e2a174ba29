"""What somebody does who holds a link: accept an invitation, ask for a new password, choose it."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.accounts import invitations
from service.accounts.configuration import post_of
from service.accounts.directory import LONGEST_EMAIL
from service.accounts.links import look_up
from service.accounts.passwords import LONGEST, SHORTEST
from service.accounts.tables import LinkPurpose
from service.database import reading
from service.errors import InvalidError, TooManyError
from service.pages.entering import let_in, refused
from service.pages.going import go
from service.pages.templating import page
from service.web.requests import ClientAddress, RequestId
from service.web.state import state_of

router = APIRouter(include_in_schema=False)
Token = Annotated[str, Path(max_length=200)]
Chosen = Annotated[str, Form(alias="password", max_length=LONGEST)]


@router.get("/inviti/{token}")
def read_invitation(request: Request, token: Token) -> HTMLResponse:
    """Ask somebody who follows an invitation to choose a password."""
    return _choice(request, token, LinkPurpose.INVITATION)


@router.post("/inviti/{token}")
def accept_invitation(
    request: Request, token: Token, address: ClientAddress, request_id: RequestId, password: Chosen = ""
) -> Response:
    """Let in somebody who was invited; the incubator's people set their second factor up next."""
    try:
        logged_in = invitations.accept(state_of(request).engine, token, password, address, request_id)
    except InvalidError as error:
        return _choice(request, token, LinkPurpose.INVITATION, error=error.field)
    except TooManyError as error:
        return _choice(request, token, LinkPurpose.INVITATION, error="paused", wait=error.retry_after)
    return let_in(request, logged_in)


@router.get("/password-dimenticata")
def read_wish(request: Request, fatto: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    """Ask for the address to which the link to a new password goes."""
    return _wish(request, done=bool(fatto))


@router.post("/password-dimenticata")
def wish_for_password(
    request: Request,
    later: BackgroundTasks,
    address: ClientAddress,
    request_id: RequestId,
    email: Annotated[str, Form(max_length=LONGEST_EMAIL)] = "",
) -> Response:
    """Send the link, and say the same whether the address has an account or not."""
    state = state_of(request)
    if "@" not in email:
        return _wish(request, email, error="email")
    try:
        invitations.count_reset(state.engine, email, address)
    except TooManyError as error:
        return _wish(request, email, error="paused", wait=error.retry_after)
    later.add_task(invitations.send_reset, state.engine, post_of(state.settings), email, request_id)
    return go("/password-dimenticata", fatto="inviata")


@router.get("/nuova-password/{token}")
def read_new_password(request: Request, token: Token) -> HTMLResponse:
    """Ask somebody who follows a link to choose a new password."""
    return _choice(request, token, LinkPurpose.PASSWORD_RESET)


@router.post("/nuova-password/{token}")
def choose_new_password(
    request: Request, token: Token, address: ClientAddress, request_id: RequestId, password: Chosen = ""
) -> Response:
    """Take the new password; one logs in with it next."""
    try:
        invitations.complete_reset(state_of(request).engine, token, password, address, request_id)
    except InvalidError as error:
        return _choice(request, token, LinkPurpose.PASSWORD_RESET, error=error.field)
    except TooManyError as error:
        return _choice(request, token, LinkPurpose.PASSWORD_RESET, error="paused", wait=error.retry_after)
    return go("/accedi", fatto="password")


def _choice(request: Request, token: str, purpose: LinkPurpose, *, error: str = "", wait: int = 0) -> HTMLResponse:
    """Return the form for a password, or the page that says that the link works no more."""
    is_invitation = purpose is LinkPurpose.INVITATION
    try:
        with reading(state_of(request).engine) as session:
            account = look_up(session, token, purpose)
            email, name = account.email, account.name
    except InvalidError:
        return page(request, "link_over.html", {"is_invitation": is_invitation}, status=404)
    shown = {"is_invitation": is_invitation, "email": email, "name": name, "shortest": SHORTEST}
    return refused(page(request, "choose_password.html", shown | {"error": error, "wait": wait}), error, wait)


def _wish(request: Request, email: str = "", *, error: str = "", wait: int = 0, done: bool = False) -> HTMLResponse:
    sends = post_of(state_of(request).settings).server is not None
    shown = {"email": email, "error": error, "wait": wait, "done": done, "sends": sends}
    return refused(page(request, "password_wish.html", shown), error, wait)
