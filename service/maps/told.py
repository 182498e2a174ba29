"""Maps as the terminal tells them: the figures as a table."""

from collections.abc import Mapping

from rich.table import Table

from service.maps.figures import Figures, Measure
from service.maps.ground import Ground
from service.pages.map_words import figure, measure_name
from service.reports import cell, number, plain_table

_OF_COMMUNE = {"it": ("Comune", "Zona", "Abitanti"), "en": ("Commune", "Zone", "Inhabitants")}
_TOTAL = {"it": "In tutto", "en": "In all"}


def figures_table(ground: Ground, counted: Mapping[Measure, Figures], language: str) -> Table:
    """Return the communes by name, a column for each measure, the total at the end."""
    table = plain_table((*_OF_COMMUNE[language], *(measure_name(measure, language) for measure in counted)))
    for area in ground.areas:
        one = area.commune
        figures = [figure(found.of[one.istat], measure, language) for measure, found in counted.items()]
        inhabitants = "" if one.population is None else number(one.population, language)
        table.add_row(*map(cell, (one.name, one.zone, inhabitants, *figures)))
    totals = [figure(found.total, measure, language) for measure, found in counted.items()]
    table.add_row(*map(cell, (_TOTAL[language], "", "", *totals)))
    return table
