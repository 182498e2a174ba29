"""The register in words: its filters, states and facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from corpora.embedded import NAME as EMBEDDED
from matcher.strategy import CODES, MISSION
from service.pages.commune.words import told
from service.pages.formats import money
from service.pages.source_names import source_name
from service.pages.translations import ITALIAN, translations
from service.pages.translations import marked as _
from service.register.filters import STATES, UNKNOWN_STATE
from service.register.late import Attention
from service.register.observation_rows import Fact
from service.tag_wording import label as tag_label

PROJECTS = "/progetti"
Pairs = Sequence[tuple[str, str]]
Names = Mapping[str, str]
_OURS = _("Schede raccolte per Remix")
NOT_SAID = _("stato non indicato")
_PHRASES = {
    "cerca": _("parole: %(value)s"),
    "da": _("almeno %(value)s"),
    "a": _("al massimo %(value)s"),
    "anno": _("anno %(value)s"),
    "in_ritardo": _("in ritardo"),
    "in_silenzio": _("senza notizie da più di %(value)s giorni"),
    "linea": _("piano strategico: %(value)s"),
    "missione": _("missione: %(value)s"),
}
FIELDS = {
    "cerca": _("Parole"),
    "programma": _("Programma"),
    "stato": _("Stato"),
    "comune": _("Comune"),
    "zona": _("Zona omogenea"),
    "linea": _("Linea del piano strategico"),
    "missione": _("Missione del PNRR"),
    "fonte": _("Fonte"),
    "anno": _("Anno"),
    "da": _("Importo minimo"),
    "a": _("Importo massimo"),
    "in_silenzio": _("Giorni senza notizie"),
}
ORDERS = {"title": _("titolo"), "amount": _("importo più alto"), "newest": _("anno più recente")}
FACTS: Names = {
    Fact.STATE: _("stato"),
    Fact.MILESTONE: _("tappa"),
    Fact.AMOUNT: _("importo"),
    Fact.INDICATOR: _("indicatore"),
}
AMOUNTS: Names = {"funding": _("finanziato"), "committed": _("impegnato"), "spent": _("speso")}
ATTENTION: Names = {Attention.LATE: _("in ritardo"), Attention.SILENT: _("senza notizie")}
REFUSALS = {
    "said_on": _("Il giorno non va bene: non può essere nel futuro né prima del 1990."),
    "state": _("Manca lo stato: sceglietelo dall’elenco."),
    "name": _("Manca il nome: scrivete di che cosa si tratta."),
    "planned_on": _("La data prevista non va bene: controllate l’anno."),
    "actual_on": _("La data effettiva non va bene: non può essere nel futuro."),
    "value": _("Il valore non va bene: scrivete solo un numero, per esempio 250.000."),
}
OTHER_REFUSAL = _("Qualcosa non si può usare: scrivete solo testo, senza codice.")


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in use: in words, and the address of the list without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Called:
    """What communes and programmes are called, for the filters that name them by their codes."""

    communes: Names
    programmes: Names


def state_name(code: str, language: str) -> str:
    """Return what the state of a project is called; what nobody says is said to be so."""
    if code in ("", UNKNOWN_STATE):
        return translations(language).gettext(NOT_SAID)
    return told("state", code, language) if code in STATES else code


def states(language: str) -> dict[str, str]:
    """Return every state that can be asked for, with its name."""
    return {code: state_name(code, language) for code in (*STATES, UNKNOWN_STATE)}


def mission_names() -> dict[str, str]:
    """Return the missions of the PNRR with their names, in Italian as the plan has them."""
    return {code: f"{code}, {tag_label(MISSION, code, ITALIAN)}" for code in CODES[MISSION]}


def source(code: str, language: str) -> str:
    """Return what the source of a project is called."""
    return translations(language).gettext(_OURS) if code == EMBEDDED else source_name(code, language)


def words_of(names: Mapping[str, str], code: str, language: str) -> str:
    """Return what a code is called in a language; one that nobody named as it is."""
    return translations(language).gettext(names[code]) if code in names else code


def address_of(pairs: Pairs, path: str = PROJECTS) -> str:
    """Return the address of a list with these filters."""
    return f"{path}?{urlencode(list(pairs))}" if pairs else path


def chips(filters: Pairs, kept: Pairs, called: Called, language: str) -> list[Chip]:
    """Return each filter in words with the address that leaves it out; ``kept`` stays in every address."""
    return [
        Chip(_told(name, value, called, language), address_of([*filters[:place], *filters[place + 1 :], *kept]))
        for place, (name, value) in enumerate(filters)
    ]


def _told(name: str, value: str, called: Called, language: str) -> str:
    values: Mapping[str, Callable[[], str]] = {
        "stato": lambda: state_name(value, language),
        "programma": lambda: called.programmes.get(value, value),
        "comune": lambda: called.communes.get(value, value),
        "fonte": lambda: source(value, language),
        "linea": lambda: tag_label("driver", value, ITALIAN),
        "missione": lambda: mission_names().get(value, value),
        "da": lambda: money(value, "EUR", language),
        "a": lambda: money(value, "EUR", language),
    }
    shown = values[name]() if name in values else value
    return translations(language).gettext(_PHRASES[name]) % {"value": shown} if name in _PHRASES else shown
