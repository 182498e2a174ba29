"""What the founding documents name, asked for in a service that holds nothing but the embedded corpus."""

from collections.abc import Iterable
from typing import TypeVar
from urllib.parse import quote

import pytest
import typer
from markupsafe import escape

from corpora.embedded import load
from matcher.records import FrameItem, Need, Organisation, Project, PublicAsset, Record
from service.access.policy import POLICY
from service.accounts.tables import Role
from service.cli import app as command_line
from service.database import reading
from service.imports import load_records
from service.pages.going import part
from tests.corpora.test_founding_documents import DOCUMENTS, lines, quoted
from tests.service.web.clients import as_role, visitor

R = TypeVar("R", bound=Record)


def written_from_them(kind: type[R]) -> list[R]:
    """The records of a kind that were written from the founding documents."""
    ours: Iterable[Record] = load()
    found = [one for one in ours if isinstance(one, kind)]
    return [one for one in found if one.provenance and one.provenance.reference.startswith(DOCUMENTS)]


def answered_with_its_title(client, address, record):
    answer = client.get(address.format(part(record.id)))
    return answer.status_code == 200 and answer.json()["title"] == record.title


def shown_with_its_name(client, address, record_id, name):
    """Whether a page stands there that holds the name."""
    answer = client.get(address.format(quote(record_id, safe=":")), headers={"Accept": "text/html"})
    return answer.status_code == 200 and str(escape(name)) in answer.text


def named_in_the_page(start):
    """Return what the lines of the page name that begins so: pages and routes, or commands."""
    return {one for _, where, _ in lines() for one in quoted(where) if one.startswith(start)}


def test_every_page_and_route_that_a_line_names_is_served(app):
    routes = {path for _, path in POLICY}
    assert len(named_in_the_page("/")) > 20
    assert named_in_the_page("/") - routes == set()


def test_every_command_that_a_line_names_is_there():
    commands = set(typer.main.get_command(command_line).commands)
    assert {one.split()[1] for one in named_in_the_page("remix ")} - commands == set()


def test_every_project_of_the_founding_documents_is_shown(app):
    projects = written_from_them(Project)
    assert len(projects) > 70
    client = visitor(app)
    assert [one.id for one in projects if not shown_with_its_name(client, "/progetti/{}", one.id, one.title)] == []


def test_every_asset_of_the_founding_documents_has_its_page(app):
    assets = written_from_them(PublicAsset)
    assert len(assets) >= 19
    client = visitor(app)
    assert [one.id for one in assets if not answered_with_its_title(client, "/api/v1/assets/{}", one)] == []
    assert shown_with_its_name(client, "/beni/{}", assets[0].id, assets[0].title)


def test_every_programme_and_axis_of_the_founding_documents_has_its_page(app):
    programmes = [one for one in written_from_them(FrameItem) if one.kind in ("programme", "axis")]
    assert len(programmes) > 20
    client = visitor(app)
    assert [one.id for one in programmes if not shown_with_its_name(client, "/programmi/{}", one.id, one.label)] == []


def test_every_driver_is_a_row_of_the_matrix(app):
    drivers = [one for one in written_from_them(FrameItem) if one.kind == "driver"]
    assert len(drivers) == 10
    shown = visitor(app).get("/quadro", headers={"Accept": "text/html"}).text
    assert [one.label for one in drivers if str(escape(one.label)) not in shown] == []


def test_every_body_of_the_founding_documents_is_kept_and_those_at_home_here_are_found_as_partners(app):
    bodies = {body.name: body for body in written_from_them(Organisation)}
    assert len(bodies) > 25
    state = app.state.remix
    with reading(state.engine) as session:
        kept = {body.name for body in load_records(session, Organisation)}
    assert bodies.keys() - kept == set()
    found = {body.name for body in state.bodies.finder(state.engine).directory.bodies}
    assert {name for name, body in bodies.items() if body.commune_istat} - found == set()


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.COMMUNE])
def test_every_need_of_the_founding_documents_is_kept_for_its_commune(app, role):
    needs = written_from_them(Need)
    assert needs
    for need in needs:
        client = as_role(app, role, need.commune_istat if role is Role.COMMUNE else None)
        assert answered_with_its_title(client, "/api/v1/needs/{}", need), need.id
