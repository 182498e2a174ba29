"""Who attends an event: an account of a commune registers and cancels for itself, the incubator notes who came.

register ──► place | waiting ──(a place becomes free)──► place      withdraw ──► kept; the next one moves up
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from service.accounts.tables import AccountRow, Role
from service.errors import ConflictError, ForbiddenError, InvalidError, UnknownRecordError
from service.events.keeping import row_of
from service.events.notices import Notice
from service.events.places import REGISTRATIONS, give_places, is_there_room
from service.events.seen import is_open
from service.events.tables import EventRow, RegistrationRow, Standing
from service.ids import new_id
from service.moments import now
from service.tables import CommuneRow
from service.work.acting import Acting

_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Participant:
    """One registration; ``name`` is empty for those who may not know it: all but the incubator and oneself."""

    id: str
    event_id: str
    account_id: str
    name: str
    commune_istat: str
    commune_name: str
    standing: Standing
    at: datetime
    moved_up_at: datetime | None
    withdrawn_at: datetime | None
    attended: bool | None


def register(acting: Acting, event_id: str) -> Participant:
    """Register whoever acts, for its commune: with a place where there is one, else on the waiting list.

    Of two who register for the last place at once exactly one gets it. Raises UnknownRecordError, ForbiddenError for
    anybody but a commune's account, ConflictError where registration is over or the account has registered already.
    """
    principal = acting.principal
    if principal.role is not Role.COMMUNE or principal.commune_istat is None:
        raise ForbiddenError("only the people of a commune register: log in with its account")
    event = _held(acting, event_id)
    if not is_open(event, now()):
        raise ConflictError(f"{event.id}: registration is over")
    key = f"{event.id}|{acting.account_id}"
    if acting.session.scalars(select(RegistrationRow.id).where(RegistrationRow.active_key == key)).first():
        raise ConflictError(f"{event.id}: you have registered already")
    row = RegistrationRow(
        id=new_id(),
        account_id=acting.account_id,
        at=now(),
        active_key=key,
        event_id=event.id,
        commune_istat=principal.commune_istat,
        standing=Standing.PLACE if is_there_room(acting, event) else Standing.WAITING,
    )
    acting.session.add(row)
    try:
        acting.session.flush()
    except IntegrityError as error:
        raise ConflictError(f"{event.id}: you have registered already") from error
    acting.did(REGISTRATIONS, "created", row.id, row.commune_istat, event_id=event.id, standing=row.standing.value)
    return _shown(acting, [row])[0]


def withdraw(acting: Acting, registration_id: str) -> tuple[Notice, ...]:
    """Take a registration back, one's own or as the incubator; returns who got the place, to be told.

    Raises UnknownRecordError if there is none that may be changed, ConflictError where the event has begun.
    """
    known = acting.session.get(RegistrationRow, registration_id)
    if known is None or not _may_change(acting, known):
        raise _unknown(registration_id)
    event = _held(acting, known.event_id)
    row = acting.session.get_one(RegistrationRow, registration_id, with_for_update=True, populate_existing=True)
    if row.withdrawn_at is not None:
        return ()
    if event.starts_at <= now():
        raise ConflictError(f"{event.id} has begun: who came is noted by the incubator")
    row.withdrawn_at, row.active_key = now(), None
    acting.session.flush()
    acting.did(REGISTRATIONS, "withdrawn", row.id, row.commune_istat, event_id=event.id)
    return give_places(acting, event)


def note_attendance(acting: Acting, registration_id: str, attended: bool | None) -> Participant:
    """Note whether somebody came, None where nobody knows; raises ConflictError before the event has begun."""
    acting.must_be_staff()
    row = acting.session.get(RegistrationRow, registration_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise _unknown(registration_id)
    event = row_of(acting, row.event_id)
    if event.starts_at > now():
        raise ConflictError(f"{event.id} has not begun: nobody has come yet")
    if row.attended is not attended:
        before, row.attended = row.attended, attended
        acting.session.flush()
        acting.did(REGISTRATIONS, "attendance", row.id, row.commune_istat, before=before, after=attended)
    return _shown(acting, [row])[0]


def read_registration(acting: Acting, registration_id: str) -> Participant:
    """Return one registration; raises UnknownRecordError if there is none that may be seen."""
    row = acting.session.get(RegistrationRow, registration_id)
    if row is None or not acting.principal.keeps(row.commune_istat):
        raise _unknown(registration_id)
    acting.saw(REGISTRATIONS, row.id, row.commune_istat)
    return _shown(acting, [row])[0]


def list_registrations(
    acting: Acting, event_id: str, *, after: str = "", limit: int = 20
) -> tuple[list[Participant], str]:
    """Return one page of who takes part or waits, in the order of registration, and where the next one begins.

    The incubator sees all, a commune its own people.
    """
    event, row = row_of(acting, event_id), RegistrationRow
    query = select(row).where(row.event_id == event.id, row.withdrawn_at.is_(None)).order_by(row.at, row.id)
    if not acting.principal.is_staff:
        query = query.where(row.commune_istat == acting.principal.commune_istat)
    if after:
        at, last_id = _position(after)
        query = query.where(or_(row.at > at, and_(row.at == at, row.id > last_id)))
    rows = list(acting.session.scalars(query.limit(limit + 1)))
    acting.did(REGISTRATIONS, "listed", event.id, acting.principal.commune_istat, count=min(len(rows), limit))
    last = f"{rows[limit - 1].at.isoformat()}\n{rows[limit - 1].id}" if len(rows) > limit else ""
    return _shown(acting, rows[:limit]), last


def whole_list(acting: Acting, event_id: str) -> list[Participant]:
    """Return everybody who takes part or waits; for the incubator."""
    acting.must_be_staff()
    return list_registrations(acting, event_id, limit=_ALL)[0]


def _held(acting: Acting, event_id: str) -> EventRow:
    """The event's row as it is now, held: whoever else registers or cancels waits until this is committed."""
    row = acting.session.get(EventRow, event_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownRecordError(f"{event_id}: no event has this id")
    return row


def _may_change(acting: Acting, row: RegistrationRow) -> bool:
    return acting.principal.is_staff or row.account_id == acting.principal.account_id


def _unknown(registration_id: str) -> UnknownRecordError:
    return UnknownRecordError(f"{registration_id}: no registration that you may see has this id")


def _shown(acting: Acting, rows: Sequence[RegistrationRow]) -> list[Participant]:
    accounts, communes = {row.account_id for row in rows}, {row.commune_istat for row in rows}
    if not acting.principal.is_staff:
        accounts &= {acting.principal.account_id or ""}
    names = _names(acting, AccountRow, sorted(accounts))
    places = _names(acting, CommuneRow, sorted(communes))
    return [
        Participant(
            row.id, row.event_id, row.account_id, names.get(row.account_id, ""), row.commune_istat,
            places[row.commune_istat], row.standing, row.at, row.moved_up_at, row.withdrawn_at, row.attended,
        )
        for row in rows
    ]  # fmt: skip


def _names(acting: Acting, table: type[CommuneRow] | type[AccountRow], ids: Sequence[str]) -> dict[str, str]:
    rows = acting.session.execute(select(table.id, table.name).where(table.id.in_(ids)))
    return {key: name for key, name in rows}


def _position(after: str) -> tuple[datetime, str]:
    at, _, row_id = after.partition("\n")
    try:
        return datetime.fromisoformat(at), row_id
    except ValueError as error:
        raise InvalidError("cursor", "not a cursor of this list; start again without one") from error
