"""What something is said about: a call, and possibly one of a commune's items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from matcher.recommender import LONGEST_QUERY
from matcher.records import Need, Project, PublicAsset, QueryKind
from service.errors import InvalidError
from service.kinds import KIND_NAMED
from service.tables import FundingCallRow
from service.work import edits
from service.work.acting import Acting
from service.work.items import KINDS, is_private, keeper, may_see
from service.work.merged import kept_id
from service.work.tables import OfItem

Item = Need | Project | PublicAsset
ITEM_TYPES: dict[str, type[Item]] = {"needs": Need, "projects": Project, "assets": PublicAsset}
QUERY_KINDS = {"needs": QueryKind.NEED, "projects": QueryKind.PROJECT, "assets": QueryKind.ASSET}
COLUMN_OF = {"needs": "need_id", "projects": "project_id", "assets": "asset_id"}


@dataclass(frozen=True, slots=True)
class ItemRef:
    """One need, project or asset: ``kind`` is ``needs``, ``projects`` or ``assets``."""

    kind: str
    id: str


def item_text(item: Item) -> str:
    """Return what the matcher reads of an item."""
    return f"{item.title}. {item.text}"[:LONGEST_QUERY] if item.text else item.title


def shown_call(acting: Acting, call_id: str, field: str = "call_id") -> str:
    """Return the id under which a call is shown: its own, or that of the call it was merged into.

    Raises InvalidError naming ``field`` if no call has this id.
    """
    if acting.session.scalar(select(FundingCallRow.id).where(FundingCallRow.id == call_id)) is None:
        raise InvalidError(field, f"{call_id}: no call has this id")
    return kept_id(acting.session, "calls", call_id)


def call_titles(acting: Acting, call_ids: Iterable[str]) -> Mapping[str, str]:
    """Return the title of each call."""
    wanted = sorted(set(call_ids))
    rows = acting.session.execute(select(FundingCallRow.id, FundingCallRow.title).where(FundingCallRow.id.in_(wanted)))
    return {call_id: title for call_id, title in rows}


def item_titles(acting: Acting, wanted: Iterable[ItemRef]) -> Mapping[ItemRef, str]:
    """Return the title of each item; whoever asks has seen to it that they may be seen."""
    of_kind: dict[str, set[str]] = {}
    for item in wanted:
        of_kind.setdefault(item.kind, set()).add(item.id)
    titles: dict[ItemRef, str] = {}
    for kind, ids in of_kind.items():
        table = KIND_NAMED[kind].table
        rows = acting.session.execute(select(table.c.id, table.c.title).where(table.c.id.in_(sorted(ids))))
        titles |= {ItemRef(kind, id_): title for id_, title in rows}
    return titles


def item_columns(acting: Acting, item: ItemRef | None, commune_istat: str) -> dict[str, str]:
    """Return the column that points to an item; raises InvalidError if it is none that concerns this commune."""
    if item is None:
        return {}
    found = edits.find(acting, KIND_NAMED[item.kind], item.id) if item.kind in KINDS else None
    if found is None or not may_see(acting, found) or (is_private(found) and keeper(found) != commune_istat):
        raise InvalidError("item", f"{item.id}: none of the commune's {item.kind} has this id")
    return {COLUMN_OF[item.kind]: item.id}


def item_of(row: OfItem) -> ItemRef | None:
    """Return the item that a row points to."""
    pointers = ((kind, getattr(row, column)) for kind, column in COLUMN_OF.items())
    return next((ItemRef(kind, item_id) for kind, item_id in pointers if item_id), None)
