"""Headers of every answer: what a browser may do with it, who may keep it, how often one may still ask."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.settings import Settings

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = "max-age=31536000; includeSubDomains"


class AnswerHeaders:
    """Adds what the route did not say itself."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._fixed = dict(SECURITY)
        if settings.mode == "production":
            self._fixed["Strict-Transport-Security"] = A_YEAR

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, dressed)

    def _dress(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in self._fixed.items():
            headers.setdefault(name, value)
        headers["Request-Id"] = scope["state"]["request_id"]
        for name, value in scope["state"].get("rate", {}).items():
            headers[name] = value
        # What has a version may be kept and asked about again; the rest is for this one moment.
        headers.setdefault("Cache-Control", "private, no-cache" if "ETag" in headers else "no-store")
        headers.add_vary_header("Cookie, Authorization")
