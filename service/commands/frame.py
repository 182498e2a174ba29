"""``remix frame``: the matrix of drivers, missions and zones, and its gaps, on the terminal or as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.accounts import AS_JSON, opened
from service.language import either

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from service.frame.keeping import FrameKeeper
    from service.live import Live
    from service.settings import Settings

ZONE = typer.Option(
    "--zone", help=either("Zona omogenea; senza, tutta la Città metropolitana.", "Zone; all together without.")
)
GAPS = typer.Option(
    "--gaps",
    help=either(
        "Che cosa manca: needs (bisogni senza bando), calls (bandi senza progetto), lines (linee vuote).",
        "What is missing: needs (without a call), calls (without a project), lines (with neither).",
    ),
)
OUT = typer.Option(
    "--out", help=either("Scrive tutte le zone in un file .csv o .xlsx.", "Writes all zones to a .csv or .xlsx file.")
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the coverage is counted from, for one command."""

    live: Live
    frame: FrameKeeper


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "frame",
        help=either(
            "Il quadro strategico: linee, missioni e zone, con progetti, importi, bandi aperti e bisogni.",
            "The strategic frame: drivers, missions and zones, with projects, money, open calls and needs.",
        ),
    )(frame)


def frame(
    zone: Annotated[str, ZONE] = "",
    gaps: Annotated[str, GAPS] = "",
    out: Annotated[Path | None, OUT] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print the matrix of one zone, or of all together, or one of its lists of gaps; everything is counted."""
    from service.access.principal import COMMAND_LINE
    from service.database import reading
    from service.errors import UsageError
    from service.frame.coverages import covered, uncovered
    from service.frame.exporting import TYPES, exported, gap_table, matrix_table
    from service.frame.gaps import Gap
    from service.frame.printing import narrow, printed_table, rows_of_zone
    from service.progress import console, print_json

    if gaps not in ("", *Gap):
        raise UsageError(f"--gaps {gaps!r}: choose one of {', '.join(Gap)}")
    if out is not None and out.suffix.removeprefix(".") not in TYPES:
        raise UsageError(f"--out {out}: a file that ends in .csv or .xlsx")
    with opened(filled=True) as (settings, engine):
        kept = _kept(settings, engine)
        with reading(engine) as session:
            found = covered(kept, session, COMMAND_LINE)
            missing = uncovered(kept, session, COMMAND_LINE) if gaps else None
    if zone not in found.matrices:
        raise UsageError(f"--zone {zone!r}: no zone of this name; there are: {', '.join(found.zones)}")
    language = settings.language
    header, rows = gap_table(Gap(gaps), missing, language) if missing else matrix_table(found, language)
    if out is not None:
        out.write_bytes(exported("Quadro", header, rows, out.suffix.removeprefix(".")))
        return
    shown = rows if missing else rows_of_zone(rows, zone, language)
    if as_json:
        print_json({"items": [dict(zip(header, map(_plain, row), strict=True)) for row in shown]})
    else:
        if not missing:
            header, shown = narrow(header), [narrow(row) for row in shown]
        console().print(printed_table(header, shown, language))


def _kept(settings: Settings, engine: Engine) -> _Kept:
    """Return calls and frame, brought up to date."""
    from service.frame.keeping import FrameKeeper
    from service.live import Live
    from service.progress import progress_bar
    from service.recommending import encoder_of

    with progress_bar(settings.language) as progress:
        live = Live(settings, engine, lambda: encoder_of(settings, progress))
        live.refresh()
        keeper = FrameKeeper(engine, live)
        keeper.refresh(lambda done, total: progress("tags", done, total))
    return _Kept(live, keeper)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int) else str(value)
