"""An e-mail as it travels: the headers that lists and machines owe their readers, a text part and an HTML part.

The addressee is not in it: it is put on top when the e-mail goes out, so that the outbox holds no addresses.
"""

from datetime import datetime
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from service.digests.content import Mail
from service.digests.mime import body, unstructured
from service.settings import Settings

LIST_NAME = "Remix"


def sealed(mail: Mail, message_id: str, language: str, at: datetime, settings: Settings) -> bytes:
    """Return a message without addressee: RFC 5322 with CRLF, all of it ASCII.

    ``List-Unsubscribe`` and its ``-Post`` are those of RFC 8058, ``List-Id`` RFC 2919's, ``Auto-Submitted`` RFC 3834's.
    """
    name, address = parseaddr(settings.smtp_from)
    sender = unstructured("From", name).removesuffix(b"\r\n") + b" " if name else b"From: "
    # Addresses and ids are never folded: mail programs do not read torn ones.
    plain = (
        f"<{address}>\r\n"
        f"Date: {format_datetime(at)}\r\n"
        f"Message-ID: {message_id}\r\n"
        f"Content-Language: {language}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "Precedence: bulk\r\n"
        f"List-Id: {LIST_NAME} <{list_id(settings.public_url)}>\r\n"
        f"List-Unsubscribe: <{mail.unsubscribe}>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    ).encode("ascii")
    subject = unstructured("Subject", mail.subject)
    return sender + plain + subject + body(mail.text, mail.html, mail.attachments, message_id)


def addressed(message: bytes, address: str) -> bytes:
    """Return a message with its addressee on top."""
    return f"To: {address}\r\n".encode("ascii") + message


def sender_of(settings: Settings) -> str:
    """Return the address that bounces come back to."""
    return parseaddr(settings.digest_bounces_to or settings.smtp_from)[1]


def sender_domain(settings: Settings) -> str:
    """Return the domain of the sender, the right half of Message-IDs."""
    return parseaddr(settings.smtp_from)[1].rpartition("@")[2] or "localhost"


def list_id(public_url: str) -> str:
    """Return the name of the list for machines."""
    return f"weekly.{urlsplit(public_url).hostname or 'localhost'}"
