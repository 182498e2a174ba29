"""Letters about events: a place that became somebody's, an event that was cancelled, restored or moved."""

import logging
from collections.abc import Sequence

from babel.dates import format_datetime
from sqlalchemy import Engine, select

from service import mailer
from service.accounts.configuration import post_of
from service.accounts.tables import AccountRow, AccountState
from service.database import reading
from service.events.notices import Notice, NoticeKind
from service.events.tables import EventRow
from service.mailer import Letter
from service.moments import ROME
from service.settings import Settings

_log = logging.getLogger(__name__)
_LOCALES = {"it": "it_IT", "en": "en_GB"}
_SUBJECTS = {
    "it": {
        NoticeKind.PLACE: "Remix: si è liberato un posto per «{title}»",
        NoticeKind.CANCELLED: "Remix: annullato «{title}»",
        NoticeKind.RESTORED: "Remix: si tiene «{title}»",
        NoticeKind.MOVED: "Remix: cambia «{title}»",
    },
    "en": {
        NoticeKind.PLACE: "Remix: a place became free at “{title}”",
        NoticeKind.CANCELLED: "Remix: “{title}” is cancelled",
        NoticeKind.RESTORED: "Remix: “{title}” takes place",
        NoticeKind.MOVED: "Remix: “{title}” has changed",
    },
}
_TEXTS = {
    "it": {
        NoticeKind.PLACE: "Era in lista d'attesa: ora ha un posto. Se non può più venire, lo disdica dalla pagina "
        "dell'evento, così passa a chi aspetta.",
        NoticeKind.CANCELLED: "L'evento a cui è iscritto non si tiene. Non serve disdire.",
        NoticeKind.RESTORED: "L'evento era stato annullato per errore o è stato ripreso: si tiene, e l'iscrizione vale "
        "come prima.",
        NoticeKind.MOVED: "L'evento a cui è iscritto ha un altro giorno, un'altra ora o un altro luogo. L'iscrizione "
        "resta valida; se non può venire, la disdica dalla pagina dell'evento.",
    },
    "en": {
        NoticeKind.PLACE: "You were on the waiting list: now you have a place. If you cannot come any more, cancel it "
        "on the event's page, so that it goes to whoever waits.",
        NoticeKind.CANCELLED: "The event that you registered for does not take place. You need not cancel.",
        NoticeKind.RESTORED: "The event had been cancelled and takes place after all; your registration holds.",
        NoticeKind.MOVED: "The event that you registered for has another day, hour or place. Your registration holds; "
        "if you cannot come, cancel it on the event's page.",
    },
}


def tell(engine: Engine, settings: Settings, notices: Sequence[Notice]) -> int:
    """Send each notice to its account, as it is now; returns how many letters the mail server took."""
    server = post_of(settings).server
    if server is None or not notices:
        return 0
    with reading(engine) as session:
        events = {id_: session.get_one(EventRow, id_) for id_ in {one.event_id for one in notices}}
        wanted = sorted({one.account_id for one in notices})
        active = AccountRow.id.in_(wanted), AccountRow.state == AccountState.ACTIVE
        rows = session.execute(select(AccountRow.id, AccountRow.email, AccountRow.language).where(*active))
        people = {id_: (email, language) for id_, email, language in rows}
        letters = [
            (letter(one.kind, events[one.event_id], settings.public_url, people[one.account_id][1]), one.account_id)
            for one in notices
            if one.account_id in people
        ]
    taken = sum(mailer.send(server, written, people[account_id][0]) for written, account_id in letters)
    if taken < len(letters):
        _log.warning(
            "letters about an event were not taken by the mail server", extra={"letters": len(letters) - taken}
        )
    return taken


def letter(kind: NoticeKind, event: EventRow, public_url: str, language: str) -> Letter:
    """Return one letter; a language that we do not write gets the Italian one."""
    known = language if language in _TEXTS else "it"
    when = format_datetime(
        event.starts_at.astimezone(ROME), "EEEE d MMMM y, HH:mm", tzinfo=ROME, locale=_LOCALES[known]
    )
    where = event.place or {"it": "online", "en": "online"}[known]
    lines = [_TEXTS[known][kind], "", event.title, f"{when}, {where}", f"{public_url}/eventi/{event.id}", ""]
    return Letter(_SUBJECTS[known][kind].format(title=event.title), "\n".join(lines))
