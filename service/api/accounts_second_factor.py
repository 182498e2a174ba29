"""The second factor: setting it up, giving it, recovering, removing.

A session that lacks it may call the first three routes and nothing else that needs an account.
"""

from fastapi import APIRouter, Request, Response

from service.access.enforcement import CurrentPrincipal
from service.accounts import second_factor
from service.accounts.configuration import vault_of
from service.api.accounts_sessions import opened
from service.api.accounts_shapes import RecoveryCodes, SecondFactorSetUp, SentCode, SessionShape, SetUpShape
from service.web.requests import ClientAddress, RequestId
from service.web.state import state_of
from service.web.transactions import WriteSession

router = APIRouter(prefix="/api/v1", tags=["accounts"])


@router.post("/account/second-factor", operation_id="begin_second_factor", status_code=201)
def begin_second_factor(
    request: Request, session: WriteSession, principal: CurrentPrincipal, request_id: RequestId
) -> SetUpShape:
    """Begin to set a second factor up: returns what an app needs; a code of it confirms."""
    made = second_factor.begin(session, vault_of(state_of(request).settings), principal, request_id)
    return SetUpShape(secret=made.secret, uri=made.uri, qr_svg=made.qr_svg)


@router.post("/account/second-factor/confirmations", operation_id="confirm_second_factor", status_code=201)
def confirm_second_factor(
    request: Request,
    response: Response,
    sent: SentCode,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
) -> SecondFactorSetUp:
    """Confirm the second factor with a code of the app; the session gets a new cookie, and counts from now on."""
    state = state_of(request)
    vault = vault_of(state.settings)
    logged_in, codes = second_factor.confirm(state.engine, vault, principal, sent.code, address, request_id)
    return SecondFactorSetUp(**opened(request, response, logged_in).model_dump(), recovery_codes=codes)


@router.post("/sessions/current/second-factor", operation_id="give_second_factor", status_code=201)
def give_second_factor(
    request: Request,
    response: Response,
    sent: SentCode,
    principal: CurrentPrincipal,
    address: ClientAddress,
    request_id: RequestId,
) -> SessionShape:
    """Give a code of the app, or a recovery code; the session gets a new cookie, and counts from now on."""
    state = state_of(request)
    vault = vault_of(state.settings)
    logged_in = second_factor.give(state.engine, vault, principal, sent.code, address, request_id)
    return opened(request, response, logged_in)


@router.post("/account/recovery-codes", operation_id="replace_recovery_codes", status_code=201)
def replace_recovery_codes(
    request: Request, sent: SentCode, principal: CurrentPrincipal, address: ClientAddress, request_id: RequestId
) -> RecoveryCodes:
    """Make new recovery codes; the old ones work no more."""
    state = state_of(request)
    vault = vault_of(state.settings)
    codes = second_factor.replace_recovery_codes(state.engine, vault, principal, sent.code, address, request_id)
    return RecoveryCodes(recovery_codes=codes)


@router.post("/account/second-factor/removals", operation_id="remove_second_factor", status_code=204)
def remove_second_factor(
    request: Request, sent: SentCode, principal: CurrentPrincipal, address: ClientAddress, request_id: RequestId
) -> None:
    """Remove one's own second factor, where the role does not ask for one; needs a code of it."""
    state = state_of(request)
    second_factor.remove(state.engine, vault_of(state.settings), principal, sent.code, address, request_id)
