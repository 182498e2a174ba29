"""An e-mail as it travels: the headers that lists and machines owe their readers, a text part and an HTML part.

The addressee is not in it: it is put on top when the e-mail goes out, so that the outbox holds no addresses.
"""

from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from service.digests.content import Mail
from service.settings import Settings

_POLICY = policy.SMTP.clone(cte_type="7bit")
"""Seven bits and short lines: no server on the way has a reason to write anything anew."""
LIST_NAME = "Remix"


def sealed(mail: Mail, message_id: str, language: str, at: datetime, settings: Settings) -> bytes:
    """Return a message without addressee: RFC 5322 with CRLF, all of it ASCII.

    ``List-Unsubscribe`` and its ``-Post`` are those of RFC 8058, ``List-Id`` RFC 2919's, ``Auto-Submitted`` RFC 3834's.
    """
    message = EmailMessage(_POLICY)
    message["From"] = settings.smtp_from
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(at)
    message["Content-Language"] = language
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html", cte="base64")
    for attachment in mail.attachments:
        main, _, sub = attachment.content_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    # Folded by hand: the library would tear long addresses into encoded words, which no mail program reads.
    by_hand = (
        f"Message-ID:\r\n {message_id}\r\n"
        f"List-Id: {LIST_NAME}\r\n <{list_id(settings.public_url)}>\r\n"
        f"List-Unsubscribe:\r\n <{mail.unsubscribe}>\r\n"
    )
    return by_hand.encode("ascii") + message.as_bytes()


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
