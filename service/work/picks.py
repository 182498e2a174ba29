"""Calls that the incubator's people recommend to a commune: above the ranking, with a reason and an author."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.ids import new_id
from service.moments import now
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.items import must_be_communes
from service.work.merged import shown_as
from service.work.sayings import Sayings, seen
from service.work.subjects import COLUMN_OF, ItemRef, call_titles, item_columns, item_of, shown_call
from service.work.tables import PickRow

MOST = 100
"""Picks shown at once for one commune."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A call that a person recommends to a commune, for one of its items or as a whole."""

    id: str
    commune_istat: str
    call_id: str
    call_title: str
    item: ItemRef | None
    why: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None


def pick(acting: Acting, commune_istat: str, call_id: str, why: str, item: ItemRef | None = None) -> Pick:
    """Recommend a call to a commune.

    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if the call is picked already.
    """
    acting.must_be_staff()
    must_be_communes(acting, "commune_istat", [commune_istat])
    row = PickRow(
        id=new_id(), commune_istat=commune_istat, call_id=shown_call(acting, call_id), why=why,
        account_id=acting.account_id, at=now(), **item_columns(acting, item, commune_istat),
    )  # fmt: skip
    return _shown(acting, [PICKS.say(acting, row)])[0]


def picks_for(session: Session, principal: Principal, commune_istat: str, item: ItemRef | None = None) -> list[Pick]:
    """Return what is recommended to a commune as a whole and, if one is named, for this item; newest first.

    A call that was merged into another since is that other one. Empty for those who may not see what
    belongs to the commune.
    """
    acting = Acting(session, principal)
    if not principal.keeps(commune_istat):
        return []
    whole = [getattr(PickRow, column).is_(None) for column in COLUMN_OF.values()]
    about: ColumnElement[bool] = whole[0] & whole[1] & whole[2]
    if item is not None:
        about = or_(about, getattr(PickRow, COLUMN_OF[item.kind]) == item.id)
    rows, _ = PICKS.newest(acting, PickRow.commune_istat == commune_istat, about, limit=MOST)
    shown = shown_as(session, "calls")
    return [replace(one, call_id=shown.get(one.call_id, one.call_id)) for one in _shown(acting, rows)]


def list_picks(
    acting: Acting,
    *,
    commune_istat: str = "",
    call_id: str = "",
    withdrawn: bool = False,
    after: str = "",
    limit: int = 20,
) -> tuple[list[Pick], str]:
    """Return one page of the picks that may be seen, newest first, and where the next begins."""
    wanted = seen(acting, PickRow.commune_istat, PickRow.call_id, commune_istat, call_id)
    rows, last = PICKS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    acting.did("picks", "listed", "", commune_istat or acting.principal.commune_istat, count=len(rows))
    return _shown(acting, rows), last


def read_pick(acting: Acting, pick_id: str) -> Pick:
    """Return one pick; raises UnknownRecordError if there is none that may be seen."""
    return _shown(acting, [PICKS.read(acting, pick_id)])[0]


def withdraw_pick(acting: Acting, pick_id: str) -> None:
    """Take a recommendation back; raises UnknownRecordError if there is none that may be changed."""
    PICKS.withdraw(acting, pick_id)


def restore_pick(acting: Acting, pick_id: str) -> Pick:
    """Let a withdrawn recommendation hold again; raises ConflictError if the call was picked again meanwhile."""
    return _shown(acting, [PICKS.restore(acting, pick_id)])[0]


def _key(row: PickRow) -> str:
    item = item_of(row)
    return f"{row.commune_istat}|{row.call_id}|{item.id if item else ''}"


def _shown(acting: Acting, rows: list[PickRow]) -> list[Pick]:
    known, titles = authors(acting, (row.account_id for row in rows)), call_titles(acting, (r.call_id for r in rows))
    return [
        Pick(
            row.id, row.commune_istat, row.call_id, titles[row.call_id], item_of(row), row.why,
            known[row.account_id], row.at, row.withdrawn_at,
        )
        for row in rows
    ]  # fmt: skip


PICKS = Sayings(
    kind="picks",
    table=PickRow,
    key=_key,
    commune=lambda row: row.commune_istat,
    readable=lambda acting, row: acting.principal.keeps(row.commune_istat),
    writable=lambda acting, _row: acting.principal.is_staff,
    details=lambda row: {"call_id": row.call_id},
)
