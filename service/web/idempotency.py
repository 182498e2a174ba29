"""A POST with an ``Idempotency-Key`` is done once, however often it arrives: the first answer is given again.

    POST + key ──► key taken by its account ──► route ──► done: answer kept 24 h      not done: key free again
               └──► taken before: same request ──► the same answer      another request ──► 422
                                  not finished, or an answer with a secret in it ──► 409, nothing is done twice

The key is taken before the route runs and in a transaction of its own, so of two at the same moment one goes on.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import cast

from anyio.to_thread import run_sync
from fastapi import Request
from sqlalchemy import ColumnElement, Engine, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.identification import identify
from service.access.policy import POLICY
from service.access.principal import Principal
from service.api.tables import IdempotencyRow
from service.database import reading, writing
from service.errors import UnauthenticatedError
from service.moments import now
from service.web.problems import problem
from service.web.state import state_of

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
_KEY = re.compile(r"[!-~]{1,200}")
_UNFINISHED, _SECRET = 0, -1
"""In the column of the status: the route has not ended; it has, and its answer is not kept."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A key in the hands of an account, and what it was sent with."""

    account_id: str
    key: str
    route: str
    body_hash: str


class IdempotentPosts:
    """Keeps the answers of POSTs of accounts that carry a key; whoever has no account gets none kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or HEADER not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        principal = await run_sync(_known, request)
        if principal is None or principal.account_id is None:
            await self._app(scope, receive, send)
            return
        key = request.headers[HEADER]
        if not _KEY.fullmatch(key):
            refused = problem(request, 422, f"{HEADER}: 1 to 200 visible characters, such as a random UUID")
            await refused(scope, receive, send)
            return
        body = await request.body()
        claim = _Claim(principal.account_id, key, f"POST {scope['path']}", _digest(request, principal, body))
        await self._once(request, claim, body, send)

    async def _once(self, request: Request, claim: _Claim, body: bytes, send: Send) -> None:
        engine = state_of(request).engine
        before = await run_sync(_take, engine, claim)
        if before is not None:
            await _repeated(request, claim, before)(request.scope, request.receive, send)
            return
        answer = _Recorded()
        try:
            await self._app(request.scope, _replayed(body, request.receive), answer.receive)
        except Exception:
            await run_sync(_free, engine, claim)
            raise
        await run_sync(_keep, engine, claim, answer, _holds_secret(request.scope))
        for message in answer.messages:
            await send(message)


class _Recorded:
    """An answer held back until it is kept."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def receive(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return cast(int, self.messages[0]["status"])

    @property
    def location(self) -> str:
        return Headers(raw=list(self.messages[0].get("headers", []))).get("Location", "")

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages[1:]).decode()


def _known(request: Request) -> Principal | None:
    try:
        return identify(request)
    except UnauthenticatedError:
        return None


def _digest(request: Request, principal: Principal, body: bytes) -> str:
    """Tell one request from another: what was sent where, and with which rights."""
    said = f"{request.url.path}?{request.url.query} {principal.api_key_id} ".encode()
    return sha256(said + body).hexdigest()


def _holds_secret(scope: Scope) -> bool:
    """Whether the route answers with what must not lie in a table: those that no API key may call."""
    rule = POLICY.get((scope["method"], getattr(scope.get("route"), "path", "")))
    return rule is None or not rule.scope


def _take(engine: Engine, claim: _Claim) -> IdempotencyRow | None:
    """Take a key; returns what stands under it if it was taken before."""
    at = now()
    with writing(engine) as session:
        mine = IdempotencyRow.account_id == claim.account_id
        session.execute(delete(IdempotencyRow).where(mine, IdempotencyRow.at < at - KEPT))
        insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        row = insert(IdempotencyRow).values(
            account_id=claim.account_id,
            key=claim.key,
            route=claim.route,
            body_hash=claim.body_hash,
            status=_UNFINISHED,
            location="",
            body="",
            at=at,
        )
        taken = session.execute(row.on_conflict_do_nothing().returning(IdempotencyRow.key)).first()
    if taken is not None:
        return None
    with reading(engine) as session:
        return session.get(IdempotencyRow, (claim.account_id, claim.key))


def _repeated(request: Request, claim: _Claim, before: IdempotencyRow) -> Response:
    if before.body_hash != claim.body_hash:
        return problem(request, 422, f"{HEADER}: this key was sent with another request; choose a new one")
    if before.status == _UNFINISHED:
        return problem(request, 409, "the first request with this key has not ended; see what it did before sending")
    if before.status == _SECRET:
        return problem(request, 409, "this was done already, and its answer is not kept because it holds a secret")
    headers = {"Idempotency-Replayed": "true"} | ({"Location": before.location} if before.location else {})
    return Response(before.body, before.status, headers, "application/json")


def _keep(engine: Engine, claim: _Claim, answer: _Recorded, is_secret: bool) -> None:
    """Keep an answer of success; after any other the same key may be tried again."""
    if not 200 <= answer.status < 300:
        _free(engine, claim)
        return
    values = (
        {"status": _SECRET}
        if is_secret
        else {"status": answer.status, "location": answer.location, "body": answer.body}
    )
    with writing(engine) as session:
        session.execute(update(IdempotencyRow).where(*_row_of(claim)).values(**values))


def _free(engine: Engine, claim: _Claim) -> None:
    with writing(engine) as session:
        session.execute(delete(IdempotencyRow).where(*_row_of(claim)))


def _row_of(claim: _Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return IdempotencyRow.account_id == claim.account_id, IdempotencyRow.key == claim.key


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body again that was read already; afterwards whatever else arrives."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
