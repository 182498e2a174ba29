"""One connection to a mail server, kept open from e-mail to e-mail, in the two halves that matter to the outbox.

    offer(sender, address) ──► the server would take an e-mail for this address (nothing of its text is gone yet)
    hand_over(message)     ──► the server's answer to the whole text

What fails in the first half can be tried again without harm. In the second, an answer that never comes leaves it open
whether the e-mail was taken.
"""

import re
import smtplib
import ssl
from types import TracebackType
from typing import Self

from service.digests.replies import Phase, Reply
from service.mailer import MailServer

ANSWER_S = 60.0
"""How long an answer may take, but for the one to the text."""
ANSWER_TO_TEXT_S = 600.0
"""RFC 5321, 4.5.3.2.6: servers may take ten minutes over a text before they answer."""
_GOING = 421
"""The server closes the connection."""
_PERIOD = re.compile(rb"(?m)^\.")


class UnreachableError(Exception):
    """The server does not answer, or will talk to nobody for now; no e-mail is to blame."""


class NotLetInError(Exception):
    """The server refuses us: name, password or encryption are not as it wants them."""


class RefusedError(Exception):
    """The server's answer to an offer is no; ``reply`` says which."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


class NotHandedOverError(Exception):
    """The connection broke before the end of the text: the server cannot have taken the e-mail."""


class NoAnswerError(Exception):
    """The whole text is with the server, and its answer did not come."""


class Conversation:
    """A connection that is opened when it is needed, and anew after it broke."""

    def __init__(
        self, server: MailServer, answer_s: float = ANSWER_S, answer_to_text_s: float = ANSWER_TO_TEXT_S
    ) -> None:
        self._server, self._answer_s, self._answer_to_text_s = server, answer_s, answer_to_text_s
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._smtp.close()

    def offer(self, sender: str, address: str) -> None:
        """Ask whether the server would take an e-mail; afterwards it waits for the text.

        Raises RefusedError with its answer, NotHandedOverError where the connection breaks meanwhile, UnreachableError
        where there is none to be had, NotLetInError.
        """
        if self._smtp is not None:
            try:
                self._offer(self._smtp, sender, address)
                return
            except NotHandedOverError:
                pass
            except RefusedError as refused:
                if refused.reply.code != _GOING:
                    raise
        # What was open from before may have been closed since: no e-mail is to blame for that.
        self._offer(self._opened(), sender, address)

    def _offer(self, smtp: smtplib.SMTP, sender: str, address: str) -> None:
        try:
            self._ask(smtp, Phase.SENDER, f"MAIL FROM:<{sender}>", 250)
            self._ask(smtp, Phase.ADDRESS, f"RCPT TO:<{address}>", 250, 251)
            self._ask(smtp, Phase.TEXT, "DATA", 354)
        except RefusedError as refused:
            self._recover(refused.reply)
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotHandedOverError(_short(error)) from error

    def hand_over(self, message: bytes) -> Reply:
        """Send the text that was offered and return the server's answer.

        Raises NotHandedOverError, or NoAnswerError: then nobody but the server knows.
        """
        smtp = self._opened()
        text = _PERIOD.sub(b"..", message.removesuffix(b"\r\n") + b"\r\n")
        try:
            smtp.send(text + b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            # Whatever was lost, the line that ends the text was in it.
            self._drop()
            raise NotHandedOverError(_short(error)) from error
        try:
            self._wait_for(smtp, self._answer_to_text_s)
            code, said = smtp.getreply()
            self._wait_for(smtp, self._answer_s)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NoAnswerError(_short(error)) from error
        reply = Reply(Phase.END, code, said.decode("utf-8", "replace"))
        self._recover(reply, after_text=True)
        return reply

    def abandon(self) -> None:
        """Take an offer back: the server waits for the text, and only a broken connection tells it that none comes."""
        self._drop()

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._open()
        return self._smtp

    def _open(self) -> smtplib.SMTP:
        try:
            smtp = smtplib.SMTP(self._server.host, self._server.port, timeout=self._answer_s)
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(_short(error)) from error
        try:
            if self._server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
            smtp.ehlo_or_helo_if_needed()
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPAuthenticationError, ssl.SSLCertVerificationError) as error:
            smtp.close()
            raise NotLetInError(_short(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            raise UnreachableError(_short(error)) from error
        return smtp

    def _ask(self, smtp: smtplib.SMTP, phase: Phase, command: str, *good: int) -> None:
        smtp.putcmd(command)
        code, said = smtp.getreply()
        if code not in good:
            raise RefusedError(Reply(phase, code, said.decode("utf-8", "replace")))

    def _recover(self, reply: Reply, *, after_text: bool = False) -> None:
        """Make the connection ready for the next e-mail, or give it up."""
        usable = 200 <= reply.code < 600 and reply.code != _GOING
        if not usable:
            self._drop()
        elif not after_text and self._smtp is not None:
            try:
                self._smtp.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _wait_for(self, smtp: smtplib.SMTP, seconds: float) -> None:
        if smtp.sock is not None:
            smtp.sock.settimeout(seconds)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
