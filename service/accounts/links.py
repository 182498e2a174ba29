"""Links that are sent and work once: an invitation, a new password.

issue_link ──► the secret of the link (its hash is kept; links of the same purpose sent before stop working)
look_up    ──► the account it is for, the link untouched (for the page that it opens)
use_link   ──► the account it is for, the link used up
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.accounts.tables import AccountRow, AccountState, LinkPurpose, LinkRow
from service.accounts.tokens import hash_of, new_secret
from service.errors import InvalidError
from service.moments import now

LIFE = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.PASSWORD_RESET: timedelta(hours=1)}
_STATE = {LinkPurpose.INVITATION: AccountState.INVITED, LinkPurpose.PASSWORD_RESET: AccountState.ACTIVE}
"""In which state an account can use its link: nobody is let in by a link sent before the account was disabled."""
_PATH = {LinkPurpose.INVITATION: "inviti", LinkPurpose.PASSWORD_RESET: "nuova-password"}


def issue_link(session: Session, account: AccountRow, purpose: LinkPurpose) -> str:
    """Make a link for an account and return its secret; earlier ones for the same purpose stop working."""
    secret, at = new_secret(), now()
    cancel_links(session, account.id, purpose)
    session.add(
        LinkRow(
            token_hash=hash_of(secret),
            purpose=purpose,
            account_id=account.id,
            created_at=at,
            expires_at=at + LIFE[purpose],
        )
    )
    session.flush()
    return secret


def cancel_links(session: Session, account_id: str, purpose: LinkPurpose) -> None:
    """Let the links of an account for one purpose work no more."""
    unused = (LinkRow.account_id == account_id, LinkRow.purpose == purpose, LinkRow.used_at.is_(None))
    session.execute(update(LinkRow).where(*unused).values(used_at=now()))


def look_up(session: Session, secret: str, purpose: LinkPurpose) -> AccountRow:
    """Return the account that a link is for, without using it.

    Raises InvalidError, in the same words, for a link that is unknown, used, replaced, expired or no longer wanted.
    """
    account = session.scalars(
        select(AccountRow)
        .join(LinkRow, LinkRow.account_id == AccountRow.id)
        .where(
            LinkRow.token_hash == hash_of(secret),
            LinkRow.purpose == purpose,
            LinkRow.used_at.is_(None),
            LinkRow.expires_at > now(),
            AccountRow.state == _STATE[purpose],
        )
    ).one_or_none()
    if account is None:
        raise InvalidError("token", "this link works no more: ask for another one")
    return account


def use_link(session: Session, secret: str, purpose: LinkPurpose) -> AccountRow:
    """Return the account that a link is for and use the link up; of two at the same moment one fails.

    Raises InvalidError like ``look_up``.
    """
    account = look_up(session, secret, purpose)
    unused = (LinkRow.token_hash == hash_of(secret), LinkRow.used_at.is_(None))
    used = update(LinkRow).where(*unused).values(used_at=now()).returning(LinkRow.account_id)
    if session.scalars(used).one_or_none() is None:
        raise InvalidError("token", "this link works no more: ask for another one")
    return account


def address_of(public_url: str, purpose: LinkPurpose, secret: str) -> str:
    """Return the address of the page that a link opens."""
    return f"{public_url.rstrip('/')}/{_PATH[purpose]}/{secret}"
