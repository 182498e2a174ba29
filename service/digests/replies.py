"""What a mail server's answer means for an e-mail: RFC 5321 for the codes, RFC 3463 for the reasons behind them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from service.digests.addresses import without_addresses


class Phase(StrEnum):
    """Where in the conversation an answer came; only that to ``END`` says whether the server took the e-mail."""

    SENDER = "MAIL FROM"
    ADDRESS = "RCPT TO"
    TEXT = "DATA"
    END = "end of DATA"


class Fate(StrEnum):
    """What becomes of an e-mail after an answer."""

    TAKEN = "taken"
    LATER = "later"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    """For good, but through no fault of the address: its text, its sender's standing, the server's own state."""
    ADDRESS_REFUSED = "address_refused"
    """For good, because of the address: nothing is to be sent there any more."""
    NOT_LET_IN = "not_let_in"
    """The server talks to nobody like us: no e-mail at all can be sent until somebody mends the settings."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; ``text`` is what the server said, which may name the address."""

    phase: Phase
    code: int
    text: str

    def __str__(self) -> str:
        return without_addresses(f"{self.phase}: {self.code} {self.text}")


_ENHANCED = re.compile(r"5\.(\d{1,3})\.(\d{1,3})")
_FULL = ("2", "2")
"""RFC 3463: the mailbox is full, which passes."""
_NOT_THE_ADDRESS = frozenset("34567")
"""RFC 3463: the subjects of mail system, network, protocol, content and policy, none of which is the address."""
_LOG_IN = frozenset({530, 534, 535, 538})
_FIRST_WAIT_S, _GROWTH, _LONGEST_WAIT = 15.0, 4.0, timedelta(hours=6)


def fate_of(reply: Reply) -> Fate:
    """Return what an answer means."""
    if reply.phase is Phase.END and 200 <= reply.code < 300:
        return Fate.TAKEN
    if 400 <= reply.code < 500:
        return Fate.LATER
    if not 500 <= reply.code < 600:
        # Half an answer, or nonsense: after the text only the server knows whether it took it.
        return Fate.UNKNOWN if reply.phase is Phase.END else Fate.LATER
    return _refused(reply)


def wait_after(attempts: int, first_s: float = _FIRST_WAIT_S) -> timedelta:
    """Return how long to leave an e-mail alone after so many tries (1: the first): 15 s, 1 and 4 minutes … 6 hours."""
    return min(timedelta(seconds=first_s * _GROWTH ** min(attempts - 1, 20)), _LONGEST_WAIT)


def _refused(reply: Reply) -> Fate:
    if reply.code in _LOG_IN:
        return Fate.NOT_LET_IN
    found = _ENHANCED.search(reply.text)
    subject, detail = found.groups() if found else ("", "")
    if (subject, detail) == _FULL or (reply.code == 552 and not found and reply.phase is Phase.ADDRESS):
        return Fate.LATER
    if reply.phase is Phase.SENDER:
        return Fate.REFUSED if reply.code == 552 or subject == "3" else Fate.NOT_LET_IN
    return Fate.REFUSED if subject in _NOT_THE_ADDRESS else Fate.ADDRESS_REFUSED
