"""A map put together: ground, figures, classes, points; each part kept until what it is made of changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from matcher.records import Commune
from service import revisions
from service.catalogue.overview import followed
from service.maps.classes import Classes, Figure, classed
from service.maps.exporting import Line
from service.maps.figures import Asking, Figures, Measure, asset_lines, per_head, read_figures
from service.maps.ground import Ground, read_ground
from service.maps.kept import Kept
from service.maps.points import MapPoint, clustered, of_assets, of_figures
from service.register.filters import RegisterFilters

GROUND_FROM = ("boundaries", "communes")


class Points(StrEnum):
    """What is drawn as points over the colours."""

    NONE = ""
    ASSETS = "assets"
    PROJECTS = "projects"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapQuestion:
    """What to show: coloured by what, for each inhabitant or not, with which points, of which projects, where.

    ``province``: its name; "" is the metropolitan city.
    """

    measure: Measure = Measure.PROJECTS
    share: bool = False
    points: Points = Points.NONE
    filters: RegisterFilters = field(default_factory=RegisterFilters)
    province: str = ""


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything that a page or a file shows of a map; ``coloured`` are the figures that its classes are made of."""

    ground: Ground
    figures: Figures
    shares: Figures
    coloured: Figures
    classes: Classes
    points: tuple[MapPoint, ...]
    numbers: Mapping[str, Figure | None] | None

    def lines(self) -> list[Line]:
        """Return the communes with their figures, by name."""
        return [self._line(area.commune) for area in self.ground.areas]

    def _line(self, commune: Commune) -> Line:
        istat = commune.istat
        number = None if self.numbers is None else self.numbers.get(istat)
        return Line(commune, self.figures.of[istat], self.shares.of[istat], number, self.classes.level_of[istat])


def communes_on(communes: Sequence[Commune], province: str = "", zone: str = "") -> list[Commune]:
    """Return the communes of a province (by name; "" for the metropolitan city), of one zone of it if it is given."""
    chosen = [one for one in communes if one.province == province] if province else followed(communes)
    return [one for one in chosen if not zone or one.zone == zone]


def portrait(kept: Kept, asking: Asking, question: MapQuestion) -> Portrait:
    """Return the map that a question asks for."""
    communes = communes_on(asking.communes, question.province, question.filters.zone)
    ground = ground_of(kept, asking, question.province, question.filters.zone)
    figures = figures_of(kept, asking, question, question.measure)
    shares = per_head(figures, communes, question.measure)
    coloured = shares if question.share else figures
    points, numbers = _points(kept, asking, question, ground)
    return Portrait(ground, figures, shares, coloured, classed(coloured.of), points, numbers)


def ground_of(kept: Kept, asking: Asking, province: str = "", zone: str = "") -> Ground:
    """Return what a map of these communes is drawn on."""
    key = ("ground", revisions.current(asking.session, GROUND_FROM), asking.revision, province, zone)
    return kept.get(key, lambda: read_ground(asking.session, communes_on(asking.communes, province, zone)))


def figures_of(kept: Kept, asking: Asking, question: MapQuestion, measure: Measure) -> Figures:
    """Return one figure for each commune of a map."""
    communes = communes_on(asking.communes, question.province, question.filters.zone)
    state = asking.state(measure, question.filters)
    if state is None:
        return read_figures(asking, measure, question.filters, communes)
    key = ("figures", measure, asking.for_staff, state, question.province, question.filters)
    return kept.get(key, lambda: read_figures(asking, measure, question.filters, communes))


def _points(
    kept: Kept, asking: Asking, question: MapQuestion, ground: Ground
) -> tuple[tuple[MapPoint, ...], Mapping[str, Figure | None] | None]:
    """Return the points to draw, and how many things each commune has of what they show."""
    if question.points is Points.NONE:
        return (), None
    measure = Measure(question.points.value)
    numbers = figures_of(kept, asking, replace(question, measure=measure), measure).of
    if question.points is Points.PROJECTS:
        return clustered(ground, of_figures(ground, numbers)), numbers
    return clustered(ground, of_assets(ground, asset_lines(asking, question.filters))), numbers
