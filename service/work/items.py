"""A commune's needs, projects and assets: who sees which, and every change that people make to them.

Needs are private to their commune. Imported projects and assets are public; those that a commune keeps are its own.
The incubator sees and writes all of them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, cast, false, func, or_, select, true, type_coerce

from service.errors import InvalidError, UnknownRecordError
from service.history import BY_HAND
from service.ids import new_id
from service.kinds import KIND_NAMED, Kind
from service.register.entries import seen_with
from service.register.tables import RegisterEntryRow
from service.tables import CommuneRow
from service.work import edits
from service.work.acting import Acting
from service.work.edits import Kept
from service.work.fields import REQUIRED, Fields
from service.work.merged import merged_away

KINDS = ("needs", "projects", "assets")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which items are listed; ``words`` stand in title or text, whatever their capitals."""

    commune_istat: str = ""
    words: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of items in the order of their titles; ``last`` is where the next page begins, empty at the end."""

    items: tuple[Kept, ...]
    last: str
    total: int


def list_items(acting: Acting, kind_name: str, filters: Filters, *, after: str = "", limit: int = 20) -> Listed:
    """Return one page of the items that may be seen; ``after`` is the ``last`` of the page before."""
    kind = KIND_NAMED[kind_name]
    table, wanted = kind.table, _wanted(acting, kind, filters)
    total = acting.session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    query = select(table).where(wanted).order_by(table.c.title, table.c.id).limit(limit + 1)
    if after:
        title, _, last_id = after.rpartition("\n")
        query = query.where(or_(table.c.title > title, and_(table.c.title == title, table.c.id > last_id)))
    found = [edits.kept_of(kind, row) for row in acting.session.execute(query).mappings()]
    shown, last = tuple(found[:limit]), ""
    if len(found) > limit:
        last = f"{getattr(shown[-1].record, 'title')}\n{shown[-1].record.id}"  # noqa: B009 - a Record may have none
    if kind_name == "needs" or any(item.owner_istat for item in shown):
        acting.did(kind_name, "listed", "", filters.commune_istat or acting.principal.commune_istat, count=len(shown))
    return Listed(shown, last, total)


def read_item(acting: Acting, kind_name: str, item_id: str) -> Kept:
    """Return one item; raises UnknownRecordError if there is none, or none that may be seen."""
    item = edits.find(acting, KIND_NAMED[kind_name], item_id)
    if item is None or not may_see(acting, item):
        raise unknown(kind_name, item_id)
    if is_private(item):
        acting.saw(kind_name, item_id, keeper(item))
    return item


def create_item(acting: Acting, kind_name: str, fields: Fields) -> Kept:
    """Keep a new item for a commune; an account of a commune writes for its own.

    Raises InvalidError naming the field that cannot be accepted, UnknownRecordError for another commune's.
    """
    data = fields.written()
    commune = data.pop("commune_istat", None) or acting.principal.commune_istat
    if not commune:
        raise InvalidError("commune_istat", "say which commune keeps it")
    acting.must_keep(commune, f"{commune}: no commune of yours has this code")
    must_be_communes(acting, "commune_istat", [commune])
    if kind_name == "projects":
        data["communes"] = data.get("communes") or [commune]
    else:
        data["commune_istat"] = commune
    _check_references(acting, data, commune)
    return edits.create(acting, KIND_NAMED[kind_name], data | {"id": f"{BY_HAND}:{new_id()}"}, commune)


def change_item(acting: Acting, kind_name: str, item_id: str, version: int, fields: Fields) -> Kept:
    """Lay a merge patch over an item.

    Raises UnknownRecordError if it may not be changed, StaleError if ``version`` is not the stored one, InvalidError
    naming the field that cannot be accepted, ConflictError if it is archived.
    """
    patch = fields.written()
    if taken_away := sorted(name for name in REQUIRED if name in patch and patch[name] is None):
        raise InvalidError(taken_away[0], "cannot be taken away: nothing can be matched without it")
    item = item_to_change(acting, kind_name, item_id)
    edits.must_be_current(item, version, patch)
    _check_references(acting, patch, item.owner_istat, item_id)
    return edits.change(acting, item, version, patch)


def item_to_change(acting: Acting, kind_name: str, item_id: str) -> Kept:
    """Return an item held for a change; raises UnknownRecordError if there is none that may be changed."""
    item = edits.find(acting, KIND_NAMED[kind_name], item_id, for_change=True)
    if item is None or not acting.principal.keeps(keeper(item)):
        raise unknown(kind_name, item_id)
    return item


def must_be_communes(acting: Acting, field: str, codes: list[str]) -> None:
    """Raise InvalidError for a code that no commune has."""
    known = set(acting.session.scalars(select(CommuneRow.id).where(CommuneRow.id.in_(codes))))
    if unknown_codes := sorted(set(codes) - known):
        raise InvalidError(field, f"{unknown_codes[0]}: no commune has this ISTAT code")


def keeper(item: Kept) -> str | None:
    """The commune whose people may change an item; None where only the incubator may."""
    if item.owner_istat or item.kind.name == "projects":
        return item.owner_istat
    return str(getattr(item.record, "commune_istat", "")) or None


def is_private(item: Kept) -> bool:
    """Whether only its commune and the incubator may see an item."""
    return item.owner_istat is not None or item.kind.name == "needs"


def may_see(acting: Acting, item: Kept) -> bool:
    """Whether an item may be seen at all."""
    return not is_private(item) or acting.principal.keeps(keeper(item))


def unknown(kind_name: str, item_id: str) -> UnknownRecordError:
    """Return the one answer for what is not there and for what may not be known to be there."""
    return UnknownRecordError(f"{item_id}: none of the {kind_name} that you may see has this id")


def _check_references(acting: Acting, data: dict[str, Any], owner_istat: str | None, item_id: str = "") -> None:
    if data.get("communes"):
        must_be_communes(acting, "communes", data["communes"])
    if paired := data.get("paired_with"):
        # Whoever may read the item may then know of the other one, too.
        known = select(RegisterEntryRow.id).where(RegisterEntryRow.id == paired, seen_with(owner_istat))
        if paired == item_id or acting.session.scalar(known) is None:
            raise InvalidError("paired_with", f"{paired}: no project that you may see has this id")


def _wanted(acting: Acting, kind: Kind, filters: Filters) -> ColumnElement[bool]:
    table = kind.table
    is_archived = table.c.archived_at.is_not(None) if filters.archived else table.c.archived_at.is_(None)
    conditions = [is_archived, _visible(acting, kind), table.c.id.not_in(merged_away(kind.name))]
    if filters.words:
        title, text = table.c.title, _payload(acting, kind, "text")
        conditions.append(
            or_(title.icontains(filters.words, autoescape=True), text.icontains(filters.words, autoescape=True))
        )
    if filters.commune_istat and kind.name == "projects":
        communes = _payload(acting, kind, "communes").contains(f'"{filters.commune_istat}"', autoescape=True)
        conditions.append(or_(table.c.owner_istat == filters.commune_istat, communes))
    elif filters.commune_istat:
        conditions.append(table.c.commune_istat == filters.commune_istat)
    return and_(true(), *conditions)


def _visible(acting: Acting, kind: Kind) -> ColumnElement[bool]:
    """The condition that ``may_see`` asks of one item, for a whole list."""
    if acting.principal.is_staff:
        return true()
    own, table = acting.principal.commune_istat, kind.table
    if not acting.principal.keeps(own):
        return false() if kind.name == "needs" else table.c.owner_istat.is_(None)
    if kind.name == "needs":
        return func.coalesce(table.c.owner_istat, table.c.commune_istat) == own
    return or_(table.c.owner_istat.is_(None), table.c.owner_istat == own)


def _payload(acting: Acting, kind: Kind, field: str) -> ColumnElement[Any]:
    """The text of one field of the stored JSON, in the words of either database."""
    payload = kind.table.c.payload
    is_postgres = acting.session.get_bind().dialect.name == "postgresql"
    document: ColumnElement[Any] = cast(payload, JSON) if is_postgres else type_coerce(payload, JSON)
    text: ColumnElement[Any] = document[field].as_string()
    return text
