"""Rings of whole units as SVG paths, and back: ``M12 34l5 6-7 8z`` for each, every step from the point before."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

Point = tuple[int, int]
_RING = re.compile(r"M([^z]*)z")
_NUMBER = re.compile(r"-?\d+")


def path_of(points: Sequence[Point], *, closed: bool = True) -> str:
    """Return one line as a path; one that is closed need not repeat its first point."""
    steps = (coordinate for (from_x, from_y), (x, y) in pairwise(points) for coordinate in (x - from_x, y - from_y))
    return f"M{points[0][0]} {points[0][1]}l{_run(steps)}{'z' if closed else ''}"


def rings_of(path: str) -> list[list[Point]]:
    """Return the rings of a path that ``path_of`` wrote, without repeating their first points."""
    return [_ring([int(number) for number in _NUMBER.findall(found)]) for found in _RING.findall(path)]


def _run(numbers: Iterable[int]) -> str:
    # A minus sign parts two numbers as well as a space does.
    return "".join(f"{'' if at == 0 or one < 0 else ' '}{one}" for at, one in enumerate(numbers))


def _ring(numbers: Sequence[int]) -> list[Point]:
    x = y = 0
    found = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found
