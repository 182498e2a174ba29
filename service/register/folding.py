"""Which entries are shown as another one, because a person said that the two are one project.

merges that hold ──► merged_into of the entries          in the transaction of whoever says so
"""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.register.kinds import REGISTER
from service.register.tables import RegisterEntryRow as Entry
from service.work.merged import shown_as

_ENTRIES = cast(Table, Entry.__table__)


def fold(session: Session) -> None:
    """Bring ``merged_into`` of all entries in step with the merges that hold."""
    shown = shown_as(session, REGISTER)
    stored = session.execute(select(Entry.id, Entry.merged_into).where(Entry.merged_into != "")).all()
    now: dict[str, str] = {id_: kept for id_, kept in stored}
    for entry_id in sorted(shown.keys() | now.keys()):
        if (kept := shown.get(entry_id, "")) != now.get(entry_id, ""):
            session.execute(update(_ENTRIES).where(_ENTRIES.c.id == entry_id).values(merged_into=kept))
    session.expire_all()


def folded_into(session: Session, principal: Principal, entry_id: str) -> Sequence[Entry]:
    """Return the entries that are shown as this one, as far as they may be seen, in the order of their ids."""
    rows = session.scalars(select(Entry).where(Entry.merged_into == entry_id).order_by(Entry.id))
    return [row for row in rows if row.owner_istat is None or principal.is_staff or principal.keeps(row.owner_istat)]
