"""``remix map``: what is counted in each commune, as a table or as GeoJSON for other maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.accounts import opened
from service.language import either

if TYPE_CHECKING:
    from service.maps.figures import Asking, Measure

MEASURE = typer.Option(
    "--measure",
    help=either(
        "Che cosa contare: projects, money, late, assets, calls, needs (ripetibile).",
        "What to count: projects, money, late, assets, calls, needs (repeatable).",
    ),
)
ZONE = typer.Option("--zone", help=either("Solo questa zona omogenea.", "Only this zona omogenea."))
PROVINCE = typer.Option(
    "--province", help=either("Un'altra provincia, per nome.", "Another province, by its name."), show_default=False
)
EVERYTHING = typer.Option(
    "--all",
    help=either(
        "Conta anche ciò che i comuni tengono per sé: da non pubblicare.",
        "Count also what communes keep to themselves: not to be published.",
    ),
)
GEOJSON = typer.Option("--geojson", help=either("Risultato in GeoJSON.", "The result as GeoJSON."))
OUT = typer.Option("--out", help=either("Scrivi il GeoJSON in questo file.", "Write the GeoJSON to this file."))


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "map",
        help=either(
            "Progetti, importi, beni e bandi adatti di ogni comune, anche in GeoJSON.",
            "Projects, amounts, assets and calls that suit of every commune, also as GeoJSON.",
        ),
    )(map_)


def map_(
    measure: Annotated[list[str] | None, MEASURE] = None,
    zone: Annotated[str, ZONE] = "",
    province: Annotated[str, PROVINCE] = "",
    everything: Annotated[bool, EVERYTHING] = False,
    geojson: Annotated[bool, GEOJSON] = False,
    out: Annotated[Path | None, OUT] = None,
) -> None:
    """Count what is asked for in each commune."""
    import json

    from service.errors import UsageError
    from service.maps.geojson import feature_collection
    from service.maps.kept import Kept
    from service.maps.portrait import MapQuestion, figures_of, ground_of
    from service.maps.told import figures_table
    from service.progress import console
    from service.register.filters import RegisterFilters

    measures = _measures(measure or ["projects", "money", "assets"])
    question, kept = MapQuestion(filters=RegisterFilters(zone=zone), province=province), Kept()
    with _asking(measures, everything=everything) as (asking, language):
        ground = ground_of(kept, asking, province, zone)
        if not ground.areas:
            raise UsageError(f"--zone {zone!r} --province {province!r}: no commune is known there")
        counted = {one: figures_of(kept, asking, question, one) for one in measures}
    if not geojson and out is None:
        console().print(figures_table(ground, counted, language))
        return
    text = json.dumps(feature_collection(ground, counted), ensure_ascii=False, separators=(",", ":"))
    if out is not None:
        out.write_text(text, encoding="utf-8")
    else:
        typer.echo(text)


def _measures(given: Sequence[str]) -> list[Measure]:
    from service.errors import UsageError
    from service.maps.figures import Measure

    known = {one.value: one for one in Measure}
    if wrong := next((one for one in given if one not in known), None):
        raise UsageError(f"--measure {wrong!r}: choose one of {', '.join(known)}")
    return [known[one] for one in dict.fromkeys(given)]


@contextmanager
def _asking(measures: Sequence[Measure], *, everything: bool) -> Iterator[tuple[Asking, str]]:
    from matcher.records import Commune
    from service.access.principal import COMMAND_LINE
    from service.assets.register import Register
    from service.database import writing
    from service.imports import load_records
    from service.live import serving_once
    from service.maps.figures import Asking, Measure
    from service.moments import now
    from service.progress import progress_bar
    from service.recommending import encoder_of
    from service.work.acting import Acting

    with opened(filled=True) as (settings, engine):
        serving = None
        if Measure.CALLS in measures:
            with progress_bar(settings.language) as progress:
                serving = serving_once(settings, engine, lambda: encoder_of(settings, progress))
        with writing(engine) as session:
            communes = tuple(load_records(session, Commune))
            if everything:
                # What is private leaves its trace in the audit trail, whoever looks.
                Acting(session, COMMAND_LINE).did("communes", "looked_over", "", count=len(communes))
            yield Asking(session, communes, Register(), everything, now(), serving), settings.language
