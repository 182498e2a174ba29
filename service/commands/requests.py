"""``remix requests``: the services that communes asked of the incubator, listed and taken along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.accounts import AS_JSON, opened
from service.language import either

if TYPE_CHECKING:
    from service.settings import Settings
    from service.work.acting import Acting

SERVICE = typer.Option("--service", help=either("Servizio, come finanziamenti.", "Service, as finanziamenti."))
STATE = typer.Option("--state", help=either("Stato, come received o answered.", "State, as received or answered."))
COMMUNE = typer.Option("--commune", "-c", help=either("Comune: codice ISTAT.", "Commune: ISTAT code."))
LATE = typer.Option("--late", help=either("Solo quelle in ritardo.", "Only those that are late."))
LIMIT = typer.Option("--limit", min=1, max=100, help=either("Quante mostrarne.", "How many to show."))
OUT = typer.Option("--out", help=either("File .csv o .xlsx.", "A file: .csv or .xlsx."))
COUNTS = typer.Option(
    "--counts",
    help=either(
        "Conteggi per mese, comune e servizio, con le ore.", "Counts by month, commune and service, with hours."
    ),
)
_HEADINGS = {
    "it": ("Comune", "Servizio", "Stato", "Entro", "Chi segue", "Richiesta"),
    "en": ("Commune", "Service", "State", "Due", "Followed by", "Request"),
}
_COUNTED = {"it": "{} richieste, mostrate {}", "en": "{} requests, {} shown"}
_WRITTEN = {"it": "{}: {} righe", "en": "{}: {} lines"}
_LATE = {"it": " (in ritardo)", "en": " (late)"}
_AT_ONCE = 100


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    requests = typer.Typer(
        no_args_is_help=True, help=either("Le richieste dei comuni all'incubatore.", "What communes ask the incubator.")
    )
    requests.command(
        "list", help=either("Elenca le richieste, prima quelle in ritardo.", "List requests, late ones first.")
    )(list_)
    requests.command(
        "export", help=either("Scrive richieste o conteggi in un file.", "Write requests or counts to a file.")
    )(export)
    app.add_typer(requests, name="requests")


def list_(
    service: Annotated[str, SERVICE] = "",
    state: Annotated[str, STATE] = "",
    commune: Annotated[str, COMMUNE] = "",
    late: Annotated[bool, LATE] = False,
    limit: Annotated[int, LIMIT] = 20,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """List requests: what the incubator must answer next comes first, by due date."""
    from service.pages.request_words import service_name, state_name
    from service.progress import console, print_json
    from service.reports import cell, plain_table
    from service.requests.exporting import as_data
    from service.requests.queue import list_requests

    with _acting() as (acting, settings):
        found, _, total = list_requests(acting, _filters(service, state, commune, late), limit=limit)
    if as_json:
        print_json({"total": total, "items": [as_data(one) for one in found]})
        return
    language = settings.language
    table = plain_table(_HEADINGS[language])
    for one in found:
        due = one.due_on.isoformat() + (_LATE[language] if one.is_late else "")
        names = service_name(one.service, language), state_name(one.state, language)
        table.add_row(*map(cell, (one.commune_name, *names, due, one.owner_name, one.id)))
    table.caption = _COUNTED[language].format(total, len(found))
    console().print(table)


def export(
    out: Annotated[Path, OUT],
    service: Annotated[str, SERVICE] = "",
    state: Annotated[str, STATE] = "",
    commune: Annotated[str, COMMUNE] = "",
    late: Annotated[bool, LATE] = False,
    counts: Annotated[bool, COUNTS] = False,
) -> None:
    """Write requests, or their counts, to a file."""
    from service.errors import UsageError
    from service.progress import console
    from service.requests.counting import Period
    from service.requests.counting import counts as count
    from service.requests.exporting import TYPES, exported_counts, exported_requests

    form: Any = out.suffix.removeprefix(".").lower()
    if form not in TYPES:
        raise UsageError(f"--out {out}: its name must end in .csv or .xlsx")
    if counts and (state or late):
        raise UsageError("--counts is over all states: leave --state and --late out")
    filters = _filters(service, state, commune, late)
    with _acting() as (acting, settings):
        if counts:
            lines = count(acting, Period(service=filters.service, commune_istat=commune))
            n_lines, content = len(lines), exported_counts(lines, form)
        else:
            found = list(_every(acting, filters))
            n_lines, content = len(found), exported_requests(found, form)
    out.write_bytes(content)
    console().print(_WRITTEN[settings.language].format(out, n_lines), markup=False, highlight=False, soft_wrap=True)


def _every(acting: Acting, filters: Any) -> Iterator[Any]:
    from service.requests.queue import list_requests

    after = ""
    while True:
        found, after, _ = list_requests(acting, filters, after=after, limit=_AT_ONCE)
        yield from found
        if not after:
            return


def _filters(service: str, state: str, commune: str, late: bool) -> Any:
    from service.requests.queue import RequestFilters
    from service.requests.tables import RequestState, Service

    return RequestFilters(
        service=_one_of("--service", service, Service),
        state=_one_of("--state", state, RequestState),
        commune_istat=commune,
        late=late,
    )


def _one_of(option: str, word: str, known: Any) -> Any:
    from service.errors import UsageError

    if word and word not in set(known):
        raise UsageError(f"{option} {word!r}: choose one of {', '.join(known)}")
    return known(word) if word else None


@contextmanager
def _acting() -> Iterator[tuple[Acting, Settings]]:
    from service.access.principal import COMMAND_LINE
    from service.database import writing
    from service.ids import new_id
    from service.work.acting import Acting

    # What communes wrote leaves its trace in the audit trail, whoever looks.
    with opened() as (settings, engine), writing(engine) as session:
        yield Acting(session, COMMAND_LINE, f"cli-{new_id()}"), settings
