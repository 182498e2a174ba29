"""The forms of needs, projects and assets: which fields, how they are asked for, what comes back from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from matcher.strategy import CODES, DRIVER
from service.pages.commune.form_errors import Errors, errors_of, message
from service.pages.commune.patches import LINES, LISTS, NUMBERS, patch_of
from service.pages.commune.words import CHOICES, driver_name, label, named
from service.pages.translations import translations
from service.work.fields import AssetChanges, Fields, NeedChanges, NewAsset, NewNeed, NewProject, ProjectChanges

FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "needs": ("title", "text", "urgency", "themes", "drivers"),
    "projects": (
        "title",
        "text",
        "state",
        "amount",
        "cup",
        "communes",
        "lead",
        "partners",
        "programme",
        "paired_with",
        "drivers",
    ),
    "assets": (
        "title",
        "text",
        "kind",
        "surface_m2",
        "state",
        "owner",
        "address",
        "heritage",
        "contamination",
        "constraints",
        "path",
        "drivers",
    ),
}
_NEW: Mapping[str, type[Fields]] = {"needs": NewNeed, "projects": NewProject, "assets": NewAsset}
_CHANGES: Mapping[str, type[Fields]] = {"needs": NeedChanges, "projects": ProjectChanges, "assets": AssetChanges}
DRIVERS = "drivers"
SUGGESTED = frozenset({"programme"})
"""Fields in which one of the choices may be written, or anything else."""
Choices = Mapping[str, tuple[tuple[str, str], ...]]
"""Field → what may be chosen, as it is sent and as it is called; of those that depend on what is stored."""


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_HINTS = {
    "title": _("Poche parole con cui riconoscerlo."),
    "text": _(
        "Che cosa c’è, che cosa manca, dove, per chi. Più è concreto, più i bandi sono giusti. Niente nomi di persone."
    ),
    "amount": _("Quanto costa in tutto, in euro: per esempio 250.000."),
    "surface_m2": _("Anche a occhio: per esempio 1.200."),
    "cup": _("Se c’è già: quindici caratteri."),
    "themes": _("Poche parole, con una virgola tra l’una e l’altra: per esempio scuola, energia."),
    "heritage": _("Se non si sa, lascia «non detto»: è una risposta anche quella."),
    "contamination": _("Suolo, amianto, serbatoi. Se non si sa, lascia «non detto»."),
    "constraints": _("Con una virgola tra l’uno e l’altro: per esempio vincolo storico, amianto."),
    "partners": _("Uno per riga: enti, associazioni, imprese. Niente nomi di persone."),
    "programme": _("Se è già dentro un programma: nome o codice della misura."),
    "communes": _("Uno per riga: i comuni in cui il progetto si fa."),
    "lead": _("L’ente che lo guida: per esempio Comune di Rho."),
    "paired_with": _("Lavori e servizi che li accompagnano vanno insieme: quale altro vostro progetto va con questo."),
    "drivers": _("A quali linee del piano strategico metropolitano serve: anche nessuna, anche più d’una."),
}


class ItemForm(BaseModel):
    """What a form sends: words as they were typed; those of fields that a kind does not have are left aside."""

    versione: int = Field(0, ge=0, le=2**31 - 1)
    title: str = Field("", max_length=4_000)
    text: str = Field("", max_length=100_000)
    urgency: str = Field("", max_length=100)
    state: str = Field("", max_length=4_000)
    amount: str = Field("", max_length=400)
    cup: str = Field("", max_length=400)
    kind: str = Field("", max_length=4_000, validation_alias="tipo")
    surface_m2: str = Field("", max_length=400)
    owner: str = Field("", max_length=4_000)
    path: str = Field("", max_length=100)
    themes: str = Field("", max_length=20_000)
    constraints: str = Field("", max_length=20_000)
    address: str = Field("", max_length=4_000)
    heritage: str = Field("", max_length=100)
    contamination: str = Field("", max_length=100)
    communes: str = Field("", max_length=40_000)
    lead: str = Field("", max_length=4_000)
    paired_with: str = Field("", max_length=400)
    partners: str = Field("", max_length=40_000)
    programme: str = Field("", max_length=4_000)
    drivers: list[str] = Field(default_factory=list, max_length=20)


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form; ``shape`` is how it is asked for: line, text, lines, number, choice or boxes."""

    name: str
    sent_as: str
    label: str
    hint: str
    shape: str
    value: Any
    choices: tuple[tuple[str, str], ...]
    is_required: bool
    error: str


def form(
    kind: str, values: Mapping[str, Any], wrong: Errors, language: str, choices: Choices | None = None
) -> list[Asked]:
    """Return the fields of a kind with their values, each with what is wrong with it."""
    known = choices or {}
    return [
        Asked(
            name=name,
            sent_as="tipo" if name == "kind" else name,
            label=label(name, language),
            hint=translations(language).gettext(_HINTS[name]) if name in _HINTS else "",
            shape=_shape(kind, name),
            value=_plain(name, values.get(name)),
            choices=known.get(name) or _choices(kind, name, language),
            is_required=name in ("title", "text"),
            error=message(wrong[name], language) if name in wrong else "",
        )
        for name in FIELDS_OF[kind]
    ]


def made(kind: str, sent: ItemForm, istat: str) -> tuple[Fields | None, Errors]:
    """Return the fields of a new item, or those that cannot be accepted and why."""
    return _checked(_NEW[kind], _patch(kind, sent, {}) | {"commune_istat": istat})


def changed(kind: str, sent: ItemForm, data: Mapping[str, Any]) -> tuple[Fields | None, Errors]:
    """Return the fields that a form changes, or those that cannot be accepted and why."""
    patch = _patch(kind, sent, data)
    emptied: Errors = {name: "missing" for name in ("title", "text") if name in patch and patch[name] is None}
    if emptied:
        return None, emptied
    return _checked(_CHANGES[kind], patch)


def _patch(kind: str, sent: ItemForm, data: Mapping[str, Any]) -> dict[str, Any]:
    return patch_of({name: getattr(sent, name) for name in FIELDS_OF[kind]}, data)


def _checked(shape: type[Fields], patch: Mapping[str, Any]) -> tuple[Fields | None, Errors]:
    try:
        return shape.model_validate(patch), {}
    except ValidationError as error:
        return None, errors_of(error)


def _shape(kind: str, name: str) -> str:
    if name in SUGGESTED:
        return "suggested"
    if name == "paired_with":
        return "choice"
    if name == DRIVERS:
        return "boxes"
    if name == "text":
        return "text"
    if name in LINES:
        return "lines"
    if name in NUMBERS:
        return "number"
    return "choice" if _choices(kind, name, "it") else "line"


def _choices(kind: str, name: str, language: str) -> tuple[tuple[str, str], ...]:
    if name == DRIVERS:
        return tuple((f"{DRIVER}:{code}", driver_name(code)) for code in CODES[DRIVER])
    # The state of an asset is in its commune's own words.
    if name not in CHOICES or (kind, name) == ("assets", "state"):
        return ()
    return tuple((code, named(code, CHOICES[name], language)) for code in CHOICES[name])


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        value = value.get("amount", "")
    if name == DRIVERS:
        return tuple(value or ())
    if isinstance(value, list | tuple):
        return ("\n" if name in LINES else ", " if name in LISTS else " ").join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else str(value).removesuffix(".00") if name in NUMBERS else value
