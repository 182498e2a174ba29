"""``remix tags``: which drivers, missions and thematic strategies a text or a record serves, and by which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.language import either

if TYPE_CHECKING:
    from matcher.encoder import Encoder
    from matcher.strategy import Tag
    from service.settings import Settings

TEXT = typer.Argument(
    help=either(
        "Il fabbisogno, il progetto, il bene o il bando, in parole proprie.",
        "The need, project, asset or call, in your own words.",
    ),
    show_default=False,
)
RECORD = typer.Option(
    "--record",
    help=either(
        "Una scheda già registrata: il suo codice (per un bando <fonte>:<codice della fonte>).",
        "A record that is stored: its id (of a call <source>:<publisher's own id>).",
    ),
)
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "tags",
        help=either(
            "Driver strategici, missioni PNRR e STTM di un testo o di una scheda, con la prova.",
            "Strategic drivers, PNRR missions and STTM of a text or a record, with the evidence.",
        ),
    )(tags)


def tags(
    text: Annotated[str, TEXT] = "",
    record: Annotated[str, RECORD] = "",
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print the tags of a text or of a stored record."""
    from service.encoders import open_encoder
    from service.errors import UsageError
    from service.progress import console, print_json, progress_bar
    from service.settings import load_settings
    from service.tag_wording import tag_lines, tags_data

    if bool(text.strip()) == bool(record):
        raise UsageError("give either a text or --record ID")
    settings = load_settings()
    with progress_bar(settings.language) as progress:
        encoder = open_encoder(
            settings.encoder, settings.cache, lambda share, _what: progress("encoder", round(100 * share), 100)
        )
    found = _tags(text, record, encoder, settings)
    if as_json:
        print_json({"record": record, "tags": tags_data(found, settings.language)})
    else:
        for line in tag_lines(found, settings.language):
            console().print(line, markup=False, highlight=False, soft_wrap=True)


def _tags(text: str, record: str, encoder: Encoder, settings: Settings) -> tuple[Tag, ...]:
    from service.database import reading
    from service.initial import open_filled
    from service.tagging import tags_of_record, tags_of_text

    if not record:
        return tags_of_text(text, encoder)
    engine = open_filled(settings)
    try:
        with reading(engine) as session:
            return tags_of_record(session, record, encoder)
    finally:
        engine.dispose()
