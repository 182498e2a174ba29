"""``remix assets``: the register of public assets, what each could serve, who would pay, and lists taken in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.accounts import AS_JSON, opened
from service.language import either

if TYPE_CHECKING:
    from matcher.assets.matching import AssetMatches
    from service.assets.matching import Matching

WORDS = typer.Option("--words", help=either("Parole nel titolo, nel testo o nel comune.", "Words it holds."))
COMMUNE = typer.Option("--commune", "-c", help=either("Comune: nome o codice ISTAT.", "Commune: name or ISTAT code."))
KIND = typer.Option("--kind", help=either("Tipo di luogo, come school o farm.", "Sort of place, as school or farm."))
AREA = typer.Option(
    "--area",
    help=either(
        "Ambito pilota: nord-milano, alto-milanese, sud-est.", "Pilot area: nord-milano, alto-milanese, sud-est."
    ),
)
PATH = typer.Option("--path", help=either("sale, concession o undecided.", "sale, concession or undecided."))
LEAST = typer.Option("--least-m2", min=0, help=either("Superficie minima.", "Least surface."))
MOST = typer.Option("--most-m2", min=0, help=either("Superficie massima.", "Largest surface."))
OUT = typer.Option("--out", help=either("File .csv, .xlsx o .json.", "A file: .csv, .xlsx or .json."))
LIMIT = typer.Option("--limit", min=1, max=100, help=either("Quanti mostrarne.", "How many to show."))
ASSET = typer.Argument(help=either("Il codice del bene.", "The id of the asset."), show_default=False)
NEED = typer.Option("--need", help=either("Il codice di un bisogno da servire.", "The id of a need to serve."))
NEED_ID = typer.Argument(help=either("Il codice del bisogno.", "The id of the need."), show_default=False)
K = typer.Option("--k", "-k", min=1, max=50, help=either("Quanti per elenco.", "How many in each list."))
FILE = typer.Argument(
    help=either("Un foglio CSV o XLSX con titoli in italiano.", "A CSV or XLSX sheet with Italian headings."),
    show_default=False,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    assets = typer.Typer(no_args_is_help=True, help=either("I beni pubblici.", "Public assets."))
    assets.command("list", help=either("Elenca o esporta i beni.", "List or export the assets."))(list_)
    assets.command(
        "show",
        help=either(
            "Bisogni, bandi, luoghi simili e percorso di un bene.", "Needs, calls, places like it and path of an asset."
        ),
    )(show)
    assets.command("near", help=either("I beni vicini per un bisogno.", "The assets near by for a need."))(near)
    assets.command(
        "import", help=either("Importa l'elenco di beni di un comune.", "Import a commune's own list of assets.")
    )(import_)
    app.add_typer(assets, name="assets")


def list_(
    words: Annotated[str, WORDS] = "",
    commune: Annotated[str, COMMUNE] = "",
    kind: Annotated[list[str] | None, KIND] = None,
    area: Annotated[list[str] | None, AREA] = None,
    path: Annotated[list[str] | None, PATH] = None,
    least_m2: Annotated[float | None, LEAST] = None,
    most_m2: Annotated[float | None, MOST] = None,
    limit: Annotated[int, LIMIT] = 20,
    out: Annotated[Path | None, OUT] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """List the assets that pass the filters, or write all of them to a file."""
    from service import recommending
    from service.assets.exporting import as_data, exported
    from service.assets.register import AssetFilters, Order, Register, matching, page_of
    from service.assets.told import register_table
    from service.database import reading
    from service.progress import console, print_json

    with opened(filled=True) as (settings, engine):
        istat = recommending.communes(engine).find(commune).istat if commune else ""
        filters = AssetFilters(
            words=words,
            kinds=_codes("kind", kind),
            commune_istat=istat,
            areas=_codes("area", area),
            paths=_codes("path", path),
            least_m2=least_m2,
            most_m2=most_m2,
        )
        with reading(engine) as session:
            lines = matching(Register().lines(session), filters)
    found = page_of(lines, Order.COMMUNE, limit, "")
    if out is not None:
        out.write_bytes(exported(sorted(lines, key=lambda one: one.asset.id), _format_of(out)))
    elif as_json:
        print_json({"total": found.total, "items": [as_data(one) for one in found.lines]})
    else:
        console().print(register_table(found, settings.language))


def show(
    asset: Annotated[str, ASSET],
    need: Annotated[str, NEED] = "",
    k: Annotated[int, K] = 5,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Tell all that is matched with one asset."""
    from service.api.shapes_assets import AssetMatchShape, ReusedShape
    from service.assets.exporting import as_data
    from service.assets.matching import calls_of, line_of, need_of, needs_of, path_of, reused_like
    from service.assets.told import asset_lines
    from service.progress import print_json

    with _matching() as (matching, language):
        line = line_of(matching, asset)
        needs = needs_of(matching, line, k)
        calls = calls_of(matching, line, need_of(matching, need) if need else None, k)
        reused, path = reused_like(matching, line, k), path_of(matching, line, needs.items)
    if not as_json:
        _print(*asset_lines(line, needs, calls, reused, path, language))
        return
    told = {
        "asset": as_data(line),
        "needs": [AssetMatchShape.of(one, of_need=True).model_dump(mode="json") for one in needs.items],
        "calls": list(calls.data["recommendations"]),
        "reuses": [ReusedShape.of(one).model_dump(mode="json") for one in reused],
        "path": {
            "suggested": path.suggested.value,
            "stated": path.stated,
            "criteria": [{"criterion": one.criterion, "verdict": one.verdict} for one in path.criteria],
        },
    }
    print_json(told)


def near(need: Annotated[str, NEED_ID], k: Annotated[int, K] = 10, as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Tell which assets near by could serve a need."""
    from service.api.shapes_assets import AssetMatchShape
    from service.assets.matching import assets_near, need_of
    from service.assets.told import match_lines
    from service.progress import print_json

    with _matching() as (matching, language):
        found: AssetMatches = assets_near(matching, need_of(matching, need), k)
    if as_json:
        shown = [AssetMatchShape.of(one, of_need=False).model_dump(mode="json") for one in found.items]
        print_json({"need": need, "of": found.n_candidates, "items": shown})
    else:
        _print(*match_lines(found, language, of_need=False))


def import_(
    file: Annotated[Path, FILE], commune: Annotated[str, COMMUNE] = "", as_json: Annotated[bool, AS_JSON] = False
) -> None:
    """Import a list as public data; rows that cannot be read are set apart (``remix quarantine``)."""
    from corpora.sources.beni_comune import OwnList
    from matcher.analyser import name_key
    from matcher.records import Commune
    from service import recommending
    from service.commands.imports import print_report
    from service.database import reading
    from service.imports import import_source, load_records
    from service.row_counter import row_counter

    with opened(filled=True) as (settings, engine):
        istat = recommending.communes(engine).find(commune).istat if commune else ""
        named: dict[str, tuple[str, ...]] = {}
        with reading(engine) as session:
            for one in load_records(session, Commune):
                key = name_key(one.name)
                named[key] = (*named.get(key, ()), one.istat)
        with row_counter(file.name) as progress:
            report = import_source(engine, OwnList(istat, named), file, progress)
    print_report(report, settings, as_json=as_json)


@contextmanager
def _matching() -> Iterator[tuple[Matching, str]]:
    from service.access.principal import COMMAND_LINE
    from service.assets.matching import Matching
    from service.assets.register import Register
    from service.database import writing
    from service.live import serving_once
    from service.progress import progress_bar
    from service.recommending import encoder_of
    from service.work.acting import Acting

    with opened(filled=True) as (settings, engine):
        with progress_bar(settings.language) as progress:
            serving = serving_once(settings, engine, lambda: encoder_of(settings, progress))
        # What is private leaves its trace in the audit trail, whoever looks.
        with writing(engine) as session:
            yield Matching(Acting(session, COMMAND_LINE), serving, Register()), settings.language


def _codes(option: str, given: list[str] | None) -> frozenset[Any]:
    from matcher.assets.places import PilotArea
    from matcher.assets.words import PlaceKind
    from service.errors import UsageError

    known: dict[str, tuple[Any, ...]] = {
        "kind": tuple(PlaceKind),
        "area": tuple(PilotArea),
        "path": ("sale", "concession", "undecided"),
    }
    found = {str(one): one for one in known[option]}
    if wrong := next((one for one in given or () if one not in found), None):
        raise UsageError(f"--{option} {wrong!r}: choose one of {', '.join(found)}")
    return frozenset(found[one] for one in given or ())


def _format_of(out: Path) -> Any:
    from service.assets.exporting import TYPES
    from service.errors import UsageError

    form = out.suffix.removeprefix(".").lower()
    if form not in TYPES:
        raise UsageError(f"--out {out}: its name must end in .csv, .xlsx or .json")
    return form


def _print(*lines: str) -> None:
    from service.progress import console

    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)
