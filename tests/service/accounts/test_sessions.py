"""Sessions over HTTP: opened by a password, good until they end, and never a way to learn who has an account."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from service.access.identification import SECURE_COOKIE
from service.accounts.passwords import hash_password
from service.accounts.sessions import IDLE, LONGEST, end_sessions, live_sessions
from service.accounts.tables import AccountRow, AccountState, Role, SessionRow
from service.accounts.tokens import hash_of
from service.audit.tables import AuditEventRow
from service.database import reading, writing
from service.moments import now
from tests.service.web.clients import add_account, as_program, as_role, in_session, running, visitor

PASSWORD = "otto gatti sul campanile"
RHO = "015182"


@pytest.fixture
def app(settings):
    with running(settings) as app:
        yield app


@pytest.fixture
def rho(app):
    return add_account(app, Role.COMMUNE, RHO, email="tecnico@rho.example", password_hash=hash_password(PASSWORD))


def log_in(client, email="tecnico@rho.example", password=PASSWORD):
    return client.post("/api/v1/sessions", json={"email": email, "password": password})


def current(client):
    return client.get("/api/v1/sessions/current")


def change(app, row, **values):
    with writing(app.state.remix.engine) as session:
        session.execute(update(row).values(**values))


def test_a_password_opens_a_session_that_the_cookie_carries(app, rho):
    client = visitor(app)
    answer = log_in(client, " Tecnico@RHO.example ")
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{SECURE_COOKIE.lower()}=")
    assert all(word in cookie for word in ("httponly", "secure", "samesite=lax", "path=/"))
    assert "domain" not in cookie
    assert current(client).json()["account"]["id"] == rho


def test_only_hashes_of_what_the_client_holds_are_kept(app, rho):
    client = visitor(app)
    log_in(client)
    secret = client.cookies[SECURE_COOKIE]
    with reading(app.state.remix.engine) as session:
        row = session.scalars(select(SessionRow)).one()
    assert secret not in (row.secret_hash, row.csrf_token)


def test_every_refusal_is_the_same(app, rho):
    for state, email in (
        (AccountState.DISABLED, "disabled@rho.example"),
        (AccountState.INVITED, "invited@rho.example"),
    ):
        add_account(app, Role.READER, email=email, state=state, password_hash=hash_password(PASSWORD))
    add_account(app, Role.READER, email="oidc@rho.example")
    answers = [
        log_in(visitor(app), email, password)
        for email, password in (
            ("nobody@rho.example", PASSWORD),
            ("tecnico@rho.example", "another password"),
            ("disabled@rho.example", PASSWORD),
            ("invited@rho.example", PASSWORD),
            ("oidc@rho.example", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({(answer.json()["detail"], answer.headers.get("set-cookie")) for answer in answers}) == 1


def test_tries_are_paused_and_the_right_password_does_not_jump_the_pause(app, rho):
    client = visitor(app)
    codes = [log_in(client, password="wrong password").status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    refused = log_in(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    with time_machine.travel(now() + timedelta(seconds=2)):
        assert log_in(client).status_code == 201
        assert log_in(client, password="wrong password").status_code == 401


def test_an_account_that_does_not_exist_is_paused_like_one_that_does(app):
    codes = [log_in(visitor(app), "nobody@rho.example").status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_one_address_cannot_try_one_password_on_every_account(app):
    codes = [log_in(visitor(app), f"{n}@rho.example", "x").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]


def test_logging_in_well_costs_an_address_nothing(app, rho):
    assert {log_in(visitor(app)).status_code for _ in range(32)} == {201}


def test_a_log_out_ends_the_session_for_whoever_copied_the_cookie(app, rho):
    client, thief = visitor(app), visitor(app)
    log_in(client)
    thief.cookies = client.cookies
    thief.headers["Cookie"] = f"{SECURE_COOKIE}={client.cookies[SECURE_COOKIE]}"
    client.headers["CSRF-Token"] = current(client).json()["csrf_token"]
    assert client.delete("/api/v1/sessions/current").status_code == 204
    assert (current(client).status_code, current(thief).status_code) == (401, 401)


@pytest.mark.parametrize(("idle", "good"), [(IDLE - timedelta(minutes=1), 200), (IDLE + timedelta(minutes=1), 401)])
def test_a_session_that_nobody_uses_ends(app, rho, idle, good):
    client = in_session(app, rho)
    with time_machine.travel(now() + idle):
        assert current(client).status_code == good


def test_a_session_in_use_ends_all_the_same(app, rho):
    client, start = in_session(app, rho), now()
    step = IDLE - timedelta(hours=1)
    for number in range(1, int(LONGEST / step) + 1):
        with time_machine.travel(start + number * step):
            assert current(client).status_code == 200
    with time_machine.travel(start + LONGEST):
        assert current(client).status_code == 401


def test_a_disabled_account_is_out_at_once(app, rho):
    client = in_session(app, rho)
    change(app, AccountRow, state=AccountState.DISABLED)
    assert current(client).status_code == 401


def test_ending_all_sessions_but_one_leaves_that_one(app, rho):
    kept, other = in_session(app, rho), in_session(app, rho)
    with writing(app.state.remix.engine) as session:
        mine = kept.headers["Cookie"].partition("=")[2]
        rows = {row.id for row in live_sessions(session, rho, None)}
        assert end_sessions(session, rho, but=hash_of(mine)) == 1
        (left,) = live_sessions(session, rho, hash_of(mine))
    assert left.current
    assert left.id in rows
    assert (current(kept).status_code, current(other).status_code) == (200, 401)


def test_a_consultant_with_a_password_alone_is_a_visitor(app):
    add_account(app, Role.CONSULTANT, email="c@incubatore.example", password_hash=hash_password(PASSWORD))
    client = visitor(app)
    assert log_in(client, "c@incubatore.example").json()["needed"] == "set_up"
    with_cookie = current(client)
    assert (with_cookie.status_code, with_cookie.json()["needed"]) == (200, "set_up")


def test_an_api_key_is_not_a_session(app):
    client = as_program(app, Role.READER, "catalogue:read")
    assert client.get("/status").status_code == 200
    assert current(client).status_code == 403


@pytest.mark.parametrize("value", ["Bearer rmx_0_0", "Bearer x", "Basic eDp5", "rmx_", ""])
def test_bad_credentials_are_401_even_where_none_are_needed(app, value):
    client = visitor(app)
    client.headers["Authorization"] = value
    answer = client.get("/status")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_cookie_of_nothing_counts_as_none(app):
    client = visitor(app)
    client.headers["Cookie"] = f"{SECURE_COOKIE}=made-up"
    assert client.get("/status").status_code == 200


def test_reads_do_not_wait_for_an_import_to_note_that_they_happened(app, rho):
    client = in_session(app, rho)
    with time_machine.travel(now() + timedelta(minutes=5)), writing(app.state.remix.engine) as session:
        session.execute(update(AccountRow).values(name="held"))
        assert current(client).status_code == 200


def test_the_trail_tells_who_came_in_and_names_no_address(app, rho):
    log_in(visitor(app))
    log_in(visitor(app), password="wrong password")
    with reading(app.state.remix.engine) as session:
        events = session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)).all()
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 1
    assert [event.action for event in events] == ["account.logged_in", "account.login_refused"]
    assert {event.object_id for event in events} == {rho}
    assert "@" not in str([event.details for event in events])


def test_the_helpers_log_in_as_every_role(app):
    for role in Role:
        client = as_role(app, role, RHO if role is Role.COMMUNE else None)
        answer = current(client)
        assert answer.status_code == (401 if role is Role.PUBLIC else 200)
