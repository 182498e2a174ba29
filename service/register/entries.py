"""The register looked through: who sees which projects, which of them pass filters, in which order, how many.

visible_to(principal) ┐
matching(filters)     ┴──► list_entries: one page   totals_of: how many, and how much money
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.errors import InvalidError, UnknownRecordError
from service.frame.tables import RecordTagRow
from service.moments import now
from service.register.belonging import with_those_below
from service.register.filters import METROPOLITAN, UNKNOWN_STATE, RegisterFilters
from service.register.kinds import EntryKind
from service.register.late import is_late, is_silent
from service.register.tables import RegisterEntryRow as Entry
from service.register.tables import RegisterPlaceRow as Place
from service.tables import CommuneRow
from service.web.paging import decode_cursor, encode_cursor

__all__ = [
    "Found",
    "Order",
    "RegisterFilters",
    "Totals",
    "find_entry",
    "list_entries",
    "matching",
    "placeless",
    "public",
    "seen_with",
    "shown",
    "totals_of",
    "visible_to",
]
_AFTER_A_LEVEL = ("", ".", "C", "I", "R")
"""What follows a level in the codes of measures: M5 C2 I2 .01, PNC-C.2 .1; so that PNC-C.1 is not also PNC-C.12."""
_SEPARATOR = "\n"
_SORTED = 60


class Order(StrEnum):
    """By what the list is sorted; ties in the order of ids."""

    TITLE = "title"
    AMOUNT = "amount"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of entries, the cursor of the next one ("" on the last), and how many pass in all."""

    entries: tuple[Entry, ...]
    next_cursor: str
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How many projects, how many of them state an amount, and the sum of those in EUR."""

    projects: int
    with_amount: int
    amount: Decimal


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """The condition that an entry may be seen: the incubator sees all, a commune its own too, others what is public."""
    if principal.is_staff:
        return shown()
    own = principal.commune_istat
    if own is not None and principal.keeps(own):
        return and_(shown(), or_(Entry.owner_istat.is_(None), Entry.owner_istat == own))
    return public()


def seen_with(owner_istat: str | None) -> ColumnElement[bool]:
    """The condition that whoever may see what this commune keeps (None: what is public) may see an entry too."""
    own = Entry.owner_istat == owner_istat
    return public() if owner_istat is None else and_(shown(), or_(Entry.owner_istat.is_(None), own))


def public() -> ColumnElement[bool]:
    """The condition that everybody may see an entry."""
    return and_(shown(), Entry.owner_istat.is_(None))


def shown() -> ColumnElement[bool]:
    """The condition that an entry is neither archived nor shown as another one."""
    # Nearly every entry has none: SQLite would look all of them up by the column's index before anything else.
    return and_(Entry.archived_at.is_(None), func.length(Entry.merged_into) == 0)


def matching(filters: RegisterFilters) -> ColumnElement[bool]:
    """The condition that an entry passes the filters."""
    conditions: list[ColumnElement[bool]] = [Entry.id.is_not(None)]
    conditions += [_has_word(word) for word in filters.text.split()]
    if filters.programme:
        conditions.append(of_programme(filters.programme))
    if filters.state:
        conditions.append(Entry.state == ("" if filters.state == UNKNOWN_STATE else filters.state))
    if filters.source:
        conditions.append(Entry.source == filters.source)
    if filters.year is not None:
        conditions.append(Entry.year == filters.year)
    if filters.least_amount is not None:
        conditions.append(Entry.amount >= filters.least_amount)
    if filters.most_amount is not None:
        conditions.append(Entry.amount <= filters.most_amount)
    return and_(*conditions, *_of_places(filters), *_of_tags(filters), *_of_time(filters))


def of_programme(programme: str) -> ColumnElement[bool]:
    """The condition that an entry belongs to a programme, to one below it, or to a measure whose code begins so."""
    if ":" in programme:
        # A programme has most projects or few: SQLite would take the column's index, and be slow for those of most.
        return func.coalesce(Entry.programme, "").in_(sorted(with_those_below(programme)))
    length = len(programme)
    begins_so = func.substr(Entry.measure, 1, length) == programme
    return and_(begins_so, func.substr(Entry.measure, length + 1, 1).in_(_AFTER_A_LEVEL))


def list_entries(
    session: Session,
    seen: ColumnElement[bool],
    filters: RegisterFilters,
    order: Order = Order.TITLE,
    *,
    cursor: str = "",
    limit: int = 20,
) -> Found:
    """Return one page of the entries that may be ``seen`` and pass; raises InvalidError for a foreign cursor."""
    wanted, key = and_(seen, matching(filters)), _key(order)
    query = select(Entry, key.label("key")).where(wanted, _following(order, key, cursor))
    rows = session.execute(query.order_by(key, Entry.id).limit(limit + 1)).all()
    total = session.scalar(select(func.count()).select_from(Entry).where(wanted)) or 0
    page = rows[:limit]
    more = encode_cursor(f"{page[-1][1]}{_SEPARATOR}{page[-1][0].id}") if len(rows) > limit else ""
    return Found(tuple(row[0] for row in page), more, total)


def totals_of(session: Session, seen: ColumnElement[bool], filters: RegisterFilters) -> Totals:
    """Return how many entries pass and their money, each project once whatever the number of its communes."""
    figures = func.count(), func.count(Entry.amount), func.sum(Entry.amount)
    projects, with_amount, amount = session.execute(select(*figures).where(seen, matching(filters))).one()
    return Totals(projects, with_amount, amount or Decimal(0))


def find_entry(session: Session, seen: ColumnElement[bool], record_id: str) -> Entry:
    """Return one entry; raises UnknownRecordError if there is none that may be ``seen``."""
    entry = session.scalar(select(Entry).where(Entry.id == record_id, seen))
    if entry is None:
        raise UnknownRecordError(f"{record_id}: no project that you may see has this id")
    return entry


def _has_word(word: str) -> ColumnElement[bool]:
    return or_(*(column.icontains(word, autoescape=True) for column in (Entry.title, Entry.body, Entry.cup)))


def _of_places(filters: RegisterFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.commune:
        conditions.append(Entry.id.in_(select(Place.entry_id).where(Place.commune_istat == filters.commune)))
    if filters.zone == METROPOLITAN:
        here = select(Place.entry_id).where(Place.commune_istat.in_(_near()))
        conditions.append(or_(Entry.id.in_(here), placeless()))
    elif filters.zone:
        in_zone = select(CommuneRow.id).where(CommuneRow.zone == filters.zone)
        conditions.append(Entry.id.in_(select(Place.entry_id).where(Place.commune_istat.in_(in_zone))))
    return conditions


def placeless() -> ColumnElement[bool]:
    """The condition that a project of ours, or of the plan, is for the whole territory: it names no commune."""
    return and_(Entry.kind == EntryKind.PROJECT, Entry.id.not_in(select(Place.entry_id)))


def _near() -> Any:
    """The communes of the metropolitan city: those of the province of the zones, as ``overview.followed`` has them."""
    ours = select(CommuneRow.province_code).where(CommuneRow.zone != "")
    return select(CommuneRow.id).where(CommuneRow.province_code.in_(ours))


def _of_tags(filters: RegisterFilters) -> list[ColumnElement[bool]]:
    asked = (("driver", filters.driver), ("mission", filters.mission))
    return [Entry.id.in_(_tagged(scheme, code)) for scheme, code in asked if code]


def _of_time(filters: RegisterFilters) -> list[ColumnElement[bool]]:
    today, conditions = now().date(), []
    if filters.late:
        conditions.append(is_late(today))
    if filters.silent is not None:
        conditions.append(is_silent(today, filters.silent))
    return conditions


def _tagged(scheme: str, code: str) -> Any:
    of_projects = RecordTagRow.kind.in_(("project", "precedent"))
    return select(RecordTagRow.record_id).where(RecordTagRow.scheme == scheme, RecordTagRow.code == code, of_projects)


def _key(order: Order) -> ColumnElement[Any]:
    if order is Order.AMOUNT:
        return -func.coalesce(type_coerce(Entry.amount, BigInteger), -1)
    # A title's beginning suffices to sort by, and a cursor must not grow with it.
    return -func.coalesce(Entry.year, 0) if order is Order.NEWEST else func.lower(func.substr(Entry.title, 1, _SORTED))


def _following(order: Order, key: ColumnElement[Any], cursor: str) -> ColumnElement[bool]:
    last = decode_cursor(cursor)
    if not last:
        return Entry.id.is_not(None)
    text, _, last_id = last.rpartition(_SEPARATOR)
    try:
        value = text if order is Order.TITLE else int(text)
    except ValueError as error:
        raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one") from error
    return or_(key > value, and_(key == value, Entry.id > last_id))
