"""The second factor: nobody of the staff does anything without it, and no code works twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import time_machine

from service.access.identification import SECURE_COOKIE
from service.access.principal import Principal
from service.accounts.second_factor import give
from service.accounts.tables import AccountRow, RecoveryCodeRow, Role
from service.accounts.tokens import hash_of
from service.accounts.vault import Vault
from service.database import reading
from service.errors import InvalidError, ServiceError
from service.moments import now
from tests.service.accounts.conftest import RHO
from tests.service.web.clients import add_account, as_role, in_session

EMAIL = "consulente@incubatore.example"
GIVE = "/api/v1/sessions/current/second-factor"


@pytest.fixture
def consultant(app, password_hash):
    return add_account(app, Role.CONSULTANT, email=EMAIL, password_hash=password_hash)


def take_session(client, answer):
    client.headers["CSRF-Token"] = answer.json()["csrf_token"]
    return answer


def set_up(client):
    """Set a second factor up; returns its secret and the recovery codes."""
    secret = client.post("/api/v1/account/second-factor").json()["secret"]
    answer = client.post("/api/v1/account/second-factor/confirmations", json={"code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 201, answer.text
    return secret, take_session(client, answer).json()["recovery_codes"]


def code_after(secret, seconds=0):
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=seconds))


@pytest.fixture
def staff(app, consultant, log_in):
    """A consultant with a second factor set up a minute ago: id, secret and recovery codes."""
    with time_machine.travel(now() - timedelta(minutes=2)):
        return consultant, *set_up(log_in(app, EMAIL)[0])


def test_a_password_alone_opens_nothing_to_the_staff(app, consultant, log_in):
    client, answer = log_in(app, EMAIL)
    assert answer.json()["needed"] == "set_up"
    assert client.get("/api/v1/account").status_code == 401
    assert client.get("/api/v1/needs").status_code == 401
    assert client.post("/api/v1/account/api-keys", json={"name": "x", "scopes": ["items:read"]}).status_code == 401


def test_setting_it_up_opens_the_session_and_changes_its_cookie(app, consultant, log_in):
    client, _ = log_in(app, EMAIL)
    before = dict(client.cookies)
    made = client.post("/api/v1/account/second-factor").json()
    assert made["qr_svg"].startswith("<svg")
    assert made["secret"] in made["uri"]
    answer = client.post("/api/v1/account/second-factor/confirmations", json={"code": pyotp.TOTP(made["secret"]).now()})
    assert (answer.status_code, answer.json()["needed"]) == (201, "nothing")
    assert dict(client.cookies) != before
    assert client.get("/api/v1/account").json()["second_factor"] is True


def test_a_wrong_code_confirms_nothing(app, consultant, log_in):
    client, _ = log_in(app, EMAIL)
    client.post("/api/v1/account/second-factor")
    answer = client.post("/api/v1/account/second-factor/confirmations", json={"code": "abcdef"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "/code")
    assert client.get("/api/v1/account").status_code == 401


def test_nothing_is_confirmed_that_was_not_begun(app, consultant, log_in):
    client, _ = log_in(app, EMAIL)
    assert client.post("/api/v1/account/second-factor/confirmations", json={"code": "123456"}).status_code == 409


def test_the_next_log_in_asks_for_a_code(app, staff, log_in):
    client, answer = log_in(app, EMAIL)
    assert answer.json()["needed"] == "code"
    assert client.get("/api/v1/account").status_code == 401
    given = client.post(GIVE, json={"code": code_after(staff[1])})
    assert (given.status_code, given.json()["needed"]) == (201, "nothing")
    assert client.get("/api/v1/account").status_code == 200


def test_a_password_thief_cannot_set_up_a_second_factor_of_his_own(app, staff, log_in):
    client, _ = log_in(app, EMAIL)
    assert client.post("/api/v1/account/second-factor").status_code == 409


def test_a_code_that_was_seen_over_a_shoulder_works_no_more(app, staff, log_in):
    code = code_after(staff[1])
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": code}).status_code == 201
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": code}).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 201), (0, 201), (30, 201), (90, 422)])
def test_clocks_may_differ_by_one_step(app, staff, log_in, seconds, status):
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": code_after(staff[1], seconds)}).status_code == status


def test_codes_cannot_be_tried_through(app, staff, log_in):
    client, _ = log_in(app, EMAIL)
    codes = [client.post(GIVE, json={"code": "nocode"}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert client.post(GIVE, json={"code": code_after(staff[1])}).status_code == 429


def test_a_recovery_code_works_once_however_it_is_typed(app, staff, log_in):
    code = staff[2][0]
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": f" {code.upper()} "}).status_code == 201
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": code}).status_code == 422
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": staff[2][1].replace("-", "")}).status_code == 201


def test_another_account_has_no_use_for_a_recovery_code(app, staff, log_in, password_hash):
    add_account(app, Role.CONSULTANT, email="altro@incubatore.example", password_hash=password_hash)
    with time_machine.travel(now() - timedelta(minutes=2)):
        set_up(log_in(app, "altro@incubatore.example")[0])
    client, _ = log_in(app, "altro@incubatore.example")
    assert client.post(GIVE, json={"code": staff[2][0]}).status_code == 422


def test_new_recovery_codes_take_the_place_of_the_old(app, staff, log_in):
    client, _ = log_in(app, EMAIL)
    take_session(client, client.post(GIVE, json={"code": code_after(staff[1], -30)}))
    fresh = client.post("/api/v1/account/recovery-codes", json={"code": code_after(staff[1])}).json()["recovery_codes"]
    assert len(set(fresh) | set(staff[2])) == 20
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": staff[2][0]}).status_code == 422
    assert log_in(app, EMAIL)[0].post(GIVE, json={"code": fresh[0]}).status_code == 201


def test_of_two_who_send_one_code_at_once_one_comes_in(app, staff, log_in):
    vault = Vault(app.state.remix.settings.secret_key.get_secret_value())
    code, engine = code_after(staff[1]), app.state.remix.engine
    principals = [_pending(app, log_in) for _ in range(2)]

    def come(principal):
        try:
            return give(engine, vault, principal, code, "192.0.2.1", "r").account.id
        except InvalidError:
            return None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(come, principals))) == sorted([staff[0], "None"])


def _pending(app, log_in):
    client, _ = log_in(app, EMAIL)
    return Principal(session_hash=hash_of(client.cookies[SECURE_COOKIE]))


def test_the_database_alone_makes_no_codes(app, staff):
    with reading(app.state.remix.engine) as session:
        kept = session.get_one(AccountRow, staff[0]).totp_secret
        hashes = session.query(RecoveryCodeRow.code_hash).all()
    assert staff[1] not in kept
    assert Vault("another secret key of the same length").unseal("second factor", kept) is None
    assert not {code.replace("-", "") for code in staff[2]} & {hash_ for (hash_,) in hashes}


def test_with_another_secret_key_the_second_factor_is_refused_and_not_guessed(app, staff, log_in):
    other = Vault("another secret key of the same length")
    with pytest.raises(ServiceError, match="administrator"):
        give(app.state.remix.engine, other, _pending(app, log_in), code_after(staff[1]), "192.0.2.1", "r")


def test_a_commune_may_have_one_and_remove_it_again(app, rho, log_in):
    with time_machine.travel(now() - timedelta(minutes=2)):
        secret, _ = set_up(log_in(app)[0])
    client = in_session(app, rho)
    assert client.post("/api/v1/account/second-factor/removals", json={"code": "nocode"}).status_code == 422
    assert client.post("/api/v1/account/second-factor/removals", json={"code": code_after(secret)}).status_code == 204
    assert client.get("/api/v1/account").json()["second_factor"] is False


def test_the_staff_cannot_remove_theirs(app, staff):
    client = in_session(app, staff[0])
    answer = client.post("/api/v1/account/second-factor/removals", json={"code": code_after(staff[1])})
    assert answer.status_code == 403


def test_an_administrator_helps_whoever_lost_the_telephone(app, staff, log_in):
    lost = in_session(app, staff[0])
    administrator = as_role(app, Role.ADMINISTRATOR)
    assert administrator.delete(f"/api/v1/accounts/{staff[0]}/second-factor").status_code == 204
    assert lost.get("/api/v1/account").status_code == 401
    assert log_in(app, EMAIL)[1].json()["needed"] == "set_up"
    assert as_role(app, Role.COMMUNE, RHO).delete(f"/api/v1/accounts/{staff[0]}/second-factor").status_code == 403
