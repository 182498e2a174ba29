"""``remix why``: what was shown, to whom, for which reasons, and whether it comes out the same today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from service.language import either

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from service.audit.answers import Kept
    from service.audit.told import Told
    from service.settings import Settings

MOST = 5
"""Answers told at once, the newest first."""

ANSWER = typer.Argument(
    help=either("Il codice della risposta, come l'API la dà.", "The answer's id, as the API gives it."),
    show_default=False,
)
CALL = typer.Option("--call", help=either("Il bando che fu mostrato.", "The call that was shown."))
COMMUNE = typer.Option("--commune", "-c", help=either("Comune: nome o codice ISTAT.", "Commune: name or ISTAT code."))
ON = typer.Option("--on", help=either("Il giorno (AAAA-MM-GG).", "The day (YYYY-MM-DD)."))
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "why",
        help=either(
            "Perché fu mostrato un bando: la risposta di allora, con i motivi, rifatta e confrontata.",
            "Why a call was shown: the answer of that day with its reasons, made again and compared.",
        ),
    )(why)


def why(
    answer: Annotated[str, ANSWER] = "",
    call: Annotated[str, CALL] = "",
    commune: Annotated[str, COMMUNE] = "",
    on: Annotated[str, ON] = "",
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Tell one answer by its id, or those in which a call was shown."""
    from service.audit.told import as_lines, told_data
    from service.database import open_database
    from service.errors import UsageError
    from service.progress import console, print_json
    from service.settings import load_settings

    if not (answer or call or commune):
        raise UsageError("give the id of an answer, or --call and --commune, with --on for the day")
    settings = load_settings()
    engine = open_database(settings)
    try:
        kept = _kept(engine, answer, call, commune, _day(on))
        told = [_told(settings, engine, one, call) for one in kept[:MOST]]
    finally:
        engine.dispose()
    if as_json:
        print_json({"answers": [told_data(one) for one in told], "more": max(0, len(kept) - MOST)})
        return
    for one in told:
        for line in as_lines(one, settings.language):
            console().print(line, markup=False, highlight=False)


def _day(on: str) -> date | None:
    from service.errors import UsageError

    try:
        return date.fromisoformat(on) if on else None
    except ValueError as error:
        raise UsageError(f"--on {on!r}: not a day; write it as 2026-03-03") from error


def _kept(engine: Engine, answer: str, call: str, commune: str, on: date | None) -> list[Kept]:
    """Find the answers; whoever runs the command has the database and may read all of it."""
    from service.access.principal import Principal
    from service.accounts.tables import Role
    from service.audit.answers import kept_answer, kept_of
    from service.audit.reading import AnswerFilters, find_answers
    from service.database import reading
    from service.errors import UnknownRecordError
    from service.recommending import communes

    operator = Principal(role=Role.ADMINISTRATOR)
    istat = communes(engine).find(commune).istat if commune else ""
    with reading(engine) as session:
        if answer:
            return [kept_answer(session, operator, answer)]
        filters = AnswerFilters(call_id=call, commune_istat=istat, on=on)
        rows, _ = find_answers(session, operator, filters, limit=100)
        found = [kept_of(row) for row in rows]
    if not found:
        raise UnknownRecordError("no answer fits: nothing of this was shown, or it was another day, commune or call")
    return found


def _told(settings: Settings, engine: Engine, kept: Kept, call: str) -> Told:
    from service.audit.repeating import repeat
    from service.audit.told import Told
    from service.database import reading
    from service.progress import progress_bar
    from service.recommending import encoder_of

    with progress_bar(settings.language) as progress, reading(engine) as session:
        repetition = repeat(session, settings, encoder_of(settings, progress), kept)
    return Told(kept, repetition, call)
