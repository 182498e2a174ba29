"""The forms of needs, projects and assets: every field kept, errors beside the field, one button back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accounts.tables import Role
from service.pages.commune.patches import plain_number
from tests.service.pages.conftest import hidden
from tests.world import RHO

HOME = f"/comuni/{RHO.istat}"
SCHOOL = {"title": "Scuola fredda", "text": "La scuola di via Roma ha bisogno di cappotto termico e nuovi impianti."}


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


@pytest.fixture
def archive(rho):
    """Puts away what a test has written."""
    made = []
    yield made.append
    for address in made:
        rho.post(f"{address}/archivia")


def undo_of(page):
    """The address that the notice at the top of a page sends to."""
    return re.search(r'role="status">.*?action="([^"]+)"', page, re.S)[1]


def test_themes_and_lines_of_the_plan_are_kept_by_name(rho, archive):
    sent = SCHOOL | {"urgency": "alta", "themes": "scuola,  energia;scuola", "drivers": ["driver:7", "driver:3"]}
    made = rho.post(f"{HOME}/bisogni", data=sent)
    archive(made.url.path)
    assert "scuola, energia" in made.text
    assert "Scuole avamposto di comunità, Sustain-Ability" in made.text
    form = rho.get(f"{made.url.path}/modifica").text
    assert re.search(r'value="driver:7" id="[^"]+" checked', form)
    assert not re.search(r'value="driver:1" id="[^"]+" checked', form)


def test_partners_and_costs_of_a_project_are_kept(rho, archive):
    sent = SCHOOL | {
        "amount": "1.250.000 €",
        "cup": "b12c 3456 7890 123",
        "partners": "Parrocchia\r\n\r\nCoop. La Rete",
        "programme": "M4C1I1.1",
    }
    made = rho.post(f"{HOME}/progetti", data=sent)
    archive(made.url.path)
    for words in ("1.250.000", "B12C34567890123", "Parrocchia, Coop. La Rete", "M4C1I1.1"):
        assert words in made.text
    assert "Parrocchia\nCoop. La Rete</textarea>" in rho.get(f"{made.url.path}/modifica").text


def test_communes_and_the_pair_of_a_project_are_chosen_by_name(rho, archive):
    works = rho.post(f"{HOME}/progetti", data=SCHOOL | {"title": "Lavori alla scuola", "lead": "Comune di Rho"})
    services = rho.post(
        f"{HOME}/progetti", data=SCHOOL | {"title": "Sportello nella scuola", "communes": "rho\r\n015146"}
    )
    for made in (works, services):
        archive(made.url.path)
    assert "Rho, Milano" in services.text
    form = rho.get(f"{works.url.path}/modifica").text
    other = re.search(r'<option value="([^"]+)">Sportello nella scuola</option>', form)[1]
    assert "Lavori alla scuola</option>" not in form
    sent = {"versione": hidden(form, "versione"), "title": "Lavori alla scuola", "communes": "Rho"}
    rho.post(f"{works.url.path}/modifica", data=SCHOOL | sent | {"paired_with": other, "lead": "Comune di Rho"})
    over_time = re.search(r'href="(/progetti/[^"]+)">Tappe, importi e indicatori nel tempo', works.text)[1]
    assert "Sportello nella scuola" in rho.get(over_time).text


def test_a_commune_that_nobody_knows_is_refused_beside_its_field(rho):
    answer = rho.post(f"{HOME}/progetti", data=SCHOOL | {"communes": "Atlantide"})
    assert answer.status_code == 422
    assert "Un nome non è di nessun comune" in answer.text
    assert "Atlantide</textarea>" in answer.text


def test_boxes_that_are_unticked_are_taken_away_and_nothing_else(rho, archive):
    made = rho.post(f"{HOME}/bisogni", data=SCHOOL | {"drivers": ["driver:7"], "themes": "scuola"})
    archive(made.url.path)
    version = hidden(rho.get(f"{made.url.path}/modifica").text, "versione")
    changed = rho.post(f"{made.url.path}/modifica", data=SCHOOL | {"versione": version, "themes": "scuola"}).text
    facts = re.search(r'<dl class="remix-facts">.*?</dl>', changed, re.S)[0]
    assert "Scuole avamposto" not in facts
    assert "scuola" in facts


@pytest.mark.parametrize(
    ("kind", "field", "value", "told"),
    [
        ("bisogni", "title", "", "scrivetelo in poche parole"),
        ("bisogni", "title", "x" * 301, "troppo lungo"),
        ("bisogni", "text", "<b>freddo</b>", "senza codice HTML"),
        ("bisogni", "themes", ",".join(f"tema {number}" for number in range(21)), "Sono troppi"),
        ("bisogni", "drivers", ["driver:11"], "non si può usare"),
        ("progetti", "amount", "molto", "Scrivete solo un numero"),
        ("progetti", "amount", "-3", "non è possibile"),
        ("progetti", "cup", "BREVE", "quindici caratteri"),
        ("beni", "surface_m2", "0", "non è possibile"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(rho, kind, field, value, told):
    answer = rho.post(f"{HOME}/{kind}", data=SCHOOL | {"owner": "Comune", "partners": "Parrocchia"} | {field: value})
    assert answer.status_code == 422
    beside = re.search(rf'id="{field}-errore">([^<]+)<', answer.text)
    assert told in beside[1]
    assert re.search(rf'(id="{field}"[^>]*|<fieldset[^>]*)aria-describedby="[^"]*{field}-errore', answer.text)
    assert "via Roma" in answer.text or field == "text"
    if isinstance(value, str) and value and "<" not in value:
        assert value in answer.text


@pytest.mark.parametrize("verb", ["creato", "modificato", "archiviato", "ripristinato"])
def test_every_write_is_undone_with_the_button_of_its_notice(rho, archive, verb):
    made = rho.post(f"{HOME}/bisogni", data=SCHOOL)
    address = made.url.path
    archive(address)
    page = made.text
    if verb == "modificato":
        version = hidden(rho.get(f"{address}/modifica").text, "versione")
        page = rho.post(f"{address}/modifica", data=SCHOOL | {"versione": version, "title": "Palestra"}).text
    elif verb != "creato":
        page = rho.post(f"{address}/archivia").text
        page = rho.post(f"{address}/ripristina").text if verb == "ripristinato" else page
    is_archived, title = "remix-tag" in page.split("</h1>")[1][:120], re.search(r"<h1>(.*?)</h1>", page)[1]
    undone = rho.post(undo_of(page), data={"versione": hidden(page, "versione")}).text
    after = "remix-tag" in undone.split("</h1>")[1][:120], re.search(r"<h1>(.*?)</h1>", undone)[1]
    assert after != (is_archived, title)
    again = rho.post(undo_of(undone), data={"versione": hidden(undone, "versione")}).text
    assert ("remix-tag" in again.split("</h1>")[1][:120], re.search(r"<h1>(.*?)</h1>", again)[1]) == (
        is_archived,
        title,
    )


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_is_read_as_italians_write_it(whole, cents):
    written = f"{whole:,}".replace(",", ".")
    assert float(plain_number(written)) == whole
    assert plain_number(f"{written},{cents:02} €") == f"{whole}.{cents:02}"
    assert plain_number(f"{whole}.{cents:02}") == f"{whole}.{cents:02}"


@given(st.text(max_size=20))
def test_what_is_no_number_is_handed_on_to_be_refused(words):
    assert isinstance(plain_number(words), str)
