"""Needs of ours that show how one writes one, for whoever does not know how to begin."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.pages.translations import translations


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


@dataclass(frozen=True, slots=True)
class Example:
    """Something of ours that shows how one writes a need."""

    name: str
    title: str
    fields: Mapping[str, str]


_EXAMPLES = {
    "scuola": (
        _("Scuola fredda"),
        _(
            "La scuola elementare consuma troppo: mancano cappotto e serramenti nuovi, e il tetto della palestra "
            "potrebbe portare il fotovoltaico."
        ),
    ),
    "edificio": (
        _("Edificio vuoto"),
        _(
            "Una ex scuola comunale chiusa da anni, in centro, che potrebbe ospitare anziani e associazioni "
            "del quartiere."
        ),
    ),
    "strada": (
        _("Andare a scuola in bicicletta"),
        _(
            "Manca un percorso protetto tra la stazione e le scuole medie: i ragazzi vanno in auto o su una strada "
            "trafficata."
        ),
    ),
}  # fmt: skip


def examples(language: str) -> list[Example]:
    """Return needs that fill the form of whoever does not know how to begin."""
    words = translations(language)
    return [
        Example(name, words.gettext(title), {"title": words.gettext(title), "text": words.gettext(text)})
        for name, (title, text) in _EXAMPLES.items()
    ]
