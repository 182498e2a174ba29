"""``remix train``: from the open data to what ships with Remix."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line; what it needs is loaded when it is called."""
    app.command("train", help="Train the ranking on open data: a dated folder with tables, manifest, report, card.")(
        train
    )


def train(
    config: Annotated[Path, typer.Option(help="The settings, such as training/configs/default.toml.")],
    out: Annotated[Path, typer.Option(help="Folder in which the dated folder is made.")] = Path("trained"),
    decisions: Annotated[
        Path | None, typer.Option(help="A file of `remix decisions --out`: what communes said of calls.")
    ] = None,
    install: Annotated[bool, typer.Option("--install", help="Put the result in place of what ships.")] = False,
) -> None:
    """Train, measure on dev, and write a dated folder; exit code 2 for what a person can mend."""
    from corpora.errors import CorporaError
    from evaluation.errors import EvaluationError
    from matcher.errors import MatcherError
    from training.build import build
    from training.errors import TrainingError

    try:
        folder = build(config, out, install=install, say=lambda what: typer.echo(what, err=True), decisions=decisions)
    except (CorporaError, EvaluationError, MatcherError, TrainingError, OSError) as error:
        typer.echo(f"remix: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(str(folder))
