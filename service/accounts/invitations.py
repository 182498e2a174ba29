"""Links on their way to people: invitations, and new passwords for whoever forgot theirs.

invite ──► account "invited" ──► letter, or the link itself where no mail goes out ──► accept ──► "active", session
ask_for_reset ──► the same answer for every address; a letter only to an active account ──► complete_reset
"""

from dataclasses import dataclass

from sqlalchemy import Engine

from service.access.principal import VISITOR, Principal
from service.accounts import links, passwords, throttle
from service.accounts.directory import Account, account_of, account_row, check_person, find_account, normal_email
from service.accounts.letters import letter
from service.accounts.login import LoggedIn, came_in, of_account
from service.accounts.sessions import end_sessions
from service.accounts.tables import AccountRow, AccountState, LinkPurpose, Role
from service.accounts.tries import count_try, forgive
from service.audit.trail import record
from service.database import reading, writing
from service.errors import ConflictError
from service.ids import new_id
from service.mailer import MailServer, send
from service.moments import now

RESETS = throttle.Limit(free=3)
"""Letters that anybody can have sent to one address."""


@dataclass(frozen=True, slots=True)
class Post:
    """How links reach people: the service's own address, and the mail server if there is one."""

    public_url: str
    server: MailServer | None = None


@dataclass(frozen=True, slots=True)
class SentLink:
    """A link that was made; ``address`` is given only where no letter went out, so that somebody passes it on."""

    account: Account
    mailed: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who is invited, and as what."""

    email: str
    name: str
    role: Role
    commune_istat: str | None = None
    language: str = "it"


def invite(engine: Engine, post: Post, principal: Principal, request_id: str, wanted: NewAccount) -> SentLink:
    """Make an account and send its owner the link to it.

    Raises InvalidError for an address, role or commune that cannot be, ConflictError if the address has an account.
    """
    email = normal_email(wanted.email)
    with writing(engine) as session:
        check_person(session, wanted.name, wanted.role, wanted.commune_istat, wanted.language)
        if find_account(session, email) is not None:
            raise ConflictError("there is an account with this e-mail address: invite it again, or enable it")
        account = AccountRow(
            id=new_id(),
            email=email,
            name=wanted.name.strip(),
            role=wanted.role,
            commune_istat=wanted.commune_istat,
            state=AccountState.INVITED,
            language=wanted.language,
            created_at=now(),
            version=1,
        )
        session.add(account)
        session.flush()
        role = wanted.role.value
        record(
            session, principal, request_id, "account.invited", "account", account.id, wanted.commune_istat, role=role
        )
        made = (account_of(account), links.issue_link(session, account, LinkPurpose.INVITATION))
    return _sent(post, *made, LinkPurpose.INVITATION)


def send_link(engine: Engine, post: Post, principal: Principal, request_id: str, account_id: str) -> SentLink:
    """Send another link, as the office of an administrator: an invited account its invitation, an active one a reset.

    Raises UnknownRecordError if there is no such account, ConflictError if it is disabled.
    """
    with writing(engine) as session:
        account = account_row(session, account_id, lock=True)
        if account.state is AccountState.DISABLED:
            raise ConflictError("the account is disabled: enable it first")
        purpose = LinkPurpose.INVITATION if account.state is AccountState.INVITED else LinkPurpose.PASSWORD_RESET
        record(session, principal, request_id, "account.link_sent", "account", account.id, purpose=purpose.value)
        made = (account_of(account), links.issue_link(session, account, purpose))
    return _sent(post, *made, purpose)


def accept(engine: Engine, token: str, password: str, address: str, request_id: str) -> LoggedIn:
    """Let somebody in who follows an invitation, with the password of their choice.

    Raises InvalidError for a link that works no more or a password that will not do, TooManyError after many tries.
    """
    password_hash = _chosen(engine, token, LinkPurpose.INVITATION, password, address)
    with writing(engine) as session:
        account = links.use_link(session, token, LinkPurpose.INVITATION)
        account.password_hash, account.state = password_hash, AccountState.ACTIVE
        account.version += 1
        forgive(session, address)
        record(session, of_account(account), request_id, "account.accepted", "account", account.id)
        return came_in(session, account, request_id, "invitation")


def count_reset(engine: Engine, email: str, address: str) -> None:
    """Count a wish for a new password; raises TooManyError where there were too many, whoever has an account."""
    count_try(engine, address, f"reset:{email.strip().lower()}", RESETS)


def send_reset(engine: Engine, post: Post, email: str, request_id: str) -> None:
    """Send the link to a new password if an active account has this address; to be run when the answer is out."""
    if post.server is None:
        return
    with writing(engine) as session:
        account = find_account(session, email)
        if account is None or account.state is not AccountState.ACTIVE:
            return
        record(session, VISITOR, request_id, "account.reset_asked", "account", account.id)
        made = (account_of(account), links.issue_link(session, account, LinkPurpose.PASSWORD_RESET))
    _sent(post, *made, LinkPurpose.PASSWORD_RESET)


def complete_reset(engine: Engine, token: str, password: str, address: str, request_id: str) -> None:
    """Give an account the password that its owner chose, and end its sessions; the second factor stays.

    Raises like ``accept``.
    """
    password_hash = _chosen(engine, token, LinkPurpose.PASSWORD_RESET, password, address)
    with writing(engine) as session:
        account = links.use_link(session, token, LinkPurpose.PASSWORD_RESET)
        account.password_hash = password_hash
        end_sessions(session, account.id)
        forgive(session, address)
        record(session, of_account(account), request_id, "account.password_reset", "account", account.id)


def _chosen(engine: Engine, token: str, purpose: LinkPurpose, password: str, address: str) -> str:
    """Return the hash of a password chosen by a link; nothing is hashed for a link that does not work."""
    count_try(engine, address)
    with reading(engine) as session:
        email = links.look_up(session, token, purpose).email
    passwords.check_password(password, email)
    return passwords.hash_password(password)


def _sent(post: Post, account: Account, secret: str, purpose: LinkPurpose) -> SentLink:
    address = links.address_of(post.public_url, purpose, secret)
    mailed = post.server is not None and send(
        post.server, letter(purpose, account.language, account.name, address), account.email
    )
    return SentLink(account, mailed, None if mailed else address)
