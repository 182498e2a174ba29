"""The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for the day the telephone is lost.

    begin ──► secret and QR ──► confirm(code) ──► recovery codes, a new session that counts
    give(code or recovery code) ──► a new session that counts

Each code works once: of two clients that send the same one, at the same moment or later, the second is refused.
"""

from dataclasses import dataclass
from io import BytesIO
from secrets import choice

import pyotp
import segno
from sqlalchemy import Engine, delete, or_, update
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts.directory import account_of
from service.accounts.login import LoggedIn, of_account
from service.accounts.own import session_of
from service.accounts.sessions import SECOND_FACTOR_ROLES, end_sessions, renew
from service.accounts.tables import AccountRow, RecoveryCodeRow, SessionRow
from service.accounts.tries import count_try, forgive
from service.accounts.vault import Vault
from service.audit.trail import record
from service.database import reading, writing
from service.errors import ConflictError, ForbiddenError, InvalidError
from service.moments import now

ISSUER = "Remix"
STEP_S, DIGITS = 30, 6
LATE_STEPS = 1
"""A code of the step before or after is taken: clocks differ, and people type."""
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_TOTP, _RECOVERY = "second factor", "recovery code"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an app needs to make codes: the secret as text, as an address, and as a picture of that address."""

    secret: str
    uri: str
    qr_svg: str


def begin(session: Session, vault: Vault, principal: Principal, request_id: str) -> SetUp:
    """Give an account a secret for its app; it counts once ``confirm`` has seen a code of it.

    Raises UnauthenticatedError without a session, ConflictError if there is a second factor already.
    """
    _, account = session_of(session, principal)
    if account.totp_confirmed_at is not None:
        raise ConflictError("a second factor is set up: remove it first, or have an administrator reset it")
    secret = pyotp.random_base32()
    account.totp_secret, account.totp_last_step = vault.seal(_TOTP, secret), None
    record(session, of_account(account), request_id, "account.second_factor_begun", "account", account.id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)
    picture = BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, scale=4)
    return SetUp(secret, uri, picture.getvalue().decode().strip())


def confirm(
    engine: Engine, vault: Vault, principal: Principal, code: str, address: str, request_id: str
) -> tuple[LoggedIn, list[str]]:
    """Set the second factor up; returns the session that takes the place of the present one, and the recovery codes.

    Raises InvalidError for a wrong code, ConflictError if nothing was begun or all is done, TooManyError.
    """
    _count(engine, principal, address)
    with writing(engine) as session:
        row, account = session_of(session, principal)
        if account.totp_secret is None or account.totp_confirmed_at is not None:
            raise ConflictError("there is no second factor to confirm: begin to set one up")
        _use_step(session, vault, account, code)
        account.totp_confirmed_at = now()
        codes = _new_codes(session, vault, account)
        end_sessions(session, account.id, but=row.secret_hash)
        return _given(session, row, account, address, request_id, "account.second_factor_set_up"), codes


def give(engine: Engine, vault: Vault, principal: Principal, code: str, address: str, request_id: str) -> LoggedIn:
    """Give the second factor, a code of the app or a recovery code; returns the session that takes the place of this.

    Raises InvalidError for a wrong or used code, ConflictError if none is set up, TooManyError.
    """
    _count(engine, principal, address)
    with writing(engine) as session:
        row, account = session_of(session, principal)
        if account.totp_confirmed_at is None:
            raise ConflictError("no second factor is set up: set one up")
        if len(code.strip()) == DIGITS:
            _use_step(session, vault, account, code)
        else:
            _use_recovery_code(session, vault, account, code)
        return _given(session, row, account, address, request_id, "account.second_factor_given")


def replace_recovery_codes(
    engine: Engine, vault: Vault, principal: Principal, code: str, address: str, request_id: str
) -> list[str]:
    """Make new recovery codes, the old ones working no more; needs a code of the app. Raises like ``give``."""
    _count(engine, principal, address)
    with writing(engine) as session:
        _, account = session_of(session, principal)
        _use_step(session, vault, account, code)
        forgive(session, address, _key(account.id))
        record(session, principal, request_id, "account.recovery_codes_replaced", "account", account.id)
        return _new_codes(session, vault, account)


def remove(engine: Engine, vault: Vault, principal: Principal, code: str, address: str, request_id: str) -> None:
    """Remove one's own second factor; needs a code of it. Raises ForbiddenError where the role asks for one."""
    _count(engine, principal, address)
    with writing(engine) as session:
        _, account = session_of(session, principal)
        if account.role in SECOND_FACTOR_ROLES:
            raise ForbiddenError(f"the role {account.role.value} needs a second factor")
        _use_step(session, vault, account, code)
        forgive(session, address, _key(account.id))
        forget(session, account)
        record(session, principal, request_id, "account.second_factor_removed", "account", account.id)


def forget(session: Session, account: AccountRow) -> None:
    """Take the second factor and the recovery codes from an account."""
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account.id))


def _count(engine: Engine, principal: Principal, address: str) -> None:
    with reading(engine) as session:
        account_id = session_of(session, principal)[1].id
    count_try(engine, address, _key(account_id))


def _key(account_id: str) -> str:
    return f"second factor:{account_id}"


def _given(
    session: Session, row: SessionRow, account: AccountRow, address: str, request_id: str, action: str
) -> LoggedIn:
    forgive(session, address, _key(account.id))
    record(session, of_account(account), request_id, action, "account", account.id)
    return LoggedIn(account_of(account), renew(session, row, account, second_factor=True))


def _use_step(session: Session, vault: Vault, account: AccountRow, code: str) -> None:
    secret = vault.unseal(_TOTP, account.totp_secret) if account.totp_secret else None
    if secret is None:
        raise ConflictError("the second factor cannot be read any more: have an administrator reset it")
    step = _step_of(secret, code.strip())
    # Compared in the database, so that the same code sent twice at once is used once.
    newer = or_(AccountRow.totp_last_step.is_(None), AccountRow.totp_last_step < step)
    used = update(AccountRow).where(AccountRow.id == account.id, newer).values(totp_last_step=step)
    if step < 0 or session.scalars(used.returning(AccountRow.id)).one_or_none() is None:
        raise InvalidError("code", "the code is wrong or was used: wait for the next one")


def _step_of(secret: str, code: str) -> int:
    """Return the step of which this is the code, -1 for none near now."""
    present = int(now().timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    near = range(present - LATE_STEPS, present + LATE_STEPS + 1)
    return next((step for step in near if pyotp.utils.strings_equal(totp.generate_otp(step), code)), -1)


def _new_codes(session: Session, vault: Vault, account: AccountRow) -> list[str]:
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account.id))
    codes = ["".join(choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCodeRow(code_hash=_hashed(vault, account, code), account_id=account.id) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _use_recovery_code(session: Session, vault: Vault, account: AccountRow, code: str) -> None:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    unused = (RecoveryCodeRow.code_hash == _hashed(vault, account, plain), RecoveryCodeRow.used_at.is_(None))
    used = update(RecoveryCodeRow).where(*unused).values(used_at=now()).returning(RecoveryCodeRow.account_id)
    if session.scalars(used).one_or_none() is None:
        raise InvalidError("code", "the code is wrong or was used: use another one")


def _hashed(vault: Vault, account: AccountRow, code: str) -> str:
    return vault.mark(_RECOVERY, f"{account.id} {code}")
