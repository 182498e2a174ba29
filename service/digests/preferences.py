"""What a person may choose of the weekly e-mail, and how a visitor asks for it and confirms the address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.records import Need, Project
from service.access.principal import VISITOR, Principal
from service.accounts.configuration import post_of
from service.accounts.throttle import Limit
from service.accounts.tries import count_try
from service.answers.questions import is_public, open_items, owner_of
from service.database import writing_in_turn
from service.digests import subscriptions
from service.digests.content import Follow, FollowKind
from service.digests.links import CONFIRMATION_LIFE, Act, Link
from service.digests.opening import links_of
from service.digests.running import pec_domains
from service.digests.subscriptions import Subscription, Wanted
from service.kinds import KIND_NAMED
from service.mailer import Letter, send
from service.moments import now
from service.settings import Settings
from service.work.acting import Acting
from service.work.subjects import Item

ASKED = Limit(free=3)
"""Letters that anybody can have sent to one address."""
_LETTERS = {
    "it": (
        "Conferma l’e-mail settimanale di Remix",
        "Buongiorno,\n\nqualcuno ha chiesto che a questo indirizzo arrivi ogni settimana un’e-mail con i bandi adatti "
        "ai comuni che ha scelto. Se è stato Lei, apra questo indirizzo entro {days} giorni e confermi:\n\n{address}"
        "\n\nSe non è stato Lei, non faccia nulla: senza conferma non arriva niente, e l’indirizzo viene cancellato.\n",
    ),
    "en": (
        "Confirm Remix’s weekly e-mail",
        "Hello,\n\nsomebody asked that this address receive an e-mail every week with the calls that suit the communes "
        "they chose. If it was you, open this address within {days} days and confirm:\n\n{address}\n\nIf it was not "
        "you, do nothing: without a confirmation nothing is sent, and the address is removed.\n",
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be followed, and whether it is."""

    follow: Follow
    title: str
    chosen: bool


def choices(session: Session, principal: Principal, chosen: Sequence[Follow]) -> list[Choice]:
    """Return what a person follows, and what of the own commune can be followed besides; the commune first."""
    offered = list(chosen)
    own: dict[Follow, str] = {}
    if principal.commune_istat is not None:
        offered.insert(0, Follow(FollowKind.COMMUNE, principal.commune_istat))
        for item, owner in open_items(session, principal.commune_istat):
            if is_public(item, owner) or principal.keeps(owner_of(item, owner)):
                own[Follow(_kind_of(item), item.id)] = item.title
    named = own | _titles(session, [one for one in offered if one not in own])
    every = dict.fromkeys((*offered, *own))
    return [Choice(one, named[one], one in chosen) for one in every if one in named]


def count_asked(engine: Engine, email: str, address: str) -> None:
    """Count a visitor's wish, per e-mail and client's address; raises TooManyError where there were too many."""
    count_try(engine, address, f"digest:{email.strip().lower()}", ASKED)


def ask(engine: Engine, settings: Settings, request_id: str, email: str, wanted: Wanted) -> None:
    """Send a letter with which a visitor confirms the address; to be run when the answer, always the same, is out.

    Raises InvalidError for what cannot be asked for.
    """
    with writing_in_turn(engine) as session:
        made = subscriptions.ask(Acting(session, VISITOR, request_id), email, wanted, pec_domains(settings))
    server = post_of(settings).server
    if made is not None and server is not None and made.email is not None:
        send(server, confirmation(settings, made), made.email)


def confirmation(settings: Settings, made: Subscription) -> Letter:
    """Return the letter that asks to confirm an address."""
    link = Link(Act.CONFIRM, made.id, now() + CONFIRMATION_LIFE)
    subject, text = _LETTERS.get(made.wanted.language, _LETTERS["it"])
    return Letter(subject, text.format(days=CONFIRMATION_LIFE.days, address=links_of(settings).address(link)))


def _titles(session: Session, follows: Sequence[Follow]) -> dict[Follow, str]:
    found: dict[Follow, str] = {}
    for kind in {follow.kind for follow in follows}:
        ids = [follow.record_id for follow in follows if follow.kind is kind]
        table = KIND_NAMED[f"{kind}s"].table
        shown = table.c.name if kind is FollowKind.COMMUNE else table.c.title
        rows = session.execute(select(table.c.id, shown).where(table.c.id.in_(ids), table.c.archived_at.is_(None)))
        found |= {Follow(kind, id_): title for id_, title in rows}
    return found


def _kind_of(item: Item) -> FollowKind:
    if isinstance(item, Need):
        return FollowKind.NEED
    return FollowKind.PROJECT if isinstance(item, Project) else FollowKind.ASSET
