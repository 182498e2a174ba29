"""The register as the command line tells of it (Italian, English)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rich.table import Table

from service.register.detail import EntryView
from service.register.entries import Found
from service.register.groups import CommuneShare
from service.register.programmes import Programme, ProgrammeView
from service.reports import cell, number, plain_table

_PROJECTS = {
    "it": ("Codice", "Progetto", "Programma o misura", "Stato", "Importo (€)", "Anno"),
    "en": ("Id", "Project", "Programme or measure", "State", "Amount (€)", "Year"),
}
_PROGRAMMES = {
    "it": ("Programma", "Progetti", "Importo (€)", "Comuni", "In coppia", "Codice"),
    "en": ("Programme", "Projects", "Amount (€)", "Communes", "In pairs", "Id"),
}
_COMMUNES = {
    "it": ("Comune", "Zona omogenea", "Progetti", "Importo (€)"),
    "en": ("Commune", "Zone", "Projects", "Amount (€)"),
}
_STATES = {
    "it": {
        "": "non detto",
        "idea": "idea",
        "defined": "definito",
        "funded": "finanziato",
        "under_way": "in corso",
        "completed": "concluso",
        "suspended": "sospeso",
        "postponed": "rinviato a un programma successivo",
    },
    "en": {"": "not said", "under_way": "under way", "postponed": "postponed to a later programme"},
}
_LINES = {
    "it": {
        "body": "Ente: {}",
        "cup": "CUP: {}",
        "state": "Stato: {}",
        "amount": "Importo: {} €",
        "places": "Comuni: {}",
        "groups": "Programma: {}",
        "pair": "In coppia con: {} ({})",
        "twin": "Unito a questo: {} ({})",
        "version": "Versione {} del {:%d/%m/%Y}: {}",
        "new": "prima lettura",
        "more": "{} di {} progetti; --limit ne mostra altri.",
        "whole": "Un progetto di più comuni conta una volta nel totale e intero in ciascun comune.",
        "known": "Comuni con un progetto nel registro: {} dei {} che ne fanno parte.",
        "nowhere": "Progetti che non dicono un comune: {}.",
    },
    "en": {
        "body": "Body: {}",
        "cup": "CUP: {}",
        "state": "State: {}",
        "amount": "Amount: € {}",
        "places": "Communes: {}",
        "groups": "Programme: {}",
        "pair": "In a pair with: {} ({})",
        "twin": "Shown as this one: {} ({})",
        "version": "Version {} of {:%d/%m/%Y}: {}",
        "new": "first reading",
        "more": "{} of {} projects; --limit shows others.",
        "whole": "A project of several communes counts once in the total and whole in each commune.",
        "known": "Communes with a project in the register: {} of the {} that take part.",
        "nowhere": "Projects that name no commune: {}.",
    },
}


def projects_table(found: Found, language: str) -> Table:
    """Return one page of the register."""
    table = plain_table(_PROJECTS[language])
    for one in found.entries:
        state, amount = state_name(one.state, language), euros(one.amount, language)
        table.add_row(*map(cell, (one.id, one.title, one.measure or one.programme, state, amount, one.year)))
    return table


def how_many_line(found: Found, language: str) -> str:
    """Return how many of the projects that pass are shown."""
    return _LINES[language]["more"].format(number(len(found.entries), language), number(found.total, language))


def project_lines(view: EntryView, language: str) -> Iterator[str]:
    """Yield what is known of one project, line by line; what nobody says has no line."""
    entry, words = view.entry, _LINES[language]
    yield entry.title
    if text := view.data.get("text", ""):
        yield text
    places = ", ".join(f"{one.name} ({one.zone})" if one.zone else one.name for one in view.places)
    said = {
        "body": entry.body,
        "cup": entry.cup,
        "state": state_name(entry.state, language),
        "amount": euros(entry.amount, language),
        "places": places,
        "groups": " › ".join(label for _, label in view.path),
    }
    yield from (words[name].format(value) for name, value in said.items() if value)
    if view.pair is not None:
        yield words["pair"].format(view.pair.title, view.pair.id)
    yield from (words["twin"].format(one.title, one.id) for one in view.folded)
    for version in view.versions:
        changed = ", ".join(version.changes) or words["new"]
        yield words["version"].format(version.number, version.at, f"{changed} ({version.source})")


def programmes_table(programmes: Iterable[Programme], language: str, indent: bool = True) -> Table:
    """Return programmes with their totals, the parts of each behind it."""
    table, depth = plain_table(_PROGRAMMES[language]), {"": -1}
    for one in programmes:
        depth[one.id] = depth.get(one.whole, -1) + 1
        totals = one.totals
        counts = (number(count, language) for count in (one.communes, totals.paired))
        name = "  " * depth[one.id] * indent + one.label
        figures = number(totals.projects, language), euros(totals.amount, language), *counts
        table.add_row(*map(cell, (name, *figures, one.id)))
    return table


def programme_lines(view: ProgrammeView, language: str) -> Iterator[str]:
    """Yield what a programme is, and what the register does not know of it."""
    words, programme = _LINES[language], view.programme
    yield " › ".join((*(label for _, label in view.path), programme.label))
    if view.description:
        yield view.description
    yield ", ".join(
        f"{state_name(state, language)}: {number(count, language)}" for state, count in programme.totals.states.items()
    )
    yield words["whole"]
    if view.expected_communes is not None:
        yield words["known"].format(programme.communes, view.expected_communes)
    if view.without_place:
        yield words["nowhere"].format(number(view.without_place, language))


def communes_table(communes: Iterable[CommuneShare], language: str) -> Table:
    """Return what of a programme is in each commune."""
    table = plain_table(_COMMUNES[language])
    for one in communes:
        figures = number(one.projects, language), euros(one.amount, language)
        table.add_row(*map(cell, (one.name, one.zone, *figures)))
    return table


def state_name(state: str, language: str) -> str:
    """Return a state in words."""
    return _STATES[language].get(state, state)


def euros(amount: Decimal | None, language: str) -> str:
    """Return an amount to the euro, "" where nobody states one."""
    return "" if not amount else number(round(amount), language)
