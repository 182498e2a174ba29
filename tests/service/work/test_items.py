"""Needs, projects and assets: kept, changed, archived, undone; seen by those whom they concern."""

import pytest
from sqlalchemy import select

from service.audit.tables import AuditEventRow
from service.database import reading
from service.errors import DatabaseError
from service.work import items

NEED = {"title": "Scuola fredda", "text": "La scuola di via Roma è senza cappotto termico."}
ROUTES = ("needs", "projects", "assets")


@pytest.fixture(params=ROUTES)
def kind(request):
    return request.param


@pytest.fixture
def kept(ask, kind):
    """An item of Rho of each kind, as it was answered when it was made."""
    answer = ask("rho")("POST", f"/{kind}", json=NEED)
    assert answer.status_code == 201
    return answer.json()


def events(engine, object_id):
    with reading(engine) as session:
        rows = session.scalars(select(AuditEventRow).where(AuditEventRow.object_id == object_id))
        return [(row.action, row.account_id, row.commune_istat) for row in rows.all()]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 301),
        ("text", "con un \0 dentro"),
        ("text", "<script>alert(1)</script>"),
        ("text", "x" * 20_001),
        ("title", None),
        ("themes", ["x"] * 21),
        ("drivers", ["driver:11"]),
        ("unknown", "x"),
        ("commune_istat", "999999"),
    ],
)
def test_what_cannot_be_matched_or_shown_is_refused_by_field(ask, field, value):
    answer = ask("consultant")("POST", "/needs", json=NEED | {"commune_istat": "015182", field: value})
    assert answer.status_code == 422
    assert [error["field"].split("/")[1] for error in answer.json()["errors"]] == [field]


def test_a_comparison_is_no_html(ask):
    text = "Comuni con popolazione < 5.000 e superficie > 3 km²"
    answer = ask("rho")("POST", "/needs", json=NEED | {"text": text})
    assert answer.json()["text"] == text


def test_a_commune_writes_for_no_other(ask):
    answer = ask("rho")("POST", "/needs", json=NEED | {"commune_istat": "015110"})
    assert answer.status_code == 404


def test_the_incubator_says_for_whom_it_writes(ask):
    assert ask("consultant")("POST", "/needs", json=NEED).status_code == 422
    answer = ask("consultant")("POST", "/needs", json=NEED | {"commune_istat": "015110"})
    assert answer.json()["commune_istat"] == "015110"
    assert ask("grezzago")("GET", f"/needs/{answer.json()['id']}").status_code == 200


@pytest.mark.parametrize("who", ["public", "reader"])
def test_nobody_writes_without_a_commune_or_an_office(ask, who, kind):
    assert ask(who)("POST", f"/{kind}", json=NEED).status_code in {401, 403}


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/versions"),
        ("POST", "/reversals"),
        ("POST", "/restorations"),
    ],
)
def test_another_communes_item_is_as_if_it_did_not_exist(ask, kind, kept, method, rest):
    options = {"json": {"title": "Altro"}} if method == "PATCH" else {}
    other = ask("grezzago")
    refused = other(method, f"/{kind}/{kept['id']}{rest}", version=1, **options)
    absent = other(method, f"/{kind}/portal:nothing{rest}", version=1, **options)
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert refused.json()["detail"] == absent.json()["detail"].replace("portal:nothing", kept["id"])


def test_another_communes_item_is_neither_listed_nor_counted(ask, kind, kept):
    own, other = ask("rho")("GET", f"/{kind}?limit=100").json(), ask("grezzago")("GET", f"/{kind}?limit=100").json()
    assert kept["id"] in {item["id"] for item in own["items"]}
    assert kept["id"] not in {item["id"] for item in other["items"]}
    assert other["total"] == len(other["items"])
    filtered = ask("grezzago")("GET", f"/{kind}?commune=015182").json()
    assert not any(item["owner_istat"] == "015182" for item in filtered["items"])


def test_an_item_is_read_as_it_was_written_and_again_only_if_it_changed(ask, kind, kept):
    answer = ask("rho")("GET", f"/{kind}/{kept['id']}")
    assert answer.json() == kept
    assert kept["source"] == "portal"
    assert kept["id"].startswith("portal:")
    again = ask("rho")("GET", f"/{kind}/{kept['id']}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_edit_changes_what_it_names_and_null_takes_away(ask, kept, kind):
    edit = ask("rho")
    first = edit("PATCH", f"/{kind}/{kept['id']}", version=1, json={"drivers": ["driver:7"], "title": " Nidi "})
    assert (first.json()["drivers"], first.json()["title"], first.headers["ETag"]) == (["driver:7"], "Nidi", '"2"')
    second = edit("PATCH", f"/{kind}/{kept['id']}", version=2, json={"drivers": None})
    assert (second.json()["drivers"], second.json()["text"]) == ([], NEED["text"])
    refused = edit("PATCH", f"/{kind}/{kept['id']}", version=3, json={"title": None})
    assert refused.json()["errors"][0]["field"] == "/title"


def test_part_of_an_amount_can_be_changed(ask):
    project = ask("rho")("POST", "/projects", json=NEED | {"amount": {"amount": "1000.50"}}).json()
    assert project["amount"] == {"amount": "1000.5", "currency": "EUR"}
    path = f"/projects/{project['id']}"
    changed = ask("rho")("PATCH", path, version=1, json={"amount": {"amount": "2000"}})
    assert changed.json()["amount"] == {"amount": "2000", "currency": "EUR"}


def test_an_edit_without_a_version_is_refused(ask, kept, kind):
    assert ask("rho")("PATCH", f"/{kind}/{kept['id']}", json={"title": "Altro"}).status_code == 428


def test_the_second_of_two_editors_gets_the_difference_and_nothing_is_lost(ask, kept, kind):
    path = f"/{kind}/{kept['id']}"
    ask("rho")("PATCH", path, version=1, json={"title": "Scuola gelida"})
    answer = ask("consultant")("PATCH", path, version=1, json={"title": "Scuola tiepida", "text": NEED["text"]})
    assert (answer.status_code, answer.headers["ETag"]) == (412, '"2"')
    assert answer.json()["difference"] == {"title": ["Scuola gelida", "Scuola tiepida"]}
    assert ask("rho")("GET", path).json()["title"] == "Scuola gelida"


def test_an_archived_item_is_kept_aside_and_comes_back(ask, kept, kind):
    rho, path = ask("rho"), f"/{kind}/{kept['id']}"
    assert rho("DELETE", path).status_code == 204
    assert kept["id"] not in {item["id"] for item in rho("GET", f"/{kind}?limit=100").json()["items"]}
    assert kept["id"] in {item["id"] for item in rho("GET", f"/{kind}?archived=true&limit=100").json()["items"]}
    assert rho("PATCH", path, version=2, json={"title": "Altro"}).status_code == 409
    assert rho("POST", f"{path}/restorations").json()["archived_at"] is None
    assert kept["id"] in {item["id"] for item in rho("GET", f"/{kind}?limit=100").json()["items"]}


def test_undo_takes_back_the_last_change_and_undone_again_makes_it_again(ask, kept, kind):
    rho, path = ask("rho"), f"/{kind}/{kept['id']}"
    rho("PATCH", path, version=1, json={"title": "Nidi"})
    assert rho("POST", f"{path}/reversals", version=2).json()["title"] == NEED["title"]
    assert rho("POST", f"{path}/reversals", version=3).json()["title"] == "Nidi"
    assert rho("POST", f"{path}/reversals", version=3).status_code == 412


def test_undo_of_an_archived_item_offers_it_again(ask, kept, kind):
    rho, path = ask("rho"), f"/{kind}/{kept['id']}"
    rho("DELETE", path)
    assert rho("POST", f"{path}/reversals", version=2).json()["archived_at"] is None


def test_undo_of_what_was_never_changed_archives_it(ask, kept, kind):
    assert ask("rho")("POST", f"/{kind}/{kept['id']}/reversals", version=1).json()["archived_at"]


def test_versions_name_people_only_to_the_incubator(ask, kept, kind):
    path = f"/{kind}/{kept['id']}"
    ask("consultant")("PATCH", path, version=1, json={"title": "Nidi"})
    first, second = ask("rho")("GET", f"{path}/versions").json()["items"]
    assert first["author"] == {"office": "commune", "role": "", "name": ""}
    assert second["author"] == {"office": "incubator", "role": "", "name": ""}
    assert second["changes"] == [{"field": "title", "old": NEED["title"], "new": "Nidi"}]
    seen_by_staff = ask("administrator")("GET", f"{path}/versions").json()["items"]
    assert [version["author"]["name"] for version in seen_by_staff] == ["Rho", "Consultant"]


def test_items_are_found_by_words_and_listed_in_pages(ask, kind):
    rho = ask("rho")
    made = {
        rho("POST", f"/{kind}", json={"title": f"Torre {n}", "text": "Restauro dell'orologio"}).json()["id"]
        for n in range(3)
    }
    found, cursor = [], ""
    for _ in range(3):
        page = rho("GET", f"/{kind}?q=OROLOGIO&limit=1&cursor={cursor}").json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert (set(found), cursor, page["total"]) == (made, "", 3)


def test_a_project_is_listed_for_each_of_its_communes(ask):
    project = ask("rho")("POST", "/projects", json=NEED | {"communes": ["015182", "015110"]}).json()
    for commune in ("015182", "015110"):
        listed = ask("consultant")("GET", f"/projects?commune={commune}&limit=100").json()["items"]
        assert project["id"] in {item["id"] for item in listed}


def test_a_project_is_paired_only_with_one_that_may_be_seen(ask):
    secret = ask("grezzago")("POST", "/projects", json=NEED).json()
    for wanted in (secret["id"], "portal:nothing"):
        answer = ask("rho")("POST", "/projects", json=NEED | {"paired_with": wanted})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "/paired_with")


def test_another_communes_project_that_names_ours_is_not_matched_for_us(ask):
    shared = {"title": "Ciclostazione", "text": "Piste ciclabili e ciclostazioni", "communes": ["015182", "015110"]}
    project = ask("grezzago")("POST", "/projects", json=shared).json()["id"]
    ask("rho")("POST", "/needs", json=NEED)

    def answer(who, commune):
        asked = {"commune": commune, "on": "2025-05-05", "k": 50}
        return ask(who)("POST", "/recommendations", json=asked).text

    assert project in answer("grezzago", "Grezzago")
    assert project not in answer("rho", "Rho")


def test_every_act_and_every_look_is_in_the_audit_trail(ask, engine):
    need = ask("rho")("POST", "/needs", json=NEED).json()
    ask("consultant")("GET", f"/needs/{need['id']}")
    ask("grezzago")("GET", f"/needs/{need['id']}")
    assert events(engine, need["id"]) == [
        ("needs.created", "rho", "015182"),
        ("needs.read", "consultant", "015182"),
    ]


@pytest.mark.parametrize(
    "address", ["/needs/%00", "/needs?q=a%00b", "/needs?cursor=AAo", "/communes/%00", "/decisions?call=%00"]
)
def test_a_nul_in_an_address_is_refused_before_a_database_sees_it(ask, address):
    assert ask("consultant")("GET", address).status_code == 422


def test_a_failing_database_does_not_tell_its_address_or_its_words(ask, monkeypatch):
    def failing(*_args, **_options):
        raise DatabaseError("postgresql+psycopg://remix@host/remix: Key (title)=(segreto) already exists")

    monkeypatch.setattr(items, "list_items", failing)
    answer = ask("rho")("GET", "/needs")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "remix@" not in answer.text
    assert "segreto" not in answer.text
