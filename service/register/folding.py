"""Which entries are shown as another one, because a person said that the two are one project.

merges that hold ──► merged_into of the entries          in the transaction of whoever says so
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.register.kinds import REGISTER
from service.register.tables import RegisterEntryRow as Entry
from service.work.merged import shown_as


def fold(session: Session) -> None:
    """Bring ``merged_into`` of all entries in step with the merges that hold.

    Beneath an entry that is archived nothing is hidden: what was merged into it is listed and counted again.
    """
    merges = shown_as(session, REGISTER)
    stored = session.execute(select(Entry.id, Entry.merged_into).where(Entry.merged_into != "")).all()
    if not merges and not stored:
        return
    archived = set(session.scalars(select(Entry.id).where(Entry.archived_at.is_not(None))))
    shown = {merged: kept for merged, kept in merges.items() if kept not in archived}
    now: dict[str, str] = {id_: kept for id_, kept in stored}
    for entry_id in sorted(shown.keys() | now.keys()):
        if (kept := shown.get(entry_id, "")) != now.get(entry_id, ""):
            session.execute(update(Entry).where(Entry.id == entry_id).values(merged_into=kept))


def folded_into(session: Session, principal: Principal, entry_id: str) -> Sequence[Entry]:
    """Return the entries that are shown as this one, as far as they may be seen, in the order of their ids."""
    rows = session.scalars(select(Entry).where(Entry.merged_into == entry_id).order_by(Entry.id))
    return [row for row in rows if row.owner_istat is None or principal.is_staff or principal.keeps(row.owner_istat)]
