"""What stands before the routes: which host, how large a body, HEAD, and errors that nobody foresaw.

Each is a plain ASGI layer: answers of 404 and 500, and those given before any route, pass through it as well.
"""

import logging
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.settings import Settings
from service.web.problems import problem

FILES = ("POST", "/amministrazione/importazioni")
"""Where official files are uploaded, which are larger than what people write."""
_log = logging.getLogger("remix.errors")


class Gates:
    """Turns away what must not reach a route, and answers for routes that fail."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = trusted_hosts(settings)
        self._largest = settings.upload_limit_kb * 1024
        self._largest_file = settings.import_limit_mb * 1024 * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, is_head=scope["method"] == "HEAD")
        if answer.is_head:
            scope["method"] = "GET"
        request = Request(scope)
        try:
            self._check(request)
            await self._app(scope, self._limited(receive, self._limit_of(request)), answer.send)
        except HTTPException as error:
            if answer.has_begun:
                raise
            await problem(request, error.status_code, error.detail)(scope, receive, answer.send)
        except Exception:
            # Logged here: what the server would log of it has its texts.
            _log.exception("a request failed")
            if answer.has_begun:
                raise
            failed = problem(request, 500, "an error of ours; it is in the log under this request's id")
            await failed(scope, receive, answer.send)

    def _check(self, request: Request) -> None:
        host = _host_of(request.headers)
        if host is None or (self._hosts and host not in self._hosts):
            raise HTTPException(400, "this host is not served here; the address may be mistyped")
        if "\0" in request.url.path or "\0" in unquote(request.url.query):
            raise HTTPException(422, "the address holds a NUL character, which no text may hold")
        length = request.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > self._limit_of(request):
            raise _too_large(self._limit_of(request))

    def _limit_of(self, request: Request) -> int:
        return self._largest_file if (request.method, request.url.path) == FILES else self._largest

    def _limited(self, receive: Receive, limit: int) -> Receive:
        """Count what arrives: a body sent in pieces does not say how large it is."""
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > limit:
                raise _too_large(limit)
            return message

        return counted


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"more than {limit // 1024} KiB; send less at a time")


class _Answer:
    """What goes out: nothing but headers where only these were asked for."""

    def __init__(self, send: Send, *, is_head: bool) -> None:
        self._send = send
        self.is_head = is_head
        self.has_begun = False

    async def send(self, message: Message) -> None:
        self.has_begun = True
        if self.is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """Return the host names that are answered, in small letters; none means any."""
    if settings.trusted_hosts:
        return frozenset(name.strip().lower() for name in settings.trusted_hosts.split(","))
    if settings.mode == "development":
        return frozenset()
    return frozenset({urlsplit(settings.public_url).hostname or ""})


def _host_of(headers: Headers) -> str | None:
    """Return the host name that was asked for ("" if none), None for what can be no host."""
    try:
        return urlsplit(f"//{headers.get('Host', '')}").hostname or ""
    except ValueError:
        return None
