"""The register of projects over HTTP: the list, one project, and programmes as groups with their totals."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy import ColumnElement

from service.api.acting import Looking, Watched
from service.api.shapes_items import RecordId
from service.api.shapes_register import (
    BrowsedShape,
    ListedProjectShape,
    PlaceShape,
    ProgrammeDetailShape,
    ProgrammeShape,
    ProjectDetailShape,
)
from service.register.detail import names_of, read_entry
from service.register.entries import list_entries, public, shown, visible_to
from service.register.programmes import list_programmes, read_programme
from service.web.paging import Page
from service.work.acting import Acting

router = APIRouter(prefix="/api/v1", tags=["register"])
Browsed = Annotated[BrowsedShape, Query()]
ProgrammeId = Annotated[str, Path(max_length=300, description="a programme's id, or the beginning of a measure's code")]


@router.get("/register-projects", operation_id="browse_projects")
def browse_projects(acting: Watched, asked: Browsed) -> Page[ListedProjectShape]:
    """Look through all projects, official ones and your commune's own, by the filters that maps share."""
    seen = visible_to(acting.principal)
    found = list_entries(
        acting.session, seen, asked.filters(), asked.order, cursor=asked.cursor, limit=asked.limit
    )  # fmt: skip
    if any(entry.owner_istat for entry in found.entries):
        acting.did("projects", "listed", "", acting.principal.commune_istat, count=len(found.entries))
    places = names_of(acting, [entry.id for entry in found.entries])
    items = [
        ListedProjectShape(
            **ListedProjectShape.columns(entry), communes=PlaceShape.all_of(places.get(entry.id, ()))
        )
        for entry in found.entries
    ]  # fmt: skip
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("/register-projects/{record_id:path}", operation_id="read_register_project")
def read_register_project(acting: Watched, record_id: RecordId) -> ProjectDetailShape:
    """Read one project with its programmes, its pair, what is shown as it, and its history."""
    return ProjectDetailShape.of_view(read_entry(acting, record_id, acting.principal.language))


@router.get("/programmes", operation_id="list_programmes")
def list_all_programmes(acting: Looking) -> Page[ProgrammeShape]:
    """List the programmes that have projects, each followed by its parts; the incubator counts all projects."""
    found = list_programmes(acting.session, _counted(acting), acting.principal.language)
    return Page(items=[ProgrammeShape.of(one) for one in found], next_cursor="", total=len(found))


@router.get("/programmes/{programme_id}", operation_id="read_programme")
def read_one_programme(acting: Looking, programme_id: ProgrammeId) -> ProgrammeDetailShape:
    """Read one programme, or a group of measures (M5, M5C2), with its totals, parts, measures and communes."""
    view = read_programme(acting.session, _counted(acting), programme_id, acting.principal.language)
    return ProgrammeDetailShape.of_view(view)


def _counted(acting: Acting) -> ColumnElement[bool]:
    """Totals are of what everybody may see, or, for the incubator, of all."""
    return shown() if acting.principal.is_staff else public()
