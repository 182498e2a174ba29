"""What codes are called on pages."""

from typing import Any

from service.pages.translations import marked as _
from service.pages.translations import translations

LONGEST_VALUE = 400


_STATES = {
    "open": _("aperto"),
    "upcoming": _("non ancora aperto"),
    "closed": _("chiuso"),
    "unknown": _("date non indicate"),
}
_LEVELS = {
    "eu": _("europeo"),
    "national": _("nazionale"),
    "regional": _("regionale"),
    "metropolitan": _("metropolitano"),
    "local": _("locale"),
    "foundation": _("fondazioni"),
    "unknown": _("livello non indicato"),
}
_APPLICANTS = {
    "commune": _("comuni"),
    "union": _("unioni di comuni"),
    "province": _("province e città metropolitane"),
    "region": _("regioni"),
    "central": _("amministrazioni centrali"),
    "school": _("scuole"),
    "health": _("enti sanitari"),
    "university": _("università ed enti di ricerca"),
    "public_body": _("altri enti pubblici"),
    "third_sector": _("terzo settore"),
    "firm": _("imprese"),
    "person": _("persone fisiche"),
}
_FIELDS = {
    "title": _("titolo"),
    "issuer": _("ente che lo emana"),
    "summary": _("sintesi"),
    "text": _("testo"),
    "url": _("indirizzo"),
    "level": _("livello"),
    "status": _("stato indicato dalla fonte"),
    "opens": _("apertura"),
    "closes": _("scadenza"),
    "while_funds_last": _("fino a esaurimento risorse"),
    "total_amount": _("dotazione"),
    "min_award": _("importo minimo per progetto"),
    "max_award": _("importo massimo per progetto"),
    "cofinancing": _("quota coperta"),
    "applicants_text": _("chi può fare domanda"),
    "territory_text": _("territorio"),
    "programme": _("programma o misura"),
    "themes": _("temi"),
}

_ROLES = {
    "reader": _("lettura dei dati pubblici"),
    "commune": _("comune"),
    "consultant": _("incubatore"),
    "administrator": _("amministrazione"),
}
_SCOPES = {
    "catalogue:read": _("leggere bandi, fonti e comuni"),
    "recommendations:create": _("chiedere quali bandi sono adatti"),
    "items:read": _("leggere bisogni, progetti e beni"),
    "items:write": _("scrivere bisogni, progetti, beni e dati dei comuni"),
    "work:read": _("leggere decisioni, consigli e lista di lavoro"),
    "work:write": _("scrivere decisioni, consigli e lista di lavoro"),
    "reviews:write": _("rivedere condizioni, doppioni e temi"),
    "operation:read": _("leggere importazioni e righe scartate"),
    "audit:read": _("leggere il registro delle operazioni"),
}


def state_name(code: str, language: str) -> str:
    """Return what the state of a call is called."""
    return translations(language).gettext(_STATES[code])


def level_name(code: str, language: str) -> str:
    """Return what the level of a call is called."""
    return translations(language).gettext(_LEVELS[code])


def applicant_name(code: str, language: str) -> str:
    """Return what a kind of body is called, in the plural."""
    return translations(language).gettext(_APPLICANTS[code])


def field_name(name: str, language: str) -> str:
    """Return what a field of a call is called; a publisher's own field by the publisher's name."""
    if name in _FIELDS:
        return translations(language).gettext(_FIELDS[name])
    return name.removeprefix("extra.")


def role_name(code: str, language: str) -> str:
    """Return for whom an account is."""
    return translations(language).gettext(_ROLES[code])


def scope_name(code: str, language: str) -> str:
    """Return what a key of a program may do."""
    return translations(language).gettext(_SCOPES[code])


def value_text(value: Any) -> str:
    """Return a stored value as text, shortened; a dash for absent."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, dict):
        value = " ".join(str(part) for part in value.values())
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1].rstrip() + "…"
