"""The filters of the catalogue in words: each can be taken away by itself, and says what that would give."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from service.api.shapes_calls import BrowseShape
from service.pages.commune.words import driver_name
from service.pages.formats import day, money
from service.pages.names import applicant_name, level_name, state_name
from service.pages.source_names import source_name
from service.pages.translations import translations

Pairs = Sequence[tuple[str, str]]
"""Names and values of an address, in its order."""


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in use: in words, and the address of the list without it."""

    words: str
    address: str
    without: Pairs


_PHRASES = {
    "q": _("parole: %(value)s"),
    "theme": _("tema: %(value)s"),
    "driver": _("piano strategico: %(value)s"),
    "programme": _("misura: %(value)s"),
    "least_amount": _("almeno %(value)s"),
    "most_amount": _("al massimo %(value)s"),
    "closes_from": _("scade dal %(value)s"),
    "closes_to": _("scade entro il %(value)s"),
    "applicant": _("per %(value)s"),
}
_VALUES: Mapping[str, Callable[[str, str], str]] = {
    "state": state_name,
    "level": level_name,
    "applicant": applicant_name,
    "source": source_name,
    "driver": lambda code, _language: driver_name(code),
    "least_amount": lambda words, language: money(words, "EUR", language),
    "most_amount": lambda words, language: money(words, "EUR", language),
    "closes_from": lambda words, language: day(words, language),
    "closes_to": lambda words, language: day(words, language),
}
FIELD_NAMES = {
    "q": _("Parole"),
    "state": _("Stato"),
    "level": _("Livello"),
    "applicant": _("Chi può fare domanda"),
    "source": _("Fonte"),
    "theme": _("Tema"),
    "driver": _("Linea del piano strategico"),
    "programme": _("Programma o misura"),
    "least_amount": _("Importo minimo"),
    "most_amount": _("Importo massimo"),
    "closes_from": _("Scadenza dal giorno"),
    "closes_to": _("Scadenza al giorno"),
    "sort": _("Ordine"),
}
ORDERS = {
    "relevance": _("più vicini alle parole"),
    "closing": _("scadenza più vicina"),
    "newest": _("aperti più di recente"),
    "amount": _("importo più alto"),
}


def pairs_of(asked: BrowseShape) -> Pairs:
    """Return the filters and the order of a list as its address has them, each once and as it was understood."""
    found: list[tuple[str, str]] = []
    for name in FIELD_NAMES:
        value = getattr(asked, name)
        if isinstance(value, list):
            found += [(name, str(one)) for one in dict.fromkeys(value)]
        elif value not in ("", None):
            found.append((name, f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)))
    return found


def address_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the address of the list with these filters."""
    asked = urlencode(list(pairs))
    return f"/bandi?{asked}" if asked else "/bandi"


def chips(sent: Pairs, language: str) -> list[Chip]:
    """Return the filters of a list in words, each with the address that leaves it out."""
    filters = [pair for pair in sent if pair[0] != "sort"]
    kept = [pair for pair in sent if pair[0] == "sort"]
    found = []
    for place, (name, value) in enumerate(filters):
        without = [*filters[:place], *filters[place + 1 :]]
        found.append(Chip(_words(name, value, language), address_of([*without, *kept]), without))
    return found


def field_name(name: str, language: str) -> str:
    """Return what a filter is called; the name in the address for one that there is not."""
    return translations(language).gettext(FIELD_NAMES[name]) if name in FIELD_NAMES else name


def order_names(language: str, *, with_words: bool) -> list[tuple[str, str]]:
    """Return the orders that make sense, as codes and in words."""
    words = translations(language)
    return [(code, words.gettext(name)) for code, name in ORDERS.items() if with_words or code != "relevance"]


def _words(name: str, value: str, language: str) -> str:
    told = _VALUES[name](value, language) if name in _VALUES else value
    phrase = translations(language).gettext(_PHRASES[name]) if name in _PHRASES else "%(value)s"
    return phrase % {"value": told}
