"""API keys: ``rmx_<prefix>_<secret>``, shown once when it is made; the prefix names it in lists, the hash proves it.

A key has the rights of its account, narrowed to its scopes, until it expires or is revoked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.access.policy import SCOPES
from service.accounts.tables import AccountRow, AccountState, ApiKeyRow
from service.accounts.tokens import hash_of, new_secret, same
from service.errors import InvalidError, UnknownRecordError
from service.ids import new_id
from service.moments import now

MARK = "rmx"
"""How a key begins, so that tools that look for lost secrets can find it."""
LONGEST_LIFE = timedelta(days=366)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as its owner sees it."""

    id: str
    prefix: str
    name: str
    account_id: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def create_api_key(
    session: Session, account: AccountRow, name: str, scopes: Iterable[str], life: timedelta
) -> tuple[ApiKey, str]:
    """Make a key for an account; returns it with the whole text that a program sends, which is kept nowhere.

    Raises InvalidError for no name, an unknown scope or none, or a life of more than ``LONGEST_LIFE``.
    """
    wanted = tuple(scope for scope in SCOPES if scope in set(scopes))
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not wanted:
        raise InvalidError("scopes", f"{', '.join(unknown) or 'none'}: choose among {', '.join(SCOPES)}")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidError("name", f"1 to {LONGEST_NAME} characters, to know the key by")
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise InvalidError("days", f"a key lives from 1 to {LONGEST_LIFE.days} days")
    prefix, secret, at = token_hex(6), new_secret(), now()
    row = ApiKeyRow(
        id=new_id(),
        prefix=prefix,
        secret_hash=hash_of(secret),
        name=name.strip(),
        account_id=account.id,
        scopes=list(wanted),
        created_at=at,
        expires_at=at + life,
    )
    session.add(row)
    session.flush()
    return api_key_of(row), f"{MARK}_{prefix}_{secret}"


def find_api_key(session: Session, sent: str) -> tuple[ApiKeyRow, AccountRow] | None:
    """Return the key that a program sent, with its account; None for one unknown, revoked, expired or of no use."""
    mark, _, rest = sent.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != MARK or not secret:
        return None
    found = session.execute(
        select(ApiKeyRow, AccountRow)
        .join(AccountRow, AccountRow.id == ApiKeyRow.account_id)
        .where(ApiKeyRow.prefix == prefix, AccountRow.state == AccountState.ACTIVE)
    ).one_or_none()
    if found is None or not same(found[0].secret_hash, hash_of(secret)):
        return None
    row: ApiKeyRow = found[0]
    return (row, found[1]) if row.revoked_at is None and row.expires_at > now() else None


def list_api_keys(session: Session, account_id: str | None = None) -> list[ApiKey]:
    """Return the keys of an account (None: of all), the newest first, the revoked ones too."""
    rows = select(ApiKeyRow).order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id)
    return [
        api_key_of(row)
        for row in session.scalars(rows if account_id is None else rows.where(ApiKeyRow.account_id == account_id))
    ]


def revoke_api_key(session: Session, key_id: str, account_id: str | None = None) -> ApiKey:
    """Revoke a key, of an account (None: of any), for good; raises UnknownRecordError if there is none."""
    row = session.get(ApiKeyRow, key_id, with_for_update=True)
    if row is None or account_id not in (None, row.account_id):
        raise UnknownRecordError(f"{key_id}: no such API key")
    row.revoked_at = row.revoked_at or now()
    session.flush()
    return api_key_of(row)


def api_key_of(row: ApiKeyRow) -> ApiKey:
    """Return what may be shown of a row."""
    return ApiKey(
        id=row.id,
        prefix=row.prefix,
        name=row.name,
        account_id=row.account_id,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
