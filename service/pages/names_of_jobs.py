"""What long work, sources and what goes wrong with them are called on pages."""

from dataclasses import dataclass

from service.jobs.states import Failure, Job, LineProblem
from service.jobs.store import StoredLine
from service.jobs.tables import JobState
from service.pages.translations import translations


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_STATES = {
    JobState.WAITING: _("In attesa: comincia appena finisce il lavoro prima."),
    JobState.RUNNING: _("In corso."),
    JobState.DONE: _("Finito."),
    JobState.FAILED: _("Non riuscito."),
    JobState.STOPPED: _("Fermato."),
}
_STOPPING = _("Si sta fermando.")
_FAILURES = {
    Failure.UNREADABLE: _("Il file non si può leggere: scaricatelo di nuovo dalla fonte, o esportatelo come CSV."),
    Failure.LAYOUT: _("Nel file mancano delle colonne: controllate di avere scelto la fonte giusta."),
    Failure.REFUSED: _("I dati non sono stati accettati, e niente è stato importato. Riprovate."),
    Failure.INTERRUPTED: _(
        "Il lavoro è stato interrotto più volte: riprovate. Se succede ancora, il motivo è nel registro del programma."
    ),
    Failure.GONE: _("Il file caricato non c’è più: caricatelo di nuovo."),
    Failure.NOT_ALLOWED: _("L’accesso di chi l’ha chiesto nel frattempo è stato chiuso."),
    Failure.OURS: _("L’errore è nostro e resta nel registro del programma. Riprovate tra poco."),
}
_LINE_PROBLEMS = {
    LineProblem.MISSHAPEN: _("La riga non ha tante celle quante l’intestazione"),
    LineProblem.EMPTY: _("Mancano titolo e descrizione"),
    LineProblem.TOO_LONG: _("Il testo è troppo lungo: tenete la parte che conta"),
    LineProblem.NOT_TEXT: _("Contiene codice HTML o caratteri di controllo: scrivete solo testo"),
    LineProblem.NO_COMMUNE: _("Manca il comune"),
    LineProblem.UNKNOWN_COMMUNE: _("Il comune non si trova: scrivete il nome intero o il codice ISTAT"),
    LineProblem.ANOTHER_COMMUNE: _("È di un altro comune: potete chiedere solo per il vostro"),
    LineProblem.NO_NUMBER: _("Il costo non si legge: scrivetelo come 350.000 o 350000,50"),
    LineProblem.UNKNOWN_KIND: _("Il tipo non si conosce: scrivete progetto, bisogno o bene"),
    LineProblem.UNANSWERABLE: _("Non si è potuto cercare: riscrivete titolo e descrizione"),
}
_SOURCES = {
    "beni-comune": _("elenco di beni pubblici di un comune"),
    "beni-confiscati": _("beni immobili confiscati e destinati"),
    "comuni": _("comuni italiani (ISTAT)"),
    "confini": _("confini dei comuni, in GeoJSON (ISTAT)"),
    "enti-ipa": _("enti pubblici (IndicePA)"),
    "ets": _("enti del Terzo settore"),
    "incentivi": _("catalogo di incentivi.gov.it"),
    "opencoesione": _("progetti finanziati dalle politiche di coesione (OpenCoesione)"),
    "padigitale": _("avvisi di PA digitale 2026"),
    "pnc": _("progetti finanziati dal Piano complementare al PNRR"),
    "pnrr-avvisi": _("bandi e avvisi del PNRR (Italia Domani)"),
    "pnrr-gare": _("gare del PNRR (Italia Domani)"),
    "pnrr-misure": _("misure e sub-misure del PNRR (Italia Domani)"),
    "pnrr-progetti": _("progetti finanziati dal PNRR (Italia Domani)"),
    "regione-lombardia": _("bandi completi di Regione Lombardia"),
}
KINDS = {"need": _("bisogno"), "project": _("progetto"), "asset": _("bene pubblico")}


@dataclass(frozen=True, slots=True)
class ApartLine:
    """A line of a list that was set apart, as a page shows it."""

    number: int
    title: str
    why: str
    where: str


def source_words(name: str, language: str) -> str:
    """Return what a source holds; empty for one that nobody has described."""
    return translations(language).gettext(_SOURCES[name]) if name in _SOURCES else ""


def state_words(job: Job, language: str) -> str:
    """Return how far a job is, in a sentence."""
    stopping = job.is_stopping and not job.is_over
    return translations(language).gettext(_STOPPING if stopping else _STATES[job.state])


def failure_words(job: Job, language: str) -> str:
    """Return why a job failed and what to do; empty where it did not."""
    return translations(language).gettext(_FAILURES[Failure(job.problem)]) if job.problem else ""


def apart_line(line: StoredLine, language: str) -> ApartLine:
    """Return a line that was set apart, with the reason in words."""
    where = f"{line.field}: {line.value}" if line.field and line.value else line.field or line.value
    why = translations(language).gettext(_LINE_PROBLEMS[LineProblem(line.problem)])
    return ApartLine(line.number, line.asked["title"] or line.asked["text"], why, where)
