"""What readers tell whoever runs the service: kept, listed for administrators, marked done and taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts import throttle
from service.accounts.directory import normal_email
from service.accounts.tables import Role
from service.accounts.throttle import Limit
from service.audit.trail import record
from service.errors import ForbiddenError, InvalidError, UnknownRecordError
from service.ids import new_id
from service.messages.tables import MessageKind, MessageRow
from service.moments import now
from service.work.acting import Acting
from service.work.texts import plain_text

LONGEST = 4_000
LONGEST_PAGE = 500
PATIENCE = Limit(free=5)
"""Messages from one address of the network before it has to wait; a person has no need to, a program gives up."""
_OBJECT = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody writes: ``page`` is where they were, ``email`` only where an answer is wanted."""

    kind: MessageKind
    text: str
    page: str = ""
    email: str = ""
    language: str = "it"


def leave(session: Session, principal: Principal, request_id: str, message: Message, network: str) -> MessageRow:
    """Keep a message; ``network`` is the address that it came from, of which only a count is kept for a while.

    Raises InvalidError naming the field that cannot be accepted, TooManyError with the seconds to wait.
    """
    row = MessageRow(
        id=new_id(),
        at=now(),
        kind=message.kind,
        text=_text(message.text),
        page=message.page[:LONGEST_PAGE],
        email=normal_email(message.email) if message.email.strip() else "",
        language=message.language,
        account_id=principal.account_id,
    )
    throttle.take(session, f"message {network}", PATIENCE)
    session.add(row)
    session.flush()
    record(session, principal, request_id, f"{_OBJECT}.left", _OBJECT, row.id, None, kind=row.kind.value)
    return row


def list_messages(
    acting: Acting, *, done: bool = False, after: str = "", limit: int = 20
) -> tuple[Sequence[MessageRow], str, int]:
    """Return one page of messages, newest first, where the next begins ("" at the end), and how many there are."""
    _must_be_administrator(acting)
    wanted = MessageRow.done_at.is_not(None) if done else MessageRow.done_at.is_(None)
    total = acting.session.scalar(select(func.count()).select_from(MessageRow).where(wanted)) or 0
    query = select(MessageRow).where(wanted).order_by(MessageRow.at.desc(), MessageRow.id.desc()).limit(limit + 1)
    if after:
        at, row_id = _position(after)
        query = query.where(or_(MessageRow.at < at, and_(MessageRow.at == at, MessageRow.id < row_id)))
    rows = acting.session.scalars(query).all()
    acting.did(_OBJECT, "listed", "", None, count=len(rows[:limit]))
    last = f"{rows[limit - 1].at.isoformat()} {rows[limit - 1].id}" if len(rows) > limit else ""
    return rows[:limit], last, total


def mark_done(acting: Acting, message_id: str) -> None:
    """Say that a message needs nothing more; raises UnknownRecordError if there is none."""
    row = _to_change(acting, message_id)
    if row.done_at is None:
        row.done_at, row.done_by = now(), acting.account_id
        acting.did(_OBJECT, "done", row.id)


def take_up_again(acting: Acting, message_id: str) -> None:
    """Take back that a message needs nothing more; raises UnknownRecordError if there is none."""
    row = _to_change(acting, message_id)
    if row.done_at is not None:
        row.done_at = row.done_by = None
        acting.did(_OBJECT, "reopened", row.id)


def _to_change(acting: Acting, message_id: str) -> MessageRow:
    _must_be_administrator(acting)
    row = acting.session.get(MessageRow, message_id, with_for_update=True)
    if row is None:
        raise UnknownRecordError(f"{message_id}: no message has this id")
    return row


def _must_be_administrator(acting: Acting) -> None:
    if acting.principal.role is not Role.ADMINISTRATOR:
        raise ForbiddenError("only administrators read what readers write")


def _text(words: str) -> str:
    text = words.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise InvalidError("text", "empty" if not text else f"longer than {LONGEST} characters")
    try:
        return plain_text(text)
    except ValueError as error:
        raise InvalidError("text", str(error)) from error


def _position(after: str) -> tuple[datetime, str]:
    at, _, row_id = after.partition(" ")
    try:
        return datetime.fromisoformat(at), row_id
    except ValueError as error:
        raise InvalidError("cursor", "not a cursor of this list; start again without one") from error
