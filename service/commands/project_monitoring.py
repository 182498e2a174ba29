"""``remix projects export`` and ``remix projects observe``: the register as a file, and what becomes of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from service.commands.accounts import opened
from service.commands.projects import (
    COMMUNE,
    LATE,
    PROGRAMME,
    PROJECT,
    SOURCE,
    STATE,
    WORDS,
    YEAR,
    ZONE,
    asked_filters,
)
from service.language import either

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from service.access.principal import Principal
    from service.register.exports import Format, What
    from service.register.observation_rows import Fact

OUT = typer.Argument(help=either("File .csv, .xlsx o .json.", "A file: .csv, .xlsx or .json."), show_default=False)
WHAT = typer.Option(
    "--what", help=either("projects, observations o programmes.", "projects, observations or programmes.")
)
SILENT = typer.Option(
    "--silent", min=1, help=either("Senza notizie da più di tanti giorni.", "Unheard of for more than so many days.")
)
FACT = typer.Argument(
    help=either("state, milestone, amount o indicator.", "state, milestone, amount or indicator."), show_default=False
)
BY = typer.Option("--by", help=either("E-mail dell'accesso che lo dice.", "E-mail of the account that says so."))
ON = typer.Option("--on", help=either("Giorno per cui vale; senza, oggi.", "The day that it holds for; today without."))
SAID_STATE = typer.Option("--state", help=either("Il nuovo stato.", "The new state."))
NAME = typer.Option(
    "--name",
    help=either(
        "Nome della tappa o dell'indicatore; di un importo: funding, committed, spent.",
        "Name of the milestone or indicator; of an amount: funding, committed, spent.",
    ),
)
PLANNED = typer.Option("--planned", help=either("Data prevista della tappa.", "Planned day of the milestone."))
ACTUAL = typer.Option("--actual", help=either("Data in cui è stata raggiunta.", "The day on which it was reached."))
VALUE = typer.Option("--value", help=either("Importo in euro o valore.", "Amount in euros, or value."))
UNIT = typer.Option("--unit", help=either("Unità dell'indicatore.", "Unit of the indicator."))
REFERENCE = typer.Option("--reference", help=either("Dove si legge.", "Where it can be read."))
NOTE = typer.Option("--note", help=either("Una nota.", "A note."))


def register(projects: typer.Typer) -> None:
    """Add the commands to those about projects."""
    projects.command("export", help=either("Scrive il registro in un file.", "Write the register to a file."))(export)
    projects.command(
        "observe", help=either("Scrive che cosa è successo a un progetto.", "Say what became of a project.")
    )(observe_)


def export(
    out: Annotated[Path, OUT],
    what: Annotated[str, WHAT] = "projects",
    words: Annotated[str, WORDS] = "",
    programme: Annotated[str, PROGRAMME] = "",
    state: Annotated[str, STATE] = "",
    commune: Annotated[str, COMMUNE] = "",
    zone: Annotated[str, ZONE] = "",
    source: Annotated[str, SOURCE] = "",
    year: Annotated[int | None, YEAR] = None,
    late: Annotated[bool, LATE] = False,
    silent: Annotated[int | None, SILENT] = None,
) -> None:
    """Write the projects that pass the filters, what was said of them, or the programmes' totals to a file."""
    from service import recommending
    from service.database import reading
    from service.errors import UsageError
    from service.moments import now
    from service.register.entries import shown
    from service.register.exports import TYPES, pieces, programmes_table, table_of, written
    from service.register.programmes import list_programmes

    form = out.suffix.removeprefix(".").lower()
    if form not in TYPES:
        raise UsageError(f"{out}: write to a file .csv, .xlsx or .json")
    if what not in ("projects", "observations", "programmes"):
        raise UsageError(f"--what {what}: one of projects, observations, programmes")
    with opened(filled=True) as (settings, engine):
        istat = recommending.communes(engine).find(commune).istat if commune else ""
        filters = asked_filters(
            cerca=words, programma=programme, stato=state, comune=istat, zona=zone, fonte=source, anno=year,
            in_ritardo="1" if late else "", in_silenzio=silent,
        )  # fmt: skip
        with reading(engine) as session:
            if what == "programmes":
                table = programmes_table(list_programmes(session, shown(), settings.language))
            else:
                table = table_of(cast("What", what), session, shown(), filters, now().date(), settings.silence_days)
            with out.open("wb") as stream:
                stream.writelines(pieces(written(table, cast("Format", form))))
    typer.echo(str(out))


def observe_(
    project: Annotated[str, PROJECT],
    fact: Annotated[str, FACT],
    by: Annotated[str, BY],
    on: Annotated[str, ON] = "",
    state: Annotated[str, SAID_STATE] = "",
    name: Annotated[str, NAME] = "",
    planned: Annotated[str, PLANNED] = "",
    actual: Annotated[str, ACTUAL] = "",
    value: Annotated[str, VALUE] = "",
    unit: Annotated[str, UNIT] = "",
    reference: Annotated[str, REFERENCE] = "",
    note: Annotated[str, NOTE] = "",
) -> None:
    """Keep what an account says of a project."""
    from service.database import writing
    from service.ids import new_id
    from service.moments import now
    from service.register.observations import Said, observe
    from service.work.acting import Acting

    said = Said(
        fact=_fact(fact),
        said_on=_day("--on", on) or now().date(),
        state=_state(state),
        name=name,
        planned_on=_day("--planned", planned),
        actual_on=_day("--actual", actual),
        value=_number(value),
        unit=unit,
        reference=reference,
        note=note,
    )
    with opened() as (_settings, engine), writing(engine) as session:
        made = observe(Acting(session, _principal(session, by), f"cli-{new_id()}"), project, said)
    typer.echo(made.id)


def _principal(session: Session, email: str) -> Principal:
    from service.access.principal import Principal
    from service.accounts.directory import find_account
    from service.accounts.tables import AccountState
    from service.errors import UsageError

    account = find_account(session, email)
    if account is None or account.state is not AccountState.ACTIVE:
        raise UsageError(f"--by {email}: no active account has this e-mail")
    return Principal(account.role, account.id, account.commune_istat)


def _fact(text: str) -> Fact:
    from service.errors import UsageError
    from service.register.observation_rows import Fact

    if text not in set(Fact):
        raise UsageError(f"{text}: one of {', '.join(Fact)}")
    return Fact(text)


def _state(text: str) -> str:
    from service.errors import UsageError
    from service.register.filters import STATES

    if text and text not in STATES:
        raise UsageError(f"--state {text}: one of {', '.join(STATES)}")
    return text


def _day(option: str, text: str) -> date | None:
    from datetime import date

    from service.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {text}: not a day; write it as 2026-09-30") from error


def _number(text: str) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    from service.errors import UsageError

    try:
        return Decimal(text) if text else None
    except InvalidOperation as error:
        raise UsageError(f"--value {text}: not a number; write it as 250000.50") from error
