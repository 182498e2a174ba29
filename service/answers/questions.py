"""What somebody asks, checked and completed: from words sent to queries that the matcher answers.

Asked (text | item | commune as a whole) ──understood──► Question: queries, request, hidden calls, picks
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from corpora.embedded import NAME as EMBEDDED
from matcher.recommender import Query, Request
from matcher.records import Commune, Need, Project, QueryKind
from matcher.serialization import from_json
from service.access.principal import Principal
from service.errors import InvalidError, UnknownRecordError
from service.kinds import KIND_OF
from service.live import Serving
from service.moments import now, start_of
from service.work.feedback import refused_calls
from service.work.merged import merged_away
from service.work.picks import Pick, picks_for
from service.work.subjects import ITEM_TYPES, QUERY_KINDS, Item, ItemRef, item_text

MOST_ITEMS = 40
"""Items of one commune that are matched in one answer; the rest are counted."""
_OVER = frozenset({"completed", "suspended"})
"""States of projects that look for no money."""
NOT_YET_THEIRS = ("beni-confiscati",)
"""Sources of assets that lie in a commune and are not its own: in the register, but never asked for by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it was sent: about a text, about an item, or (neither) about a commune as a whole.

    ``commune``: ISTAT code or name; may be empty for an item, which has its own. ``on``: the day on which deadlines are
    judged, None for now. ``sources``: only calls of these.
    """

    text: str = ""
    kind: QueryKind = QueryKind.NEED
    item: ItemRef | None = None
    commune: str = ""
    k: int = 10
    on: date | None = None
    sources: tuple[str, ...] = ()
    excluded: int = 0
    grouped: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be answered; ``items`` names the item of each query, None for a text.

    ``left_out`` counts the commune's items beyond ``MOST_ITEMS``; ``picks`` are what people recommend to it.
    """

    asked: Asked
    commune: Commune
    queries: tuple[Query, ...]
    items: tuple[ItemRef | None, ...]
    request: Request
    left_out: int
    picks: tuple[Pick, ...]


def understood(session: Session, principal: Principal, serving: Serving, asked: Asked) -> Question:
    """Complete a question with the commune's own items and wishes, as far as who asks may see them.

    Raises InvalidError naming a field, UnknownRecordError for an item that is not there for who asks,
    UnknownCommuneError, QueryError for a text that cannot be matched.
    """
    items = _items(session, principal, serving, asked)
    commune = _commune(serving, asked, items[0] if items else None)
    if not asked.text and not items:
        raise InvalidError("text", f"{commune.name} has no need, project or asset to match: describe one in a text")
    names = tuple(name_of(item) for item in items) or (None,)
    queries = tuple(_query(item, commune) for item in items[:MOST_ITEMS]) or (Query(asked.text, commune, asked.kind),)
    hidden = refused_calls(session, commune.istat, asked.item) if principal.keeps(commune.istat) else frozenset()
    return Question(
        asked=asked,
        commune=commune,
        queries=queries,
        items=names[:MOST_ITEMS],
        request=Request(
            k=asked.k,
            on=judged_on(asked.on),
            sources=sources_in_scope(serving, asked.sources),
            excluded=asked.excluded,
            grouped=asked.grouped,
            hidden=hidden,
        ),
        left_out=max(0, len(items) - MOST_ITEMS),
        picks=tuple(picks_for(session, principal, commune.istat, asked.item)),
    )


def judged_on(day: date | None) -> datetime:
    """Return the moment at which deadlines are judged; raises InvalidError for a day whose calls are not known yet."""
    if day is None:
        return now()
    if day > now().date():
        raise InvalidError("on", f"{day}: lies in the future, and the calls of that day are not known yet")
    return now() if day == now().date() else start_of(day)


def sources_in_scope(serving: Serving, asked: tuple[str, ...]) -> frozenset[str]:
    """Return the sources asked for, or all that were imported (the embedded ones where there are no others)."""
    known = serving.view.sources
    if unknown := sorted(set(asked) - known):
        raise InvalidError("sources", f"{unknown[0]!r}: no calls of this source; there are: {', '.join(sorted(known))}")
    return frozenset(asked) or (known - {EMBEDDED}) or known


def visible_item(session: Session, principal: Principal, name: ItemRef) -> Item:
    """Return an item that who asks may see; raises UnknownRecordError as if the others did not exist."""
    table = KIND_OF[ITEM_TYPES[name.kind]].table
    row = session.execute(
        select(table.c.payload, table.c.owner_istat, table.c.archived_at).where(table.c.id == name.id)
    ).one_or_none()
    if row is not None and row.archived_at is None:
        item = from_json(ITEM_TYPES[name.kind], row.payload)
        if principal.keeps(owner_of(item, row.owner_istat)) or is_public(item, row.owner_istat):
            return item
    raise UnknownRecordError(f"{name.id}: none of the {name.kind} has this id")


def is_public(item: Item, owner_istat: str | None) -> bool:
    """Whether an item is published: needs never are, projects and assets where they were imported."""
    return owner_istat is None and not isinstance(item, Need)


def owner_of(item: Item, owner_istat: str | None) -> str | None:
    """Return the ISTAT code of the commune that keeps an item; a need belongs to its commune whoever wrote it down."""
    return owner_istat or (item.commune_istat if isinstance(item, Need) else None)


def open_items(session: Session, istat: str | None = None) -> list[tuple[Item, str | None]]:
    """Return the items that look for money, of one commune or of all, each with its owner: needs, projects, assets."""
    found: list[tuple[Item, str | None]] = []
    for kind, record_type in ITEM_TYPES.items():
        columns = KIND_OF[record_type].table.c
        offered = (
            columns.archived_at.is_(None),
            columns.source.not_in(NOT_YET_THEIRS),
            columns.id.not_in(merged_away(kind)),
        )
        query = select(columns.payload, columns.owner_istat).where(*offered).order_by(columns.id)
        if istat is not None and "commune_istat" in columns:
            query = query.where(or_(columns.owner_istat == istat, columns.commune_istat == istat))
        for payload, owner in session.execute(query):
            item = from_json(record_type, payload)
            if _is_open(item, owner, istat):
                found.append((item, owner))
    return found


def _is_open(item: Item, owner: str | None, istat: str | None) -> bool:
    if isinstance(item, Project):
        return item.state not in _OVER and (istat is None or istat in (owner, *item.communes))
    return True


def communes_of(item: Item, owner_istat: str | None) -> tuple[str, ...]:
    """Return the ISTAT codes of the communes that an item is about."""
    if owner_istat is not None:
        return (owner_istat,)
    return item.communes if isinstance(item, Project) else (item.commune_istat,)


def _items(session: Session, principal: Principal, serving: Serving, asked: Asked) -> list[Item]:
    if asked.text and asked.item:
        raise InvalidError("item", "send a text or an item, not both")
    if asked.text:
        return []
    if asked.item:
        return [visible_item(session, principal, asked.item)]
    if not asked.commune:
        raise InvalidError("text", "send a text with a commune, an item, or a commune alone")
    commune = serving.finder.find(asked.commune)
    pairs = open_items(session, commune.istat)
    # A project of another commune may name this one and still be that one's own business.
    return [item for item, owner in pairs if principal.keeps(owner_of(item, owner)) or is_public(item, owner)]


def _commune(serving: Serving, asked: Asked, item: Item | None) -> Commune:
    if asked.commune:
        return serving.finder.find(asked.commune)
    own = communes_of(item, None) if item is not None else ()
    if not own:
        raise InvalidError("commune", "say which commune would apply: its name or its ISTAT code")
    return serving.finder.find(own[0])


def name_of(item: Item) -> ItemRef:
    """Return how an item is referred to."""
    return ItemRef(next(kind for kind, record_type in ITEM_TYPES.items() if isinstance(item, record_type)), item.id)


def _query(item: Item, commune: Commune) -> Query:
    return Query(item_text(item), commune, QUERY_KINDS[name_of(item).kind], item.id)
