"""Coming in by an OpenID Connect provider: authorisation code with PKCE, state and nonce (OpenID Connect Core 1.0).

    depart ──► the provider's address, and what must be remembered until somebody comes back (sealed, in a cookie)
    arrive ──► the provider's word about who it is: checked signature, issuer, audience, times, nonce

The provider only says who somebody is; who may come in is said by invitations (see identities.py).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from secrets import token_urlsafe
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.accounts.vault import Vault
from service.errors import InvalidError, NotReadyError

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key that only the provider has; never ``none``, and no secret that we share with it."""
LEEWAY_S = 60
TIMEOUT_S = 10.0
DEPARTURE_LIFE_S = 600
_SEALED_FOR = "oidc departure"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider, and what we are to it. ``strong``: values of ``acr`` or ``amr`` that count as second factor."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    strong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Departure:
    """What is remembered of somebody who went to the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whom the provider says it is; ``email`` is "" unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    second_factor: bool


def depart(provider: Provider, vault: Vault) -> tuple[str, str]:
    """Return the address to send a browser to, and the sealed departure to keep in its cookie.

    Raises NotReadyError if the provider does not answer.
    """
    leaving = Departure(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))
    metadata = _metadata(provider)
    with _client(provider) as client:
        address, _ = client.create_authorization_url(
            _endpoint(metadata, "authorization_endpoint"),
            state=leaving.state,
            nonce=leaving.nonce,
            code_verifier=leaving.verifier,
        )
    return address, vault.seal(_SEALED_FOR, json.dumps(asdict(leaving)))


def arrive(provider: Provider, vault: Vault, sealed: str, sent: Mapping[str, str]) -> Arrival:
    """Return who came back; ``sent`` is the query that the provider's redirect brought, ``sealed`` the cookie.

    Raises InvalidError for anything that does not fit what was sent out: another state, nonce, issuer, audience or key,
    a token that expired or is unsigned, a refusal of the provider. Raises NotReadyError if it does not answer.
    """
    opened = vault.unseal(_SEALED_FOR, sealed, DEPARTURE_LIFE_S)
    if opened is None:
        raise _refused("this log-in was not begun here, or too long ago")
    leaving = Departure(**json.loads(opened))
    if not sent.get("state") or sent["state"] != leaving.state:
        raise _refused("the answer belongs to another log-in")
    if sent.get("iss", provider.issuer) != provider.issuer:
        raise _refused("the answer comes from another provider")
    if "code" not in sent:
        raise _refused("the provider did not let this log-in through")
    metadata = _metadata(provider)
    token = _token(provider, metadata, sent["code"], leaving.verifier)
    return _arrival(provider, _claims(provider, metadata, token, leaving.nonce))


def _token(provider: Provider, metadata: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
    """Return the token of a code that only we can redeem, because only we know the verifier."""
    with _client(provider) as client:
        try:
            token: dict[str, Any] = client.fetch_token(
                _endpoint(metadata, "token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
        except AuthlibBaseError as error:
            raise _refused("the provider refused the code") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise NotReadyError("the identity provider does not answer; try again") from error
    return token


def _claims(provider: Provider, metadata: Mapping[str, Any], token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """Return the checked claims of the ID token, with those of the userinfo endpoint where it lacks the address."""
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    try:
        keys = KeySet.import_key_set(_fetch(_endpoint(metadata, "jwks_uri")))  # type: ignore[arg-type]
        read = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(read.claims, read.header, options, params)
        claims.validate(leeway=LEEWAY_S)
    except (JoseError, AuthlibBaseError, KeyError, ValueError, TypeError) as error:
        raise _refused("the provider's token cannot be trusted") from error
    known = dict(claims)
    if "email" not in known and "userinfo_endpoint" in metadata:
        more = _fetch(_endpoint(metadata, "userinfo_endpoint"), str(token.get("access_token")))
        known |= more if more.get("sub") == known["sub"] else {}
    return known


def _arrival(provider: Provider, claims: Mapping[str, Any]) -> Arrival:
    verified = claims.get("email_verified") in (True, "true")
    methods = claims.get("amr") if isinstance(claims.get("amr"), list) else []
    said = {str(claims.get("acr", "")), *(str(method) for method in methods or [])}
    email = str(claims.get("email", "")).strip().lower() if verified else ""
    return Arrival(provider.issuer, str(claims["sub"]), email, bool(said & provider.strong))


def _metadata(provider: Provider) -> dict[str, Any]:
    """Return what the provider says of itself; it must call itself by the issuer that was configured."""
    metadata = _fetch(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != provider.issuer:
        raise _refused(f"the provider calls itself {metadata.get('issuer')!r}; set REMIX_OIDC_ISSUER to that")
    return metadata


def _endpoint(metadata: Mapping[str, Any], name: str) -> str:
    """Return an endpoint; one that is less safe than the issuer itself (http instead of https) is refused."""
    address = str(metadata.get(name, ""))
    if address.partition(":")[0] not in ("https", str(metadata["issuer"]).partition(":")[0]):
        raise _refused(f"the provider's {name} is not an https address")
    return address


def _fetch(address: str, access_token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
    try:
        answer = httpx2.get(address, headers=headers, timeout=TIMEOUT_S).raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as error:
        raise NotReadyError("the identity provider does not answer; try again") from error
    if not isinstance(answer, dict):
        raise NotReadyError("the identity provider answers something else than JSON objects")
    return answer


def _client(provider: Provider) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id,
        provider.client_secret or None,
        scope=SCOPE,
        redirect_uri=provider.redirect_uri,
        code_challenge_method="S256",
        timeout=TIMEOUT_S,
    )


def _refused(why: str) -> InvalidError:
    return InvalidError("state", f"{why}: log in again")
