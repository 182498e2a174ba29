"""Coming in by the body's own identity provider: a browser goes there and comes back; no JSON, so not in the API."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from service.accounts import identities, oidc
from service.accounts.configuration import provider_of, vault_of
from service.database import writing
from service.web.cookies import set_session_cookie
from service.web.requests import RequestId
from service.web.state import state_of

router = APIRouter(prefix="/log-in/provider", tags=["accounts"], include_in_schema=False)

SECURE_COOKIE, PLAIN_COOKIE = "__Host-remix-departure", "remix-departure"


@router.get("", operation_id="depart_to_provider")
def depart_to_provider(request: Request) -> RedirectResponse:
    """Send a browser to the provider, with what must fit when it comes back in a sealed cookie."""
    settings = state_of(request).settings
    address, sealed = oidc.depart(provider_of(settings), vault_of(settings))
    response = RedirectResponse(address, 303)
    secure = request.url.scheme == "https"
    life = oidc.DEPARTURE_LIFE_S
    response.set_cookie(_cookie(request), sealed, max_age=life, secure=secure, httponly=True, samesite="lax")
    return response


@router.get("/return", operation_id="return_from_provider")
def return_from_provider(request: Request, request_id: RequestId) -> RedirectResponse:
    """Let somebody in who comes back from the provider."""
    state = state_of(request)
    sealed = request.cookies.get(_cookie(request), "")
    vault = vault_of(state.settings)
    arrival = oidc.arrive(provider_of(state.settings), vault, sealed, request.query_params)
    with writing(state.engine) as session:
        logged_in = identities.come_in(session, arrival, request_id)
    # The page of the log-in leads on: to what a session still lacks, or to where its account works.
    response = RedirectResponse("/accedi", 303)
    set_session_cookie(request, response, logged_in.session.secret)
    response.delete_cookie(_cookie(request), secure=request.url.scheme == "https", httponly=True, samesite="lax")
    return response


def _cookie(request: Request) -> str:
    return SECURE_COOKIE if request.url.scheme == "https" else PLAIN_COOKIE
