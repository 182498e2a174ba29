"""Invitations and new passwords: links that work once, in time, and for whom they were made."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AuditEventRow
from service.database import reading
from service.moments import now
from tests.service.accounts.conftest import PASSWORD, RHO
from tests.service.web.clients import add_account, as_role, in_session, visitor

NEW_PASSWORD = "nove gatti sul campanile"
WANTED = {"email": "Tecnico@Rho.example", "name": "Ufficio tecnico", "role": "commune", "commune_istat": RHO}


def invite(app, **changes):
    return as_role(app, Role.ADMINISTRATOR).post("/api/v1/accounts", json=WANTED | changes)


def secret_of(address):
    return urlsplit(address).path.rpartition("/")[2]


def accept(app, address, password=PASSWORD):
    return visitor(app).post("/api/v1/accepted-invitations", json={"token": secret_of(address), "password": password})


def complete(app, address, password=NEW_PASSWORD):
    sent = {"token": secret_of(address), "password": password}
    return visitor(app).post("/api/v1/completed-password-resets", json=sent)


def wish(app, email="tecnico@rho.example"):
    return visitor(app).post("/api/v1/password-resets", json={"email": email})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "/email"),
        ({"email": "a@b@c.example"}, "/email"),
        ({"role": "public", "commune_istat": None}, "/role"),
        ({"commune_istat": None}, "/commune_istat"),
        ({"commune_istat": "999999"}, "/commune_istat"),
        ({"role": "reader"}, "/commune_istat"),
        ({"name": " "}, "/name"),
        ({"name": "a\nBcc: everybody@rho.example"}, "/name"),
        ({"language": "fr"}, "/language"),
        ({"password": "x"}, "/password"),
    ],
)
def test_who_cannot_be_invited_is_refused_by_field(app, changes, field):
    answer = invite(app, **changes)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_an_address_is_invited_once(app):
    assert invite(app).status_code == 201
    assert invite(app, email="tecnico@rho.example").status_code == 409


def test_without_a_mail_server_the_administrator_gets_the_link_once(app, log_in):
    answer = invite(app)
    made = answer.json()
    assert (made["mailed"], made["account"]["state"]) == (False, "invited")
    assert "link" not in as_role(app, Role.ADMINISTRATOR).get(answer.headers["Location"]).json()
    accepted = accept(app, made["link"])
    assert (accepted.status_code, accepted.json()["needed"]) == (201, "nothing")
    assert log_in(app)[1].status_code == 201


def test_with_a_mail_server_only_the_invited_gets_the_link(mailing_app, letterbox):
    made = invite(mailing_app).json()
    assert (made["mailed"], made["link"]) == (True, None)
    (letter,) = letterbox.letters
    assert (letter["To"], letter["Subject"]) == ("tecnico@rho.example", "Invito a Remix")
    assert "Ufficio tecnico" in letter.get_content()
    assert accept(mailing_app, letterbox.link()).status_code == 201


def test_a_letter_speaks_the_language_of_whom_it_goes_to(mailing_app, letterbox):
    invite(mailing_app, language="en")
    assert letterbox.letters[0]["Subject"] == "Invitation to Remix"


def test_when_the_mail_server_refuses_the_link_is_not_lost(mailing_app, letterbox):
    letterbox.refuses = True
    made = invite(mailing_app).json()
    assert made["mailed"] is False
    assert accept(mailing_app, made["link"]).status_code == 201


def test_a_link_works_once(app):
    link = invite(app).json()["link"]
    assert accept(app, link).status_code == 201
    assert accept(app, link).status_code == 422


def test_a_link_expires(app):
    link = invite(app).json()["link"]
    with time_machine.travel(now() + timedelta(days=8)):
        assert accept(app, link).status_code == 422


def test_a_second_invitation_takes_the_place_of_the_first(app):
    made = invite(app).json()
    path = f"/api/v1/accounts/{made['account']['id']}/links"
    again = as_role(app, Role.ADMINISTRATOR).post(path).json()
    assert accept(app, made["link"]).status_code == 422
    assert accept(app, again["link"]).status_code == 201


def test_an_invitation_is_no_way_to_reset_a_password(app):
    assert complete(app, invite(app).json()["link"]).status_code == 422


def test_a_bad_password_does_not_use_the_link_up(app):
    link = invite(app).json()["link"]
    refused = accept(app, link, "tecnico@rho.example")
    assert refused.json()["errors"][0]["field"] == "/password"
    assert accept(app, link).status_code == 201


def test_whoever_is_disabled_before_accepting_stays_out(app):
    made = invite(app).json()
    administrator = as_role(app, Role.ADMINISTRATOR)
    path = f"/api/v1/accounts/{made['account']['id']}"
    administrator.patch(path, json={"state": "disabled"}, headers={"If-Match": '"1"'})
    assert accept(app, made["link"]).status_code == 422


def test_made_up_links_are_refused_and_then_paused(app):
    codes = [accept(app, f"/invitation/{n}").status_code for n in range(31)]
    assert codes == [422] * 30 + [429]


def test_a_wish_for_a_new_password_is_answered_in_one_way(mailing_app, letterbox):
    add_account(mailing_app, Role.READER, email="on@rho.example")
    add_account(mailing_app, Role.READER, email="off@rho.example", state=AccountState.DISABLED)
    answers = [wish(mailing_app, email) for email in ("on@rho.example", "off@rho.example", "none@rho.example", "x@y")]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert answers[0].status_code == 202
    assert [letter["To"] for letter in letterbox.letters] == ["on@rho.example"]


def test_a_mailbox_is_not_flooded(mailing_app, letterbox):
    codes = [wish(mailing_app).status_code for _ in range(5)]
    assert codes == [202, 202, 202, 429, 429]


def test_a_new_password_ends_every_session_and_the_old_password(mailing_app, letterbox, log_in, password_hash):
    account_id = add_account(mailing_app, Role.COMMUNE, RHO, email="tecnico@rho.example", password_hash=password_hash)
    thief = in_session(mailing_app, account_id)
    wish(mailing_app)
    assert complete(mailing_app, letterbox.link()).status_code == 204
    assert thief.get("/api/v1/account").status_code == 401
    assert log_in(mailing_app)[1].status_code == 401
    assert log_in(mailing_app, password=NEW_PASSWORD)[1].status_code == 201
    assert complete(mailing_app, letterbox.link()).status_code == 422


def test_a_link_to_a_new_password_works_for_an_hour(mailing_app, letterbox):
    add_account(mailing_app, Role.READER, email="tecnico@rho.example")
    wish(mailing_app)
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert complete(mailing_app, letterbox.link()).status_code == 422


def test_only_hashes_of_links_are_kept_and_the_trail_names_nobody(app):
    secret = secret_of(invite(app).json()["link"])
    with reading(app.state.remix.engine) as session:
        rows = [
            str(value)
            for table in reversed(AccountRow.metadata.sorted_tables)
            if table.name in ("single_use_links", "audit_events", "throttles")
            for row in session.execute(table.select())
            for value in row
        ]
        assert session.query(AuditEventRow).count() == 1
    assert not any(secret in value or "@" in value for value in rows)
