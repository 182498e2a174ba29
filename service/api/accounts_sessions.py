"""Coming in and going out: log-in, the current session, log-out."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import Response as Empty

from service.access.enforcement import CurrentPrincipal
from service.accounts import own
from service.accounts.login import LoggedIn, log_in
from service.api.accounts_shapes import AccountShape, LogIn, SessionShape
from service.web.cookies import clear_session_cookie, set_session_cookie
from service.web.requests import ClientAddress, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession

router = APIRouter(prefix="/api/v1/sessions", tags=["accounts"])


@router.post("", operation_id="open_session", status_code=201)
def open_session(
    request: Request, response: Response, sent: LogIn, address: ClientAddress, request_id: RequestId
) -> SessionShape:
    """Log in with e-mail and password; an account with a second factor gives its code next."""
    response.headers["Location"] = "/api/v1/sessions/current"
    logged_in = log_in(state_of(request).engine, sent.email, sent.password, address, request_id)
    return opened(request, response, logged_in)


@router.get("/current", operation_id="read_current_session")
def read_current_session(session: ReadSession, principal: CurrentPrincipal) -> SessionShape:
    """Return the session of the cookie, with its CSRF token and what it still lacks."""
    found = own.current_session(session, principal)
    return SessionShape(
        csrf_token=found.csrf_token,
        expires_at=found.expires_at,
        needed=found.needed,
        account=AccountShape.of(found.account),
    )


@router.delete("/current", operation_id="close_current_session", status_code=204)
def close_current_session(
    request: Request, session: WriteSession, principal: CurrentPrincipal, request_id: RequestId
) -> Empty:
    """Log out; without a session there is nothing to do, and it is done."""
    own.log_out(session, principal, request_id)
    response = Empty(status_code=204)
    clear_session_cookie(request, response)
    return response


def opened(request: Request, response: Response, logged_in: LoggedIn) -> SessionShape:
    """Give the browser the cookie of a session just opened, and the client the rest of it."""
    set_session_cookie(request, response, logged_in.session.secret)
    return SessionShape(
        csrf_token=logged_in.session.csrf_token,
        expires_at=logged_in.session.expires_at,
        needed=logged_in.session.needed,
        account=AccountShape.of(logged_in.account),
    )
