"""Coming in by a real provider: who was invited comes in, and nothing that was tampered with does."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import time_machine
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from service.accounts.tables import AccountState, IdentityRow, Role
from service.audit.tables import AuditEventRow
from service.database import reading
from service.moments import now
from tests.service.accounts.conftest import RHO
from tests.service.accounts.provider import CLIENT_ID, CLIENT_SECRET, Provider, serving
from tests.service.web.clients import BASE_URL, add_account, as_role, running, visitor

RETURN = f"{BASE_URL}/log-in/provider/return"


@pytest.fixture(scope="module")
def running_provider():
    with serving(Provider()) as provider:
        provider.redirect_uri = RETURN
        yield provider


@pytest.fixture
def provider(running_provider):
    running_provider.honest()
    return running_provider


@pytest.fixture
def app(settings, provider):
    configured = {
        "public_url": BASE_URL,
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": type(settings.secret_key)(CLIENT_SECRET),
        "oidc_strong": "mfa, otp",
    }
    with running(settings.model_copy(update=configured)) as app:
        yield app


@pytest.fixture
def invited(app):
    return add_account(app, Role.COMMUNE, RHO, email="tecnico@rho.example", state=AccountState.INVITED)


def depart(client):
    """Follow the way to the provider and through it; returns the address to which it sends the browser back."""
    going = client.get("/log-in/provider", follow_redirects=False)
    assert going.status_code == 303, going.text
    back = httpx2.get(going.headers["Location"])
    assert back.status_code == 307
    return back.headers["Location"]


def come_back(client, address):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow_redirects=False)


def log_in(app):
    client = visitor(app)
    return client, come_back(client, depart(client))


def account(client):
    return client.get("/api/v1/account")


def test_who_was_invited_comes_in_and_the_invitation_is_accepted(app, invited):
    client, answer = log_in(app)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accedi")
    known = account(client).json()
    assert (known["id"], known["state"]) == (invited, "active")


def test_who_came_in_before_is_known_by_identity_and_not_by_address(app, provider, invited):
    log_in(app)
    provider.person |= {"email": "another@rho.example"}
    assert account(log_in(app)[0]).json()["id"] == invited


def test_an_identity_that_nobody_invited_stays_out(app, provider, invited):
    provider.person |= {"sub": "person-2", "email": "stranger@rho.example"}
    client, answer = log_in(app)
    assert (answer.status_code, account(client).status_code) == (401, 401)


@pytest.mark.parametrize("verified", [False, None, "no", 0])
def test_an_address_that_the_provider_has_not_verified_opens_no_account(app, provider, invited, verified):
    provider.person["email_verified"] = verified
    assert log_in(app)[1].status_code == 401


def test_a_disabled_account_stays_out_also_by_the_provider(app, provider):
    add_account(app, Role.READER, email="tecnico@rho.example", state=AccountState.DISABLED)
    assert log_in(app)[1].status_code == 401
    with reading(app.state.remix.engine) as session:
        assert session.scalar(select(func.count()).select_from(IdentityRow)) == 0


@pytest.mark.parametrize(
    ("claims", "needed"),
    [({}, "set_up"), ({"amr": ["pwd"]}, "set_up"), ({"amr": ["pwd", "otp"]}, "nothing"), ({"acr": "mfa"}, "nothing")],
)
def test_the_provider_counts_as_second_factor_only_where_it_says_so_and_we_asked(app, provider, claims, needed):
    add_account(app, Role.CONSULTANT, email="tecnico@rho.example")
    provider.person |= claims
    client, _ = log_in(app)
    assert client.get("/api/v1/sessions/current").json()["needed"] == needed
    assert account(client).status_code == (200 if needed == "nothing" else 401)


LIES = {
    "another nonce": {"nonce": "made-up"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another-service"},
    "no audience": {"aud": None},
    "many audiences, none authorised": {"aud": [CLIENT_ID, "another"], "azp": "another"},
    "expired": {"exp": 1_700_000_000},
    "no expiry": {"exp": None},
    "issued in the future": {"iat": 4_000_000_000},
    "not valid yet": {"nbf": 4_000_000_000},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_is_not_for_this_log_in_is_refused(app, provider, invited, lie):
    provider.lie = lie
    client, answer = log_in(app)
    assert (answer.status_code, account(client).status_code) == (422, 401)


def test_an_unsigned_token_is_refused(app, provider, invited):
    provider.header = {"alg": "none"}
    assert log_in(app)[1].status_code == 422


def test_a_token_signed_with_another_key_is_refused(app, provider, invited):
    provider.signs_with = lambda: RSAKey.generate_key(2048, {"kid": "one"})
    assert log_in(app)[1].status_code == 422


def test_a_token_signed_with_what_everybody_can_read_is_refused(app, provider, invited):
    provider.header = {"alg": "HS256"}
    assert log_in(app)[1].status_code == 422


def test_an_answer_to_somebody_elses_log_in_is_refused(app, provider, invited):
    victim, attacker = visitor(app), visitor(app)
    depart(victim)
    answer = come_back(victim, depart(attacker))
    assert (answer.status_code, account(victim).status_code) == (422, 401)


def test_an_answer_without_a_log_in_begun_here_is_refused(app, provider, invited):
    assert come_back(visitor(app), depart(visitor(app))).status_code == 422


def test_a_log_in_begun_long_ago_is_refused(app, provider, invited):
    client = visitor(app)
    back = depart(client)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with time_machine.travel(now() + timedelta(minutes=11)):
        client.headers["Cookie"] = cookies
        assert come_back(client, back).status_code == 422


def test_a_code_works_once(app, provider, invited):
    client = visitor(app)
    back = depart(client)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert come_back(client, back).status_code == 303
    replay = visitor(app)
    replay.headers["Cookie"] = cookies
    assert come_back(replay, back).status_code == 422


def test_the_provider_may_say_no(app, provider, invited):
    provider.refuses = True
    assert log_in(app)[1].status_code == 422


def test_an_answer_that_names_another_provider_is_refused(app, provider, invited):
    client = visitor(app)
    assert come_back(client, depart(client) + "&iss=https%3A%2F%2Fevil.example").status_code == 422


def test_an_address_that_only_userinfo_tells_is_taken_from_there(app, provider, invited):
    provider.person = {"sub": "person-1"}
    provider.userinfo = {"sub": "person-1", "email": "tecnico@rho.example", "email_verified": True}
    assert account(log_in(app)[0]).json()["id"] == invited


def test_userinfo_of_somebody_else_is_not_taken(app, provider, invited):
    provider.person = {"sub": "person-1"}
    provider.userinfo = {"sub": "person-2", "email": "tecnico@rho.example", "email_verified": True}
    assert log_in(app)[1].status_code == 401


def test_every_log_in_has_its_own_state_nonce_and_challenge(app, provider, invited):
    addresses = [visitor(app).get("/log-in/provider", follow_redirects=False).headers["Location"] for _ in range(3)]
    queries = [parse_qs(urlsplit(address).query) for address in addresses]
    for name in ("state", "nonce", "code_challenge"):
        assert len({query[name][0] for query in queries}) == 3


def test_a_provider_that_does_not_answer_is_not_our_mistake(settings):
    gone = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": CLIENT_ID, "public_url": BASE_URL}
    with running(settings.model_copy(update=gone)) as app:
        assert visitor(app).get("/log-in/provider", follow_redirects=False).status_code == 503


def test_without_a_provider_there_is_nothing_here(settings):
    with running(settings) as app:
        assert visitor(app).get("/log-in/provider", follow_redirects=False).status_code == 404
        assert as_role(app, Role.READER).get("/log-in/provider/return").status_code == 404


def test_the_trail_tells_that_the_provider_vouched(app, provider, invited):
    log_in(app)
    with reading(app.state.remix.engine) as session:
        events = session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)).all()
    assert [event.action for event in events] == ["account.accepted", "account.identity_linked", "account.logged_in"]
    assert events[-1].details == {"by": "provider"}
