"""Amounts over time as a drawing: the points of a line, lowest at the bottom, days in proportion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 600, 160, 20


@dataclass(frozen=True, slots=True)
class Point:
    """One value: where it is drawn, and what is said of it."""

    x: float
    y: float
    day: date
    told: str


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one name in the order of their days; ``line`` is their points for a polyline."""

    label: str
    points: tuple[Point, ...]

    @property
    def line(self) -> str:
        """The points as SVG has them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def series_of(label: str, values: Sequence[tuple[date, Decimal, str]]) -> Series:
    """Return the drawing of values (day, number, number in words) in the order of their days.

    From the first day at the left to the last at the right; zero is the floor unless a value is below it.
    """
    first, last = values[0][0], values[-1][0]
    numbers = [number for _day, number, _told in values]
    floor, top = min(Decimal(0), *numbers), max(Decimal(0), *numbers)
    days, span = max((last - first).days, 1), (top - floor) or Decimal(1)
    points = (
        Point(
            round(MARGIN + (WIDTH - 2 * MARGIN) * (day - first).days / days, 1),
            round(HEIGHT - MARGIN - float((HEIGHT - 2 * MARGIN) * (number - floor) / span), 1),
            day,
            told,
        )
        for day, number, told in values
    )
    return Series(label, tuple(points))
