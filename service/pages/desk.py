"""What the incubator's and the administrator's pages share: acting in a transaction, saying what was done, and undo."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Form, Query, Request

from service.access.principal import Principal
from service.database import writing
from service.errors import InvalidError
from service.pages.translations import marked as _
from service.pages.translations import translations
from service.web.state import state_of
from service.work.acting import Acting
from service.work.tables import WorkState
from service.work.texts import plain_text

Done = Annotated[str, Query(alias="fatto", max_length=40)]
"""The code of what was just done, as it stands in the address after a form was sent."""
Undo = Annotated[str, Query(alias="annulla", max_length=300)]
"""The address to send to so that it is undone."""
Back = Annotated[str, Form(alias="ritorno", max_length=500)]
"""Where to go on after a form was sent."""


_DONE = {
    "in_lista": _("Messo in lista."),
    "in_lista_alcuni": _("Messo in lista; chi c’era già è rimasto com’era."),
    "spostato": _("Modifica salvata."),
    "annullato": _("Annullato: è tutto come prima."),
    "tolto": _("Tolto dalla lista."),
    "nota": _("Nota aggiunta."),
    "richiesta_risposta": _("Risposta inviata: il comune la legge nelle sue richieste."),
    "richiesta_domanda": _("Domanda inviata: finché il comune non risponde, il termine non corre."),
    "consigliato": _("Consiglio registrato: il comune lo vede in cima ai suoi bandi."),
    "uniti": _("Uniti: da ora si vede una sola voce."),
    "progetti_uniti": _("Progetti uniti: in elenchi e conteggi ne resta uno."),
    "progetti_diversi": _("Segnato: sono due progetti, e non li proporremo più come uno."),
    "progetti_cercati": _("Abbiamo cercato di nuovo in tutti i progetti."),
    "diversi": _("Segnato: sono bandi diversi, e non li proporremo più come doppioni."),
    "confermato": _("Condizione confermata."),
    "rimosso": _("Condizione rimossa."),
    "corretto": _("Condizione corretta."),
    "evento_creato": _("Evento creato: da ora lo vedono tutti."),
    "evento_cambiato": _("Evento cambiato."),
    "evento_annullato": _("Evento annullato: gli iscritti sono avvisati."),
    "evento_ripreso": _("L’evento si tiene: gli iscritti sono avvisati."),
    "presenza": _("Presenza segnata."),
    "disdetta": _("Iscrizione disdetta: il posto va a chi aspetta."),
    "messaggio_fatto": _("Segnato come fatto."),
    "messaggio_riaperto": _("Di nuovo tra quelli da guardare."),
    "revocata": _("Chiave revocata: non funziona più."),
    "accesso": _("Accesso modificato."),
    "secondo_fattore": _("Secondo fattore tolto: al prossimo accesso ne imposterà uno nuovo."),
}
_STATES = {
    WorkState.TO_CALL: _("da sentire"),
    WorkState.CALLED: _("sentito"),
    WorkState.INTERESTED: _("interessato"),
    WorkState.PREPARING: _("prepara la domanda"),
    WorkState.APPLIED: _("domanda inviata"),
    WorkState.DECLINED: _("rinuncia"),
    WorkState.DONE: _("concluso"),
}
_KINDS = {"needs": _("bisogno"), "projects": _("progetto"), "assets": _("bene pubblico")}


def done_words(code: str, language: str) -> str:
    """Return what was just done in words; empty for a code that is none."""
    return translations(language).gettext(_DONE[code]) if code in _DONE else ""


def work_state_name(state: str, language: str) -> str:
    """Return what a state of the worklist is called."""
    return translations(language).gettext(_STATES[WorkState(state)])


def item_kind_name(kind: str, language: str) -> str:
    """Return what a kind of item is called, in the singular."""
    return translations(language).gettext(_KINDS[kind])


def notice(code: str, undo: str, language: str) -> dict[str, Any]:
    """Return what the notice at the top of a page shows: words, and the address that undoes what was done."""
    ours = undo.startswith(("/incubatore/", "/amministrazione/"))
    return {"words": done_words(code, language), "undo": undo if ours else ""}


@contextmanager
def acting_in(request: Request, principal: Principal, request_id: str) -> Iterator[Acting]:
    """Act in a transaction of its own: committed at the end, undone whole on an error, which can then be told."""
    with writing(state_of(request).engine) as session:
        yield Acting(session, principal, request_id)


def plain(field: str, words: str) -> str:
    """Return what was typed, trimmed; raises InvalidError for nothing at all or what is no plain text."""
    if not words.strip():
        raise InvalidError(field, "empty")
    try:
        return plain_text(words.replace("\r\n", "\n").strip())
    except ValueError as error:
        raise InvalidError(field, str(error)) from error
