"""Whom an act on a request concerns, told by a letter that does not say what was written.

outcome ──► notices (who, in which language) ──after the commit──► send, but to certified mail and refused addresses
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select

from service import mailer
from service.accounts.configuration import post_of
from service.accounts.tables import AccountRow, AccountState, Role
from service.digests.addresses import address_hash, is_pec, suppressed_hashes
from service.mailer import Letter, MailServer
from service.pages.request_words import letter_words, service_name
from service.requests.happenings import Happening, Outcome
from service.requests.tables import ServiceRequestRow
from service.settings import Settings
from service.work.acting import Acting

_log = logging.getLogger(__name__)
TO_COMMUNE = frozenset({Happening.ANSWERED, Happening.QUESTIONED, Happening.CLOSED})


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to one person."""

    to: str = field(repr=False)
    letter: Letter


def tell(acting: Acting, settings: Settings, outcome: Outcome, later: Callable[..., None]) -> None:
    """Have ``later`` send the letters about an outcome, where there is a mail server and somebody to tell."""
    server = post_of(settings).server
    if server is not None and (found := notices(acting, settings, outcome)):
        later(send, server, found)


def notices(acting: Acting, settings: Settings, outcome: Outcome) -> list[Notice]:
    """Return the letters about an outcome: to the other side, never to whoever acts."""
    if outcome.happening is None:
        return []
    request = outcome.request
    to_commune = outcome.happening in TO_COMMUNE
    row = acting.session.get_one(ServiceRequestRow, request.id)
    suppressed = suppressed_hashes(acting.session)
    pec = frozenset(one.strip().lower() for one in settings.digest_pec_domains.split(",") if one.strip())
    page = f"/comuni/{request.commune_istat}/richieste/{request.id}"
    address = settings.public_url + (page if to_commune else f"/incubatore/richieste/{request.id}")
    found = []
    for email, language in _of_the_commune(acting, row) if to_commune else _of_the_incubator(acting, row, outcome):
        if address_hash(email) in suppressed or is_pec(email, pec):
            continue
        shown = {"commune": request.commune_name, "service": service_name(request.service, language)}
        found.append(Notice(email, Letter(*letter_words(outcome.happening, shown, address, language))))
    return found


def send(server: MailServer, found: Sequence[Notice]) -> int:
    """Hand letters over to the mail server; returns how many it took."""
    taken = sum(mailer.send(server, one.letter, one.to) for one in found)
    if taken < len(found):
        _log.warning("not everybody was told of a request", extra={"told": taken, "to_tell": len(found)})
    return taken


def _of_the_commune(acting: Acting, row: ServiceRequestRow) -> Sequence[tuple[str, str]]:
    """Whoever asked; where that is nobody of the commune any more, all who act for it."""
    own = (AccountRow.role == Role.COMMUNE) & (AccountRow.commune_istat == row.commune_istat)
    return _found(acting, own & (AccountRow.id == row.account_id)) or _found(acting, own)


def _of_the_incubator(acting: Acting, row: ServiceRequestRow, outcome: Outcome) -> Sequence[tuple[str, str]]:
    """Whoever follows it; while nobody does, all consultants, and without any the administrators."""
    if row.owner_id == acting.account_id:
        return []
    if row.owner_id and (owner := _found(acting, AccountRow.id == row.owner_id)):
        return owner
    if outcome.happening is Happening.WITHDRAWN:
        return []
    return _found(acting, AccountRow.role == Role.CONSULTANT) or _found(acting, AccountRow.role == Role.ADMINISTRATOR)


def _found(acting: Acting, who: ColumnElement[bool]) -> Sequence[tuple[str, str]]:
    """Address and language of active accounts, but of the one that acts."""
    rows = acting.session.execute(
        select(AccountRow.email, AccountRow.language)
        .where(who, AccountRow.state == AccountState.ACTIVE, AccountRow.id != acting.account_id)
        .order_by(AccountRow.id)
    )
    return [(email, language) for email, language in rows]
