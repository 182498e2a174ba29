"""Every request has an id and one line in the log: what was called, by which role, how it ended, how long it took.

Of the address only the route's template is written: paths and query strings hold ids and words of people.
"""

import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from service.metrics import Metrics

_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
WATCHED = frozenset({"/status", "/readiness"})
"""Routes that machines ask every few seconds: their lines are for debugging only."""
_log = logging.getLogger("remix.requests")


class RequestLog:
    """Outermost of all, so that it sees every answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        method, began, status = scope["method"], time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, noted)
            finally:
                self._note(scope, method, status, time.perf_counter() - began)

    def _note(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        route = str(getattr(scope.get("route"), "path", ""))
        role = getattr(scope["state"].get("principal"), "role", "")
        self._metrics.count(method, route, status, seconds)
        _log.log(
            logging.DEBUG if route in WATCHED and status < 400 else logging.INFO,
            "request",
            extra={
                "method": method,
                "route": route,
                "status": status,
                "ms": round(1000 * seconds, 1),
                "role": str(role),
            },
        )


def _request_id(scope: Scope) -> str:
    """Return the trace that the request belongs to (W3C ``traceparent``), or a new id; 32 hex digits."""
    found = _TRACE_PARENT.fullmatch(Headers(scope=scope).get("traceparent", ""))
    return found[1] if found else uuid4().hex
