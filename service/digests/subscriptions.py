"""Who gets the weekly e-mail, and for what: kept by people themselves, ended by whoever holds the token.

an account:  keep ───────────────────────────────► active ──► end ──► keep again
a visitor:   ask ──► pending ──► confirm (a link) ──► active ──► end ──► resume (a link)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service.accounts.directory import LANGUAGES, normal_email
from service.accounts.tables import AccountRow
from service.accounts.tokens import new_secret
from service.digests.addresses import is_pec
from service.digests.content import Audience, Follow, FollowKind, Quiet
from service.digests.tables import FollowRow, SubscriptionRow, SubscriptionState
from service.errors import InvalidError, StaleError, UnknownRecordError
from service.ids import new_id
from service.kinds import KIND_NAMED
from service.moments import now
from service.tables import CommuneRow
from service.work import edits
from service.work.acting import Acting
from service.work.items import may_see
from service.work.texts import plain_text

MOST_FOLLOWS = 200
MOST_MUTED = 100
LONGEST_THEME = 100
PENDING_DAYS = 7
"""For how long a reader can confirm an address; what was not confirmed is removed then."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chooses."""

    follows: tuple[Follow, ...] = ()
    audience: Audience = Audience.COMMUNE
    language: str = "it"
    quiet: Quiet = Quiet.SAY_SO
    muted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it is kept; ``email`` is None for an account's, whose address is the account's."""

    id: str
    account_id: str | None
    email: str | None
    state: SubscriptionState
    wanted: Wanted
    created_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    version: int
    token: str = field(repr=False)


def of_account(session: Session, account_id: str) -> Subscription | None:
    """Return the subscription of an account; None if it never had one."""
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.account_id == account_id))
    return None if row is None else _subscription(session, row)


def find(session: Session, subscription_id: str) -> Subscription:
    """Return a subscription by its id; raises UnknownRecordError."""
    row = session.get(SubscriptionRow, subscription_id)
    if row is None:
        raise UnknownRecordError(f"{subscription_id}: no such subscription")
    return _subscription(session, row)


def with_token(session: Session, token: str) -> Subscription:
    """Return the subscription that a token can end; raises UnknownRecordError."""
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token))
    if row is None:
        raise UnknownRecordError("no subscription has this link")
    return _subscription(session, row)


def keep(acting: Acting, wanted: Wanted, version: int | None = None, pec: frozenset[str] = frozenset()) -> Subscription:
    """Begin, change or take up again the subscription of the account that acts.

    ``version`` is the one that was read, None where there was none; ``pec``: further domains of certified mail.
    Raises InvalidError for what cannot be followed or an address that cannot be written to, StaleError.
    """
    account = acting.session.get_one(AccountRow, acting.account_id)
    if is_pec(account.email, pec):
        raise InvalidError("email", "an address of certified mail (PEC) gets no weekly e-mail: use an ordinary one")
    _check(acting, wanted)
    row = acting.session.scalar(
        select(SubscriptionRow).where(SubscriptionRow.account_id == account.id).with_for_update()
    )
    _must_be_current(row, version)
    verb = "subscribed" if row is None or row.state is not SubscriptionState.ACTIVE else "changed"
    row = row or _new_row(wanted, SubscriptionState.ACTIVE, account_id=account.id)
    _write(acting.session, row, wanted, SubscriptionState.ACTIVE)
    acting.did("digest", verb, row.id, account.commune_istat, follows=len(wanted.follows), audience=wanted.audience)
    return _subscription(acting.session, row)


def ask(acting: Acting, email: str, wanted: Wanted, pec: frozenset[str] = frozenset()) -> Subscription | None:
    """Keep what a visitor asks for until the address is confirmed; returns what is to be confirmed.

    None where there is nothing to confirm: the address has an account or gets the e-mail already. Whoever answers the
    visitor says the same in either case. Raises InvalidError.
    """
    address = normal_email(email)
    if is_pec(address, pec):
        raise InvalidError("email", "an address of certified mail (PEC) gets no weekly e-mail: use an ordinary one")
    if wanted.audience is not Audience.COMMUNE or any(
        follow.kind is not FollowKind.COMMUNE for follow in wanted.follows
    ):
        raise InvalidError("follows", "without an account only communes can be followed")
    _check(acting, wanted)
    row = acting.session.scalar(select(SubscriptionRow).where(SubscriptionRow.email == address).with_for_update())
    has_account = acting.session.scalar(select(AccountRow.id).where(AccountRow.email == address)) is not None
    if has_account or (row is not None and row.state is SubscriptionState.ACTIVE):
        return None
    row = row or _new_row(wanted, SubscriptionState.PENDING, email=address)
    row.created_at = now()
    _write(acting.session, row, wanted, SubscriptionState.PENDING)
    acting.did("digest", "asked_for", row.id, None, follows=len(wanted.follows))
    return _subscription(acting.session, row)


def confirm(acting: Acting, subscription_id: str) -> Subscription:
    """Begin a subscription whose address was confirmed; doing so again changes nothing.

    Raises UnknownRecordError if it was never asked for, or not confirmed in time, InvalidError if it was ended since.
    """
    row = acting.session.get(SubscriptionRow, subscription_id, with_for_update=True)
    if row is None:
        raise UnknownRecordError("this subscription was not confirmed in time: ask for it again")
    if row.state is SubscriptionState.ENDED:
        raise InvalidError("state", "this subscription was ended: ask for it again")
    if row.state is SubscriptionState.PENDING:
        row.state, row.confirmed_at, row.version = SubscriptionState.ACTIVE, now(), row.version + 1
        acting.did("digest", "confirmed", row.id)
        acting.session.flush()
    return _subscription(acting.session, row)


def end(acting: Acting, token: str, how: str) -> Subscription:
    """End the subscription that a token is for; ``how`` is a code for the trail; doing so again changes nothing.

    Raises UnknownRecordError for a token that is none.
    """
    row = _row_with(acting.session, token)
    if row.state is not SubscriptionState.ENDED:
        row.state, row.ended_at, row.version = SubscriptionState.ENDED, now(), row.version + 1
        acting.did("digest", "unsubscribed", row.id, None, how=how)
        acting.session.flush()
    return _subscription(acting.session, row)


def resume(acting: Acting, token: str) -> Subscription:
    """Take back the end of a subscription whose address was confirmed before; raises UnknownRecordError."""
    row = _row_with(acting.session, token)
    if row.state is SubscriptionState.ENDED and row.confirmed_at is not None:
        row.state, row.ended_at, row.version = SubscriptionState.ACTIVE, None, row.version + 1
        acting.did("digest", "resumed", row.id)
        acting.session.flush()
    return _subscription(acting.session, row)


def mute(acting: Acting, subscription_id: str, theme: str, *, muted: bool = True) -> Subscription:
    """Leave a theme out of somebody's e-mails, or put it back; raises UnknownRecordError, InvalidError."""
    row = acting.session.get(SubscriptionRow, subscription_id, with_for_update=True)
    if row is None:
        raise UnknownRecordError(f"{subscription_id}: no such subscription")
    themes = set(row.muted) | {theme} if muted else set(row.muted) - {theme}
    _check_muted(themes)
    if themes != set(row.muted):
        row.muted, row.version = sorted(themes), row.version + 1
        acting.did("digest", "muted" if muted else "unmuted", row.id, None, themes=len(themes))
        acting.session.flush()
    return _subscription(acting.session, row)


def follows_of(session: Session, subscription_ids: Sequence[str]) -> dict[str, tuple[Follow, ...]]:
    """Return what each subscription follows, communes first; one that follows nothing is not in it."""
    order = {kind: place for place, kind in enumerate(FollowKind)}
    found: dict[str, list[Follow]] = {}
    for start in range(0, len(subscription_ids), 500):
        rows = session.scalars(
            select(FollowRow).where(FollowRow.subscription_id.in_(subscription_ids[start : start + 500]))
        )
        for row in rows:
            found.setdefault(row.subscription_id, []).append(Follow(row.kind, row.record_id))
    return {
        id_: tuple(sorted(follows, key=lambda follow: (order[follow.kind], follow.record_id)))
        for id_, follows in found.items()
    }


def _row_with(session: Session, token: str) -> SubscriptionRow:
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token).with_for_update())
    if row is None:
        raise UnknownRecordError("no subscription has this link")
    return row


def _new_row(
    wanted: Wanted, state: SubscriptionState, *, account_id: str | None = None, email: str | None = None
) -> SubscriptionRow:
    return SubscriptionRow(
        id=new_id(),
        account_id=account_id,
        email=email,
        audience=wanted.audience,
        language=wanted.language,
        quiet=wanted.quiet,
        muted=[],
        state=state,
        token=new_secret(),
        created_at=now(),
        version=0,
    )


def _write(session: Session, row: SubscriptionRow, wanted: Wanted, state: SubscriptionState) -> None:
    row.audience, row.language, row.quiet = wanted.audience, wanted.language, wanted.quiet
    row.muted, row.state, row.ended_at = sorted(wanted.muted), state, None
    row.version += 1
    if state is SubscriptionState.ACTIVE and row.confirmed_at is None:
        row.confirmed_at = now()
    session.add(row)
    session.flush()
    session.execute(delete(FollowRow).where(FollowRow.subscription_id == row.id))
    follows = [
        {"subscription_id": row.id, "kind": follow.kind, "record_id": follow.record_id}
        for follow in set(wanted.follows)
    ]
    if follows:
        session.execute(insert(FollowRow), follows)


def _subscription(session: Session, row: SubscriptionRow) -> Subscription:
    follows = follows_of(session, [row.id]).get(row.id, ())
    return Subscription(
        id=row.id,
        account_id=row.account_id,
        email=row.email,
        state=row.state,
        wanted=Wanted(follows, row.audience, row.language, row.quiet, frozenset(row.muted)),
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        version=row.version,
        token=row.token,
    )


def _must_be_current(row: SubscriptionRow | None, version: int | None) -> None:
    stored = 0 if row is None else row.version
    if (version or 0) != stored:
        message = f"the subscription is at version {stored} now, not at {version or 0}: nothing was changed"
        raise StaleError(message, stored, {})


def _check(acting: Acting, wanted: Wanted) -> None:
    if wanted.language not in LANGUAGES:
        raise InvalidError("language", f"{wanted.language!r}: one of {', '.join(LANGUAGES)}")
    if wanted.audience is Audience.CONSULTANT and not acting.principal.is_staff:
        raise InvalidError("audience", "the list of communes to ring is for the incubator")
    if wanted.audience is Audience.COMMUNE and not wanted.follows:
        raise InvalidError("follows", "choose at least one commune or item to follow")
    if len(wanted.follows) > MOST_FOLLOWS:
        raise InvalidError("follows", f"at most {MOST_FOLLOWS}")
    _check_muted(wanted.muted)
    _check_plain("follows", (follow.record_id for follow in wanted.follows))
    for follow in wanted.follows:
        _check_follow(acting, follow)


def _check_muted(themes: Iterable[str]) -> None:
    found = list(themes)
    if len(found) > MOST_MUTED or any(not theme.strip() or len(theme) > LONGEST_THEME for theme in found):
        raise InvalidError("muted", f"at most {MOST_MUTED} themes of 1 to {LONGEST_THEME} characters")
    _check_plain("muted", found)


def _check_plain(field: str, texts: Iterable[str]) -> None:
    try:
        for text in texts:
            plain_text(text)
    except ValueError as error:
        raise InvalidError(field, str(error)) from error


def _check_follow(acting: Acting, follow: Follow) -> None:
    if follow.kind is FollowKind.COMMUNE:
        if acting.session.get(CommuneRow, follow.record_id) is None:
            raise InvalidError("follows", f"{follow.record_id}: no commune has this ISTAT code")
        return
    item = edits.find(acting, KIND_NAMED[f"{follow.kind}s"], follow.record_id)
    if item is None or not may_see(acting, item):
        raise InvalidError("follows", f"{follow.record_id}: nothing that you may see has this id")
