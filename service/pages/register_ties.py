"""What the incubator says of a project on its page: the programme it belongs to, and the project that goes with it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from service.api.acting import Writing
from service.errors import ConflictError, InvalidError
from service.pages import register_words as words
from service.pages.going import go, part
from service.pages.languages import PageLanguage
from service.pages.register_project import entry_to_show, project_page
from service.pages.translations import translations
from service.register import said
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_REFUSED = {
    "programme": _("Scegliete un programma dall’elenco."),
    "other_id": _("Nessun altro progetto ha questo codice o questo CUP, o più d’uno: scrivete il codice intero."),
    "taken": _("Uno dei due va già con un altro progetto, o sta già in un programma scelto a mano: toglietelo prima."),
}


@router.post(f"{words.PROJECTS}/{{record_id:path}}/programma")
def place(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    record_id: str,
    programme: Annotated[str, Form(alias="programma", max_length=300)] = "",
) -> Response:
    """Put a project in a programme."""
    try:
        made = said.place(acting, record_id, programme)
    except (ConflictError, InvalidError) as error:
        return _refused(request, acting, record_id, language, error)
    return go(_address(made.entry_id), fatto="posto", detto=made.id)


@router.post(f"{words.PROJECTS}/programmi/{{placement_id}}/annulla")
def withdraw_placement(acting: Writing, placement_id: str) -> Response:
    """Let the codes of a project say its programme again."""
    taken = said.read_placement(acting, placement_id)
    said.withdraw_placement(acting, placement_id)
    return go(_address(taken.entry_id), fatto="levato", detto=placement_id)


@router.post(f"{words.PROJECTS}/programmi/{{placement_id}}/ripristina")
def restore_placement(acting: Writing, placement_id: str) -> Response:
    """Put a project back in the programme that it was taken out of."""
    taken = said.read_placement(acting, placement_id)
    try:
        said.restore_placement(acting, placement_id)
    except ConflictError:
        return go(_address(taken.entry_id))
    return go(_address(taken.entry_id), fatto="posto", detto=placement_id)


@router.post(f"{words.PROJECTS}/{{record_id:path}}/coppia")
def pair(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    record_id: str,
    other: Annotated[str, Form(alias="altro", max_length=300)] = "",
) -> Response:
    """Say that a project goes with another one, named by its code or its CUP."""
    try:
        made = said.pair(acting, record_id, said.meant(acting, other))
    except (ConflictError, InvalidError) as error:
        return _refused(request, acting, record_id, language, error)
    return go(_address(record_id), fatto="appaiato", detto=made.id)


@router.post(f"{words.PROJECTS}/coppie/{{pair_id}}/annulla")
def withdraw_pair(acting: Writing, pair_id: str) -> Response:
    """Part two projects again."""
    taken = said.read_pair(acting, pair_id)
    said.withdraw_pair(acting, pair_id)
    return go(_address(taken.entry_id), fatto="separato", detto=pair_id)


@router.post(f"{words.PROJECTS}/coppie/{{pair_id}}/ripristina")
def restore_pair(acting: Writing, pair_id: str) -> Response:
    """Put two projects together again."""
    taken = said.read_pair(acting, pair_id)
    try:
        said.restore_pair(acting, pair_id)
    except ConflictError:
        return go(_address(taken.entry_id))
    return go(_address(taken.entry_id), fatto="appaiato", detto=pair_id)


def _refused(
    request: Request, acting: Acting, record_id: str, language: str, error: ConflictError | InvalidError
) -> Response:
    entry = entry_to_show(acting, record_id)
    why = _REFUSED.get(error.field, _REFUSED["other_id"]) if isinstance(error, InvalidError) else _REFUSED["taken"]
    more = {"refusal": translations(language).gettext(why), "done": "", "said": ""}
    return project_page(request, acting, entry, language, more, status=422)


def _address(record_id: str) -> str:
    # To the top of the page, where what was done is told.
    return f"{words.PROJECTS}/{part(record_id)}"
