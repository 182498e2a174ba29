"""Where needs, projects and money do not meet: needs without a call, calls without a project, lines with neither."""

from dataclasses import dataclass
from enum import StrEnum

from matcher.strategy import CODES, DRIVER
from service.frame.keeping import Picture
from service.frame.matrix import NONE, Cell, Coverage
from service.frame.open_calls import OpenCall
from service.frame.unmet import SeenNeed


class Gap(StrEnum):
    """Which of the three lists."""

    NEEDS = "needs"
    CALLS = "calls"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class EmptyLine:
    """A driver for which a zone (NONE: no zone at all) has neither a project nor an open call."""

    driver: str
    zone: str
    needs: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """The three lists; ``needs`` is empty for whoever is not of the incubator."""

    needs: tuple[SeenNeed, ...]
    calls: tuple[OpenCall, ...]
    lines: tuple[EmptyLine, ...]


def gaps(found: Coverage, picture: Picture | None) -> Gaps:
    """Return the gaps of a coverage counted without filters; none where the open calls are not known yet."""
    if picture is None:
        return Gaps((), (), ())
    needs = tuple(need for need in picture.needs if need.sight.why is not None) if found.counts_all else ()
    calls = tuple(call for call in picture.calls if not _has_project(call, every=found.counts_all))
    return Gaps(needs, calls, tuple(_empty_lines(found)))


def _has_project(call: OpenCall, *, every: bool) -> bool:
    return call.has_project if every else call.has_public_project


def _empty_lines(found: Coverage) -> list[EmptyLine]:
    """The drivers that are empty everywhere first, then those of each zone that are not."""
    everywhere = [code for code in CODES[DRIVER] if _has_neither(found.matrices[NONE].drivers[code])]
    lines = [EmptyLine(code, NONE, found.matrices[NONE].drivers[code].needs) for code in everywhere]
    for zone in found.zones:
        rows = found.matrices[zone].drivers
        lines += [
            EmptyLine(code, zone, rows[code].needs)
            for code in CODES[DRIVER]
            if code not in everywhere and _has_neither(rows[code])
        ]
    return lines


def _has_neither(cell: Cell) -> bool:
    return not (cell.projects or cell.calls)
