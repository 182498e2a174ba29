"""A reader's message passed on by mail to the administrators, where there is a mail server."""

import logging

from sqlalchemy import Engine, select

from service import mailer
from service.accounts.configuration import post_of
from service.accounts.tables import AccountRow, AccountState, Role
from service.database import reading
from service.mailer import Letter
from service.messages.tables import MessageRow
from service.settings import Settings

_log = logging.getLogger(__name__)
_LETTERS = {
    "it": (
        "Remix: un messaggio dal portale",
        "Qualcuno ha scritto dal portale, dalla pagina {page}:\n\n{text}\n\n{answer}\n\nI messaggi si guardano qui:\n"
        "{address}\n",
    ),
    "en": (
        "Remix: a message from the portal",
        "Somebody wrote from the portal, from the page {page}:\n\n{text}\n\n{answer}\n\nMessages are looked at here:\n"
        "{address}\n",
    ),
}
_ANSWER = {
    "it": ("Non ha lasciato un indirizzo: non si può rispondere.", "Risposta a: {email}"),
    "en": ("They left no address: there is no answering.", "Answer to: {email}"),
}
LIST = "/amministrazione/messaggi"


def pass_on(engine: Engine, settings: Settings, message_id: str) -> int:
    """Send a message to every administrator; returns how many letters the mail server took."""
    server = post_of(settings).server
    if server is None:
        return 0
    with reading(engine) as session:
        row = session.get_one(MessageRow, message_id)
        administrators = session.execute(
            select(AccountRow.email, AccountRow.language).where(
                AccountRow.role == Role.ADMINISTRATOR, AccountRow.state == AccountState.ACTIVE
            )
        ).all()
    taken = sum(mailer.send(server, letter(row, settings.public_url, language), to) for to, language in administrators)
    if taken < len(administrators):
        _log.warning("a reader's message was not passed on to every administrator", extra={"message_id": message_id})
    return taken


def letter(row: MessageRow, public_url: str, language: str) -> Letter:
    """Return the letter about a message; a language that we do not write gets the Italian one."""
    known = language if language in _LETTERS else "it"
    subject, text = _LETTERS[known]
    answer = _ANSWER[known][bool(row.email)].format(email=row.email)
    page = f"{public_url}{row.page or '/'}"
    return Letter(subject, text.format(page=page, text=row.text, answer=answer, address=f"{public_url}{LIST}"))
