"""What one person's e-mail of one week says, before it is written: plain records, no HTML, no database.

    recipients + what each was told ──► gather ──► Digest ──► compose ──► Mail
                                                   ├── sections: one per commune or item, with its Entries
                                                   ├── rings:    for consultants, one per call, with the communes
                                                   └── events, requests, figures of a quiet week

``told_by(digest)`` is what the ledger keeps of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from matcher.records import Moment, Money
from matcher.verdicts import Verdict
from service.digests.weeks import Week
from service.events.whys import Why


class Reason(StrEnum):
    """Why a call is in an e-mail."""

    NEW = "new"
    CHANGED = "changed"
    CLOSING = "closing"


class Audience(StrEnum):
    """Which digest a person gets: calls for what they follow, or communes to ring about new calls."""

    COMMUNE = "commune"
    CONSULTANT = "consultant"


class FollowKind(StrEnum):
    """What a person may follow; the value is also the kind of the record."""

    COMMUNE = "commune"
    NEED = "need"
    PROJECT = "project"
    ASSET = "asset"


class Quiet(StrEnum):
    """What a person wants of a week without news."""

    SAY_SO = "say_so"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Follow:
    """Something that a person follows: a commune (``record_id`` is its ISTAT code), or one of its items."""

    kind: FollowKind
    record_id: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person who gets this week's e-mail; the address stays with the delivery.

    ``person_id`` is the id of the subscription, ``account_id`` None for a reader without an account. ``since`` is when
    the subscription began: what happened before is no news to somebody who was never told anything. ``token`` ends the
    subscription, by whoever holds it.
    """

    person_id: str
    audience: Audience
    language: str
    name: str
    account_id: str | None
    commune_istat: str | None
    follows: tuple[Follow, ...]
    muted: frozenset[str]
    quiet: Quiet
    since: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToldCall:
    """What a person was last told about one call: in which version, and for which version that it closes soon.

    ``closing_version`` is None where its closing was never told; ``week`` is the last week in which it was named.
    """

    version: int
    week: Week
    closing_version: int | None = None
    closing_week: Week | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that a person was told in e-mails that went out; those whose delivery is uncertain do not count.

    ``at`` is the moment up to which the last of them told, None where there was none: news is what came after it,
    whether a week or a month ago.
    """

    at: datetime | None = None
    calls: Mapping[str, ToldCall] = field(default_factory=dict)


NOTHING = Told()


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a call that changed since this person was last told: values as the record holds them, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One call for one thing that a person follows.

    ``rank`` is that among all calls, from 1, and 0 for a call that is here at the reader's own wish. ``verdict`` is
    eligibility's, ``to_check`` names what it could not know. ``why`` holds codes of ``service.wording``'s reasons,
    strongest first. ``changes`` is empty unless ``reason`` is ``changed``; ``working_days`` counts to the deadline.
    ``item`` is the title of the need, project or asset that it is for, empty for a commune as a whole; ``theme`` the
    theme that the reader can mute; ``wanted``: saved or to be reminded of; ``sequence``: of its calendar entry.
    """

    call_id: str
    call_version: int
    reason: Reason
    rank: int
    title: str
    issuer: str
    url: str
    verdict: Verdict
    why: tuple[str, ...] = ()
    to_check: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    opens: Moment | None = None
    closes: Moment | None = None
    while_funds_last: bool = False
    working_days: int | None = None
    total_amount: Money | None = None
    max_award: Money | None = None
    cofinancing: Decimal | None = None
    item: str = ""
    theme: str = ""
    wanted: bool = False
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class CommuneSection:
    """What is there for one commune, or for one of its items; the entries in the order in which they are shown.

    ``n_others`` had no room and come next week. ``may_decide``: the reader acts for this commune. ``is_profile``: the
    commune has written nothing down, and is asked for by its size.
    """

    follow: Follow
    title: str
    commune_istat: str
    entries: tuple[Entry, ...]
    n_others: int = 0
    may_decide: bool = False
    is_profile: bool = False


@dataclass(frozen=True, slots=True)
class ToRing:
    """A commune that a consultant may ring about a call, best first; ``item`` is what of its the call would pay for."""

    istat: str
    name: str
    verdict: Verdict
    why: tuple[str, ...] = ()
    item: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """The reverse digest: one call, and the communes that it suits; ``n_others`` more are on the call's page."""

    entry: Entry
    communes: tuple[ToRing, ...]
    n_others: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something for municipal technicians to attend; ``event_id`` names its page, unless ``url`` is another's.

    ``why`` it concerns what the reader follows, None where it is for everybody; ``has_place``: the reader registered.
    """

    title: str
    starts: Moment
    where: str = ""
    url: str = ""
    event_id: str = ""
    is_online: bool = False
    why: Why | None = None
    has_place: bool = False


@dataclass(frozen=True, slots=True)
class RequestNews:
    """What the incubator did for a commune: about a call, or on a service that the commune asked for.

    ``state`` is ``picked`` (recommended, and ``why``), the kind of a decision that it wrote down, or how far the
    request is, of which ``service`` is the code and ``path`` its page. What was written on it is not told.
    """

    call_id: str
    call_title: str
    at: datetime
    state: str
    commune: str = ""
    why: str = ""
    service: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a quiet week says: how many calls were looked at, and as of when the sources are known."""

    n_calls: int
    fresh_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told in one week, ready to be written; ``at`` is the moment as of which all of it is true."""

    recipient: Recipient
    week: Week
    at: datetime
    figures: Figures
    sections: tuple[CommuneSection, ...] = ()
    rings: tuple[Ring, ...] = ()
    events: tuple[Event, ...] = ()
    requests: tuple[RequestNews, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether there is no news at all."""
        return not (any(section.entries for section in self.sections) or self.rings or self.events or self.requests)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail; ``content_type`` as ``text/calendar``."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A written e-mail; who sends it, to whom, its Message-ID and the headers of lists are added at delivery.

    ``unsubscribe`` is the address that one-click unsubscribing posts to (RFC 8058).
    """

    subject: str
    html: str
    text: str
    unsubscribe: str
    attachments: tuple[Attachment, ...] = ()


class Editor(Protocol):
    """Whoever knows what is news and how it is written; ``service.digests.opening.open_editor`` opens the real one.

    ``open_editor(settings, engine, progress)`` is called only where something is to be written.
    """

    def gather(
        self, session: Session, recipients: Sequence[Recipient], told: Mapping[str, Told], week: Week, at: datetime
    ) -> Iterator[Digest]:
        """Yield one digest for each recipient, in their order; ``told`` maps person ids, absent: told nothing yet.

        Called once for some hundreds of recipients, so that what they share is worked out once.
        """

    def compose(self, digest: Digest) -> Mail:
        """Write a digest down; pure: the same digest is always the same e-mail."""


def told_by(digest: Digest) -> frozenset[tuple[str, int, Reason]]:
    """Return the (call id, call version, reason) that a digest tells, each once, however often it names them."""
    entries = [entry for section in digest.sections for entry in section.entries]
    entries += [ring.entry for ring in digest.rings]
    return frozenset((entry.call_id, entry.call_version, entry.reason) for entry in entries)
