"""Calls of whose deadline a person wants to hear in every weekly e-mail, for a commune, until it has passed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.ids import new_id
from service.moments import now
from service.work.acting import Acting
from service.work.items import must_be_communes
from service.work.sayings import Sayings
from service.work.subjects import shown_call
from service.work.tables import ReminderRow


def remind(acting: Acting, commune_istat: str, call_id: str) -> ReminderRow:
    """Remind whoever acts of a call's deadline; asked again, the reminder that holds is returned.

    Raises UnknownRecordError for another's commune, InvalidError naming the field that cannot be accepted.
    """
    acting.must_keep(commune_istat, f"{commune_istat}: no commune of yours has this code")
    must_be_communes(acting, "commune_istat", [commune_istat])
    row = ReminderRow(
        id=new_id(), account_id=acting.account_id, at=now(), commune_istat=commune_istat,
        call_id=shown_call(acting, call_id),
    )  # fmt: skip
    same = REMINDERS.holding(acting, _key(row))
    return same if same is not None else REMINDERS.say(acting, row)


def reminder_of(session: Session, account_id: str, commune_istat: str, call_id: str) -> ReminderRow | None:
    """Return a person's reminder of a call that holds."""
    key = f"{account_id}|{commune_istat}|{call_id}"
    return session.scalars(select(ReminderRow).where(ReminderRow.active_key == key)).one_or_none()


def forget(acting: Acting, reminder_id: str) -> None:
    """Take a reminder back; raises UnknownRecordError if it is none of whoever acts."""
    REMINDERS.withdraw(acting, reminder_id)


def _key(row: ReminderRow) -> str:
    return f"{row.account_id}|{row.commune_istat}|{row.call_id}"


def _is_own(acting: Acting, row: ReminderRow) -> bool:
    return row.account_id == acting.principal.account_id


REMINDERS = Sayings(
    kind="reminders",
    table=ReminderRow,
    key=_key,
    commune=lambda row: row.commune_istat,
    readable=_is_own,
    writable=_is_own,
    details=lambda row: {"call_id": row.call_id},
)
