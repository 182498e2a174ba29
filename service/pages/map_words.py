"""What maps count, and their classes, in words."""

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_compact_currency, format_decimal

from service.maps.classes import UNKNOWN, ZERO, Figure, MapClass
from service.maps.figures import Measure
from service.maps.portrait import Points
from service.pages.formats import locale, money, number
from service.pages.translations import marked as _
from service.pages.translations import translations

MEASURES: Mapping[str, Measure] = {
    "progetti": Measure.PROJECTS,
    "importo": Measure.MONEY,
    "ritardi": Measure.LATE,
    "beni": Measure.ASSETS,
    "bandi": Measure.CALLS,
    "bisogni": Measure.NEEDS,
}
"""What a map counts, by its name in an address."""
POINTS: Mapping[str, Points] = {"": Points.NONE, "beni": Points.ASSETS, "progetti": Points.PROJECTS}
_NAMES = {
    Measure.PROJECTS: _("Progetti"),
    Measure.MONEY: _("Importo dei progetti"),
    Measure.LATE: _("Progetti in ritardo"),
    Measure.ASSETS: _("Beni pubblici"),
    Measure.CALLS: _("Bandi aperti adatti"),
    Measure.NEEDS: _("Bisogni"),
}
_NOTES = {
    Measure.PROJECTS: _(
        "Un progetto in più comuni conta una volta in ognuno, e una sola nel totale. Bianco: nessun progetto."
    ),
    Measure.MONEY: _(
        "L’importo di un progetto in più comuni è contato intero in ognuno, e una sola volta nel totale. "
        "Dove nessun progetto ha un importo pubblicato non si sa."
    ),
    Measure.LATE: _(
        "I progetti con una tappa la cui data prevista è passata senza che si sappia di averla raggiunta. "
        "Dove nessun progetto ha una data prevista non si sa."
    ),
    Measure.ASSETS: _(
        "Gli edifici e le aree nel registro dei beni. Dove non ce n’è nessuno, l’elenco manca: non si sa."
    ),
    Measure.CALLS: _(
        "I bandi aperti a cui il comune può fare domanda e che somigliano a qualcosa che ha descritto. "
        "Dove non è descritto nulla non si sa."
    ),
    Measure.NEEDS: _("I bisogni descritti dai comuni. Dove non ne è descritto nessuno non si sa."),
}
_SHARES = {Measure.MONEY: _("per abitante")}
_SHARE = _("per 1.000 abitanti")
_OF_POINTS = _("%(name)s, punti")
_UNKNOWN = _("non si sa")
_LEAST_ROUNDED, _LEAST_COMPACT = 10, 100_000


def measure_name(measure: Measure, language: str) -> str:
    """Return what a map counts."""
    return translations(language).gettext(_NAMES[measure])


def measure_note(measure: Measure, language: str) -> str:
    """Return how it is counted."""
    return translations(language).gettext(_NOTES[measure])


def share_name(measure: Measure, language: str) -> str:
    """Return for how many inhabitants a share is given."""
    return translations(language).gettext(_SHARES.get(measure, _SHARE))


def points_name(points: Points, language: str) -> str:
    """Return what the points of a map stand for; "" where none are drawn."""
    if points is Points.NONE:
        return ""
    return translations(language).gettext(_OF_POINTS) % {"name": measure_name(Measure(points.value), language)}


def figure(value: Figure | None, measure: Measure, language: str) -> str:
    """Return a figure as a table shows it, to the cent."""
    if value is None:
        return translations(language).gettext(_UNKNOWN)
    if measure is Measure.MONEY:
        return money(Decimal(value), "EUR", language)
    return number(value, language) if isinstance(value, int) else format_decimal(value, "#,##0.00", locale(language))


def short_figure(value: Figure | None, measure: Measure, language: str) -> str:
    """Return a figure as a legend shows it: large amounts in millions, others without cents."""
    if value is None or measure is not Measure.MONEY or value < _LEAST_ROUNDED:
        return figure(value, measure, language)
    if value < _LEAST_COMPACT:
        return money(round(Decimal(value), 0), "EUR", language)
    return format_compact_currency(Decimal(value), "EUR", locale=locale(language), fraction_digits=1)


def class_range(one: MapClass, measure: Measure, language: str) -> str:
    """Return the range of a class; one figure where all are the same."""
    if one.level == UNKNOWN:
        return translations(language).gettext(_UNKNOWN)
    if one.level == ZERO:
        return number(0, language) if measure is not Measure.MONEY else money(Decimal(0), "EUR", language)
    low, high = (short_figure(value, measure, language) for value in (one.low, one.high))
    return low if low == high else f"{low} – {high}"
