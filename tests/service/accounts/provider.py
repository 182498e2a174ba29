"""A real OpenID provider on this machine: discovery, authorisation, token with PKCE, keys, userinfo, over HTTP.

It does its part of the protocol strictly; ``lie`` makes it say something that it should not.
"""

import hmac
import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Header
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from service.moments import now

CLIENT_ID, CLIENT_SECRET = "remix", "a secret of the two"


@dataclass
class Provider:
    """What the provider knows: its keys, the person at its log-in page, and the codes that it gave out."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lie: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    redirect_uri: str = ""
    userinfo: dict[str, Any] | None = None
    refuses: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    signs_with: Callable[[], Any] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def honest(self) -> None:
        """Forget what the last test made of it."""
        self.person = {"sub": "person-1", "email": "tecnico@rho.example", "email_verified": True}
        self.lie, self.header, self.userinfo, self.refuses, self.signs_with = {}, {}, None, False, None
        self.codes.clear()
        self.asked.clear()

    def id_token(self, nonce: str) -> str:
        at = int(now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": at, "exp": at + 300, "nonce": nonce} | self.person
        claims = {name: value for name, value in (claims | self.lie).items() if value is not None}
        key = self.signs_with() if self.signs_with else self.key
        header = {"alg": "RS256", "kid": "one"} | self.header
        if header["alg"] == "RS256":
            return jwt.encode(header, claims, key)
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        public = self.key.as_pem(private=False)
        mark = hmac.digest(public, signed.encode(), "sha256") if header["alg"] == "HS256" else b""
        return f"{signed}.{_encoded(mark)}"


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """Serve the provider on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(_app(provider), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()


def _app(provider: Provider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        ends = {f"{name}_endpoint": f"{provider.issuer}/{name}" for name in ("authorization", "token", "userinfo")}
        return {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys"} | ends

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorization")
    def authorization(
        response_type: str,
        client_id: str,
        redirect_uri: str,
        scope: str,
        state: str,
        nonce: str,
        code_challenge: str,
        code_challenge_method: str,
    ) -> RedirectResponse:
        assert (response_type, client_id, code_challenge_method) == ("code", CLIENT_ID, "S256")
        assert redirect_uri == provider.redirect_uri
        assert "openid" in scope.split()
        provider.asked.append({"state": state, "nonce": nonce})
        if provider.refuses:
            return RedirectResponse(f"{redirect_uri}?{urlencode({'error': 'access_denied', 'state': state})}")
        code = token_urlsafe(16)
        provider.codes[code] = {"nonce": nonce, "challenge": code_challenge, "redirect_uri": redirect_uri}
        return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': state})}")

    @app.post("/token")
    def token(
        grant_type: str = Form(),
        code: str = Form(),
        redirect_uri: str = Form(),
        code_verifier: str = Form(),
        authorization: str = Header(),
    ) -> JSONResponse:
        known = provider.codes.pop(code, None)
        challenge = _encoded(sha256(code_verifier.encode()).digest())
        client = b64decode(authorization.removeprefix("Basic ")).decode()
        honest = grant_type == "authorization_code" and client == f"{CLIENT_ID}:{CLIENT_SECRET}"
        if not honest or not known or known["challenge"] != challenge or known["redirect_uri"] != redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400)
        tokens = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
        return JSONResponse(tokens | {"id_token": provider.id_token(known["nonce"])})

    @app.get("/userinfo")
    def userinfo(authorization: str = Header()) -> dict[str, Any]:
        assert authorization == "Bearer opaque"
        return provider.userinfo or {}

    return app
