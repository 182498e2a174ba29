"""One message to one person, over SMTP; whoever sends many composes them elsewhere and sends them here.

Nothing is logged or raised that holds the address or the text.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed over; ``starttls``: refuse to go on in clear text."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody is told: plain text, so that every reader shows it."""

    subject: str
    text: str


def compose(letter: Letter, sender: str, to: str) -> EmailMessage:
    """Return a letter as a message that says it was sent by a machine."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = letter.subject, sender, to
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def send(server: MailServer, letter: Letter, to: str) -> bool:
    """Hand a letter over to the mail server; returns whether it took it."""
    try:
        with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S) as connection:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(compose(letter, server.sender, to))
    except (smtplib.SMTPException, OSError):
        return False
    return True
