"""What the fields and codes of communes and of what they write about are called on pages."""

from collections.abc import Mapping
from typing import Any

from matcher.strategy import CODES, DRIVER
from service.errors import UnknownRecordError
from service.pages.formats import money, number
from service.pages.names import value_text
from service.pages.translations import ITALIAN, translations
from service.tag_wording import label as tag_label


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


KIND_OF_SLUG = {"bisogni": "needs", "progetti": "projects", "beni": "assets"}
SLUG_OF_KIND = {kind: slug for slug, kind in KIND_OF_SLUG.items()}
FIELDS = {
    "title": _("titolo"),
    "text": _("descrizione"),
    "urgency": _("urgenza"),
    "state": _("a che punto è"),
    "amount": _("importo"),
    "cup": _("CUP"),
    "lead": _("capofila"),
    "kind": _("tipo di bene"),
    "surface_m2": _("superficie in metri quadrati"),
    "owner": _("proprietario"),
    "path": _("destinazione prevista"),
    "population": _("abitanti"),
    "population_year": _("anno del dato sugli abitanti"),
    "area_km2": _("superficie in chilometri quadrati"),
    "zone": _("zona omogenea"),
    "themes": _("temi"),
    "drivers": _("linee del piano strategico"),
    "communes": _("comuni"),
    "partners": _("partner"),
    "constraints": _("vincoli"),
    "address": _("indirizzo"),
    "heritage": _("protetto da un vincolo culturale"),
    "contamination": _("da bonificare"),
    "programme": _("programma o misura"),
    "paired_with": _("va insieme a"),
    "archived_at": _("archiviato"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "urgency": {"bassa": _("bassa"), "media": _("media"), "alta": _("alta")},
    "state": {
        "idea": _("un’idea"),
        "defined": _("definito"),
        "funded": _("finanziato"),
        "under_way": _("in corso"),
        "completed": _("concluso"),
        "suspended": _("sospeso"),
        "postponed": _("rinviato"),
    },
    "heritage": {"yes": _("sì"), "no": _("no")},
    "contamination": {"yes": _("sì"), "no": _("no")},
    "path": {"sale": _("vendita"), "concession": _("concessione"), "undecided": _("da decidere")},
}
REASONS = {
    "not_relevant": _("parla d’altro"),
    "not_eligible": _("non possiamo fare domanda"),
    "wrong_size": _("gli importi non vanno bene"),
    "no_cofinancing": _("non possiamo mettere la nostra quota"),
    "no_staff": _("non abbiamo chi se ne occupi"),
    "too_late": _("è troppo tardi"),
    "already_funded": _("abbiamo già altri fondi"),
    "other": _("un altro motivo"),
}
DECISIONS = {
    "saved": _("salvato"),
    "not_for_us": _("non fa per noi"),
    "applied": _("domanda presentata"),
    "funded": _("finanziato"),
    "rejected": _("domanda respinta"),
}

GROUPS = {
    "saved": _("salvati"),
    "not_for_us": _("non fanno per noi"),
    "applied": _("domande presentate"),
    "funded": _("domande finanziate"),
    "rejected": _("domande respinte"),
}


def kind_of(slug: str) -> str:
    """Return the kind of item of a part of an address; raises UnknownRecordError for what is none."""
    if slug not in KIND_OF_SLUG:
        raise UnknownRecordError(f"{slug}: no page has this address")
    return KIND_OF_SLUG[slug]


def named(code: str, names: Mapping[str, str], language: str) -> str:
    """Return what a code is called; a word of the publisher's own as it is."""
    return translations(language).gettext(names[code]) if code in names else code


def driver_name(code: str) -> str:
    """Return the name of a line of the strategic plan, in Italian as the plan has it; an unknown code as it is."""
    return tag_label(DRIVER, code, ITALIAN) if code in CODES[DRIVER] else code


def label(field: str, language: str) -> str:
    """Return what a field is called."""
    return named(field, FIELDS, language)


def told(field: str, value: Any, language: str) -> str:
    """Return the value of a field in words; a dash for none."""
    if field == "archived_at":
        return translations(language).gettext("sì") if value else translations(language).gettext("no")
    if field == "amount" and isinstance(value, Mapping):
        return money(value["amount"], str(value.get("currency", "EUR")), language)
    if isinstance(value, int | float) and not isinstance(value, bool) and field != "population_year":
        return number(value, language)
    if field == "drivers" and isinstance(value, list | tuple):
        return ", ".join(driver_name(str(one).partition(":")[2]) for one in value) or value_text(None)
    if field in CHOICES and isinstance(value, bool):
        return named("yes" if value else "no", CHOICES[field], language)
    if field in CHOICES and isinstance(value, str):
        return value_text(named(value, CHOICES[field], language))
    return value_text(value)
