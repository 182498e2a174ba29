"""``remix evaluate``: how good the recommendations are, on the tasks there are or on a set of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TASK = typer.Option("--task", help="Solo questa prova (ripetibile).")
SYSTEM = typer.Option("--system", help="Solo questo sistema (ripetibile).")
SPLIT = typer.Option("--split", help="dev per scegliere, test solo per riferire.")
OUT = typer.Option("--out", help="Cartella per results.json, report.md e report.html.")
QUERIES = typer.Option("--queries", help="File JSONL: una riga per domanda (query_id, kind, commune, text).")
QRELS = typer.Option("--qrels", help="File TSV dei giudizi: query_id, call_id, relevance.")
SOURCE = typer.Option("--source", help="Solo i bandi di questa fonte (ripetibile).")
ON_DATE = typer.Option("--on-date", help="Giorno a cui valutare le scadenze (AAAA-MM-GG); se manca, adesso.")
ANY_DATE = typer.Option("--any-date", help="Non valutare le scadenze.")
NO_ELIGIBILITY = typer.Option("--no-eligibility", help="Solo la graduatoria per tema, senza requisiti.")
AS_JSON = typer.Option("--json", help="File per i risultati in JSON.")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("evaluate", help="Misura quanto sono buoni i consigli, su giudizi ed esiti reali.")(evaluate)


def evaluate(
    task: Annotated[list[str] | None, TASK] = None,
    system: Annotated[list[str] | None, SYSTEM] = None,
    split: Annotated[str, SPLIT] = "dev",
    out: Annotated[Path | None, OUT] = None,
    queries: Annotated[Path | None, QUERIES] = None,
    qrels: Annotated[Path | None, QRELS] = None,
    source: Annotated[list[str] | None, SOURCE] = None,
    on_date: Annotated[str, ON_DATE] = "",
    any_date: Annotated[bool, ANY_DATE] = False,
    no_eligibility: Annotated[bool, NO_ELIGIBILITY] = False,
    as_json: Annotated[Path | None, AS_JSON] = None,
) -> None:
    """Run tasks, or measure a set of queries and qrels; print, and write what is asked for."""
    from corpora.errors import CorporaError
    from evaluation.errors import EvaluationError
    from evaluation.running import Asked, OwnSet, run
    from matcher.errors import MatcherError

    own = OwnSet(queries, qrels, tuple(source or ()), on_date, any_date, no_eligibility)
    asked = Asked(tuple(task or ()), tuple(system or ()), split, own)
    try:
        run(asked, out, as_json)
    except (CorporaError, EvaluationError, MatcherError) as error:
        typer.echo(f"remix: {error}", err=True)
        raise typer.Exit(2) from error
