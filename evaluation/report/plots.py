"""Plots as SVG elements: dots with intervals, gains and losses, reliability. Colours and fonts come from the page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isnan
from xml.etree.ElementTree import Element, SubElement

WIDTH = 700
_LABELS = 165
_RIGHT = 64
_ROW = 30
_TOP = 14
_AXIS = 40
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval; ``series`` is 0 for what the plot is about, 1 for what it is held against."""

    value: float
    low: float
    high: float
    series: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot plot."""

    label: str
    dots: tuple[Dot, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to x positions."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> Iterator[float]:
        step = next((s for s in _STEPS if (self.high - self.low) / s <= _MOST_TICKS), _STEPS[-1])
        for number in range(ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9) + 1):
            yield number * step


def dot_plot(rows: Sequence[Row], axis: str, series: Sequence[str] = (), whole: bool = True) -> Element:
    """Draw rows of dots with their intervals over one axis.

    ``series`` names the two kinds of dots. ``whole``: the axis goes from 0 to 1, so that plots can be compared; else it
    holds 0 and all intervals.
    """
    shown = [d for row in rows for d in row.dots if not isnan(d.value)]
    low = min([0.0, *(d.low for d in shown)])
    high = 1.0 if whole else max([0.05, *(d.high for d in shown)])
    top = _TOP + (22 if series else 0)
    scale = _Scale(low, high, _LABELS, WIDTH - _RIGHT)
    height = top + _ROW * len(rows)
    svg = _svg(height + _AXIS)
    _legend(svg, series)
    _grid(svg, scale, top, height, axis)
    for number, row in enumerate(rows):
        y = top + _ROW * (number + 0.5)
        _text(svg, _LABELS - 12, y + 4, row.label, "label", "end")
        for dot in sorted(row.dots, key=lambda d: -d.series):
            _dot(svg, scale, dot, y + (5 if len(row.dots) > 1 and dot.series else -5 if len(row.dots) > 1 else 0))
        _text(svg, WIDTH - _RIGHT + 8, y + 4, row.note, "note", "start")
    return svg


def change_plot(differences: Iterable[float], axis: str) -> Element:
    """Draw one bar per query, largest gain first, largest loss last."""
    ordered = sorted(differences, reverse=True)
    reach = max([0.1, *(abs(d) for d in ordered)])
    height, left, right = 190.0, 56.0, WIDTH - 16.0
    svg = _svg(height + _AXIS)
    middle = _TOP + (height - _TOP) / 2
    for value in (reach, reach / 2, 0.0, -reach / 2, -reach):
        y = round(middle - value / reach * (height - _TOP) / 2, 1)
        _line(svg, left, y, right, y, "zero" if value == 0 else "grid")
        _text(svg, left - 8, y + 4, f"{value:+.2f}".replace("-", "−") if value else "0", "tick", "end")
    width = (right - left) / max(len(ordered), 1)
    for number, value in enumerate(ordered):
        size = max(abs(value) / reach * (height - _TOP) / 2, 0.6)
        box = SubElement(svg, "rect", {"class": "gain" if value > 0 else "loss" if value < 0 else "same"})
        box.set("x", f"{left + number * width:.2f}")
        box.set("y", f"{middle - size if value > 0 else middle:.2f}")
        box.set("width", f"{max(width - (1 if width > 4 else 0), 0.3):.2f}")
        box.set("height", f"{size:.2f}")
    _text(svg, (left + right) / 2, height + 26, axis, "axis", "middle")
    return svg


def reliability_plot(points: Sequence[tuple[float, float, float]]) -> Element:
    """Draw what came true over what was said, (said, came true, pairs) each; on the diagonal they are the same."""
    side, left, top = 300.0, 200.0, float(_TOP)
    svg = _svg(top + side + _AXIS + 8)
    scale = _Scale(0.0, 1.0, left, left + side)
    _grid(svg, scale, top, top + side, "likelihood that was given")
    for tick in scale.ticks():
        y = top + side * (1 - tick)
        _line(svg, left, y, left + side, y, "grid")
        _text(svg, left - 8, y + 4, f"{tick:.1f}", "tick", "end")
    _text(svg, left - 44, top + side / 2, "share that came true", "axis", "end")
    _line(svg, left, top + side, left + side, top, "diagonal")
    largest = max([1.0, *(pairs for _, _, pairs in points)])
    for said, observed, pairs in points:
        y = top + side * (1 - observed)
        _line(svg, scale(said), y, scale(said), top + side * (1 - said), "miss")
        radius = f"{3 + 11 * (pairs / largest) ** 0.5:.1f}"
        SubElement(svg, "circle", {"class": "bubble", "cx": str(scale(said)), "cy": f"{y:.1f}", "r": radius})
    return svg


def _svg(height: float) -> Element:
    return Element("svg", {"viewBox": f"0 0 {WIDTH} {height:.0f}", "role": "img"})


def _legend(svg: Element, series: Sequence[str]) -> None:
    x = float(_LABELS)
    for number, name in enumerate(series):
        _mark(svg, x + 5, _TOP, number)
        _text(svg, x + 16, _TOP + 4, name, "label", "start")
        x += 40 + 7.5 * len(name)


def _grid(svg: Element, scale: _Scale, top: float, bottom: float, axis: str) -> None:
    for tick in scale.ticks():
        _line(svg, scale(tick), top, scale(tick), bottom, "zero" if abs(tick) < 1e-9 else "grid")
        _text(svg, scale(tick), bottom + 16, f"{tick:.2f}".removesuffix("0").replace("-", "−"), "tick", "middle")
    _text(svg, (scale.left + scale.right) / 2, bottom + 34, axis, "axis", "middle")


def _dot(svg: Element, scale: _Scale, dot: Dot, y: float) -> None:
    if isnan(dot.value):
        return
    _line(svg, scale(dot.low), y, scale(dot.high), y, f"interval s{dot.series}")
    _mark(svg, scale(dot.value), y, dot.series)


def _mark(svg: Element, x: float, y: float, series: int) -> None:
    if series == 0:
        SubElement(svg, "circle", {"class": "dot s0", "cx": f"{x}", "cy": f"{y}", "r": "5.5"})
    else:
        corners = f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}"
        SubElement(svg, "polygon", {"class": "dot s1", "points": corners})


def _line(svg: Element, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
    place = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    SubElement(svg, "line", {"class": kind, **place})


def _text(svg: Element, x: float, y: float, text: str, kind: str, anchor: str) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    SubElement(svg, "text", {"class": kind, **place}).text = text
