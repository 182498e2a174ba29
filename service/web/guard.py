"""Before anything is done: who asks too often waits, and what a foreign page sent in somebody's name is refused."""

from hmac import compare_digest
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import time
from typing import cast
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from service.access.identification import identify
from service.access.principal import Principal
from service.errors import ForbiddenError, TooManyError, UnauthenticatedError
from service.settings import Settings
from service.web.state import state_of

CSRF_HEADER = "CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WITH_OWN_PROOF = frozenset(
    f"/api/v1/{name}" for name in ("sessions", "accepted-invitations", "password-resets", "completed-password-resets")
)
"""Routes that ask for a password or a link: whoever still has an old session need not know its token."""

FROM_ANYWHERE = frozenset({"/disiscrizione/{token}"})
"""What mail programs post to by one click (RFC 8058): the token in the address is all the proof there is to be."""


class RateLimiter:
    """Counts requests per window in this process; every one of several processes counts its own."""

    def __init__(self, settings: Settings) -> None:
        self._limit = parse(settings.rate_limit) if settings.rate_limit else None
        self._windows = FixedWindowRateLimiter(MemoryStorage()) if self._limit else None

    def count(self, caller: str) -> dict[str, str]:
        """Count one request and return the headers that say how many are left; raises TooManyError if none is."""
        if self._limit is None or self._windows is None:
            return {}
        allowed = self._windows.hit(self._limit, caller)
        window = self._windows.get_window_stats(self._limit, caller)
        seconds = max(0, ceil(window.reset_time - time()))
        if not allowed:
            raise TooManyError(f"more than {self._limit.amount} requests; wait for {seconds} s", max(1, seconds))
        return {
            "RateLimit-Limit": str(self._limit.amount),
            "RateLimit-Remaining": str(window.remaining),
            "RateLimit-Reset": str(seconds),
        }


def attach_limiter(app: FastAPI, settings: Settings) -> None:
    """Give an application its counter of requests."""
    app.state.limiter = RateLimiter(settings)


def guarded(request: Request) -> None:
    """Let a request pass that is not one too many and that its caller meant to send.

    Raises TooManyError, ForbiddenError (sent by another site's page) and UnauthenticatedError (bad credentials; these
    count for the address, so that nobody tries keys without end).
    """
    limiter = cast(RateLimiter, request.app.state.limiter)
    try:
        principal = identify(request)
    except UnauthenticatedError:
        request.state.rate = limiter.count(_network(request))
        raise
    request.state.rate = limiter.count(principal.account_id or _network(request))
    if request.method not in SAFE and principal.api_key_id is None:
        _refuse_forged(request, principal)


def _refuse_forged(request: Request, principal: Principal) -> None:
    """Refuse what a browser says another site sent, and what comes with a session but without its token."""
    if request.scope["route"].path in FROM_ANYWHERE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin", "none") or origin not in (None, *_own_origins(request)):
        raise ForbiddenError("another site's page sent this; open ours and try again")
    path = request.scope["route"].path
    if principal.session_hash is None or path in WITH_OWN_PROOF:
        return
    if not path.startswith("/api/") and (site == "same-origin" or origin is not None):
        # A form of ours, without scripts: it was the browser that said which page sent it.
        return
    sent = request.headers.get(CSRF_HEADER, "")
    if not compare_digest(sent.encode(), request.state.csrf_token.encode()):
        raise ForbiddenError(f"send the session's token in the header {CSRF_HEADER}")


def _own_origins(request: Request) -> tuple[str, str]:
    public = urlsplit(state_of(request).settings.public_url)
    return f"{request.url.scheme}://{request.url.netloc}", f"{public.scheme}://{public.netloc}"


def _network(request: Request) -> str:
    """Return the caller's address; of IPv6 the network, of which one caller has all addresses."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host
