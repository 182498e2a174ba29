"""What states of accounts and events of the audit trail are called on pages."""

from service.accounts.tables import AccountState
from service.pages.translations import marked as _
from service.pages.translations import translations

_STATES = {
    AccountState.INVITED: _("invitato"),
    AccountState.ACTIVE: _("attivo"),
    AccountState.DISABLED: _("disattivato"),
}
EVENT_KINDS = {
    "account": _("accesso"),
    "answer": _("risposta"),
    "api_key": _("chiave"),
    "call": _("bando"),
    "communes": _("comuni"),
    "needs": _("bisogno"),
    "projects": _("progetto"),
    "assets": _("bene pubblico"),
    "decisions": _("decisione"),
    "picks": _("consiglio"),
    "events": _("evento"),
    "event_registrations": _("iscrizione a un evento"),
    "work_items": _("lista di lavoro"),
    "service_requests": _("richiesta di un servizio"),
    "criterion_reviews": _("condizione controllata"),
    "merges": _("doppione"),
    "project-merges": _("progetto in due fonti"),
    "distinctions": _("bandi diversi"),
    "message": _("messaggio di un lettore"),
    "tag_overrides": _("tema"),
    "quarantine": _("righe non lette"),
    "retention": _("conservazione"),
    "jobs": _("elenco o importazione"),
}
"""Kinds of event, as the trail writes them, with their names."""
_VERBS = {
    "accepted": _("invito accettato"),
    "changed": _("cambiato"),
    "edited": _("cambiato"),
    "created": _("creato"),
    "archived": _("archiviato"),
    "restored": _("ripristinato"),
    "withdrawn": _("ritirato"),
    "undone": _("modifica annullata"),
    "cancelled": _("annullato"),
    "moved_up": _("posto avuto"),
    "attendance": _("presenza segnata"),
    "noted": _("nota scritta"),
    "answered": _("risposta scritta"),
    "replied": _("replica scritta"),
    "counted": _("contate le richieste"),
    "listed": _("elenco visto"),
    "looked_over": _("elenco visto"),
    "communes_listed": _("comuni visti"),
    "read": _("visto"),
    "shown": _("mostrata"),
    "revoked": _("revocata"),
    "erased": _("cancellato"),
    "exported": _("dati consegnati"),
    "import_asked": _("importazione chiesta"),
    "match_asked": _("elenco caricato"),
    "stopped": _("fermato"),
    "left": _("lasciato"),
    "done": _("segnato come fatto"),
    "reopened": _("riaperto"),
    "downloaded": _("risultato scaricato"),
    "tidied": _("tolto ciò che era scaduto"),
    "identity_linked": _("collegato all’accesso dell’ente"),
    "invited": _("invitato"),
    "link_sent": _("link mandato"),
    "logged_in": _("entrato"),
    "logged_out": _("uscito"),
    "login_refused": _("respinto"),
    "password_changed": _("password cambiata"),
    "password_reset": _("password nuova"),
    "reset_asked": _("password nuova chiesta"),
    "recovery_codes_replaced": _("codici di recupero nuovi"),
    "second_factor_begun": _("secondo fattore iniziato"),
    "second_factor_given": _("secondo fattore dato"),
    "second_factor_removed": _("secondo fattore tolto"),
    "second_factor_reset": _("secondo fattore tolto dall’amministrazione"),
    "second_factor_set_up": _("secondo fattore impostato"),
    "session_ended": _("sessione chiusa"),
    "sessions_ended": _("sessioni chiuse"),
}


def account_state_name(state: AccountState, language: str) -> str:
    """Return what a state of an account is called."""
    return translations(language).gettext(_STATES[state])


def event_kind_name(kind: str, language: str) -> str:
    """Return what a kind of event is called; as the trail writes it where it has no name."""
    return translations(language).gettext(EVENT_KINDS[kind]) if kind in EVENT_KINDS else kind


def event_name(action: str, language: str) -> str:
    """Return what an event of the trail is called: ``accesso: entrato``."""
    kind, _dot, verb = action.partition(".")
    told = translations(language).gettext(_VERBS[verb]) if verb in _VERBS else verb
    return f"{event_kind_name(kind, language)}: {told}"
