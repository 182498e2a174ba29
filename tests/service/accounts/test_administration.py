"""What administrators do with accounts, over HTTP: never without one left, never over somebody else's change."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.access.principal import Principal
from service.accounts.administration import change_account
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AuditEventRow
from service.database import reading, writing
from service.errors import ConflictError
from service.web.paging import decode_cursor
from tests.service.accounts.conftest import MILANO, RHO
from tests.service.web.clients import add_account, as_role, in_session

PATH = "/api/v1/accounts"


@pytest.fixture
def boss(app):
    return as_role(app, Role.ADMINISTRATOR)


def change(client, account_id, version=1, **changes):
    return client.patch(f"{PATH}/{account_id}", json=changes, headers={"If-Match": f'"{version}"'})


def test_an_edit_without_a_version_is_refused(boss, rho):
    assert boss.patch(f"{PATH}/{rho}", json={"name": "x"}).status_code == 428


def test_two_who_edit_at_once_do_not_overwrite_each_other(boss, rho):
    assert change(boss, rho, name="Ufficio bandi").status_code == 200
    late = change(boss, rho, name="Ufficio tecnico")
    assert late.status_code == 412
    assert late.json()["difference"] == {"name": ["Ufficio bandi", "Ufficio tecnico"]}
    assert late.headers["ETag"] == '"2"'
    assert boss.get(f"{PATH}/{rho}").json()["name"] == "Ufficio bandi"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "reader", "commune_istat": RHO}, "/commune_istat"),
        ({"commune_istat": "999999"}, "/commune_istat"),
        ({"role": "public"}, "/role"),
        ({"name": " "}, "/name"),
        ({"email": "x@rho.example"}, "/email"),
        ({"state": "gone"}, "/state"),
    ],
)
def test_what_an_account_cannot_be_is_refused_by_field(boss, rho, changes, field):
    answer = change(boss, rho, **changes)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_change_that_changes_nothing_is_no_new_version(boss, rho):
    assert change(boss, rho, language="it").json()["version"] == 1


@pytest.mark.parametrize("changes", [{"role": "reader"}, {"commune_istat": MILANO}, {"state": "disabled"}])
def test_another_role_commune_or_state_ends_the_sessions(app, boss, rho, changes):
    client = in_session(app, rho)
    assert change(boss, rho, **changes).status_code == 200
    assert client.get("/api/v1/account").status_code == 401


def test_another_name_leaves_the_sessions_alone(app, boss, rho):
    client = in_session(app, rho)
    change(boss, rho, name="Ufficio bandi")
    assert client.get("/api/v1/account").json()["name"] == "Ufficio bandi"


def test_a_closed_account_comes_back_as_it_was(boss, rho, log_in, app):
    change(boss, rho, state="disabled")
    assert log_in(app)[1].status_code == 401
    assert change(boss, rho, version=2, state="active").json()["state"] == "active"
    assert log_in(app)[1].status_code == 201


def test_who_never_chose_a_password_is_only_invited_again(app, boss):
    account_id = add_account(app, Role.READER, state=AccountState.DISABLED)
    assert change(boss, account_id, state="active").json()["state"] == "invited"
    assert change(boss, account_id, version=2, state="active").status_code == 422


@pytest.mark.parametrize("changes", [{"role": "reader"}, {"state": "disabled"}])
def test_the_only_administrator_stays(boss, changes):
    own = boss.get("/api/v1/account").json()["id"]
    assert change(boss, own, **changes).status_code == 409
    assert change(boss, own, name="Direzione").status_code == 200


def test_an_administrator_who_is_closed_or_only_invited_does_not_count(app, boss):
    add_account(app, Role.ADMINISTRATOR, state=AccountState.DISABLED)
    add_account(app, Role.ADMINISTRATOR, state=AccountState.INVITED)
    own = boss.get("/api/v1/account").json()["id"]
    assert change(boss, own, state="disabled").status_code == 409


def test_of_two_administrators_who_dismiss_each_other_at_once_one_stays(app):
    ids = [add_account(app, Role.ADMINISTRATOR) for _ in range(2)]
    engine = app.state.remix.engine

    def dismiss(who):
        try:
            with writing(engine) as session:
                actor = Principal(Role.ADMINISTRATOR, ids[who])
                change_account(session, actor, "r", ids[1 - who], 1, {"state": AccountState.DISABLED})
        except ConflictError:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(dismiss, range(2))) == ["done", "refused"]


def test_accounts_are_listed_page_by_page_and_filtered(app, boss, rho):
    for n in range(5):
        add_account(app, Role.READER, email=f"lettore{n}@rho.example", name="Lettore")
    first = boss.get(PATH, params={"role": "reader", "limit": 2}).json()
    second = boss.get(PATH, params={"role": "reader", "limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["email"] for one in first["items"] + second["items"]] == [f"lettore{n}@rho.example" for n in range(4)]
    assert first["total"] == 5
    assert "@" not in decode_cursor(first["next_cursor"])
    assert [one["id"] for one in boss.get(PATH, params={"commune": RHO}).json()["items"]] == [rho]
    assert boss.get(PATH, params={"words": "LETTORE3"}).json()["total"] == 1
    assert boss.get(PATH, params={"words": "100%_"}).json()["total"] == 0
    assert boss.get(PATH, params={"state": "disabled"}).json()["items"] == []


def test_no_answer_holds_a_secret_of_an_account(app, boss, rho, password_hash):
    said = boss.get(f"{PATH}/{rho}").text + boss.get(PATH).text
    assert password_hash not in said
    assert "password" not in said


def test_the_trail_tells_what_changed_and_no_names(app, boss, rho):
    change(boss, rho, name="Ufficio bandi", language="en")
    with reading(app.state.remix.engine) as session:
        event = session.query(AuditEventRow).filter_by(action="account.changed").one()
        assert session.get_one(AccountRow, rho).name == "Ufficio bandi"
    assert event.details["fields"] == ["language", "name"]
    assert "bandi" not in str(event.details)
