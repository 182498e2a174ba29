"""Who of those that a provider vouches for may come in: whoever was invited, or came in by it before."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.directory import find_account
from service.accounts.links import cancel_links
from service.accounts.login import LoggedIn, came_in, of_account
from service.accounts.oidc import Arrival
from service.accounts.tables import AccountRow, AccountState, IdentityRow, LinkPurpose
from service.audit.trail import record
from service.errors import UnauthenticatedError
from service.moments import now

REFUSAL = "there is no account for this identity: ask an administrator for an invitation to the address it carries"


def come_in(session: Session, arrival: Arrival, request_id: str) -> LoggedIn:
    """Open a session for somebody that a provider vouches for; an invitation to their verified address is accepted.

    Raises UnauthenticatedError, in the same words, where there is no account, no verified address, or a disabled one.
    """
    account = _linked(session, arrival) or _invited(session, arrival, request_id)
    if account is None or account.state is not AccountState.ACTIVE:
        raise UnauthenticatedError(REFUSAL)
    return came_in(session, account, request_id, "provider", second_factor=arrival.second_factor)


def _linked(session: Session, arrival: Arrival) -> AccountRow | None:
    known = select(AccountRow).join(IdentityRow, IdentityRow.account_id == AccountRow.id)
    return session.scalars(
        known.where(IdentityRow.issuer == arrival.issuer, IdentityRow.subject == arrival.subject)
    ).one_or_none()


def _invited(session: Session, arrival: Arrival, request_id: str) -> AccountRow | None:
    """Link the identity to the account of its verified address, if there is one that is not disabled."""
    account = find_account(session, arrival.email) if arrival.email else None
    if account is None or account.state is AccountState.DISABLED:
        return None
    if account.state is AccountState.INVITED:
        account.state = AccountState.ACTIVE
        account.version += 1
        cancel_links(session, account.id, LinkPurpose.INVITATION)
        record(session, of_account(account), request_id, "account.accepted", "account", account.id)
    session.add(IdentityRow(issuer=arrival.issuer, subject=arrival.subject, account_id=account.id, created_at=now()))
    record(session, of_account(account), request_id, "account.identity_linked", "account", account.id)
    return account
