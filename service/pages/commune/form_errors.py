"""What is wrong with a field of a form, said beside it: what was expected, and never only that it is not right."""

from collections.abc import Mapping

from pydantic import ValidationError

from service.pages.translations import translations

Errors = Mapping[str, str]
"""Field → code of what is wrong with it."""
OTHER = "other"


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_MESSAGES = {
    "missing": _("Manca: scrivetelo in poche parole."),
    "long": _("È troppo lungo: tenete ciò che conta."),
    "many": _("Sono troppi: tenete quelli che contano."),
    "number": _("Scrivete solo un numero, per esempio 250.000."),
    "whole": _("Scrivete un numero intero, senza decimali."),
    "range": _("Questo numero non è possibile: controllatelo."),
    "cup": _("Un CUP ha quindici caratteri, per esempio B12C34567890123."),
    "commune": _("Un nome non è di nessun comune, o è di più d’uno: scrivete il nome intero o il codice ISTAT."),
    "plain": _("Contiene segni che non si possono usare: scrivete solo testo, senza codice HTML."),
    OTHER: _("Contiene qualcosa che non si può usare."),
}
_CODES = {
    "missing": "missing",
    "string_too_short": "missing",
    "string_type": "missing",
    "string_too_long": "long",
    "too_long": "many",
    "decimal_parsing": "number",
    "decimal_type": "number",
    "float_parsing": "number",
    "int_parsing": "number",
    "int_from_float": "whole",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than": "range",
    "less_than_equal": "range",
    "decimal_max_digits": "range",
    "decimal_max_places": "number",
    "finite_number": "range",
    "value_error": "plain",
}
"""Pydantic's names of errors → ours."""


def errors_of(error: ValidationError) -> Errors:
    """Return what is wrong with each field, the first thing of each."""
    found: dict[str, str] = {}
    for one in error.errors():
        name = str(one["loc"][0])
        code = "cup" if name == "cup" else _CODES.get(one["type"], OTHER)
        found.setdefault(name, code)
    return found


def message(code: str, language: str) -> str:
    """Return what is wrong in words."""
    return translations(language).gettext(_MESSAGES[code])
