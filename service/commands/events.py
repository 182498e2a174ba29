"""``remix events``: the events for municipal technicians, listed and added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.accounts import AS_JSON, opened
from service.language import either

if TYPE_CHECKING:
    from datetime import datetime

    from service.events.fields import NewEvent

WHICH = typer.Option("--which", help=either("coming, past o cancelled.", "coming, past or cancelled."))
LIMIT = typer.Option("--limit", min=1, max=100, help=either("Quanti mostrarne.", "How many to show."))
TITLE = typer.Argument(help=either("Il titolo.", "The title."), show_default=False)
TEXT = typer.Option("--text", help=either("Di che cosa si parla.", "What it is about."), show_default=False)
STARTS = typer.Option(
    "--starts",
    help=either("Quando comincia, come 2026-12-03T10:00.", "When it begins, as 2026-12-03T10:00."),
    show_default=False,
)
ENDS = typer.Option("--ends", help=either("Quando finisce.", "When it ends."))
PLACE = typer.Option("--place", help=either("Dove.", "Where."))
ONLINE = typer.Option("--online", help=either("Indirizzo online.", "Address online."))
ORGANISER = typer.Option("--organiser", help=either("Chi lo organizza.", "Who organises it."))
SEATS = typer.Option("--seats", help=either("Posti.", "Places."))
UNTIL = typer.Option("--registration-until", help=either("Fine delle iscrizioni.", "End of registration."))
DRIVER = typer.Option("--driver", help=either("Linea del piano, da 1 a 10.", "Line of the plan, 1 to 10."))
THEME = typer.Option("--theme", help=either("Tema.", "Theme."))
COMMUNE = typer.Option("--commune", "-c", help=either("Comune: nome o codice ISTAT.", "Commune: name or ISTAT code."))
ZONE = typer.Option("--zone", help=either("Zona, come nord-ovest.", "Zone, as nord-ovest."))
_HEADINGS = {
    "it": ("Quando", "Dove", "Evento", "Iscritti", "In attesa", "Codice"),
    "en": ("When", "Where", "Event", "Registered", "Waiting", "Id"),
}
_COUNTED = {"it": "{} eventi, mostrati {}", "en": "{} events, {} shown"}
_ADDED = {"it": "Evento aggiunto: {}", "en": "Event added: {}"}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    events = typer.Typer(
        no_args_is_help=True, help=either("Gli eventi per i tecnici comunali.", "Events for municipal technicians.")
    )
    events.command("list", help=either("Elenca gli eventi con gli iscritti.", "List events with who registered."))(
        list_
    )
    events.command("add", help=either("Aggiunge un evento: lo vedono tutti.", "Add an event: everybody sees it."))(add)
    app.add_typer(events, name="events")


def list_(
    which: Annotated[str, WHICH] = "coming",
    limit: Annotated[int, LIMIT] = 20,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """List events: those to come begin with the next one."""
    from service.access.principal import COMMAND_LINE
    from service.api.shapes_events import EventShape
    from service.database import reading
    from service.errors import UsageError
    from service.events.keeping import Which, list_events
    from service.pages.event_words import when_said, where_said
    from service.progress import console, print_json
    from service.reports import cell, plain_table
    from service.work.acting import Acting

    if which not in set(Which):
        raise UsageError(f"--which {which}: one of {', '.join(Which)}")
    with opened(filled=True) as (settings, engine), reading(engine) as session:
        found, _, total = list_events(Acting(session, COMMAND_LINE), Which(which), limit=limit)
    if as_json:
        print_json({"total": total, "items": [EventShape.of(one).model_dump(mode="json") for one in found]})
        return
    language = settings.language
    table = plain_table(_HEADINGS[language])
    for one in found:
        when = when_said(one.starts_at, one.ends_at, language)
        where = where_said(one.place, one.is_online, language)
        counts = one.counts
        numbers = (str(counts.places), str(counts.waiting)) if counts else ("", "")
        table.add_row(*map(cell, (when, where, one.title, *numbers, one.id)))
    table.caption = _COUNTED[language].format(total, len(found))
    console().print(table)


def add(
    title: Annotated[str, TITLE],
    text: Annotated[str, TEXT],
    starts: Annotated[str, STARTS],
    ends: Annotated[str, ENDS] = "",
    place: Annotated[str, PLACE] = "",
    online: Annotated[str, ONLINE] = "",
    organiser: Annotated[str, ORGANISER] = "",
    seats: Annotated[int | None, SEATS] = None,
    registration_until: Annotated[str, UNTIL] = "",
    driver: Annotated[list[str] | None, DRIVER] = None,
    theme: Annotated[list[str] | None, THEME] = None,
    commune: Annotated[list[str] | None, COMMUNE] = None,
    zone: Annotated[list[str] | None, ZONE] = None,
) -> None:
    """Add an event; an hour without a zone is Rome's."""
    from service import recommending
    from service.access.principal import COMMAND_LINE
    from service.database import writing
    from service.events.keeping import create_event
    from service.progress import console
    from service.work.acting import Acting

    sent: dict[str, Any] = {
        "title": title,
        "text": text,
        "starts_at": _moment("--starts", starts),
        "ends_at": _moment("--ends", ends) if ends else None,
        "place": place or None,
        "online_url": online or None,
        "organiser": organiser or None,
        "seats": seats,
        "registration_until": _moment("--registration-until", registration_until) if registration_until else None,
        "drivers": [f"driver:{code}" for code in driver or ()],
        "themes": list(theme or ()),
        "zones": [f"zone:{code}" for code in zone or ()],
    }
    with opened(filled=True) as (settings, engine):
        finder = recommending.communes(engine)
        fields = _fields(sent | {"communes": [finder.find(name).istat for name in commune or ()]})
        with writing(engine) as session:
            event = create_event(Acting(session, COMMAND_LINE), fields)
    console().print(_ADDED[settings.language].format(event.id), markup=False, highlight=False, soft_wrap=True)


def _fields(sent: dict[str, Any]) -> NewEvent:
    from pydantic import ValidationError

    from service.errors import UsageError
    from service.events.fields import NewEvent

    try:
        return NewEvent.model_validate(sent)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{first['loc'][0]} {first['input']!r}: {first['msg']}") from error


def _moment(option: str, words: str) -> datetime:
    """Return a moment as it was typed; raises UsageError for what is none."""
    from datetime import datetime

    from service.errors import UsageError
    from service.moments import ROME

    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise UsageError(f"{option} {words!r}: not a moment; write it as 2026-12-03T10:00") from error
    return at if at.tzinfo else at.replace(tzinfo=ROME)
