"""One's own account: read, edited, its password, sessions and API keys."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from service.access.enforcement import CurrentPrincipal
from service.accounts import own
from service.accounts.sessions import live_sessions
from service.api.accounts_sessions import opened
from service.api.accounts_shapes import (
    AccountShape,
    ApiKeyShape,
    LiveSessionShape,
    MadeApiKey,
    NewApiKey,
    OwnChange,
    PasswordChange,
    SessionShape,
)
from service.web.cookies import clear_session_cookie
from service.web.paging import Page
from service.web.requests import ClientAddress, PathId, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession
from service.web.versions import EditedVersion, etag

router = APIRouter(prefix="/api/v1/account", tags=["accounts"])


@router.get("", operation_id="read_own_account")
def read_own_account(session: ReadSession, response: Response, principal: CurrentPrincipal) -> AccountShape:
    """Return one's own account."""
    account = own.own_account(session, principal)
    response.headers["ETag"] = etag(account.version)
    return AccountShape.of(account)


@router.patch("", operation_id="edit_own_account")
def edit_own_account(
    session: WriteSession,
    response: Response,
    sent: OwnChange,
    version: EditedVersion,
    principal: CurrentPrincipal,
    request_id: RequestId,
) -> AccountShape:
    """Change one's own name or language."""
    changes = sent.model_dump(exclude_none=True)
    account = own.edit_own_account(session, principal, request_id, version, changes)
    response.headers["ETag"] = etag(account.version)
    return AccountShape.of(account)


@router.post("/password", operation_id="change_password", status_code=201)
def change_password(
    request: Request,
    response: Response,
    sent: PasswordChange,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
) -> SessionShape:
    """Change one's own password; all other sessions end, this one gets a new cookie."""
    engine = state_of(request).engine
    logged_in = own.change_password(engine, principal, sent.present, sent.wanted, address, request_id)
    return opened(request, response, logged_in)


@router.get("/sessions", operation_id="list_own_sessions")
def list_own_sessions(session: ReadSession, principal: CurrentPrincipal) -> Page[LiveSessionShape]:
    """List where one is logged in, the last used first (at most 100)."""
    found = live_sessions(session, principal.account_id or "", principal.session_hash)
    return Page(items=[LiveSessionShape.of(one) for one in found[:100]], next_cursor="", total=len(found))


@router.delete("/sessions", operation_id="close_own_sessions", status_code=204)
def close_own_sessions(
    request: Request, session: WriteSession, principal: CurrentPrincipal, request_id: RequestId
) -> Response:
    """Log out everywhere."""
    own.end_sessions(session, principal, request_id)
    response = Response(status_code=204)
    clear_session_cookie(request, response)
    return response


@router.delete("/sessions/{session_id}", operation_id="close_own_session", status_code=204)
def close_own_session(
    session: WriteSession, session_id: PathId, principal: CurrentPrincipal, request_id: RequestId
) -> None:
    """Log out of one of one's sessions."""
    own.end_session(session, principal, request_id, session_id)


@router.get("/api-keys", operation_id="list_api_keys")
def list_api_keys(session: ReadSession, principal: CurrentPrincipal) -> Page[ApiKeyShape]:
    """List one's API keys, the newest first, the revoked ones too (at most 100)."""
    found = own.own_api_keys(session, principal)
    return Page(items=[ApiKeyShape.of(key) for key in found[:100]], next_cursor="", total=len(found))


@router.post("/api-keys", operation_id="create_api_key", status_code=201)
def create_api_key(
    session: WriteSession, response: Response, sent: NewApiKey, principal: CurrentPrincipal, request_id: RequestId
) -> MadeApiKey:
    """Make an API key; its text is in this answer and nowhere else."""
    key, text = own.make_api_key(session, principal, request_id, sent.name, sent.scopes, timedelta(days=sent.days))
    response.headers["Cache-Control"] = "no-store"
    return MadeApiKey(**ApiKeyShape.of(key).model_dump(), key=text)


@router.delete("/api-keys/{api_key_id}", operation_id="revoke_api_key", status_code=204)
def revoke_api_key(
    session: WriteSession, api_key_id: PathId, principal: CurrentPrincipal, request_id: RequestId
) -> None:
    """Revoke an API key for good."""
    own.revoke_own_api_key(session, principal, request_id, api_key_id)
