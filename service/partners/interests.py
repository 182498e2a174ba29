"""Interest in a call, shown to others only as far as the commune consents; taken back at once, and said again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.records import Commune
from matcher.territory import place_key
from service.access.principal import Principal
from service.accounts.tables import Role
from service.errors import InvalidError
from service.ids import new_id
from service.moments import now
from service.partners.tables import Audience, InterestRow
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.items import must_be_communes
from service.work.sayings import Sayings, seen
from service.work.subjects import call_titles, shown_call

MOST_CHOSEN = 200


@dataclass(frozen=True, slots=True)
class Consent:
    """Whom a commune lets know of its interest, and how its office is reached ("": not shown to anybody)."""

    shown_to: Audience = Audience.NOBODY
    chosen: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest as the commune itself and the incubator see it."""

    id: str
    commune_istat: str
    call_id: str
    call_title: str
    consent: Consent
    author: Author
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenInterest:
    """An interest as another commune sees it that may: who, and its contact where that is shared."""

    commune_istat: str
    contact: str


def show_interest(acting: Acting, commune_istat: str, call_id: str, consent: Consent) -> Interest:
    """Keep that a commune is interested in a call, with its consent; an earlier consent is withdrawn.

    Raises UnknownRecordError for another's commune, InvalidError naming the field that cannot be accepted.
    """
    acting.must_keep(commune_istat, f"{commune_istat}: no commune of yours has this code")
    must_be_communes(acting, "commune_istat", [commune_istat])
    _check(acting, consent)
    row = InterestRow(
        id=new_id(), account_id=acting.account_id, at=now(), commune_istat=commune_istat,
        call_id=shown_call(acting, call_id), shown_to=consent.shown_to, chosen=sorted(set(consent.chosen)),
        shares_contact=bool(consent.contact), contact=consent.contact,
    )  # fmt: skip
    if (same := INTERESTS.holding(acting, _key(row))) is not None:
        INTERESTS.withdraw(acting, same.id)
    return _shown(acting, [INTERESTS.say(acting, row)])[0]


def list_interests(
    acting: Acting,
    *,
    commune_istat: str = "",
    call_id: str = "",
    withdrawn: bool = False,
    after: str = "",
    limit: int = 20,
) -> tuple[list[Interest], str]:
    """Return one page of one's own commune's interests, of all communes for the incubator, newest first."""
    wanted = seen(acting, InterestRow.commune_istat, InterestRow.call_id, commune_istat, call_id)
    rows, last = INTERESTS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    acting.did("interests", "listed", "", commune_istat or acting.principal.commune_istat, count=len(rows))
    return _shown(acting, rows), last


def read_interest(acting: Acting, interest_id: str) -> Interest:
    """Return one interest; raises UnknownRecordError if there is none that may be seen."""
    return _shown(acting, [INTERESTS.read(acting, interest_id)])[0]


def withdraw_interest(acting: Acting, interest_id: str) -> None:
    """Take an interest back with its consent; raises UnknownRecordError if there is none that may be changed."""
    INTERESTS.withdraw(acting, interest_id)


def restore_interest(acting: Acting, interest_id: str) -> Interest:
    """Let a withdrawn interest hold again; raises ConflictError if another one holds meanwhile."""
    return _shown(acting, [INTERESTS.restore(acting, interest_id)])[0]


def own_interest(session: Session, commune_istat: str, call_id: str) -> InterestRow | None:
    """Return the interest of a commune in a call that holds; whoever asks must keep the commune."""
    key = f"{commune_istat}|{call_id}"
    return session.scalars(select(InterestRow).where(InterestRow.active_key == key)).one_or_none()


def seen_interests(
    session: Session, principal: Principal, call_id: str, communes: Mapping[str, Commune]
) -> list[SeenInterest]:
    """Return who lets who asks know that a call interests it, its own commune left out, by ISTAT code.

    The incubator sees all; a visitor, a reader and a commune that no consent names see nobody.
    """
    holding = select(InterestRow).where(InterestRow.call_id == call_id, InterestRow.withdrawn_at.is_(None))
    rows = session.scalars(holding.order_by(InterestRow.commune_istat))
    return [
        SeenInterest(row.commune_istat, row.contact if row.shares_contact else "")
        for row in rows
        if row.commune_istat != principal.commune_istat and may_know(principal, row, communes)
    ]


def may_know(principal: Principal, row: InterestRow, communes: Mapping[str, Commune]) -> bool:
    """Return whether somebody may know of an interest."""
    if principal.keeps(row.commune_istat):
        return True
    own = principal.commune_istat
    if principal.role is not Role.COMMUNE or own is None:
        return False
    if row.shown_to is Audience.COMMUNES:
        return True
    if row.shown_to is Audience.CHOSEN:
        return own in row.chosen
    if row.shown_to is Audience.ZONE:
        zones = {_zone(communes.get(istat)) for istat in (own, row.commune_istat)}
        return len(zones) == 1 and "" not in zones
    return False


def _zone(commune: Commune | None) -> str:
    return place_key(commune.zone) if commune is not None and commune.zone_verified is not False else ""


def _check(acting: Acting, consent: Consent) -> None:
    if consent.contact and consent.shown_to is Audience.NOBODY:
        raise InvalidError("contact", "a contact is shared only with those who may know of the interest: say who")
    if (consent.shown_to is Audience.CHOSEN) != bool(consent.chosen):
        raise InvalidError("chosen", "name the communes that may know, and only where you choose some")
    must_be_communes(acting, "chosen", list(consent.chosen))


def _key(row: InterestRow) -> str:
    return f"{row.commune_istat}|{row.call_id}"


def _shown(acting: Acting, rows: Sequence[InterestRow]) -> list[Interest]:
    known, titles = authors(acting, (row.account_id for row in rows)), call_titles(acting, (r.call_id for r in rows))
    return [
        Interest(
            row.id, row.commune_istat, row.call_id, titles[row.call_id],
            Consent(row.shown_to, tuple(row.chosen), row.contact if row.shares_contact else ""),
            known[row.account_id], row.at, row.withdrawn_at,
        )
        for row in rows
    ]  # fmt: skip


INTERESTS = Sayings(
    kind="interests",
    table=InterestRow,
    key=_key,
    commune=lambda row: row.commune_istat,
    readable=lambda acting, row: acting.principal.keeps(row.commune_istat),
    writable=lambda acting, row: acting.principal.keeps(row.commune_istat),
    details=lambda row: {
        "call_id": row.call_id,
        "shown_to": row.shown_to.value,
        "chosen": len(row.chosen),
        "shares_contact": row.shares_contact,
    },
)
