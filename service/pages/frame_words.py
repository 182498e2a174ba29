"""What the pages of the strategic frame say besides numbers: brief amounts, shades, where a number leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from service.frame.matrix import NONE, Cell
from service.pages.formats import number
from service.pages.translations import translations
from service.register.filters import METROPOLITAN


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


NOBODY = "nessuna"
"""Stands in addresses for what has no driver, or no mission."""
SHADES = 5
"""Steps of shading, 0 for nothing; the number is always written, the shade only helps to find it."""
_BILLION, _MILLION, _THOUSAND, _ONE = (Decimal(10) ** power for power in (9, 6, 3, 0))
_BRIEF = (
    (_BILLION, _("%(value)s mld €")),
    (_MILLION, _("%(value)s mln €")),
    (_THOUSAND, _("%(value)s mila €")),
    (_ONE, _("%(value)s €")),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of the matrix: a driver and a mission (None: all of them; NONE: what has none) in a zone."""

    driver: str | None
    mission: str | None
    zone: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The place as the parameters of an address."""
        named = (("linea", self.driver), ("missione", self.mission), ("zona", self.zone))
        return [(name, value or NOBODY) for name, value in named if value is not None and (value or name != "zona")]

    def has(self, drivers: frozenset[str], missions: frozenset[str]) -> bool:
        """Whether a record with these codes stands here."""
        return _fits(self.driver, drivers) and _fits(self.mission, missions)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is the same for all cells of a page: its filters, its language, which zones are communes (ISTAT codes)."""

    kept: Sequence[tuple[str, str]]
    alone: Mapping[str, str]
    language: str


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell as the page shows it; an address is "" where there is nothing to list."""

    cell: Cell
    money: str
    shade: int
    projects_at: str
    calls_at: str
    needs_at: str


def shown_cell(cell: Cell, spot: Spot, telling: Telling, most: int = 0) -> ShownCell:
    """Return a cell with where its numbers lead; ``most`` is the largest count, which is shaded the darkest.

    What has no driver, or no mission, cannot be asked for by a filter of the register: its projects are not listed.
    """
    inside = f"/quadro/casella?{urlencode(spot.pairs)}"
    can_filter = NONE not in (spot.driver, spot.mission)
    return ShownCell(
        cell=cell,
        money=brief_money(cell.amount, telling.language),
        shade=shade(cell.projects, most),
        projects_at=f"/progetti?{urlencode(_listed(spot, telling))}" if cell.projects and can_filter else "",
        calls_at=f"{inside}#bandi" if cell.calls else "",
        needs_at=f"{inside}#bisogni" if cell.needs else "",
    )


def _listed(spot: Spot, telling: Telling) -> list[tuple[str, str]]:
    """The place as filters of the register, which knows the capital as a commune and not as a zone."""
    alone = telling.alone
    pairs = [("comune", alone[value]) if value in alone else (name, value) for name, value in spot.pairs]
    return [*pairs, *([] if spot.zone else [("zona", METROPOLITAN)]), *telling.kept]


def brief_money(amount: Decimal, language: str) -> str:
    """Return an amount in EUR that fits a cell, such as ``3,1 mln €``; "" for none."""
    if not amount:
        return ""
    unit, phrase = next((one for one in _BRIEF if amount >= one[0]), _BRIEF[-1])
    fine = unit >= _MILLION and amount < 100 * unit
    value = (amount / unit).quantize(Decimal("0.1") if fine else _ONE)
    return translations(language).gettext(phrase) % {"value": number(float(value), language)}


def shade(count: int, most: int) -> int:
    """Return in which of ``SHADES`` steps a count is drawn: by its logarithm, so that small ones differ too."""
    if count <= 0:
        return 0
    return 1 + min(SHADES - 2, (SHADES - 1) * (count.bit_length() - 1) // max(most.bit_length(), 1))


def _fits(asked: str | None, codes: frozenset[str]) -> bool:
    if asked is None:
        return True
    return not codes if asked == NONE else asked in codes
