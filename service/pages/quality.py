"""How well calls are found, in sentences for those who have never read an evaluation."""

from dataclasses import dataclass

from service.pages import formats
from service.pages.translations import translations
from service.quality import Figure, Quality


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_MEANINGS = {
    ("needs", "Success@5"): (
        _("Almeno un bando adatto tra i primi cinque"),
        _(
            "Quante volte, descritto un bisogno, tra i primi cinque c’è almeno un bando che serve e che il comune può "
            "usare."
        ),
    ),
    ("needs", "nDCG@10"): (
        _("Quanto è giusto l’ordine dei primi dieci (nDCG@10)"),
        _(
            "100% vuol dire che i bandi più adatti stanno tutti in cima, nell’ordine in cui li metterebbe chi li "
            "ha letti; un bando adatto conta meno quanto più in basso si trova, e per niente dopo il decimo posto."
        ),
    ),
    ("needs", "Ineligible@10"): (
        _("Bandi a cui il comune non può fare domanda"),
        _("Quanti dei primi dieci sono per altri: imprese, altre regioni, comuni più piccoli. Meno è meglio."),
    ),
    ("pnrr-warm", "Success@10"): (
        _("Il bando che ha davvero finanziato un progetto, se ne ha già finanziati altri"),
        _("Quante volte, dato il testo di un progetto finanziato dal PNRR, la sua misura è tra le prime dieci."),
    ),
    ("pnrr-cold", "Success@10"): (
        _("Lo stesso, per una misura nuova"),
        _(
            "Come sopra, ma nascondendo tutto ciò che quella misura ha già finanziato: è il caso di un bando appena "
            "uscito."
        ),
    ),
    ("padigitale-bodies", "FalseExclusions"): (
        _("Enti esclusi a torto"),
        _(
            "Quanti degli enti che PA digitale 2026 ha davvero finanziato sarebbero stati dati per esclusi. "
            "Meno è meglio."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One figure: what was measured, what it means, the figure, between which it lies, and a search by words beside."""

    name: str
    meaning: str
    value: str
    interval: str
    by_words: str


def told(quality: Quality, language: str) -> list[Told]:
    """Return the figures that have a sentence of ours, in the order in which they are explained."""
    by_name = {(figure.task, figure.measure): figure for figure in quality.figures}
    return [_told(by_name[key], *words, language) for key, words in _MEANINGS.items() if key in by_name]


def _told(figure: Figure, name: str, meaning: str, language: str) -> Told:
    words = translations(language)
    between = ""
    if figure.low is not None and figure.high is not None:
        low, high = formats.fine_share(figure.low, language), formats.fine_share(figure.high, language)
        between = words.gettext("da %(low)s a %(high)s") % {"low": low, "high": high}
    return Told(
        words.gettext(name),
        words.gettext(meaning),
        formats.fine_share(figure.mean, language),
        between,
        "" if figure.by_words is None else formats.fine_share(figure.by_words, language),
    )
