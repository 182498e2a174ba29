"""``remix decisions``: what communes decided about calls, for training and for reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.language import either

OUT = typer.Option(
    "--out", help=either("File da scrivere, una decisione per riga (JSON).", "File to write, one JSON a line.")
)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "decisions",
        help=either(
            "Esporta le decisioni dei comuni sui bandi, senza note né nomi, per l'addestramento.",
            "Exports what communes decided about calls, without notes and names, for training.",
        ),
    )(decisions)


def decisions(out: Annotated[Path, OUT]) -> None:
    """Write the decisions in force, and say how many speak about what calls are for."""
    import json

    from service.access.principal import COMMAND_LINE
    from service.audit.trail import record
    from service.database import open_database, writing
    from service.ids import new_id
    from service.settings import load_settings
    from service.work.feedback import exported, feedback_progress

    settings = load_settings()
    engine = open_database(settings)
    try:
        with writing(engine) as session:
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in exported(session)]
            said = feedback_progress(session)
            record(session, COMMAND_LINE, f"cli-{new_id()}", "decisions.exported", "decisions", "", count=len(lines))
            out.write_text("".join(lines), encoding="utf-8")
    finally:
        engine.dispose()
    english = f"{len(lines)} decisions; {said.decisions} speak about what a call is for, of {said.communes} communes"
    italian = f"{len(lines)} decisioni; {said.decisions} parlano dello scopo di un bando, di {said.communes} comuni"
    typer.echo(f"{out}: {italian if settings.language == 'it' else english}")
