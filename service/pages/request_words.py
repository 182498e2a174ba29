"""What services, states of requests and what happened to them are called, on pages, in e-mails and in tables."""

from collections.abc import Mapping

from service.pages.translations import marked as _
from service.pages.translations import translations
from service.requests.happenings import Happening
from service.requests.tables import RequestState, Service

SERVICES = {
    Service.FUNDING: _("Informazione e formazione sui finanziamenti"),
    Service.TECHNOLOGY: _("Tecnologia"),
    Service.PROJECTS: _("Definizione e sviluppo dei progetti"),
    Service.ADMINISTRATION: _("Consulenza amministrativa"),
    Service.PARTNERSHIP: _("Costruzione di partenariati"),
    Service.COMMUNICATION: _("Comunicazione e marketing"),
}
"""The names that the strategic frame gives the services."""
WHAT_FOR = {
    Service.FUNDING: _("quali bandi e fondi ci sono, e come si usano; anche incontri per i tecnici"),
    Service.TECHNOLOGY: _("strumenti, dati e piattaforme digitali per chi progetta"),
    Service.PROJECTS: _("da un’idea a un progetto: obiettivi, costi, tempi, indicatori"),
    Service.ADMINISTRATION: _("atti, gare, convenzioni, rendicontazione"),
    Service.PARTNERSHIP: _("altri comuni, terzo settore, università e imprese con cui farlo"),
    Service.COMMUNICATION: _("raccontare il progetto a cittadini e finanziatori"),
}
STATES = {
    RequestState.RECEIVED: _("ricevuta"),
    RequestState.TAKEN: _("presa in carico"),
    RequestState.WAITING: _("in attesa del comune"),
    RequestState.ANSWERED: _("risposta data"),
    RequestState.CLOSED: _("chiusa"),
    RequestState.WITHDRAWN: _("ritirata dal comune"),
}
_LETTERS = {
    Happening.ASKED: (
        _("Remix: %(commune)s chiede aiuto"),
        _("Il comune di %(commune)s ha chiesto un servizio dell’incubatore: %(service)s."),
    ),
    Happening.REPLIED: (
        _("Remix: %(commune)s ha risposto"),
        _("Il comune di %(commune)s ha scritto sulla sua richiesta: %(service)s."),
    ),
    Happening.REOPENED: (
        _("Remix: %(commune)s riapre una richiesta"),
        _("Il comune di %(commune)s ha riaperto la sua richiesta: %(service)s."),
    ),
    Happening.WITHDRAWN: (
        _("Remix: %(commune)s ritira una richiesta"),
        _("Il comune di %(commune)s ha ritirato la sua richiesta: %(service)s."),
    ),
    Happening.HANDED_OVER: (
        _("Remix: una richiesta di %(commune)s passa a te"),
        _("Da ora segui la richiesta del comune di %(commune)s: %(service)s."),
    ),
    Happening.ANSWERED: (
        _("Remix: c’è una risposta dell’incubatore"),
        _("L’incubatore ha risposto alla richiesta del comune di %(commune)s: %(service)s."),
    ),
    Happening.QUESTIONED: (
        _("Remix: l’incubatore vi fa una domanda"),
        _("Per andare avanti con la richiesta di %(commune)s (%(service)s) l’incubatore vi chiede qualcosa."),
    ),
    Happening.CLOSED: (
        _("Remix: una vostra richiesta è chiusa"),
        _("L’incubatore ha chiuso la richiesta del comune di %(commune)s: %(service)s. Se serve, potete riaprirla."),
    ),
}
_READ_HERE = _("Si legge qui, dopo l’accesso: %(address)s")


def service_name(service: Service, language: str) -> str:
    """Return what a service is called."""
    return translations(language).gettext(SERVICES[service])


def services(language: str) -> list[tuple[str, str, str]]:
    """Return the code of each service, its name, and what it is for."""
    words = translations(language)
    return [(one.value, words.gettext(SERVICES[one]), words.gettext(WHAT_FOR[one])) for one in Service]


def state_name(state: RequestState, language: str) -> str:
    """Return what a state of a request is called."""
    return translations(language).gettext(STATES[state])


def states(language: str) -> list[tuple[str, str]]:
    """Return the code and the name of each state."""
    return [(one.value, state_name(one, language)) for one in RequestState]


def letter_words(happening: Happening, shown: Mapping[str, str], address: str, language: str) -> tuple[str, str]:
    """Return subject and text of the letter about what happened; ``shown`` holds ``commune`` and ``service``.

    What was written is not in it: it is read where only those may read it whom it concerns.
    """
    words = translations(language)
    subject, text = (words.gettext(part) % shown for part in _LETTERS[happening])
    return subject, f"{text}\n\n{words.gettext(_READ_HERE) % {'address': address}}\n"
