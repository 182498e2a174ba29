"""Programme and pair of a project, said by the incubator on its page without scripts, with one button back."""

import re

import pytest

from matcher.records import FrameItem
from service.accounts.tables import Role
from service.imports import import_source
from tests.service.register.register_world import precedent
from tests.service.sources import ListedSource
from tests.service.web.clients import as_role
from tests.world import RHO

WORKS = precedent("lavori", title="Lavori al borgo", cup="B12C34567890123")
SERVICES = precedent("servizi", title="Aiuto alle famiglie", cup="B12C34567890124")
TWINS = tuple(precedent(key, cup="B12C34567890125") for key in ("doppio", "doppione"))
PERIPHERY = FrameItem(id="programme:bando-periferie", kind="programme", code="BP", label="Bando Periferie")
PAGE = f"/progetti/{WORKS.id}"


@pytest.fixture(scope="module", autouse=True)
def projects(app, tmp_path_factory):
    """Official projects, and a programme to put them in."""
    path = tmp_path_factory.mktemp("projects") / "progetti.csv"
    path.write_text("rows of the tests")
    source = ListedSource(WORKS, SERVICES, *TWINS, PERIPHERY, name="pnrr-progetti")
    import_source(app.state.remix.engine, source, path)


@pytest.fixture
def consultant(as_somebody):
    return as_somebody(Role.CONSULTANT)


def pressed(browser, page, button):
    """Press the button of a notice, as a person does."""
    form = re.search(rf'action="([^"]+)">[^<]*<button[^>]*>{button}<', page)
    assert form, f"no button {button}"
    return browser.post(form[1]).text


def test_nobody_else_is_offered_what_the_incubator_says(app, as_somebody):
    for browser in (as_role(app, Role.PUBLIC), as_somebody(Role.READER), as_somebody(Role.COMMUNE, RHO.istat)):
        shown = browser.get(PAGE).text
        assert "Lavori al borgo" in shown
        assert "Programma e coppia" not in shown


def test_a_project_is_put_in_a_programme_taken_out_and_put_back(consultant):
    page = consultant.post(f"{PAGE}/programma", data={"programma": PERIPHERY.id}).text
    assert "Messo nel programma." in page
    assert "Il programma è stato scelto a mano." in page
    page = pressed(consultant, page, "Annulla")
    assert "torna a essere quello che dicono i codici" in page
    page = pressed(consultant, page, "Rimetti")
    assert "Bando Periferie</a>" in page
    pressed(consultant, page, "Annulla")


def test_two_projects_are_put_together_by_cup_and_parted(consultant):
    page = consultant.post(f"{PAGE}/coppia", data={"altro": f" {SERVICES.cup.lower()} "}).text
    assert "Aiuto alle famiglie</a>" in page
    again = consultant.post(f"/progetti/{SERVICES.id}/coppia", data={"altro": TWINS[0].id})
    assert again.status_code == 422
    assert "va già con un altro progetto" in again.text
    page = pressed(consultant, page, "Annulla")
    assert "Aiuto alle famiglie</a>" not in page


@pytest.mark.parametrize(
    ("action", "data", "words"),
    [
        ("coppia", {"altro": "B00A00000000000"}, "Nessun altro progetto ha questo codice"),
        ("coppia", {"altro": TWINS[0].cup}, "o più d’uno"),
        ("coppia", {"altro": WORKS.id}, "Nessun altro progetto"),
        ("programma", {"programma": "driver:1"}, "Scegliete un programma"),
        ("programma", {}, "Scegliete un programma"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page_with_the_reason(consultant, action, data, words):
    answer = consultant.post(f"{PAGE}/{action}", data=data)
    assert answer.status_code == 422
    assert words in answer.text
