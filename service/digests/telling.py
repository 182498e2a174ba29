"""Telling the administrators which addresses are written to no more, once, and why."""

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from service import mailer
from service.accounts.configuration import post_of
from service.accounts.tables import AccountRow, AccountState, Role
from service.database import reading, writing_in_turn
from service.digests.addresses import address_hash
from service.digests.tables import SubscriptionRow, SuppressionReason, SuppressionRow
from service.mailer import Letter
from service.moments import now
from service.settings import Settings

_REASONS = {
    "it": {
        SuppressionReason.REFUSED: "il server del destinatario l'ha rifiutato",
        SuppressionReason.BOUNCED: "il messaggio è tornato indietro",
        SuppressionReason.BY_HAND: "sospeso a mano",
    },
    "en": {
        SuppressionReason.REFUSED: "the recipient's server refused it",
        SuppressionReason.BOUNCED: "the message came back",
        SuppressionReason.BY_HAND: "suspended by hand",
    },
}
_LETTER = {
    "it": (
        "Remix: indirizzi a cui non si scrive più",
        "Il messaggio settimanale non si invia più a questi indirizzi:\n\n{lines}\n\nCorretto l'indirizzo, o risolto "
        "il problema, si riprende con:\n\n    remix digest allow INDIRIZZO\n",
    ),
    "en": (
        "Remix: addresses that are written to no more",
        "The weekly e-mail is not sent to these addresses any more:\n\n{lines}\n\nOnce the address is corrected or the "
        "problem solved, take it up again with:\n\n    remix digest allow ADDRESS\n",
    ),
}
MOST_LINES = 200


def tell_administrators(engine: Engine, settings: Settings) -> int:
    """Write to the administrators about addresses that they were not told of; returns how many those are.

    Where no letter could be handed over they stay to be told next time.
    """
    with reading(engine) as session:
        news = list(session.scalars(select(SuppressionRow).where(SuppressionRow.told_at.is_(None))))
        known = _addresses(session) if news else {}
        administrators = [(row.email, row.language) for row in session.scalars(_administrators)]
    server = post_of(settings).server
    if not news or server is None:
        return 0
    lines = [(known.get(row.address_hash, "—"), row) for row in news]
    sent = [mailer.send(server, letter(lines, language), email) for email, language in administrators]
    if any(sent):
        hashes = [row.address_hash for row in news]
        with writing_in_turn(engine) as session:
            for start in range(0, len(hashes), 500):
                some = SuppressionRow.address_hash.in_(hashes[start : start + 500])
                session.execute(update(SuppressionRow).where(some).values(told_at=now()))
    return len(news) if any(sent) else 0


def letter(lines: list[tuple[str, SuppressionRow]], language: str) -> Letter:
    """Return the letter about these addresses; a language that we do not write gets the Italian one."""
    words, reasons = _LETTER.get(language, _LETTER["it"]), _REASONS.get(language, _REASONS["it"])
    told = [f"- {address}: {reasons[row.reason]} ({row.reply})" for address, row in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        told.append(f"… +{len(lines) - MOST_LINES}")
    return Letter(words[0], words[1].format(lines="\n".join(told)))


_administrators = select(AccountRow).where(
    AccountRow.role == Role.ADMINISTRATOR, AccountRow.state == AccountState.ACTIVE
)


def _addresses(session: Session) -> dict[str, str]:
    """The address behind each hash, of those that somebody here still has."""
    query = select(SubscriptionRow.email, AccountRow.email).outerjoin(
        AccountRow, AccountRow.id == SubscriptionRow.account_id
    )
    found = [own or of_account for own, of_account in session.execute(query)]
    return {address_hash(address): address for address in found if address}
