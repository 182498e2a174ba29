"""Reports of undelivered e-mails (RFC 3464), read from where the mail server puts them: a Maildir, a folder, an mbox.

A report counts only if it names the Message-ID of an e-mail that we sent: nobody else knows it, so nobody can have an
address written to no more by making a report up. Reading the same mailbox again changes nothing.
"""

import mailbox
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_binary_file, message_from_string, policy
from email.message import Message
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.digests.addresses import suppress, without_addresses
from service.digests.planning import addresses
from service.digests.replies import Fate, Phase, Reply, fate_of
from service.digests.tables import IssueRow, IssueState, SuppressionReason
from service.errors import UsageError
from service.moments import now

_REPORT = "message/delivery-status"


class Outcome(StrEnum):
    """What became of one message of the mailbox."""

    SUPPRESSED = "suppressed"
    FAILED = "failed"
    DELAYED = "delayed"
    KNOWN = "known"
    NOT_OURS = "not_ours"
    NO_REPORT = "no_report"


@dataclass(frozen=True, slots=True)
class Bounce:
    """One report: about which e-mail, whether it failed or is only late, RFC 3463's status, the server's words."""

    message_id: str
    failed: bool
    status: str
    diagnostic: str


def messages_in(path: Path) -> Iterator[Message]:
    """Yield the messages of a Maildir, a folder of files, an mbox file or a single message file.

    Raises UsageError if there is nothing to read.
    """
    if path.is_dir():
        folders = [path / "new", path / "cur"] if (path / "cur").is_dir() else [path]
        for folder in folders:
            yield from (_read(file) for file in sorted(folder.iterdir()) if file.is_file())
    elif not path.is_file():
        raise UsageError(f"{path}: neither a Maildir, a folder of messages nor an mbox file")
    elif path.read_bytes()[:5] == b"From ":
        with closing(mailbox.mbox(path, create=False)) as box:
            yield from box
    else:
        yield _read(path)


def bounce_in(message: Message) -> Bounce | None:
    """Return what a message reports; None if it is no report, or does not say of which e-mail."""
    report = next((part for part in message.walk() if part.get_content_type() == _REPORT), None)
    message_id = _reported_id(message)
    if report is None or not message_id or not isinstance(report.get_payload(), list):
        return None
    blocks = [block for block in report.get_payload() if isinstance(block, Message) and "Action" in block]
    if not blocks:
        return None
    worst = next((block for block in blocks if _word(block["Action"]) == "failed"), blocks[0])
    failed, status = _word(worst["Action"]) == "failed", _word(worst.get("Status", ""))
    return Bounce(message_id, failed, status, without_addresses(str(worst.get("Diagnostic-Code", ""))))


def apply(session: Session, message: Message) -> Outcome:
    """Take note of one message: the e-mail failed, and its address is written to no more if that is to blame."""
    bounce = bounce_in(message)
    if bounce is None:
        return Outcome.NO_REPORT
    issue = session.scalar(select(IssueRow).where(IssueRow.message_id == bounce.message_id).with_for_update())
    if issue is None:
        return Outcome.NOT_OURS
    if not bounce.failed:
        return Outcome.DELAYED
    if issue.state not in (IssueState.SENT, IssueState.UNCERTAIN):
        return Outcome.KNOWN
    reply = without_addresses(f"bounced: {bounce.status} {bounce.diagnostic}")
    failed = {"state": IssueState.FAILED, "reply": reply, "settled_at": now(), "message": ""}
    session.execute(update(IssueRow).where(IssueRow.id == issue.id).values(failed))
    address = addresses(session, [issue.subscription_id]).get(issue.subscription_id)
    if address is None or not _blames_address(bounce):
        return Outcome.FAILED
    suppress(session, address, SuppressionReason.BOUNCED, reply, now())
    return Outcome.SUPPRESSED


def apply_all(session: Session, path: Path) -> Counter[Outcome]:
    """Take note of all messages of a mailbox; returns how many came to what. Raises UsageError like ``messages_in``."""
    return Counter(apply(session, message) for message in messages_in(path))


def _blames_address(bounce: Bounce) -> bool:
    if not bounce.status.startswith("5"):
        return False
    reply = Reply(Phase.ADDRESS, 550, f"{bounce.status} {bounce.diagnostic}")
    return fate_of(reply) is Fate.ADDRESS_REFUSED


def _reported_id(message: Message) -> str:
    """The Message-ID of the e-mail that came back, whole or only its headers."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            if isinstance(headers, bytes):
                return _word(message_from_string(headers.decode("utf-8", "replace")).get("Message-ID", ""))
        if part.get_content_type() == "message/rfc822" and isinstance(part.get_payload(), list):
            inner = part.get_payload(0)
            return _word(inner.get("Message-ID", "")) if isinstance(inner, Message) else ""
    return ""


def _word(value: object) -> str:
    text = "".join(str(value).split())
    return text if text.startswith("<") else text.lower()


def _read(file: Path) -> Message:
    with file.open("rb") as stream:
        return message_from_binary_file(stream, policy=policy.compat32)
