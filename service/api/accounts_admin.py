"""Accounts as an administrator keeps them: list, invite, change, disable, send a link again, reset a second factor."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.access.enforcement import CurrentPrincipal
from service.accounts import administration, invitations
from service.accounts.administration import AccountFilter
from service.accounts.configuration import post_of
from service.accounts.tables import AccountState, Role
from service.api.accounts_shapes import AccountChange, AccountShape, Invitation, SentLinkShape
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession
from service.web.versions import EditedVersion, etag

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"])

OfRole = Annotated[Role | None, Query(description="only accounts of this role")]
InState = Annotated[AccountState | None, Query(description="only accounts in this state")]
OfCommune = Annotated[str, Query(max_length=6, description="only accounts of this commune (ISTAT code)")]
Words = Annotated[str, Query(max_length=100, description="only accounts whose address or name holds these words")]


@router.get("", operation_id="list_accounts")
def list_accounts(
    session: ReadSession,
    role: OfRole = None,
    state: InState = None,
    commune: OfCommune = "",
    words: Words = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[AccountShape]:
    """List accounts by e-mail address."""
    wanted = AccountFilter(role, state, commune, words)
    found, total = administration.list_accounts(session, wanted, after=decode_cursor(cursor), limit=limit + 1)
    following = encode_cursor(found[limit - 1].id) if len(found) > limit else ""
    return Page(items=[AccountShape.of(one) for one in found[:limit]], next_cursor=following, total=total)


@router.post("", operation_id="invite_account", status_code=201)
def invite_account(
    request: Request, response: Response, sent: Invitation, principal: CurrentPrincipal, request_id: RequestId
) -> SentLinkShape:
    """Invite somebody; without a mail server the answer holds the link, this once."""
    state = state_of(request)
    wanted = invitations.NewAccount(**sent.model_dump())
    made = invitations.invite(state.engine, post_of(state.settings), principal, request_id, wanted)
    response.headers["Location"] = f"/api/v1/accounts/{made.account.id}"
    return _link(made)


@router.get("/{account_id}", operation_id="read_account")
def read_account(session: ReadSession, response: Response, account_id: PathId) -> AccountShape:
    """Return an account."""
    account = administration.read_account(session, account_id)
    response.headers["ETag"] = etag(account.version)
    return AccountShape.of(account)


@router.patch("/{account_id}", operation_id="change_account")
def change_account(
    session: WriteSession,
    response: Response,
    account_id: PathId,
    sent: AccountChange,
    version: EditedVersion,
    principal: CurrentPrincipal,
    request_id: RequestId,
) -> AccountShape:
    """Change, disable or enable an account; a new role, commune or state ends its sessions."""
    changes = sent.model_dump(exclude_none=True)
    account = administration.change_account(session, principal, request_id, account_id, version, changes)
    response.headers["ETag"] = etag(account.version)
    return AccountShape.of(account)


@router.post("/{account_id}/links", operation_id="send_account_link", status_code=201)
def send_account_link(
    request: Request, response: Response, account_id: PathId, principal: CurrentPrincipal, request_id: RequestId
) -> SentLinkShape:
    """Send an invitation again, or the link to a new password to an account that is active."""
    state = state_of(request)
    response.headers["Cache-Control"] = "no-store"
    return _link(invitations.send_link(state.engine, post_of(state.settings), principal, request_id, account_id))


@router.delete("/{account_id}/second-factor", operation_id="reset_second_factor", status_code=204)
def reset_second_factor(
    session: WriteSession, account_id: PathId, principal: CurrentPrincipal, request_id: RequestId
) -> None:
    """Take the second factor from somebody who lost it; their sessions end."""
    administration.reset_second_factor(session, principal, request_id, account_id)


def _link(made: invitations.SentLink) -> SentLinkShape:
    return SentLinkShape(account=AccountShape.of(made.account), mailed=made.mailed, link=made.address)
