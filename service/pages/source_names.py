"""What the sources are called on pages, where programs have a short name."""

from service.pages.translations import translations


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_NAMES = {
    "pnrr-misure": _("Misure del PNRR (Italia Domani)"),
    "pnrr-avvisi": _("Avvisi del PNRR (Italia Domani)"),
    "padigitale": _("PA digitale 2026"),
    "regione-lombardia": _("Regione Lombardia"),
    "incentivi": _("Incentivi.gov.it"),
    "comuni": _("Comuni d’Italia (ISTAT)"),
    "confini": _("Confini dei comuni (ISTAT)"),
    "enti-ipa": _("Enti pubblici (IndicePA)"),
    "pnrr-progetti": _("Progetti finanziati dal PNRR"),
    "pnrr-gare": _("Gare del PNRR"),
    "opencoesione": _("OpenCoesione"),
    "pnc": _("Piano nazionale complementare"),
    "beni-confiscati": _("Beni confiscati (ANBSC)"),
    "beni-comune": _("Elenchi di beni dei comuni"),
    "embedded": _("Bandi dimostrativi"),
    "portal": _("Scritto nel portale"),
}


def source_name(code: str, language: str) -> str:
    """Return what a source is called; one that nobody named by its short name."""
    return translations(language).gettext(_NAMES[code]) if code in _NAMES else code
