"""The form of an event: what is asked for, what comes back, and what is wrong with it, beside each field."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from service.communes import CommuneFinder
from service.errors import UnknownCommuneError
from service.events.fields import EventChanges, NewEvent
from service.events.seen import Event
from service.moments import ROME
from service.pages.commune.form_errors import errors_of
from service.pages.translations import translations

Errors = Mapping[str, str]
"""Field of the form → code of what is wrong with it."""


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


MESSAGES = {
    "missing": _("Manca: scrivetelo in poche parole."),
    "long": _("È troppo lungo: tenete ciò che conta."),
    "many": _("Sono troppi: tenete quelli che contano."),
    "day": _("Il giorno non si può leggere."),
    "hour": _("L’ora non si può leggere: scrivetela come 10:30."),
    "order": _("La fine viene prima dell’inizio."),
    "late": _("Le iscrizioni si chiudono al più tardi quando l’evento comincia."),
    "where": _("Dite dov’è: un luogo, un indirizzo online, o tutti e due."),
    "address": _("Un indirizzo comincia con https://"),
    "commune": _("Non troviamo un comune con questo nome: scrivetelo per intero, o con il codice ISTAT."),
    "number": _("Scrivete solo un numero, per esempio 40."),
    "plain": _("Contiene segni che non si possono usare: scrivete solo testo, senza codice HTML."),
    "other": _("Contiene qualcosa che non si può usare."),
}
_FIELD_OF = {
    "title": "titolo",
    "text": "testo",
    "starts_at": "giorno",
    "ends_at": "fine",
    "place": "luogo",
    "online_url": "online",
    "organiser": "organizzatore",
    "drivers": "linee",
    "themes": "temi",
    "communes": "comuni",
    "zones": "zone",
    "seats": "posti",
    "registration_until": "chiusura",
}
_UNREADABLE = {"online_url": "address", "seats": "number", "starts_at": "day"}
"""What is wrong where a field holds what none of its kind is."""
_CONTRADICTING = {"ends_at": "order", "registration_until": "late", "place": "where", "communes": "commune"}
"""What is wrong where a field contradicts another, or names what is not there."""


class EventForm(BaseModel):
    """What the form sends: words as they were typed."""

    versione: int = Field(0, ge=0, le=2**31 - 1)
    titolo: str = Field("", max_length=4_000)
    testo: str = Field("", max_length=100_000)
    giorno: str = Field("", max_length=20)
    ora: str = Field("", max_length=20)
    fine_giorno: str = Field("", max_length=20)
    fine: str = Field("", max_length=20)
    luogo: str = Field("", max_length=4_000)
    online: str = Field("", max_length=4_000)
    organizzatore: str = Field("", max_length=4_000)
    linee: list[str] = Field(default_factory=list, max_length=20)
    temi: str = Field("", max_length=20_000)
    comuni: str = Field("", max_length=20_000)
    zone: list[str] = Field(default_factory=list, max_length=20)
    posti: str = Field("", max_length=20)
    chiusura: str = Field("", max_length=20)


def sent_of(event: Event, names: Mapping[str, str]) -> EventForm:
    """Return the form filled in with an event; ``names`` of communes by their codes."""
    starts, ends = event.starts_at.astimezone(ROME), event.ends_at and event.ends_at.astimezone(ROME)
    closes = event.registration_until and event.registration_until.astimezone(ROME)
    return EventForm(
        versione=event.version,
        titolo=event.title,
        testo=event.text,
        giorno=starts.date().isoformat(),
        ora=f"{starts:%H:%M}",
        fine_giorno=ends.date().isoformat() if ends and ends.date() != starts.date() else "",
        fine=f"{ends:%H:%M}" if ends else "",
        luogo=event.place,
        online=event.online_url,
        organizzatore=event.organiser,
        linee=list(event.drivers),
        temi=", ".join(event.themes),
        comuni=", ".join(names.get(istat, istat) for istat in event.communes),
        zone=list(event.zones),
        posti=str(event.seats or ""),
        chiusura=closes.date().isoformat() if closes else "",
    )


def written(sent: EventForm, finder: CommuneFinder, *, is_new: bool) -> tuple[EventChanges | None, Errors]:
    """Return the fields that a form sends, all of them, or what is wrong with which."""
    wrong: dict[str, str] = {}
    values = {
        "title": sent.titolo.strip() or None,
        "text": sent.testo.strip().replace("\r\n", "\n") or None,
        "place": sent.luogo.strip() or None,
        "online_url": sent.online.strip() or None,
        "organiser": sent.organizzatore.strip() or None,
        "drivers": sent.linee,
        "themes": _parts(sent.temi),
        "zones": sent.zone,
        "communes": _communes(sent.comuni, finder, wrong),
        "seats": sent.posti.strip() or None,
        **_moments(sent, wrong),
    }
    for name in ("title", "text"):
        if values[name] is None:
            wrong.setdefault(_FIELD_OF[name], "missing")
    if wrong:
        return None, wrong
    try:
        return (NewEvent if is_new else EventChanges).model_validate(values), {}
    except ValidationError as error:
        return None, {_FIELD_OF[name]: _known(_UNREADABLE.get(name, code)) for name, code in errors_of(error).items()}


def wrong_of(field: str) -> Errors:
    """Return what is wrong in the form where the event itself refuses a field."""
    return {_FIELD_OF.get(field, "titolo"): _CONTRADICTING.get(field, "other")}


def told(wrong: Errors, language: str) -> dict[str, str]:
    """Return what is wrong with each field in words."""
    return {name: translations(language).gettext(MESSAGES[code]) for name, code in wrong.items()}


def _known(code: str) -> str:
    return code if code in MESSAGES else "other"


def _moments(sent: EventForm, wrong: dict[str, str]) -> dict[str, Any]:
    """When it begins, ends, and closes for registration; what cannot be read is told."""
    day = _day(sent.giorno, "giorno", wrong)
    hour = _hour(sent.ora, "ora", wrong)
    if not sent.giorno.strip():
        wrong["giorno"] = "missing"
    if not sent.ora.strip():
        wrong["ora"] = "missing"
    last, end = _day(sent.fine_giorno, "fine_giorno", wrong) or day, _hour(sent.fine, "fine", wrong)
    closes = _day(sent.chiusura, "chiusura", wrong)
    starts = _at(day, hour)
    until = _at(closes, time(23, 59)) if closes else None
    if until is not None and starts is not None and closes == day:
        until = starts
    return {"starts_at": starts, "ends_at": _at(last, end), "registration_until": until}


def _at(day: date | None, hour: time | None) -> datetime | None:
    return datetime.combine(day, hour, ROME) if day is not None and hour is not None else None


def _day(words: str, field: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(words.strip()) if words.strip() else None
    except ValueError:
        wrong[field] = "day"
        return None


def _hour(words: str, field: str, wrong: dict[str, str]) -> time | None:
    try:
        return time.fromisoformat(words.strip().replace(".", ":")) if words.strip() else None
    except ValueError:
        wrong[field] = "hour"
        return None


def _communes(words: str, finder: CommuneFinder, wrong: dict[str, str]) -> list[str]:
    try:
        return list(dict.fromkeys(finder.find(name).istat for name in _parts(words)))
    except UnknownCommuneError:
        wrong["comuni"] = "commune"
        return []


def _parts(words: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", words) if part.strip()))
