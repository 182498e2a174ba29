"""``remix label``: the page on this machine where a person judges pairs of query and call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHEETS = typer.Argument(help="Fogli di lettura in JSONL, fatti da python -m evaluation.pooling.")
LABELS = typer.Option("--labels", help="Cartella con queries.jsonl e judgments.tsv.")
JUDGE = typer.Option("--judge", help="Ruolo di chi giudica (reviewer, municipal-clerk, …), mai un nome.")
PORT = typer.Option("--port", help="Porta su 127.0.0.1; 0 per una libera.", min=0, max=65535)
DISAGREEMENTS = typer.Option("--disagreements", help="Seconda lettura: mostra solo le coppie su cui è discorde.")
AGAIN = typer.Option("--again", help="Anche le coppie già giudicate da altri, senza mostrarne i giudizi.")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("label", help="Apre la pagina in cui giudicare coppie di domanda e bando.")(label)


def label(
    sheets: Annotated[Path, SHEETS],
    judge: Annotated[str, JUDGE],
    labels: Annotated[Path, LABELS] = Path("corpora/judgments/needs"),
    port: Annotated[int, PORT] = 8765,
    disagreements: Annotated[Path | None, DISAGREEMENTS] = None,
    again: Annotated[bool, AGAIN] = False,
) -> None:
    """Serve the page until it is interrupted; every judgment is on the disk as soon as it is given."""
    from corpora.errors import CorporaError
    from evaluation.errors import EvaluationError

    try:
        from evaluation.labelling.serving import Asked, serve
    except ModuleNotFoundError as error:
        typer.echo(f"remix: {error.name} is not installed: pip install 'remix[evaluation]'", err=True)
        raise typer.Exit(2) from error
    try:
        serve(Asked(sheets, labels, judge, port, disagreements, again), typer.echo)
    except (CorporaError, EvaluationError, OSError) as error:
        typer.echo(f"remix: {error}", err=True)
        raise typer.Exit(2) from error
