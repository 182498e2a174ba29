"""Coming in and going out: password, second factor where one is asked for, log-out."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.access.enforcement import CurrentPrincipal
from service.accounts import own, second_factor
from service.accounts.configuration import vault_of
from service.accounts.directory import LONGEST_EMAIL
from service.accounts.login import LoggedIn, log_in
from service.accounts.passwords import LONGEST
from service.accounts.sessions import SecondFactor
from service.errors import ConflictError, InvalidError, TooManyError, UnauthenticatedError
from service.pages.going import go, home_of, own_address
from service.pages.languages import COOKIE, keep_language
from service.pages.templating import page
from service.web.cookies import clear_session_cookie, set_session_cookie
from service.web.requests import ClientAddress, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Query(alias="ritorno", max_length=500)]
SentNext = Annotated[str, Form(alias="ritorno", max_length=500)]
Code = Annotated[str, Form(alias="codice", max_length=20)]
STEPS = {SecondFactor.CODE: "/accedi/codice", SecondFactor.SET_UP: "/accedi/secondo-fattore"}
"""Where to go on for what a session still lacks."""


@router.get("/accedi")
def read_log_in(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    following: Next = "",
    fatto: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the form for e-mail address and password; whoever is in already goes on."""
    if principal.session_hash:
        current = own.current_session(session, principal)
        return go(_next_step(current.needed, home_of(current.account), following))
    return _log_in_form(request, following, done=fatto)


@router.post("/accedi")
def enter(
    request: Request,
    address: ClientAddress,
    request_id: RequestId,
    email: Annotated[str, Form(max_length=LONGEST_EMAIL)] = "",
    password: Annotated[str, Form(max_length=LONGEST)] = "",
    following: SentNext = "",
) -> Response:
    """Let in whoever knows the password; an account with a second factor gives its code next."""
    try:
        logged_in = log_in(state_of(request).engine, email, password, address, request_id)
    except UnauthenticatedError:
        return _log_in_form(request, following, email, error="refused")
    except TooManyError as error:
        return _log_in_form(request, following, email, error="paused", wait=error.retry_after)
    return let_in(request, logged_in, following)


@router.post("/esci")
def leave(request: Request, session: WriteSession, principal: CurrentPrincipal, request_id: RequestId) -> Response:
    """Log out."""
    own.log_out(session, principal, request_id)
    answer = go("/accedi", fatto="uscita")
    clear_session_cookie(request, answer)
    return answer


@router.get("/accedi/codice")
def read_code_form(
    request: Request, session: ReadSession, principal: CurrentPrincipal, following: Next = ""
) -> Response:
    """Ask for the code of the second factor."""
    if not principal.session_hash:
        return go("/accedi", ritorno=following)
    current = own.current_session(session, principal)
    if current.needed is not SecondFactor.CODE:
        return go(_next_step(current.needed, home_of(current.account), following))
    return _code_form(request, following)


@router.post("/accedi/codice")
def give_code(
    request: Request,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
    code: Code = "",
    following: SentNext = "",
) -> Response:
    """Take a code of the app, or a recovery code."""
    if not principal.session_hash:
        return go("/accedi", ritorno=following)
    state = state_of(request)
    try:
        vault = vault_of(state.settings)
        logged_in = second_factor.give(state.engine, vault, principal, code, address, request_id)
    except InvalidError:
        return _code_form(request, following, error="wrong")
    except TooManyError as error:
        return _code_form(request, following, error="paused", wait=error.retry_after)
    except ConflictError:
        return go(STEPS[SecondFactor.SET_UP], ritorno=following)
    return let_in(request, logged_in, following)


@router.get("/accedi/secondo-fattore")
def read_set_up(request: Request, session: ReadSession, principal: CurrentPrincipal, following: Next = "") -> Response:
    """Explain the second factor to whoever has none yet."""
    if not principal.session_hash:
        return go("/accedi", ritorno=following)
    if own.current_session(session, principal).account.second_factor:
        return go("/account")
    return _set_up(request, following)


@router.post("/accedi/secondo-fattore")
def begin_set_up(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    request_id: RequestId,
    following: SentNext = "",
) -> Response:
    """Show what an app needs to make codes, and ask for the first one."""
    if not principal.session_hash:
        return go("/accedi", ritorno=following)
    try:
        made = second_factor.begin(session, vault_of(state_of(request).settings), principal, request_id)
    except ConflictError:
        return go("/account")
    return _set_up(request, following, made=made)


@router.post("/accedi/secondo-fattore/conferma")
def confirm_set_up(
    request: Request,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
    code: Code = "",
    following: SentNext = "",
) -> Response:
    """Set the second factor up with a first code, and show the recovery codes this once."""
    if not principal.session_hash:
        return go("/accedi", ritorno=following)
    state = state_of(request)
    try:
        vault = vault_of(state.settings)
        logged_in, codes = second_factor.confirm(state.engine, vault, principal, code, address, request_id)
    except InvalidError:
        return _set_up(request, following, error="wrong")
    except TooManyError as error:
        return _set_up(request, following, error="paused", wait=error.retry_after)
    except ConflictError:
        return go(STEPS[SecondFactor.SET_UP], ritorno=following)
    shown = {"codes": codes, "onward": own_address(following, home_of(logged_in.account))}
    answer = page(request, "recovery_codes.html", shown)
    set_session_cookie(request, answer, logged_in.session.secret)
    return answer


def let_in(request: Request, logged_in: LoggedIn, following: str = "") -> Response:
    """Give the browser its session and lead it to where it wanted to go, or to what it still has to give."""
    answer = go(_next_step(logged_in.session.needed, home_of(logged_in.account), following))
    set_session_cookie(request, answer, logged_in.session.secret)
    if COOKIE not in request.cookies:
        keep_language(request, answer, logged_in.account.language)
    return answer


def _next_step(needed: SecondFactor, home: str, following: str) -> str:
    if needed is SecondFactor.NOTHING:
        return own_address(following, home)
    return str(go(STEPS[needed], ritorno=own_address(following, "")).headers["location"])


def _log_in_form(
    request: Request, following: str, email: str = "", *, error: str = "", wait: int = 0, done: str = ""
) -> HTMLResponse:
    shown = {"following": own_address(following, ""), "email": email, "error": error, "wait": wait, "done": done}
    return refused(page(request, "log_in.html", shown), error, wait)


def _code_form(request: Request, following: str, *, error: str = "", wait: int = 0) -> HTMLResponse:
    shown = {"following": own_address(following, ""), "error": error, "wait": wait}
    return refused(page(request, "code.html", shown), error, wait)


def _set_up(
    request: Request, following: str, *, made: second_factor.SetUp | None = None, error: str = "", wait: int = 0
) -> HTMLResponse:
    shown = {"following": own_address(following, ""), "made": made, "error": error, "wait": wait}
    return refused(page(request, "set_up.html", shown), error, wait)


def refused(answer: HTMLResponse, error: str, wait: int = 0) -> HTMLResponse:
    """Give a form that comes back with an error the status of it."""
    if wait:
        answer.status_code, answer.headers["Retry-After"] = 429, str(wait)
    elif error:
        answer.status_code = 422
    return answer
