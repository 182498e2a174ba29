"""What somebody does who holds a link: accept an invitation, ask for a new password, choose it."""

from fastapi import APIRouter, BackgroundTasks, Request, Response

from service.accounts import invitations
from service.accounts.configuration import post_of
from service.api.accounts_sessions import opened
from service.api.accounts_shapes import ChosenPassword, ResetWish, SessionShape
from service.web.requests import ClientAddress, RequestId
from service.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["accounts"])


@router.post("/accepted-invitations", operation_id="accept_invitation", status_code=201)
def accept_invitation(
    request: Request, response: Response, sent: ChosenPassword, address: ClientAddress, request_id: RequestId
) -> SessionShape:
    """Choose the password of an account that one was invited to, and come in."""
    response.headers["Location"] = "/api/v1/sessions/current"
    engine = state_of(request).engine
    return opened(request, response, invitations.accept(engine, sent.token, sent.password, address, request_id))


@router.post("/password-resets", operation_id="ask_for_password_reset", status_code=202, response_class=Response)
def ask_for_password_reset(
    request: Request, later: BackgroundTasks, sent: ResetWish, address: ClientAddress, request_id: RequestId
) -> None:
    """Ask for the link to a new password; the answer is the same whether the address has an account or not."""
    state = state_of(request)
    invitations.count_reset(state.engine, sent.email, address)
    later.add_task(invitations.send_reset, state.engine, post_of(state.settings), sent.email, request_id)


@router.post("/completed-password-resets", operation_id="complete_password_reset", status_code=204)
def complete_password_reset(
    request: Request, sent: ChosenPassword, address: ClientAddress, request_id: RequestId
) -> None:
    """Choose a new password by a link; every session of the account ends."""
    invitations.complete_reset(state_of(request).engine, sent.token, sent.password, address, request_id)
