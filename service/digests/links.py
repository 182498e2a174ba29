"""Links of an e-mail that work without log-in: signed, for one person, one thing and some weeks.

    Link(act, person, …) ──Links.address──► https://…/dalla-posta/<token> ──Links.read──► the same Link, or LinkError

A token says what its page offers to do; opening the page does nothing, only the form on it does.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from struct import Struct
from struct import error as StructError  # noqa: N812 - the library's own error, by a name that says so
from uuid import UUID

from itsdangerous import BadSignature, Signer

from service.errors import UnknownRecordError
from service.moments import now

LIFE = timedelta(days=45)
"""For how long a link of an e-mail works: an e-mail found a month later still does what it says."""
CONFIRMATION_LIFE = timedelta(days=7)
"""As long as what is to be confirmed is kept (``subscriptions.PENDING_DAYS``)."""
PATH, END_PATH = "dalla-posta", "disiscrizione"
LONGEST = 1_000
"""Characters of a token: an id has at most 300, a theme 100."""
_SALT = b"remix weekly e-mail"


class Act(StrEnum):
    """What a link is for."""

    INTERESTED = "interested"
    NOT_FOR_US = "not_for_us"
    REMIND = "remind"
    MUTE = "mute"
    CONFIRM = "confirm"


_ACTS = tuple(Act)
_HEAD = Struct(">B16sI")
"""What every link has: the act, the person (a UUID), and until when, in seconds since 1970; short, as people see it."""
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Link:
    """One act of one person (the id of the subscription), about a call for a commune, or a theme, or neither."""

    act: Act
    person_id: str
    until: datetime
    call_id: str = ""
    commune_istat: str = ""
    theme: str = ""


class LinkOverError(UnknownRecordError):
    """A link that was changed on the way, or whose time is over."""


class Links:
    """Makes and reads links with a key that is derived from the service's secret (HMAC-SHA256)."""

    def __init__(self, secret_key: str, public_url: str) -> None:
        self._signer = Signer(secret_key, salt=_SALT, key_derivation="hmac", digest_method=sha256)
        # Derived once: an e-mail has a hundred links.
        self._signer = Signer(self._signer.derive_key(), key_derivation="none", digest_method=sha256)
        self._public_url = public_url.rstrip("/")

    def address(self, link: Link) -> str:
        """Return the address of the page that a link opens."""
        return f"{self._public_url}/{PATH}/{self.token(link)}"

    def end_address(self, token: str) -> str:
        """Return the address at which whoever holds a subscription's token ends it."""
        return f"{self._public_url}/{END_PATH}/{token}"

    def page(self, path: str) -> str:
        """Return the address of a page of ours."""
        return f"{self._public_url}{path}"

    def token(self, link: Link) -> str:
        """Return a link as one part of an address."""
        about = _BETWEEN.join((link.call_id, link.commune_istat, link.theme))
        head = _HEAD.pack(_ACTS.index(link.act), UUID(link.person_id).bytes, int(link.until.timestamp()))
        packed = urlsafe_b64encode(head + about.encode()).rstrip(b"=")
        return self._signer.sign(packed).decode("ascii")

    def read(self, token: str) -> Link:
        """Return the link behind a token; raises LinkOverError for one that was changed, or whose time is over."""
        try:
            packed = self._signer.unsign(token.encode("ascii"))
            said = urlsafe_b64decode(packed + b"=" * (-len(packed) % 4))
            act, person, until = _HEAD.unpack(said[: _HEAD.size])
            call_id, commune_istat, theme = said[_HEAD.size :].decode().split(_BETWEEN)
            link = Link(_ACTS[act], str(UUID(bytes=person)), _moment(until), call_id, commune_istat, theme)
        except (BadSignature, UnicodeError, StructError, ValueError, IndexError) as error:
            raise LinkOverError("this link is not complete: copy it whole from the e-mail") from error
        if link.until < now():
            raise LinkOverError("this link's time is over: the portal does the same")
        return link


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, now().tzinfo)
