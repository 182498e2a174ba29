"""What the links of an e-mail do: as the person who got it, by the functions of the portal, and undone as easily.

standing(session, link)   ──► what the link offers, and whether it holds already; nothing is written
act, undo (session, link) ──► done, once; in the trail as done from an e-mail
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.feedback import DecisionKind, Reason
from service.access.identification import principal_of
from service.access.principal import VISITOR
from service.accounts.tables import AccountRow, AccountState, Role
from service.digests import subscriptions
from service.digests.links import Act, Link, LinkOverError
from service.digests.subscriptions import Subscription
from service.digests.tables import SubscriptionState
from service.errors import UnknownRecordError
from service.tables import CommuneRow, FundingCallRow
from service.work.acting import Acting
from service.work.decisions import decide, decision_that_holds, withdraw_decision
from service.work.merged import kept_id
from service.work.reminders import forget, remind, reminder_of

DECIDES = {Act.INTERESTED: DecisionKind.SAVED, Act.NOT_FOR_US: DecisionKind.NOT_FOR_US}
KIND = "digest"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a link offers, as things are: ``done`` if it holds already; names are empty where it is about no call."""

    link: Link
    subscription: Subscription
    done: bool
    call_id: str = ""
    call_title: str = ""
    commune_name: str = ""


def standing(session: Session, link: Link) -> Standing:
    """Return what a link offers; raises LinkOverError where its person, call or commune is not there any more."""
    try:
        subscription = subscriptions.find(session, link.person_id)
    except UnknownRecordError as error:
        raise LinkOverError("this subscription is over: ask for it again") from error
    if link.act is Act.MUTE:
        return Standing(link, subscription, link.theme in subscription.wanted.muted)
    if link.act is Act.CONFIRM:
        return Standing(link, subscription, subscription.state is SubscriptionState.ACTIVE)
    account = _account(session, subscription, link)
    call_id = kept_id(session, "calls", link.call_id)
    title = session.scalar(select(FundingCallRow.title).where(FundingCallRow.id == call_id))
    commune = session.scalar(select(CommuneRow.name).where(CommuneRow.id == link.commune_istat))
    if title is None or commune is None:
        raise LinkOverError("this call is not kept any more")
    return Standing(link, subscription, bool(_holding(session, account, link, call_id)), call_id, title, commune)


def act(session: Session, link: Link, request_id: str, reason: Reason = Reason.OTHER) -> None:
    """Do what a link offers; what is done already stays as it is.

    Raises LinkOverError like ``standing``, ConflictError where the commune has said the contrary since.
    """
    offered = standing(session, link)
    acting = _acting(session, offered, request_id)
    if link.act is Act.CONFIRM:
        subscriptions.confirm(acting, link.person_id)
        return
    if offered.done:
        return
    if link.act is Act.MUTE:
        subscriptions.mute(acting, link.person_id, link.theme)
    elif link.act is Act.REMIND:
        remind(acting, link.commune_istat, offered.call_id)
    else:
        kind = DECIDES[link.act]
        why = reason if kind is DecisionKind.NOT_FOR_US else None
        decide(acting, link.commune_istat, offered.call_id, kind, reason=why)
    _note(acting, link, "answered")


def undo(session: Session, link: Link, request_id: str) -> None:
    """Take back what a link has done; a confirmation is taken back by unsubscribing. Raises like ``act``."""
    offered = standing(session, link)
    if not offered.done or link.act is Act.CONFIRM:
        return
    acting = _acting(session, offered, request_id)
    if link.act is Act.MUTE:
        subscriptions.mute(acting, link.person_id, link.theme, muted=False)
    else:
        held = _holding(session, _account(session, offered.subscription, link), link, offered.call_id)
        (forget if link.act is Act.REMIND else withdraw_decision)(acting, held)
    _note(acting, link, "undone")


def _note(acting: Acting, link: Link, verb: str) -> None:
    acting.did(KIND, verb, link.person_id, link.commune_istat or None, via="e-mail", act=link.act.value)


def _acting(session: Session, offered: Standing, request_id: str) -> Acting:
    account = offered.subscription.account_id
    row = session.get(AccountRow, account) if account is not None else None
    is_active = row is not None and row.state is AccountState.ACTIVE
    return Acting(session, principal_of(row) if row is not None and is_active else VISITOR, request_id)


def _account(session: Session, subscription: Subscription, link: Link) -> AccountRow:
    """The account of a commune that a link acts as; the incubator's people have a second factor, and use the portal."""
    row = session.get(AccountRow, subscription.account_id) if subscription.account_id is not None else None
    is_own = row is not None and row.role is Role.COMMUNE and row.commune_istat == link.commune_istat
    if row is None or not is_own or row.state is not AccountState.ACTIVE:
        raise LinkOverError("this link's account does not act for this commune any more: log in to the portal")
    return row


def _holding(session: Session, account: AccountRow, link: Link, call_id: str) -> str:
    """The id of the decision or reminder that the link's act made, empty where there is none."""
    if link.act is Act.REMIND:
        found = reminder_of(session, account.id, link.commune_istat, call_id)
        return found.id if found is not None else ""
    return decision_that_holds(session, link.commune_istat, call_id, DECIDES[link.act]) or ""
