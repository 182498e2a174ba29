"""``remix recommend`` and ``remix build``: the calls for one need, or for a file of needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from service.language import either

if TYPE_CHECKING:
    from matcher.recommender import Query, Recommender, Request
    from service.communes import CommuneFinder
    from service.settings import Settings

Questions = TypeVar("Questions")

TEXT = typer.Argument(
    help=either(
        "Il fabbisogno, il progetto o il bene, in parole proprie.",
        "The need, the project or the asset, in your own words.",
    ),
    show_default=False,
)
COMMUNE = typer.Option("--commune", "-c", help=either("Comune: nome o codice ISTAT.", "Commune: name or ISTAT code."))
KIND = typer.Option(
    "--kind",
    help=either(
        "Che cosa descrive il testo: need (fabbisogno), project, asset (bene).",
        "What the text describes: need, project or asset.",
    ),
)
K = typer.Option("--k", "-k", min=1, max=1000, help=either("Quanti bandi.", "How many calls."))
ON_DATE = typer.Option(
    "--on-date",
    help=either(
        "Giorno a cui valutare le scadenze (AAAA-MM-GG); se manca, adesso.",
        "Day on which deadlines are judged (YYYY-MM-DD); now, if not given.",
    ),
)
ANY_DATE = typer.Option(
    "--any-date", help=either("Mostra le scadenze senza valutarle.", "Show deadlines without judging them.")
)
NO_ELIGIBILITY = typer.Option(
    "--no-eligibility",
    help=either("Solo la graduatoria per tema, senza requisiti.", "Rank by purpose alone, without eligibility."),
)
SHOW_EXCLUDED = typer.Option(
    "--show-excluded",
    help=either("Mostra anche i bandi scartati, con il motivo.", "Also show the calls that were ruled out, and why."),
)
FLAT = typer.Option(
    "--flat",
    help=either(
        "Ogni edizione e ogni portale per conto suo, senza raggruppare.",
        "Each edition and portal by itself, without grouping.",
    ),
)
SOURCE = typer.Option(
    "--source",
    help=either("Solo i bandi di questa fonte (ripetibile).", "Only calls of this source (may be repeated)."),
)
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))
QUERIES = typer.Option(
    "--queries",
    help=either(
        "File JSONL: una riga per domanda (query_id, kind, commune, text).",
        "JSONL file: a line per query (query_id, kind, commune, text).",
    ),
)
OUT = typer.Option(
    "--out",
    help=either(
        "File TSV dei risultati: query_id, call_id, rank, score, eligibility.",
        "TSV file of results: query_id, call_id, rank, score, eligibility.",
    ),
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "recommend",
        help=either(
            "Consiglia bandi per un fabbisogno, un progetto o un bene di un comune.",
            "Recommend calls for a need, a project or an asset of a commune.",
        ),
    )(recommend)
    app.command(
        "build",
        help=either(
            "Prepara l'indice dei bandi (lo fa anche `recommend`, quando serve).",
            "Prepare the index of calls (`recommend` does it too, when needed).",
        ),
    )(build)


def recommend(
    text: Annotated[str | None, TEXT] = None,
    commune: Annotated[str, COMMUNE] = "",
    kind: Annotated[str, KIND] = "need",
    k: Annotated[int, K] = 10,
    on_date: Annotated[str, ON_DATE] = "",
    any_date: Annotated[bool, ANY_DATE] = False,
    no_eligibility: Annotated[bool, NO_ELIGIBILITY] = False,
    show_excluded: Annotated[bool, SHOW_EXCLUDED] = False,
    flat: Annotated[bool, FLAT] = False,
    source: Annotated[list[str] | None, SOURCE] = None,
    as_json: Annotated[bool, AS_JSON] = False,
    queries: Annotated[Path | None, QUERIES] = None,
    out: Annotated[Path | None, OUT] = None,
) -> None:
    """Answer one query on the terminal, or a file of queries into a run file."""
    from matcher.recommender import Query, Request
    from service.errors import UsageError
    from service.moments import judged_at
    from service.queries import parse_kind
    from service.settings import load_settings

    on, excluded = judged_at(on_date, any_date=any_date), k if show_excluded else 0
    # A run file is what rankings are measured on: one call a line, whichever others it goes with.
    request = Request(k, on, not no_eligibility, None, excluded, grouped=not flat and queries is None)
    asked = _Asked(load_settings(), request, tuple(source or ()))
    if queries is not None:
        _refuse({"--commune": commune, "--kind": kind != "need", "--json": as_json, "--show-excluded": show_excluded})
    if queries is not None and out is not None and text is None:
        _bulk(asked, queries, out)
    elif queries is None and out is None and text is not None:
        _single(asked, lambda known: Query(text, known.find(commune), parse_kind(kind)), as_json=as_json)
    else:
        raise UsageError("give either a text with --commune, or --queries FILE.jsonl with --out RUN.tsv")


def _refuse(given: dict[str, str | bool]) -> None:
    """Raise UsageError for an option that a file of queries leaves without meaning."""
    from service.errors import UsageError

    if option := next((option for option, value in given.items() if value), None):
        raise UsageError(f"{option}: only for one text; a file names commune and kind in each row, and makes a table")


def build() -> None:
    """Build the artifact of the database as it is now."""
    from service import presentation, recommending
    from service.database import open_database
    from service.progress import console, progress_bar
    from service.settings import load_settings

    settings = load_settings()
    with progress_bar(settings.language) as progress:
        encoder = recommending.encoder_of(settings, progress)
        built = recommending.build(settings, open_database(settings), encoder, progress)
    console().print(presentation.built_line(built, settings.language), highlight=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options that one question and a file of questions share."""

    settings: Settings
    request: Request
    sources: tuple[str, ...]

    def opened(self, read: Callable[[CommuneFinder], Questions]) -> tuple[Questions, Recommender, Request]:
        """Read what is asked, so that a slip is told before anything is built; then open encoder and artifact.

        The request that comes back names the sources, also where nobody has named any.
        """
        from service import recommending
        from service.initial import open_filled
        from service.progress import progress_bar

        engine = open_filled(self.settings)
        try:
            questions = read(recommending.communes(engine))
            with progress_bar(self.settings.language) as progress:
                encoder = recommending.encoder_of(self.settings, progress)
                recommender = recommending.open_recommender(self.settings, engine, encoder, progress)
        finally:
            engine.dispose()
        sources = recommending.sources_in_scope(recommender, self.sources)
        return questions, recommender, replace(self.request, sources=sources)


def _single(asked: _Asked, query: Callable[[CommuneFinder], Query], *, as_json: bool) -> None:
    from service.presentation import as_data, show
    from service.progress import console, print_json

    question, recommender, request = asked.opened(query)
    answer = recommender.recommend(question, request)
    if as_json:
        print_json(as_data(answer))
    else:
        show(console(), question, answer, request, asked.settings.language)


def _bulk(asked: _Asked, path: Path, out: Path) -> None:
    from service.progress import progress_bar
    from service.queries import read_queries
    from service.runs import write_run

    queries, recommender, request = asked.opened(lambda communes: read_queries(path, communes))
    with progress_bar(asked.settings.language) as progress:
        write_run(out, recommender.recommend_many(queries, request), len(queries), progress)
