"""``remix demo``: calls for a need, a project and a public asset of three communes, from the embedded corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.language import either

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from matcher.recommender import Query
    from service.communes import CommuneFinder

NEED = "embedded:need-gudo-visconti-scuola"
PROJECT = "embedded:pon-ciclabile-giambellino"
ASSET = "embedded:asset-gorgonzola-macello"

K = typer.Option("--k", "-k", min=1, max=100, help=either("Quanti bandi per ciascuno.", "How many calls for each."))


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "demo",
        help=either(
            "Tre esempi dal corpus incluso: un fabbisogno, un progetto e un bene pubblico.",
            "Three examples from the included corpus: a need, a project and a public asset.",
        ),
    )(demo)


def demo(k: Annotated[int, K] = 3) -> None:
    """Create what is missing (database, corpus, encoder, artifact) and answer the three examples."""
    from corpora.embedded import AS_OF
    from corpora.embedded import NAME as EMBEDDED
    from matcher.recommender import Request
    from service import recommending
    from service.initial import init_database
    from service.moments import start_of
    from service.presentation import show
    from service.progress import console, progress_bar
    from service.settings import load_settings

    settings = load_settings()
    terminal = console()
    with progress_bar(settings.language) as progress:
        engine, _ = init_database(settings)
        encoder = recommending.encoder_of(settings, progress)
        recommender = recommending.open_recommender(settings, engine, encoder, progress)
    request = Request(k, start_of(AS_OF), sources=frozenset({EMBEDDED}))
    for query in _examples(engine, recommending.communes(engine)):
        show(terminal, query, recommender.recommend(query, request), request, settings.language)
    terminal.print(_CLOSING[settings.language].format(day=f"{AS_OF:%d/%m/%Y}"))


_CLOSING = {
    "it": "Corpus dimostrativo, scadenze valutate al {day}. Per dati veri: remix import FONTE FILE, remix recommend.",
    "en": "Demonstration corpus, deadlines judged on {day}. For real data: remix import SOURCE FILE, remix recommend.",
}


def _examples(engine: Engine, communes: CommuneFinder) -> tuple[Query, ...]:
    from matcher.recommender import Query
    from matcher.records import Need, Project, PublicAsset, QueryKind
    from service.database import reading
    from service.imports import load_record

    with reading(engine) as session:
        need = load_record(session, Need, NEED)
        project = load_record(session, Project, PROJECT)
        asset = load_record(session, PublicAsset, ASSET)
    return (
        Query(f"{need.title}. {need.text}", communes.find(need.commune_istat), QueryKind.NEED, need.id),
        Query(f"{project.title}. {project.text}", communes.find(project.communes[0]), QueryKind.PROJECT, project.id),
        Query(f"{asset.title}. {asset.text}", communes.find(asset.commune_istat), QueryKind.ASSET, asset.id),
    )
