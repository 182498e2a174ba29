"""``remix projects`` and ``remix programmes``: the register of projects, and programmes with their totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.accounts import AS_JSON, opened
from service.language import either

if TYPE_CHECKING:
    from service.register.entries import RegisterFilters

WORDS = typer.Option("--words", help=either("Parole nel titolo, nell'ente o nel CUP.", "Words in title, body or CUP."))
PROGRAMME = typer.Option(
    "--programme",
    help=either(
        "Programma (programme:pnrr) o inizio del codice di una misura (M5C2).",
        "Programme (programme:pnrr) or the beginning of a measure's code (M5C2).",
    ),
)
STATE = typer.Option(
    "--state",
    help=either(
        "idea, defined, funded, under_way, completed, suspended, postponed o unknown.",
        "idea, defined, funded, under_way, completed, suspended, postponed or unknown.",
    ),
)
COMMUNE = typer.Option("--commune", "-c", help=either("Comune: nome o codice ISTAT.", "Commune: name or ISTAT code."))
ZONE = typer.Option("--zone", help=either("Zona omogenea.", "Homogeneous zone."))
DRIVER = typer.Option("--driver", help=either("Linea del piano strategico, da 1 a 10.", "Line of the plan, 1 to 10."))
MISSION = typer.Option("--mission", help=either("Missione del PNRR, da M1 a M6.", "PNRR mission, M1 to M6."))
SOURCE = typer.Option("--source", help=either("Fonte, come pnrr-progetti.", "Source, as pnrr-progetti."))
YEAR = typer.Option("--year", help=either("Anno della decisione.", "Year of the decision."))
LEAST = typer.Option("--least", help=either("Importo minimo in euro.", "Least amount in euros."))
MOST = typer.Option("--most", help=either("Importo massimo in euro.", "Largest amount in euros."))
LATE = typer.Option("--late", help=either("Solo quelli in ritardo.", "Only those that are late."))
LIMIT = typer.Option("--limit", min=1, max=100, help=either("Quanti mostrarne.", "How many to show."))
PROJECT = typer.Argument(help=either("Il codice del progetto.", "The id of the project."), show_default=False)
WHICH = typer.Argument(
    help=either("Un programma o una misura; senza, l'elenco.", "A programme or measure; the list without."),
    show_default=False,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    projects.command("list", help=either("Elenca i progetti.", "List the projects."))(list_)
    projects.command("show", help=either("Un progetto e la sua storia.", "A project and its history."))(show)
    app.add_typer(projects, name="projects")
    app.command(
        "programmes", help=either("I programmi, con progetti, importi e comuni.", "Programmes with their totals.")
    )(programmes)


projects = typer.Typer(no_args_is_help=True, help=either("Il registro dei progetti.", "The register of projects."))
"""The commands about projects; those of other modules join it."""


def list_(
    words: Annotated[str, WORDS] = "",
    programme: Annotated[str, PROGRAMME] = "",
    state: Annotated[str, STATE] = "",
    commune: Annotated[str, COMMUNE] = "",
    zone: Annotated[str, ZONE] = "",
    driver: Annotated[str, DRIVER] = "",
    mission: Annotated[str, MISSION] = "",
    source: Annotated[str, SOURCE] = "",
    year: Annotated[int | None, YEAR] = None,
    least: Annotated[float | None, LEAST] = None,
    most: Annotated[float | None, MOST] = None,
    late: Annotated[bool, LATE] = False,
    limit: Annotated[int, LIMIT] = 20,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print the projects that pass the filters, the largest first."""
    from service import recommending
    from service.api.shapes_register import RegisterProjectShape
    from service.database import reading
    from service.progress import console, print_json
    from service.register.entries import Order, list_entries, shown
    from service.register.told import how_many_line, projects_table

    with opened(filled=True) as (settings, engine):
        istat = recommending.communes(engine).find(commune).istat if commune else ""
        filters = asked_filters(
            cerca=words, programma=programme, stato=state, comune=istat, zona=zone, linea=driver, missione=mission,
            fonte=source, anno=year, da=least, a=most, in_ritardo="1" if late else "",
        )  # fmt: skip
        with reading(engine) as session:
            found = list_entries(session, shown(), filters, Order.AMOUNT, limit=limit)
            items = [RegisterProjectShape.of(one).model_dump(mode="json") for one in found.entries]
            table = projects_table(found, settings.language)
    if as_json:
        print_json({"total": found.total, "items": items})
    else:
        console().print(table)
        console().print(how_many_line(found, settings.language))


def show(project: Annotated[str, PROJECT], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Print one project with its programmes, its pair and its history."""
    from service.access.principal import COMMAND_LINE
    from service.api.shapes_register import ProjectDetailShape
    from service.database import writing
    from service.progress import console, print_json
    from service.register.detail import read_entry
    from service.register.told import project_lines
    from service.work.acting import Acting

    with opened(filled=True) as (settings, engine), writing(engine) as session:
        view = read_entry(Acting(session, COMMAND_LINE), project, settings.language)
        lines = list(project_lines(view, settings.language))
        told = ProjectDetailShape.of_view(view).model_dump(mode="json")
    if as_json:
        print_json(told)
    else:
        for line in lines:
            console().print(line, markup=False, highlight=False, soft_wrap=True)


def programmes(which: Annotated[str, WHICH] = "", as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Print the programmes with their totals, or one with its parts, measures and communes."""
    from service.api.shapes_register import ProgrammeDetailShape, ProgrammeShape
    from service.database import reading
    from service.progress import console, print_json
    from service.register.entries import shown
    from service.register.programmes import list_programmes, read_programme
    from service.register.told import communes_table, programme_lines, programmes_table

    with opened(filled=True) as (settings, engine), reading(engine) as session:
        language = settings.language
        if not which:
            found = list_programmes(session, shown(), language)
            if as_json:
                print_json({"items": [ProgrammeShape.of(one).model_dump(mode="json") for one in found]})
            else:
                console().print(programmes_table(found, language))
            return
        view = read_programme(session, shown(), which, language)
    if as_json:
        print_json(ProgrammeDetailShape.of_view(view).model_dump(mode="json"))
        return
    for line in programme_lines(view, language):
        console().print(line, markup=False, highlight=False, soft_wrap=True)
    for groups in (view.parts, view.measures):
        if groups:
            console().print(programmes_table(groups, language, indent=False))
    if view.communes:
        console().print(communes_table(view.communes, language))


def asked_filters(**asked: object) -> RegisterFilters:
    """Return the filters that the options name; raises UsageError for one that cannot be read."""
    from service.errors import UsageError
    from service.register.filters import PARAMETERS, filters_in

    found, wrong = filters_in((name, str(value)) for name, value in asked.items() if value not in (None, ""))
    if wrong:
        raise UsageError(f"{PARAMETERS[wrong]} {asked[wrong]!r}: cannot be read; see `remix projects list --help`")
    return found
