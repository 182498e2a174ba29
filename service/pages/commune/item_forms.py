"""The forms of needs, projects and assets: which fields, how they are asked for, what comes back from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from service.pages.commune.patches import patch_of
from service.pages.commune.words import CHOICES, label, named
from service.pages.translations import translations
from service.work.fields import AssetChanges, Fields, NeedChanges, NewAsset, NewNeed, NewProject, ProjectChanges

FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "needs": ("title", "text", "urgency"),
    "projects": ("title", "text", "state", "amount", "cup"),
    "assets": ("title", "text", "kind", "surface_m2", "state", "owner", "path"),
}
_NEW: Mapping[str, type[Fields]] = {"needs": NewNeed, "projects": NewProject, "assets": NewAsset}
_CHANGES: Mapping[str, type[Fields]] = {"needs": NeedChanges, "projects": ProjectChanges, "assets": AssetChanges}
_NUMBERS = frozenset({"amount", "surface_m2"})


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_HINTS = {
    "title": _("Poche parole con cui riconoscerlo."),
    "text": _(
        "Che cosa c’è, che cosa manca, dove, per chi. Più è concreto, più i bandi sono giusti. Niente nomi di persone."
    ),
    "amount": _("Quanto costa in tutto, in euro."),
    "cup": _("Se c’è già: quindici caratteri."),
}


class ItemForm(BaseModel):
    """What a form sends: words as they were typed; those of fields that a kind does not have are left aside."""

    versione: int = Field(0, ge=0, le=2**31 - 1)
    title: str = Field("", max_length=400)
    text: str = Field("", max_length=25_000)
    urgency: str = Field("", max_length=100)
    state: str = Field("", max_length=400)
    amount: str = Field("", max_length=40)
    cup: str = Field("", max_length=40)
    kind: str = Field("", max_length=400, validation_alias="tipo")
    surface_m2: str = Field("", max_length=40)
    owner: str = Field("", max_length=400)
    path: str = Field("", max_length=100)


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form."""

    name: str
    sent_as: str
    label: str
    hint: str
    value: Any
    choices: tuple[tuple[str, str], ...]
    is_number: bool
    is_required: bool
    is_wrong: bool


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


def form(kind: str, values: Mapping[str, Any], wrong: Sequence[str], language: str) -> list[Asked]:
    """Return the fields of a kind with their values."""
    return [
        Asked(
            name=name,
            sent_as="tipo" if name == "kind" else name,
            label=label(name, language),
            hint=translations(language).gettext(_HINTS[name]) if name in _HINTS else "",
            value=_plain(values.get(name)),
            choices=_choices(kind, name, language),
            is_number=name in _NUMBERS,
            is_required=name in ("title", "text"),
            is_wrong=name in wrong,
        )
        for name in FIELDS_OF[kind]
    ]


def made(kind: str, sent: ItemForm, istat: str) -> tuple[Fields | None, list[str]]:
    """Return the fields of a new item, or the names of those that cannot be accepted."""
    return _checked(_NEW[kind], _patch(kind, sent, {}) | {"commune_istat": istat})


def changed(kind: str, sent: ItemForm, data: Mapping[str, Any]) -> tuple[Fields | None, list[str]]:
    """Return the fields that a form changes, or the names of those that cannot be accepted."""
    patch = _patch(kind, sent, data)
    emptied = [name for name in ("title", "text") if name in patch and patch[name] is None]
    if emptied:
        return None, [*emptied]
    return _checked(_CHANGES[kind], patch)


def _patch(kind: str, sent: ItemForm, data: Mapping[str, Any]) -> dict[str, Any]:
    return patch_of({name: getattr(sent, name) for name in FIELDS_OF[kind]}, data)


def _checked(shape: type[Fields], patch: Mapping[str, Any]) -> tuple[Fields | None, list[str]]:
    try:
        return shape.model_validate(patch), []
    except ValidationError as error:
        return None, [str(one["loc"][0]) for one in error.errors()]


def _choices(kind: str, name: str, language: str) -> tuple[tuple[str, str], ...]:
    # The state of an asset is in its commune's own words.
    if name not in CHOICES or (kind, name) == ("assets", "state"):
        return ()
    return tuple((code, named(code, CHOICES[name], language)) for code in CHOICES[name])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get("amount", "")
    return "" if value is None else value
