"""``remix serve`` and ``remix openapi``: the web service, and the contract of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.language import either

if TYPE_CHECKING:
    from service.settings import Settings

DRAIN_S = 30
"""Seconds that requests under way have to end when the server is told to stop."""

Host = typer.Option(
    "--host", help=either("Indirizzo su cui rispondere (0.0.0.0 per tutti).", "Address to answer on (0.0.0.0 for all).")
)
Port = typer.Option("--port", min=1, max=65535, help=either("Porta.", "Port."))
Workers = typer.Option("--workers", min=1, max=16, help=either("Quanti processi.", "How many processes."))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "serve",
        help=either(
            "Avvia il servizio web; crea o aggiorna la base dati, se serve.",
            "Start the web service; creates the database or brings it up to date first.",
        ),
    )(serve)
    app.command(
        "openapi",
        help=either("Stampa la descrizione OpenAPI dell'API.", "Print the OpenAPI description of the API."),
    )(openapi)


def serve(
    host: Annotated[str, Host] = "127.0.0.1",
    port: Annotated[int, Port] = 8000,
    workers: Annotated[int, Workers] = 1,
) -> None:
    """Serve until told to stop (SIGTERM, Ctrl-C); requests under way are answered first."""
    import uvicorn

    from service.logs import configure_logs
    from service.settings import load_settings
    from service.web.serving import FACTORY

    settings = load_settings()
    configure_logs(settings)
    _make_ready(settings)
    typer.echo(_STARTING[settings.language].format(host=host, port=port), err=True)
    uvicorn.run(
        FACTORY,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=DRAIN_S,
    )


def openapi() -> None:
    """Print the contract of the API as JSON, as it is committed in ``docs/api/openapi.json``."""
    from service.web.contract import contract_text

    typer.echo(contract_text(), nl=False)


_STARTING = {
    "it": "Remix risponde su http://{host}:{port} (Ctrl-C per fermarlo).",
    "en": "Remix answers on http://{host}:{port} (Ctrl-C to stop it).",
}


def _make_ready(settings: Settings) -> None:
    """Create and migrate the database once, before several processes open it."""
    from service.database import open_database
    from service.initial import open_filled

    open_database(settings, writing=True).dispose()
    open_filled(settings).dispose()
