"""``remix backup`` and ``remix restore``: copies of the whole database, proved by comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.language import either

FILE = typer.Argument(help=either("Il file della copia (.tar.gz).", "The file of the copy (.tar.gz)."))
SHA256 = typer.Option(
    "--sha256",
    help=either("L'impronta che il file deve avere, come stampata da backup.", "The SHA-256 that backup printed."),
)
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "backup",
        help=either(
            "Copia l'intera base dati in un file, anche a servizio acceso; la copia contiene dati personali.",
            "Copy the whole database into a file, also while serving; the copy holds personal data.",
        ),
    )(backup)
    app.command(
        "restore",
        help=either(
            "Ripristina una copia in una base dati vuota (SQLite o PostgreSQL) e la confronta, tabella per tabella.",
            "Put a copy back into an empty database (SQLite or PostgreSQL) and compare it, table by table.",
        ),
    )(restore)


def backup(file: Annotated[Path, FILE], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Copy the database, whatever its version, so that it can be copied before an update too."""
    from service.copies.archive import digest_of
    from service.copies.backup import back_up
    from service.copies.told import made_data, made_lines
    from service.database import open_as_it_is
    from service.progress import console, print_json, progress_bar
    from service.settings import load_settings

    settings = load_settings()
    engine = open_as_it_is(settings)
    try:
        with progress_bar(settings.language) as progress:
            manifest = back_up(engine, file, progress)
    finally:
        engine.dispose()
    digest = digest_of(file)
    if as_json:
        print_json(made_data(file, manifest, digest))
        return
    for line in made_lines(file, manifest, digest, settings.language):
        console().print(line, markup=False, highlight=False, soft_wrap=True)


def restore(
    file: Annotated[Path, FILE], sha256: Annotated[str, SHA256] = "", as_json: Annotated[bool, AS_JSON] = False
) -> None:
    """Put a copy back, whole or not at all, and print the comparison."""
    from service.copies.restoring import restore as put_back
    from service.copies.told import restored_data, restored_line, restored_table
    from service.progress import console, print_json, progress_bar
    from service.settings import load_settings

    settings = load_settings()
    with progress_bar(settings.language) as progress:
        restored = put_back(settings, file, progress, digest=sha256)
    if as_json:
        print_json(restored_data(restored))
        return
    console().print(restored_table(restored, settings.language))
    console().print(restored_line(restored, settings.language), markup=False, highlight=False, soft_wrap=True)
