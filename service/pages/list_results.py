"""What came of a list of projects, as its page shows it and as the files that one takes along hold it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.jobs.results import Outcome
from service.pages.names_of_jobs import apart_line
from service.pages.reasons import Shown, shown
from service.pages.translations import translations
from service.spreadsheets import Cell


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_HEADER = (
    _("Riga"),
    _("Codice"),
    _("Titolo"),
    _("Comune"),
    _("Costo"),
    _("Posto"),
    _("Bando"),
    _("Chi lo pubblica"),
    _("Si può fare domanda?"),
    _("Perché"),
    _("Scadenza"),
    _("Importi"),
    _("Indirizzo della fonte"),
    _("Tutti i motivi"),
    _("Che cosa non va"),
)
_NOTHING = _("Nessun bando adatto tra quelli aperti")
_WAITING = _("Non ancora cercato")
SAMPLE_COLUMNS = (
    ("codice", _("un vostro numero o nome, che ritrovate nei risultati"), False),
    ("titolo", _("il nome del progetto"), True),
    ("descrizione", _("che cosa si vuole fare, in due o tre frasi: più è concreta, più i bandi sono adatti"), False),
    ("comune", _("nome o codice ISTAT del comune che farebbe domanda"), True),
    ("tipo", _("progetto, bisogno o bene; se manca, progetto"), False),
    ("costo", _("in euro, come 350.000 o 350000,50"), False),
)
"""The columns of a list: heading, what it holds, whether it is needed."""
SAMPLE_ROWS: tuple[tuple[str, ...], ...] = (
    (
        "P1",
        "Cappotto termico della scuola primaria",
        "La scuola di via Manzoni è fredda e consuma molto: cappotto, serramenti e fotovoltaico sul tetto.",
        "Rho",
        "progetto",
        "850.000",
    ),
    ("P2", "Pista ciclabile verso la stazione", "Due chilometri di ciclabile protetta.", "Bollate", "progetto", ""),
    ("B1", "Mancano posti al nido", "Quaranta bambini in lista d’attesa.", "015182", "bisogno", ""),
)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a list on its page: its calls, or why there are none yet."""

    number: int
    title: str
    commune: str
    answer_id: str
    calls: Sequence[Shown]
    words: str


def shown_line(outcome: Outcome, language: str) -> ShownLine:
    """Return a line that can be asked, with its calls."""
    line, answered = outcome.line, outcome.answered
    calls = shown(answered["recommendations"], language) if answered else []
    words = "" if calls else translations(language).gettext(_NOTHING if answered else _WAITING)
    commune = answered["commune"]["name"] if answered else ""
    return ShownLine(
        line.number, line.asked["title"] or line.asked["text"], commune, line.answer_id or "", calls, words
    )


def header(language: str) -> list[str]:
    """Return the headings of a file of results."""
    return [translations(language).gettext(one) for one in _HEADER]


def rows(outcomes: Iterable[Outcome], names: Mapping[str, str], public_url: str, language: str) -> Iterator[list[Cell]]:
    """Yield the rows of a file of results: one for each call of each line, or one with the reason for none.

    ``names``: ISTAT code → name of the commune.
    """
    for outcome in outcomes:
        line = outcome.line
        own = _own(line.number, line.asked, names)
        if line.problem:
            told = apart_line(line, language)
            yield [*own, *[None] * 9, f"{told.why} ({told.where})" if told.where else told.why]
            continue
        made = shown_line(outcome, language)
        address = f"{public_url}/raccomandazioni/{made.answer_id}" if made.answer_id else None
        if not made.calls:
            yield [*own, *[None] * 8, address, made.words]
        for one in made.calls:
            yield [*own, *_of_call(one), address, None]


def sample() -> tuple[list[str], list[list[Cell]]]:
    """Return the headings and rows of a file to begin with; its headings are those that are known."""
    return [name for name, _told, _needed in SAMPLE_COLUMNS], [list(row) for row in SAMPLE_ROWS]


def columns(language: str) -> list[tuple[str, str, bool]]:
    """Return the columns that a list may have: heading, what it holds, whether it is needed."""
    words = translations(language)
    return [(name, words.gettext(told), needed) for name, told, needed in SAMPLE_COLUMNS]


def _own(number: int, asked: Mapping[str, Any], names: Mapping[str, str]) -> list[Cell]:
    cost = Decimal(asked["cost"]) if asked.get("cost") else None
    commune = asked.get("commune", "")
    return [number, asked["code"], asked["title"] or asked["text"], names.get(commune, commune), cost]


def _of_call(one: Shown) -> list[Cell]:
    call = one.call
    return [one.rank, call["title"], call["issuer"], one.verdict_words, one.why, one.deadline, one.amounts, call["url"]]
