"""What a page says when something went wrong: what happened, and what to do next, in the reader's language."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.pages.languages import language_of
from service.pages.templating import page
from service.pages.translations import marked as _
from service.pages.translations import translations

NOT_PAGES = ("/api/", "/status", "/readiness", "/static/")


_SAID: Mapping[int, tuple[str, str]] = {
    401: (_("Serve l’accesso"), _("Questa pagina è per chi ha un accesso: entrate e riprovate.")),
    403: (_("Non è consentito"), _("Il vostro accesso non permette di farlo. Chi amministra il servizio può darvelo.")),
    404: (
        _("Pagina non trovata"),
        _("L’indirizzo è sbagliato, o quello che cercate non c’è più. Cercatelo dall’inizio."),
    ),
    405: (_("Non si può fare così"), _("Tornate alla pagina precedente e usate i suoi pulsanti.")),
    409: (
        _("Non va d’accordo con quello che c’è"),
        _(
            "Contraddice qualcosa che è già scritto: tornate indietro, ricaricate la pagina e guardate che cosa c’è "
            "adesso."
        ),
    ),
    412: (
        _("Qualcun altro ha salvato prima"),
        _("Niente è stato sovrascritto: tornate indietro, ricaricate la pagina e rifate la modifica."),
    ),
    413: (_("Troppo grande"), _("Quello che avete inviato supera il limite: dividetelo o accorciatelo.")),
    422: (
        _("Qualcosa non si può accettare"),
        _("Tornate indietro e controllate i campi: uno contiene un valore che non si può usare."),
    ),
    429: (_("Troppe richieste"), _("Aspettate un minuto e riprovate.")),
    503: (_("Il servizio sta partendo"), _("Tra qualche secondo sarà pronto: ricaricate la pagina.")),
}
_OTHER = (_("Qualcosa è andato storto"), _("L’errore è nostro e resta registrato. Riprovate tra poco."))


def wants_page(request: Request) -> bool:
    """Whether an error is to be told by a page: a browser asks, and not for the interface of programs."""
    return "text/html" in request.headers.get("Accept", "") and not request.url.path.startswith(NOT_PAGES)


def error_page(request: Request, status: int) -> HTMLResponse:
    """Return the page of an error."""
    words = translations(language_of(request))
    heading, advice = _SAID.get(status, _OTHER)
    shown = {"heading": words.gettext(heading), "advice": words.gettext(advice), "status": status}
    return page(request, "error.html", shown, status=status)
