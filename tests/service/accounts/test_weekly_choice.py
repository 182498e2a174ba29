"""The weekly e-mail of one's own account, chosen by programs and by scripts of the portal."""

import pytest

from service.accounts.tables import Role
from service.settings import Settings
from tests.service.web.clients import as_role, running
from tests.world import RHO

PATH = "/api/v1/account/weekly-email"
CHOICE = {"follows": [{"kind": "commune", "id": RHO.istat}], "language": "en", "quiet": "skip", "muted": ["turismo"]}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with running(Settings(home=home, rate_limit="")) as app:
        yield app


def test_nothing_is_there_before_it_is_chosen_then_it_is_kept_changed_ended_and_taken_up_again(app):
    client = as_role(app, Role.COMMUNE, RHO.istat)
    assert client.get(PATH).status_code == 404
    made = client.put(PATH, json=CHOICE, headers={"If-Match": '"0"'})
    assert made.status_code == 200
    kept = client.get(PATH)
    assert kept.json() == made.json() == CHOICE | {"audience": "commune", "state": "active", "version": 1}
    changed = client.put(PATH, json=CHOICE | {"muted": []}, headers={"If-Match": kept.headers["ETag"]})
    assert (changed.json()["muted"], changed.json()["version"]) == ([], 2)
    assert client.delete(PATH).status_code == 204
    assert client.get(PATH).json()["state"] == "ended"
    again = client.put(PATH, json=CHOICE, headers={"If-Match": client.get(PATH).headers["ETag"]})
    assert again.json()["state"] == "active"


def test_an_edit_says_which_version_it_changes(app):
    client = as_role(app, Role.COMMUNE, RHO.istat)
    assert client.put(PATH, json=CHOICE).status_code == 428
    client.put(PATH, json=CHOICE, headers={"If-Match": '"0"'})
    assert client.put(PATH, json=CHOICE, headers={"If-Match": '"0"'}).status_code == 412


def test_a_commune_cannot_choose_what_is_the_incubators(app):
    client = as_role(app, Role.COMMUNE, RHO.istat)
    answer = client.put(PATH, json=CHOICE | {"audience": "consultant"}, headers={"If-Match": '"0"'})
    assert answer.status_code == 422


def test_what_another_commune_keeps_cannot_be_followed(app):
    other = as_role(app, Role.COMMUNE, RHO.istat)
    need = other.post("/api/v1/needs", json={"title": "Scuola", "text": "Fredda."}).json()["id"]
    client = as_role(app, Role.COMMUNE, "015146")
    answer = client.put(PATH, json={"follows": [{"kind": "need", "id": need}]}, headers={"If-Match": '"0"'})
    assert answer.status_code == 422
