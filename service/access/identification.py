"""From a request to the principal behind it: its API key, its session's cookie, or nobody.

Authorization: Bearer rmx_…  ──► the key's account, narrowed to its scopes; a bad one is 401 and nothing more
Cookie: __Host-remix-session ──► the session's account; one that has ended counts as no cookie
"""

from fastapi import Request
from sqlalchemy import Engine

from service.access.principal import VISITOR, Principal
from service.accounts.api_keys import find_api_key
from service.accounts.sessions import SecondFactor, find_session, still_needed
from service.accounts.sightings import note_api_key, note_session
from service.accounts.tables import AccountRow, SessionRow
from service.accounts.tokens import hash_of
from service.database import reading
from service.errors import UnauthenticatedError
from service.web.state import state_of

SECURE_COOKIE = "__Host-remix-session"
"""A name that browsers accept only over https, for this host alone and every path of it."""
PLAIN_COOKIE = "remix-session"
"""For development without https."""


def identify(request: Request) -> Principal:
    """Return who asks; looked up once a request.

    ``request.state`` has the session's ``csrf_token`` and its account's ``account_name`` from then on.
    Raises UnauthenticatedError for credentials in the Authorization header that are no good.
    """
    known: Principal | None = getattr(request.state, "principal", None)
    if known is None:
        request.state.csrf_token = request.state.account_name = ""
        known = request.state.principal = _identify(request)
    return known


def cookie_name(request: Request) -> str:
    """Return the name of the session's cookie where this request came from."""
    return SECURE_COOKIE if request.url.scheme == "https" else PLAIN_COOKIE


def principal_of(account: AccountRow, row: SessionRow | None = None) -> Principal:
    """Return an account as a principal; in a session that lacks its second factor it counts as a visitor."""
    if row is not None and still_needed(account, row) is not SecondFactor.NOTHING:
        return Principal(session_hash=row.secret_hash, language=account.language)
    return Principal(
        role=account.role,
        account_id=account.id,
        commune_istat=account.commune_istat,
        language=account.language,
        session_hash=row.secret_hash if row else None,
    )


def _identify(request: Request) -> Principal:
    engine = state_of(request).engine
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        return _by_key(engine, authorization)
    secret = request.cookies.get(cookie_name(request))
    return _by_session(request, engine, secret) if secret else VISITOR


def _by_key(engine: Engine, authorization: str) -> Principal:
    scheme, _, sent = authorization.partition(" ")
    with reading(engine) as session:
        found = find_api_key(session, sent.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise UnauthenticatedError("the API key is not valid")
        key, account = found
        principal = Principal(
            role=account.role,
            account_id=account.id,
            commune_istat=account.commune_istat,
            language=account.language,
            api_key_id=key.id,
            scopes=frozenset(key.scopes),
        )
    note_api_key(engine, key)
    return principal


def _by_session(request: Request, engine: Engine, secret: str) -> Principal:
    with reading(engine) as session:
        found = find_session(session, hash_of(secret))
        if found is None:
            return VISITOR
        row, account = found
        request.state.csrf_token, request.state.account_name = row.csrf_token, account.name
        principal = principal_of(account, row)
    note_session(engine, row)
    return principal
