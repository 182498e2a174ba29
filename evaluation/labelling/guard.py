"""Keeping other pages out: only this machine's names, only forms of our own page, nothing loaded from elsewhere."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

HOSTS = ("127.0.0.1", "localhost")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it browsers send "Origin: null" from our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[Request], Awaitable[Response]]


async def guard(request: Request, handle: Handler) -> Response:
    """Answer 421 to another host name (DNS rebinding), 403 to a form of another origin (CSRF); set the headers."""
    response = _refusal(request) or await handle(request)
    response.headers.update(HEADERS)
    return response


def _refusal(request: Request) -> Response | None:
    host = request.headers.get("host", "")
    if host.partition(":")[0] not in HOSTS:
        return PlainTextResponse(f"This page answers to {' and '.join(HOSTS)} only.", 421)
    if request.method not in ("GET", "HEAD") and request.headers.get("origin") != f"http://{host}":
        return PlainTextResponse("This form was not sent by this page: nothing was done.", 403)
    return None
