"""All public assets laid out for looking through them: read once, and again when any of them has changed.

row ──► RegisterLine ── sort of place, pilot area, constraints judged ──► filters, counts, pages
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.assets.conditions import availability, free_of_contamination, free_of_heritage
from matcher.assets.places import InPilotArea, PilotArea, Place, pilot_area, place_of
from matcher.assets.words import PlaceKind, place_kind
from matcher.records import Commune, PublicAsset
from matcher.serialization import from_json
from matcher.verdicts import Verdict
from service import revisions
from service.access.principal import Principal
from service.errors import InvalidError
from service.imports import load_records
from service.kinds import KIND_OF
from service.web.paging import decode_cursor, encode_cursor
from service.work.merged import merged_away

READ_FROM = ("assets", "communes", "merges")
SEIZED = "beni-confiscati"


class Order(StrEnum):
    """By what the register is sorted; ties by commune, title and id."""

    COMMUNE = "commune"
    SURFACE = "surface"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One asset with what was read in it; ``owner_istat`` is the commune that keeps it, None for public data."""

    asset: PublicAsset
    source: str
    owner_istat: str | None
    commune: Commune | None
    kind: PlaceKind
    area: InPilotArea | None
    heritage: Verdict
    contamination: Verdict
    unused: Verdict
    words: str

    @property
    def place(self) -> Place:
        """Where it is, or the centre of its commune."""
        return place_of(self.asset, self.commune)

    @property
    def commune_name(self) -> str:
        """The name of its commune; its code where the commune is not known."""
        return self.commune.name if self.commune else self.asset.commune_istat


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFilters:
    """What is looked for: everything given must hold, any of several values suffices.

    ``heritage``, ``contamination``, ``unused``: verdicts of "free of it" and "unused". A line that states no surface is
    outside of any bound that is asked for.
    """

    words: str = ""
    kinds: frozenset[PlaceKind] = frozenset()
    commune_istat: str = ""
    areas: frozenset[PilotArea] = frozenset()
    paths: frozenset[str] = frozenset()
    least_m2: float | None = None
    most_m2: float | None = None
    heritage: frozenset[Verdict] = frozenset()
    contamination: frozenset[Verdict] = frozenset()
    unused: frozenset[Verdict] = frozenset()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FoundAssets:
    """One page of the register, where the next one begins ("" on the last), and how many there are."""

    lines: tuple[RegisterLine, ...]
    next_cursor: str
    total: int


@dataclass
class Register:
    """Holds the lines as they were read last; one for a process."""

    _revision: str = ""
    _lines: tuple[RegisterLine, ...] = ()
    _reading: Lock = field(default_factory=Lock)

    def lines(self, session: Session) -> tuple[RegisterLine, ...]:
        """Return every asset that is not archived, of everybody; who may see which is asked of ``visible``."""
        revision = revisions.current(session, READ_FROM)
        with self._reading:
            if revision != self._revision:
                self._lines = _read(session)
                self._revision = revision
            return self._lines


def visible(lines: Iterable[RegisterLine], principal: Principal) -> list[RegisterLine]:
    """Return the lines that somebody may see: public ones, and those that their own commune keeps."""
    return [one for one in lines if one.owner_istat is None or principal.keeps(one.owner_istat)]


def matching(lines: Iterable[RegisterLine], filters: AssetFilters) -> list[RegisterLine]:
    """Return the lines that pass the filters, in their order."""
    words = filters.words.casefold().split()
    return [one for one in lines if _passes(one, filters) and all(word in one.words for word in words)]


def page_of(lines: Sequence[RegisterLine], order: Order, limit: int, cursor: str) -> FoundAssets:
    """Return one page in an order; raises InvalidError for a cursor that is none of ours."""
    ordered = sorted(lines, key=lambda one: _key(one, order))
    last = decode_cursor(cursor)
    begin = 0
    if last:
        places = [at for at, one in enumerate(ordered) if one.asset.id == last]
        if not places:
            raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours, or its asset is gone; start again")
        begin = places[0] + 1
    shown = tuple(ordered[begin : begin + limit])
    more = begin + limit < len(ordered)
    return FoundAssets(shown, encode_cursor(shown[-1].asset.id) if more else "", len(ordered))


def counts(lines: Iterable[RegisterLine]) -> dict[str, dict[str, int]]:
    """Return how many lines have each kind, pilot area, path, source and verdict on constraints."""
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("kinds", "areas", "paths", "sources", "heritage", "contamination", "unused")
    }
    for one in lines:
        found["kinds"][one.kind.value] += 1
        found["areas"][one.area.area.value if one.area else ""] += 1
        found["paths"][one.asset.path] += 1
        found["sources"][one.source] += 1
        found["heritage"][one.heritage.value] += 1
        found["contamination"][one.contamination.value] += 1
        found["unused"][one.unused.value] += 1
    return {name: {key: counter[key] for key in sorted(counter) if key} for name, counter in found.items()}


def _read(session: Session) -> tuple[RegisterLine, ...]:
    communes = {one.istat: one for one in load_records(session, Commune)}
    table = KIND_OF[PublicAsset].table
    query = (
        select(table.c.payload, table.c.source, table.c.owner_istat)
        .where(table.c.archived_at.is_(None), table.c.id.not_in(merged_away("assets")))
        .order_by(table.c.id)
        .execution_options(yield_per=2_000)
    )
    rows = session.execute(query)
    return tuple(_line(from_json(PublicAsset, text), source, owner, communes) for text, source, owner in rows)


def _line(asset: PublicAsset, source: str, owner: str | None, communes: Mapping[str, Commune]) -> RegisterLine:
    commune = communes.get(asset.commune_istat)
    name = commune.name if commune else ""
    parts = (asset.title, asset.text, asset.kind, asset.address, asset.owner, name)
    return RegisterLine(
        asset=asset,
        source=source,
        owner_istat=owner,
        commune=commune,
        kind=place_kind(asset.kind, asset.title),
        area=pilot_area(asset, commune),
        heritage=free_of_heritage(asset).verdict,
        contamination=free_of_contamination(asset).verdict,
        unused=availability(asset).verdict,
        words=" ".join(parts).casefold(),
    )


def _passes(one: RegisterLine, filters: AssetFilters) -> bool:
    asset = one.asset
    wanted = (
        (filters.kinds, one.kind),
        (frozenset({filters.commune_istat} - {""}), asset.commune_istat),
        (filters.areas, one.area.area if one.area else None),
        (filters.paths, asset.path),
        (filters.heritage, one.heritage),
        (filters.contamination, one.contamination),
        (filters.unused, one.unused),
        (filters.sources, one.source),
    )
    if any(values and value not in values for values, value in wanted):
        return False
    if filters.least_m2 is None and filters.most_m2 is None:
        return True
    surface = asset.surface_m2
    return surface is not None and (filters.least_m2 or 0) <= surface <= (filters.most_m2 or float("inf"))


def _key(one: RegisterLine, order: Order) -> tuple[float, str, str, str]:
    largest_first = -(one.asset.surface_m2 or 0.0) if order is Order.SURFACE else 0.0
    name = "" if order is Order.TITLE else one.commune_name
    return largest_first, name, one.asset.title, one.asset.id
