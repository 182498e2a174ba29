"""What the incubator says of projects: the programme of one and which two go together; said once, taken back, kept."""

import pytest

from matcher.records import FrameItem
from service.database import open_database
from service.imports import import_source
from service.moments import now
from tests.service.register.register_world import RHO, precedent
from tests.service.sources import ListedSource

WORKS, SERVICES, OTHER = (precedent(key, communes=(RHO,)) for key in ("lavori", "servizi", "altro"))
PROGRAMMES = tuple(
    FrameItem(id=f"programme:{key}", kind="programme", code=key, label=key) for key in ("pnrr", "bando-periferie")
)
IDEA = {"title": "Accompagnamento", "text": "Sportello per chi abita nel borgo."}


@pytest.fixture(scope="module", autouse=True)
def projects(world, tmp_path_factory):
    """Official projects, and the programmes that they may be put in."""
    path = tmp_path_factory.mktemp("projects") / "progetti.csv"
    path.write_text("rows of the tests")
    engine = open_database(world, writing=True)
    source = ListedSource(WORKS, SERVICES, OTHER, *PROGRAMMES, name="pnrr-progetti")
    import_source(engine, source, path)
    engine.dispose()


@pytest.fixture
def said(ask):
    """Say something as the incubator; it is taken back afterwards."""
    made = []

    def say(path, body, who="consultant"):
        answer = ask(who)("POST", f"/{path}", json=body)
        if answer.status_code == 201:
            made.append(f"/{path}/{answer.json()['id']}")
        return answer

    yield say
    for path in made:
        ask("consultant")("DELETE", path)


def read(ask, record, who="public"):
    return ask(who)("GET", f"/register-projects/{record if isinstance(record, str) else record.id}").json()


def test_only_the_incubator_says_where_an_official_project_belongs(ask):
    body = {"project_id": WORKS.id, "programme": "programme:bando-periferie"}
    for who, status in (("public", 401), ("reader", 403), ("rho", 403)):
        assert ask(who)("POST", "/programme-placements", json=body).status_code == status


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("programme-placements", {"project_id": WORKS.id, "programme": "driver:1"}, "programme"),
        ("programme-placements", {"project_id": "x", "programme": "programme:pnrr"}, "project_id"),
        ("project-pairs", {"project_id": WORKS.id, "other_id": WORKS.id}, "other_id"),
        ("project-pairs", {"project_id": WORKS.id, "other_id": "x"}, "other_id"),
    ],
)
def test_what_cannot_be_is_refused_by_field(said, path, body, field):
    answer = said(path, body)
    assert answer.status_code == 422
    assert [error["field"].split("/")[1] for error in answer.json()["errors"]] == [field]


def test_a_project_put_in_a_programme_stays_there_until_that_is_taken_back(ask, said):
    placed = said("programme-placements", {"project_id": WORKS.id, "programme": "programme:bando-periferie"}).json()
    assert read(ask, WORKS)["groups"][0]["id"] == "programme:bando-periferie"
    again = said("programme-placements", {"project_id": WORKS.id, "programme": "programme:pnrr"})
    assert again.status_code == 409
    ask("consultant")("DELETE", f"/programme-placements/{placed['id']}")
    assert read(ask, WORKS)["programme"] == "programme:pnrr"
    ask("consultant")("POST", f"/programme-placements/{placed['id']}/restorations")
    assert read(ask, WORKS)["programme"] == "programme:bando-periferie"


def test_a_state_that_was_observed_outlives_what_is_said_of_the_programme(ask, said):
    fact = {"entry_id": OTHER.id, "fact": "state", "said_on": now().date().isoformat(), "state": "suspended"}
    observed = ask("consultant")("POST", "/observations", json=fact)
    assert observed.status_code == 201, observed.text
    said("programme-placements", {"project_id": OTHER.id, "programme": "programme:bando-periferie"})
    assert read(ask, OTHER)["state"] == "suspended"
    ask("consultant")("DELETE", f"/observations/{observed.json()['id']}")
    assert read(ask, OTHER)["state"] == ""


def test_each_of_a_pair_shows_the_other_until_they_are_parted(ask, said):
    made = said("project-pairs", {"project_id": WORKS.id, "other_id": SERVICES.id}).json()
    assert read(ask, WORKS)["pair"]["id"] == SERVICES.id
    assert read(ask, SERVICES)["pair"]["id"] == WORKS.id
    assert said("project-pairs", {"project_id": OTHER.id, "other_id": SERVICES.id}).status_code == 409
    listed = ask("consultant")("GET", "/project-pairs", params={"project": SERVICES.id}).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    ask("consultant")("DELETE", f"/project-pairs/{made['id']}")
    assert read(ask, WORKS)["pair"] is None


def test_a_pair_with_what_a_commune_keeps_shows_to_that_commune_alone(ask, said):
    own = ask("rho")("POST", "/projects", json=IDEA).json()["id"]
    said("project-pairs", {"project_id": WORKS.id, "other_id": own})
    assert read(ask, WORKS)["pair"] is None
    assert read(ask, WORKS, "grezzago")["pair"] is None
    assert read(ask, WORKS, "rho")["pair"]["id"] == own
    paired = ask("public")("GET", "/programmes/programme:pnrr").json()["totals"]["paired"]
    assert paired == 0


def test_a_commune_pairs_its_own_project_with_an_official_one(ask):
    own = ask("rho")("POST", "/projects", json=IDEA | {"paired_with": OTHER.id}).json()
    assert read(ask, own["id"], "rho")["pair"]["id"] == OTHER.id
    assert read(ask, OTHER)["pair"] is None
    nowhere = ask("rho")("PATCH", f"/projects/{own['id']}", version=1, json={"paired_with": "pnrr-progetti:x"})
    assert nowhere.status_code == 422


def test_what_one_commune_keeps_is_never_paired_with_what_another_keeps(ask, said):
    rho, grezzago = (ask(who)("POST", "/projects", json=IDEA).json()["id"] for who in ("rho", "grezzago"))
    assert said("project-pairs", {"project_id": rho, "other_id": grezzago}).status_code == 422
    for who, own, other in (("rho", rho, grezzago), ("consultant", rho, grezzago), ("rho", rho, rho)):
        answer = ask(who)("PATCH", f"/projects/{own}", version=1, json={"paired_with": other})
        assert answer.status_code == 422
