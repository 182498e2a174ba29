"""``remix projects twins``: what in the register is probably one project twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.accounts import AS_JSON, opened
from service.language import either

if TYPE_CHECKING:
    from service.register.twins import ProposedTwin

LIMIT = typer.Option("--limit", min=1, max=100, help=either("Quante coppie mostrare.", "How many pairs to show."))
_HEADINGS = {
    "it": ("Voce che resterebbe", "Altra voce", "Perché", "Titolo"),
    "en": ("Entry that would be kept", "Other entry", "Why", "Title"),
}
_FOUND = {
    "it": "{entries} voci confrontate: {projects} coppie probabili, {tenders} gare di un solo progetto",
    "en": "{entries} entries compared: {projects} probable pairs, {tenders} tenders of one project alone",
}


def register(projects: typer.Typer) -> None:
    """Add the command to those about projects."""
    projects.command(
        "twins",
        help=either(
            "Cerca lo stesso progetto in due fonti ed elenca le coppie da decidere nel portale.",
            "Look for one project in two sources, and list the pairs to be decided in the portal.",
        ),
    )(twins)


def twins(limit: Annotated[int, LIMIT] = 20, as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Find the pairs anew and list those that nobody has decided on."""
    from service.access.principal import COMMAND_LINE
    from service.api.project_merges import ProjectTwinShape
    from service.database import reading
    from service.progress import console, print_json
    from service.register.twin_finding import find_again
    from service.register.twins import proposed_twins
    from service.reports import cell, plain_table
    from service.work.acting import Acting

    with opened() as (settings, engine):
        found = find_again(engine)
        with reading(engine) as session:
            pairs, _more = proposed_twins(Acting(session, COMMAND_LINE), limit=limit)
            shown = [ProjectTwinShape.of(one).model_dump(mode="json") for one in pairs]
            table = plain_table(_HEADINGS[settings.language])
            for one in pairs:
                table.add_row(*map(cell, _row(one, settings.language)))
    counted = {"entries": found.entries, "projects": found.projects, "tenders": found.tenders}
    if as_json:
        print_json({**counted, "twins": shown})
        return
    if pairs:
        console().print(table)
    typer.echo(_FOUND[settings.language].format(**counted))


def _row(twin: ProposedTwin, language: str) -> tuple[str, str, str, str]:
    from service.pages.twin_words import evidence_words

    return twin.leading.id, twin.other.id, ", ".join(evidence_words(twin.evidence, language)), twin.leading.title
