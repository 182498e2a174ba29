"""``remix init``, ``import``, ``quarantine`` and ``history``: what the database knows, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.language import either

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.imports import ImportReport
    from service.settings import Settings

SOURCE = typer.Argument(
    help=either("La fonte: `remix import --help` le elenca.", "The source: `remix import --help` lists them."),
    show_default=False,
)
PATH = typer.Argument(
    help=either("Il file, come pubblicato o ripulito (anche .gz).", "The file, as published or tidied (also .gz)."),
    show_default=False,
)
CALL_ID = typer.Argument(
    help=either("L'identificativo: <fonte>:<identificativo dell'ente>.", "The id: <source>:<publisher's own id>."),
    show_default=False,
)
OF_SOURCE = typer.Option("--source", help=either("Solo le righe di questa fonte.", "Only the rows of this source."))
LIMIT = typer.Option("--limit", min=1, help=either("Quante righe mostrare.", "How many rows to show."))
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))

_SOURCES = (
    "beni-comune, beni-confiscati, comuni, confini, enti-ipa, ets, incentivi, opencoesione, padigitale, "
    "pnc, pnrr-avvisi, pnrr-gare, pnrr-misure, pnrr-progetti, regione-lombardia"
)
SOURCES_HELP = either(f"Fonti: {_SOURCES}.", f"Sources: {_SOURCES}.")
IMPORT_HELP = either(
    f"Importa un file ufficiale; rifarlo non cambia nulla. {SOURCES_HELP}",
    f"Import an official file; importing it again changes nothing. {SOURCES_HELP}",
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "init",
        help=either(
            "Crea l'archivio (o lo aggiorna) e vi carica il corpus incluso.",
            "Create the database (or bring it up to date) and load the included corpus.",
        ),
    )(init)
    app.command("import", help=IMPORT_HELP)(import_)
    app.command(
        "quarantine",
        help=either(
            "Mostra le righe che non si sono potute leggere, e perché.",
            "Show the rows that could not be read, and why.",
        ),
    )(quarantine)
    app.command(
        "history",
        help=either(
            "Mostra le versioni di un bando e che cosa è cambiato.", "Show the versions of a call and what has changed."
        ),
    )(history)


def init(as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Create or migrate the database and load the embedded corpus."""
    from service.initial import init_database
    from service.row_counter import row_counter
    from service.settings import load_settings

    settings = load_settings()
    with row_counter("embedded") as progress:
        engine, report = init_database(settings, progress)
    engine.dispose()
    print_report(report, settings, as_json=as_json)


def import_(
    source: Annotated[str, SOURCE], path: Annotated[Path, PATH], as_json: Annotated[bool, AS_JSON] = False
) -> None:
    """Import one official file, whole or not at all."""
    from corpora.sources import get_source
    from service.database import open_database
    from service.errors import ImportFailedError
    from service.imports import import_source
    from service.register.twin_finding import find_if_stale
    from service.row_counter import row_counter
    from service.settings import load_settings

    settings, importer = load_settings(), get_source(source)
    if path.is_dir():
        raise ImportFailedError(f"{path}: a folder; name the file in it")
    engine = open_database(settings, writing=True)
    try:
        with row_counter(path.name) as progress:
            report = import_source(engine, importer, path, progress)
        find_if_stale(engine)
    finally:
        engine.dispose()
    print_report(report, settings, as_json=as_json)


def quarantine(
    source: Annotated[str, OF_SOURCE] = "",
    limit: Annotated[int, LIMIT] = 50,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """List the rows that were set apart: file, line, field, value, reason."""
    from corpora.embedded import NAME as EMBEDDED
    from corpora.sources import NAMES
    from service import reports
    from service.errors import UsageError
    from service.progress import print_json
    from service.quarantine import count_quarantined, quarantined_rows

    with _session() as (settings, session):
        rows = quarantined_rows(session, source=source, limit=limit)
        total = count_quarantined(session, source=source)
        if source and not total and source not in (EMBEDDED, *NAMES):
            raise UsageError(f"--source {source!r}: no such source; there are: {', '.join(NAMES)}")
        if as_json:
            print_json(reports.quarantine_data(rows, total))
            return
        if rows:
            _print(reports.quarantine_table(rows, settings.language))
        _print(reports.quarantine_summary(len(rows), total, settings.language))


def history(call_id: Annotated[str, CALL_ID], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """List the versions of a record, with the old and new value of each field that changed."""
    from service import reports
    from service.history import history as versions_of
    from service.progress import print_json

    with _session() as (settings, session):
        versions = versions_of(session, call_id)
    if as_json:
        print_json(reports.history_data(call_id, versions))
    else:
        _print(reports.history_table(versions, settings.language))


@contextmanager
def _session() -> Iterator[tuple[Settings, Session]]:
    from service.database import open_database, reading
    from service.settings import load_settings

    settings = load_settings()
    engine = open_database(settings)
    try:
        with reading(engine) as session:
            yield settings, session
    finally:
        engine.dispose()


def print_report(report: ImportReport, settings: Settings, *, as_json: bool) -> None:
    """Print what an import did, as lines or as JSON."""
    from service import reports
    from service.progress import print_json

    if as_json:
        print_json(reports.report_data(report))
    else:
        for line in reports.report_lines(report, settings.language):
            _print(line)


def _print(what: Any) -> None:
    from service.progress import console

    console().print(what, markup=False, highlight=False, soft_wrap=isinstance(what, str))
