"""The register over HTTP, on both databases: who sees what, what is matched, what a list that is sent does."""

import pytest
from fastapi.testclient import TestClient

from matcher.records import ApplicantKind, Need, Organisation, PublicAsset
from service.accounts.tables import Role
from service.assets.register import AssetFilters, Order, Register, counts, matching, page_of
from service.assets.uploading import upload
from service.database import open_database, reading, writing
from service.errors import InvalidError, UnknownRecordError
from service.imports import import_source
from service.web.app import create_app
from service.work.acting import Acting
from tests.fakes import HashingEncoder
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, add_account, as_role, visitor
from tests.world import CALLS, COMMUNES, GREZZAGO, RHO

SCHOOL = PublicAsset(
    id="prova:scuola", title="Ex scuola", text="Aule vuote.", commune_istat=RHO.istat, kind="ex scuola",
    surface_m2=900.0, state="in abbandono",
)  # fmt: skip
SMALL = PublicAsset(id="prova:casello", title="Casello", text="", commune_istat=RHO.istat, kind="casa cantoniera")
SEIZED = PublicAsset(
    id="beni-confiscati:1", title="Villa confiscata", text="", commune_istat=RHO.istat, kind="Villa",
    state="confiscato, non ancora assegnato",
)  # fmt: skip
COOPERATIVE = Organisation(
    id="ets:cooperativa", name="Cooperativa sociale Il Portico", kind=ApplicantKind.THIRD_SECTOR,
    commune_istat=RHO.istat, commune_name="Rho",
)  # fmt: skip
NEED = Need(id="prova:studio", commune_istat=RHO.istat, title="Aula studio per i ragazzi", text="")
THEIRS = Need(id="prova:loro", commune_istat=GREZZAGO.istat, title="Biblioteca riservatissima", text="")


@pytest.fixture
def app(settings):
    engine = open_database(settings, writing=True)
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / "world.csv"
    file.write_text("the small world")
    import_source(engine, ListedSource(*COMMUNES, *CALLS, SCHOOL, SMALL, COOPERATIVE, NEED, THEIRS, name="prova"), file)
    import_source(engine, ListedSource(SEIZED, name="beni-confiscati"), file)
    engine.dispose()
    app = create_app(settings.model_copy(update={"rate_limit": ""}), HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        yield app


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_the_register_is_browsed_page_by_page(app):
    client = visitor(app)
    first = client.get("/api/v1/asset-register", params={"limit": 2}).json()
    rest = client.get("/api/v1/asset-register", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert first["total"] == 3
    assert {one["id"] for one in first["items"] + rest["items"]} == {SCHOOL.id, SMALL.id, SEIZED.id}
    assert rest["next_cursor"] == ""
    assert first["counts"]["kinds"] == {"house": 1, "school": 1, "villa": 1}


def test_a_cursor_that_is_none_is_refused(app):
    assert visitor(app).get("/api/v1/asset-register", params={"cursor": "eA=="}).status_code == 422


def test_what_a_commune_keeps_shows_to_it_alone(app):
    rho, grezzago = as_role(app, Role.COMMUNE, RHO.istat), as_role(app, Role.COMMUNE, GREZZAGO.istat)
    made = rho.post("/api/v1/assets", json={"title": "Deposito", "text": "Vuoto.", "kind": "deposito"}).json()["id"]
    assert made in ids(rho.get("/api/v1/asset-register"))
    assert made in ids(as_role(app, Role.CONSULTANT).get("/api/v1/asset-register"))
    for other in (grezzago, visitor(app)):
        assert made not in ids(other.get("/api/v1/asset-register"))
        assert made not in other.get("/api/v1/asset-export", params={"format": "json"}).text
        for part in ("needs", "calls", "reuses", "path"):
            assert other.get(f"/api/v1/assets/{made}/{part}").status_code == 404


def test_an_asset_finds_the_needs_that_who_asks_may_see(app):
    def needs(client):
        return client.get(f"/api/v1/assets/{SCHOOL.id}/needs").json()["items"]

    (found,) = needs(as_role(app, Role.COMMUNE, RHO.istat))
    assert found["need_id"] == NEED.id
    assert sum(found["contributions"].values()) == pytest.approx(found["score"])
    assert {one["criterion"] for one in found["criteria"]} >= {"near", "kind", "surface", "heritage"}
    assert needs(visitor(app)) == needs(as_role(app, Role.COMMUNE, GREZZAGO.istat)) == []


def test_a_need_finds_assets_and_another_communes_need_does_not_exist(app):
    rho = as_role(app, Role.COMMUNE, RHO.istat)
    found = rho.get(f"/api/v1/needs/{NEED.id}/assets").json()["items"]
    assert found[0]["asset_id"] == SCHOOL.id
    assert rho.get(f"/api/v1/needs/{THEIRS.id}/assets").status_code == 404
    assert rho.get(f"/api/v1/assets/{SCHOOL.id}/calls", params={"need": THEIRS.id}).status_code == 404


def test_an_asset_with_a_need_is_asked_about_in_one_question(app):
    rho = as_role(app, Role.COMMUNE, RHO.istat)
    alone = rho.get(f"/api/v1/assets/{SCHOOL.id}/calls").json()
    both = rho.get(f"/api/v1/assets/{SCHOOL.id}/calls", params={"need": NEED.id}).json()
    assert "Aula studio" in both["asked"]
    assert "Aula studio" not in alone["asked"]
    assert alone["total"] == len(CALLS)


def test_partners_are_bodies_near_by_and_never_firms(app):
    found = visitor(app).get(f"/api/v1/assets/{SCHOOL.id}/partners", params={"k": 5}).json()
    assert {one["id"] for one in found["items"]} >= {"ets:cooperativa"}
    assert all(one["kind"] != "firm" for one in found["items"])


def test_the_path_names_its_source(app):
    found = visitor(app).get(f"/api/v1/assets/{SCHOOL.id}/path").json()
    assert "Remix e VALO.RI" in found["source"]
    assert found["suggested"] == "undecided"


def test_what_is_confiscated_asks_for_nothing_by_itself(app):
    rho = as_role(app, Role.COMMUNE, RHO.istat)
    answer = rho.post("/api/v1/recommendations", json={"commune": RHO.istat}).json()
    assert answer["items"] == 3


def test_the_register_sees_a_change_at_once(app):
    rho = as_role(app, Role.COMMUNE, RHO.istat)
    made = rho.post("/api/v1/assets", json={"title": "Deposito", "text": "Vuoto."}).json()["id"]
    rho.delete(f"/api/v1/assets/{made}")
    assert made not in ids(rho.get("/api/v1/asset-register"))


def sent(app, tmp_path, text, istat=RHO.istat, commune=RHO.istat):
    from service.access.principal import Principal

    account = add_account(app, Role.COMMUNE, commune)
    file = tmp_path / "beni.csv"
    file.write_text(text, "utf-8")
    with writing(app.state.remix.engine) as session:
        principal = Principal(Role.COMMUNE, account, commune)
        return upload(Acting(session, principal), istat, file, file.name)


def test_a_list_of_another_commune_is_refused(app, tmp_path):
    with pytest.raises(UnknownRecordError):
        sent(app, tmp_path, "Denominazione\nEx asilo\n", istat=GREZZAGO.istat)


def test_a_list_that_is_too_long_keeps_nothing(app, tmp_path, monkeypatch):
    monkeypatch.setattr("service.assets.uploading.MOST_ROWS", 1)
    with pytest.raises(InvalidError, match="more than 1 rows"):
        sent(app, tmp_path, "Denominazione\nEx asilo\nEx scuola\n")
    with reading(app.state.remix.engine) as session:
        assert not [one for one in Register().lines(session) if one.owner_istat]


def test_a_list_is_new_then_changed_then_the_same_and_an_archived_asset_is_told(app, tmp_path):
    first = sent(app, tmp_path, "Denominazione;Superficie\nEx asilo;90\nVilla;tanti\n")
    assert (first.rows, first.new, [bad.field for bad in first.apart]) == (2, 1, ["Superficie"])
    assert sent(app, tmp_path, "Denominazione;Superficie\nEx asilo;95\n").changed == 1
    assert sent(app, tmp_path, "Denominazione;Superficie\nEx asilo;95\n").unchanged == 1
    rho = as_role(app, Role.COMMUNE, RHO.istat)
    (made,) = [one for one in ids(rho.get("/api/v1/asset-register")) if one.startswith("portal:")]
    rho.delete(f"/api/v1/assets/{made}")
    again = sent(app, tmp_path, "Denominazione;Superficie\nEx asilo;99\n")
    assert [bad.reason for bad in again.apart] == ["it was archived here: restore it first"]


def test_an_asset_of_a_list_can_be_undone_like_any_other(app, tmp_path):
    sent(app, tmp_path, "Denominazione;Superficie\nEx asilo;90\n")
    sent(app, tmp_path, "Denominazione;Superficie\nEx asilo;95\n")
    rho = as_role(app, Role.COMMUNE, RHO.istat)
    (made,) = [one for one in ids(rho.get("/api/v1/asset-register")) if one.startswith("portal:")]
    undone = rho.post(f"/api/v1/assets/{made}/reversals", headers={"If-Match": '"2"'}).json()
    assert undone["surface_m2"] == 90


def test_orders_and_counts_hold_for_nothing_at_all():
    assert page_of([], Order.SURFACE, 10, "").total == 0
    assert counts([])["kinds"] == {}
    assert matching([], AssetFilters(words="x")) == []
