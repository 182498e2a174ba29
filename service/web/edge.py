"""The layers around the routes, from the outside in.

request ──► id and log line ──► headers of the answer ──► host, size, HEAD, failures ──► once per key ──► routes
"""

from starlette.middleware import Middleware

from service.metrics import Metrics
from service.settings import Settings
from service.web.answer_headers import AnswerHeaders
from service.web.gates import Gates
from service.web.idempotency import IdempotentPosts
from service.web.request_log import RequestLog


def edge(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Return the layers that every request passes, the outermost first."""
    return [
        Middleware(RequestLog, metrics=metrics),
        Middleware(AnswerHeaders, settings=settings),
        Middleware(Gates, settings=settings),
        Middleware(IdempotentPosts),
    ]
