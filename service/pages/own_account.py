"""One's own account on one page: name and language, password, second factor, sessions, keys of programs."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from service.access.enforcement import CurrentPrincipal
from service.access.policy import POLICY
from service.access.principal import Principal
from service.accounts import own, second_factor
from service.accounts.configuration import vault_of
from service.accounts.directory import LONGEST_NAME
from service.accounts.passwords import LONGEST, SHORTEST
from service.accounts.sessions import SECOND_FACTOR_ROLES, live_sessions
from service.accounts.tables import Role
from service.database import reading, writing
from service.errors import ConflictError, InvalidError, StaleError, TooManyError
from service.pages.entering import Code, refused
from service.pages.going import go
from service.pages.languages import PageLanguage, keep_language
from service.pages.names import role_name, scope_name
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.web.cookies import clear_session_cookie, set_session_cookie
from service.web.requests import ClientAddress, PathId, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession

router = APIRouter(prefix="/account", include_in_schema=False)
LIVES = (30, 90, 366)
"""Days for which a key can be made."""


@router.get("")
def read_account(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    language: PageLanguage,
    done: Annotated[str, Query(alias="fatto", max_length=40)] = "",
) -> HTMLResponse:
    """Show one's own account."""
    return _shown(request, session, principal, language, done=done)


@router.post("/profilo")
def edit_profile(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    version: Annotated[int, Form(alias="versione", ge=0, le=2**31 - 1)] = 0,
    name: Annotated[str, Form(alias="nome", max_length=LONGEST_NAME)] = "",
    chosen: Annotated[str, Form(alias="lingua", max_length=2)] = "it",
) -> Response:
    """Change one's own name and language."""
    try:
        with writing(state_of(request).engine) as session:
            changes = {"name": name.strip(), "language": chosen}
            account = own.edit_own_account(session, principal, request_id, version, changes)
    except (InvalidError, StaleError) as error:
        return _again(request, principal, language, "name" if isinstance(error, InvalidError) else "stale")
    answer = go("/account", fatto="profilo")
    keep_language(request, answer, account.language)
    return answer


@router.post("/password")
def change_password(
    request: Request,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
    language: PageLanguage,
    present: Annotated[str, Form(alias="attuale", max_length=LONGEST)] = "",
    wanted: Annotated[str, Form(alias="nuova", max_length=LONGEST)] = "",
) -> Response:
    """Change one's own password; all other sessions end."""
    engine = state_of(request).engine
    try:
        logged_in = own.change_password(engine, principal, present, wanted, address, request_id)
    except InvalidError as error:
        return _again(request, principal, language, error.field)
    except TooManyError as error:
        return _again(request, principal, language, "paused", error.retry_after)
    answer = go("/account", fatto="password")
    set_session_cookie(request, answer, logged_in.session.secret)
    return answer


@router.post("/codici")
def replace_recovery_codes(
    request: Request,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
    language: PageLanguage,
    code: Code = "",
) -> Response:
    """Make new recovery codes, and show them this once."""
    state = state_of(request)
    try:
        vault = vault_of(state.settings)
        codes = second_factor.replace_recovery_codes(state.engine, vault, principal, code, address, request_id)
    except (InvalidError, ConflictError):
        return _again(request, principal, language, "code")
    except TooManyError as error:
        return _again(request, principal, language, "paused", error.retry_after)
    return page(request, "recovery_codes.html", {"codes": codes, "onward": "/account"})


@router.post("/secondo-fattore/rimozione")
def remove_second_factor(
    request: Request,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
    language: PageLanguage,
    code: Code = "",
) -> Response:
    """Remove one's own second factor, where the role does not ask for one."""
    state = state_of(request)
    try:
        second_factor.remove(state.engine, vault_of(state.settings), principal, code, address, request_id)
    except (InvalidError, ConflictError):
        return _again(request, principal, language, "code")
    except TooManyError as error:
        return _again(request, principal, language, "paused", error.retry_after)
    return go("/account", fatto="secondo-fattore")


@router.post("/sessioni")
def end_sessions(
    request: Request, session: WriteSession, principal: CurrentPrincipal, request_id: RequestId
) -> Response:
    """Log out everywhere, here too."""
    own.end_sessions(session, principal, request_id)
    answer = go("/accedi", fatto="uscita")
    clear_session_cookie(request, answer)
    return answer


@router.post("/sessioni/{session_id}")
def end_session(
    session: WriteSession, principal: CurrentPrincipal, request_id: RequestId, session_id: PathId
) -> Response:
    """Log out of one of one's sessions."""
    own.end_session(session, principal, request_id, session_id)
    return go("/account", fatto="sessione")


@router.post("/chiavi")
def make_api_key(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    name: Annotated[str, Form(alias="nome", max_length=100)] = "",
    scopes: Annotated[list[str] | None, Form(alias="permessi", max_length=20)] = None,
    days: Annotated[int, Form(alias="giorni", ge=1, le=366)] = 90,
) -> Response:
    """Make a key for a program, and show its text this once."""
    try:
        with writing(state_of(request).engine) as session:
            life = timedelta(days=days)
            _, text = own.make_api_key(session, principal, request_id, name, scopes or [], life)
    except InvalidError as error:
        return _again(request, principal, language, "key-name" if error.field == "name" else error.field)
    with reading(state_of(request).engine) as session:
        return _shown(request, session, principal, language, made_key=text)


@router.post("/chiavi/{api_key_id}")
def revoke_api_key(
    session: WriteSession, principal: CurrentPrincipal, request_id: RequestId, api_key_id: PathId
) -> Response:
    """Revoke a key for good."""
    own.revoke_own_api_key(session, principal, request_id, api_key_id)
    return go("/account", fatto="chiave")


def _again(request: Request, principal: Principal, language: str, error: str, wait: int = 0) -> HTMLResponse:
    with reading(state_of(request).engine) as session:
        return refused(_shown(request, session, principal, language, error=error, wait=wait), error, wait)


def _shown(request: Request, session: Session, principal: Principal, language: str, **said: Any) -> HTMLResponse:
    account = own.own_account(session, principal)
    keys = [
        {"key": key, "scopes": [scope_name(scope, language) for scope in key.scopes]}
        for key in own.own_api_keys(session, principal)
        if key.revoked_at is None
    ]
    sessions = [
        {"session": one, "seen": moment_day(one.last_seen_at.isoformat(), language)}
        for one in live_sessions(session, account.id, principal.session_hash)
    ]
    shown = {
        "account": account,
        "role": role_name(account.role.value, language),
        "must_have_factor": account.role in SECOND_FACTOR_ROLES,
        "sessions": sessions,
        "keys": keys,
        "scopes": [(scope, scope_name(scope, language)) for scope in _scopes_of(account.role)],
        "lives": LIVES,
        "shortest": SHORTEST,
    }
    return page(request, "account.html", {"done": "", "error": "", "wait": 0, "made_key": ""} | shown | said)


def _scopes_of(role: Role) -> list[str]:
    """Return what a key of this role can be allowed at all."""
    return sorted({rule.scope for rule in POLICY.values() if rule.scope and role in rule.roles})
