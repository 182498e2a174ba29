"""Interest is shown only as far as the commune consents, and no longer than it does."""

import pytest
from sqlalchemy import select

from service.accounts.tables import Role
from service.audit.tables import AuditEventRow
from service.database import reading
from tests.matcher.partners.village import CREMONA, GESSATE, GORGONZOLA, MELZO
from tests.service.partners.conftest import VALLEY_CALL
from tests.service.web.clients import as_role, visitor

CONTACT = "protocollo, 02 0000000"


@pytest.fixture
def melzo(as_commune):
    return as_commune(MELZO.istat)


def tell(client, istat=MELZO.istat, **consent):
    sent = {"commune_istat": istat, "call_id": VALLEY_CALL.id} | consent
    return client.post("/api/v1/interests", json=sent)


def seen_by(client, asking=GORGONZOLA):
    """What somebody reads of Melzo in its list of partners: whether it is interested, and its contact."""
    asked = {"text": "Appartamenti per persone con disabilità", "commune": asking.istat, "call_id": VALLEY_CALL.id}
    items = client.post("/api/v1/partners", json=asked | {"wanted": "comuni vicini"}).json()["items"]
    return next((one["interested"], one["contact"]) for one in items if one["id"] == f"comuni:{MELZO.istat}")


def test_without_consent_only_the_incubator_knows(melzo, as_commune, staff, app):
    tell(melzo)
    for other in (as_commune(GORGONZOLA.istat), visitor(app), as_role(app, Role.READER)):
        assert seen_by(other) == (False, "")
    assert seen_by(staff) == (True, "")


def test_the_communes_of_the_zone_know_where_it_is_shown_to_them(melzo, as_commune, app):
    tell(melzo, shown_to="zone", contact=CONTACT)
    assert seen_by(as_commune(GORGONZOLA.istat)) == (True, CONTACT)
    assert seen_by(as_commune("015182")) == (False, "")
    assert seen_by(visitor(app)) == (False, "")


def test_only_the_communes_that_were_chosen_know(melzo, as_commune):
    tell(melzo, shown_to="chosen", chosen=[GESSATE.istat], contact=CONTACT)
    assert seen_by(as_commune(GESSATE.istat), GESSATE) == (True, CONTACT)
    assert seen_by(as_commune(GORGONZOLA.istat)) == (False, "")


def test_interest_may_be_shown_without_the_contact(melzo, as_commune):
    tell(melzo, shown_to="communes")
    assert seen_by(as_commune(GORGONZOLA.istat)) == (True, "")


def test_what_is_taken_back_is_seen_by_nobody_and_can_be_said_again(melzo, as_commune):
    made = tell(melzo, shown_to="communes", contact=CONTACT).json()
    other = as_commune(GORGONZOLA.istat)
    assert melzo.delete(f"/api/v1/interests/{made['id']}").status_code == 204
    assert seen_by(other) == (False, "")
    assert melzo.post(f"/api/v1/interests/{made['id']}/restorations").status_code == 200
    assert seen_by(other) == (True, CONTACT)


def test_a_new_consent_takes_the_place_of_the_one_before(melzo, as_commune):
    tell(melzo, shown_to="communes", contact=CONTACT)
    tell(melzo, shown_to="chosen", chosen=[CREMONA.istat])
    assert seen_by(as_commune(GORGONZOLA.istat)) == (False, "")
    held = melzo.get("/api/v1/interests", params={"call": VALLEY_CALL.id}).json()["items"]
    assert [one["shown_to"] for one in held] == ["chosen"]


def test_another_communes_interest_is_in_no_list_and_cannot_be_read_or_taken_back(melzo, as_commune):
    made = tell(melzo, shown_to="communes", contact=CONTACT).json()
    other = as_commune(GORGONZOLA.istat)
    assert all(one["commune_istat"] == GORGONZOLA.istat for one in other.get("/api/v1/interests").json()["items"])
    assert other.get(f"/api/v1/interests/{made['id']}").status_code == 404
    assert other.delete(f"/api/v1/interests/{made['id']}").status_code == 404
    assert tell(other).status_code == 404


@pytest.mark.parametrize(
    ("consent", "field"),
    [
        ({"shown_to": "nobody", "contact": CONTACT}, "contact"),
        ({"shown_to": "chosen"}, "chosen"),
        ({"shown_to": "zone", "chosen": ["015182"]}, "chosen"),
        ({"shown_to": "chosen", "chosen": ["999999"]}, "chosen"),
    ],
)
def test_a_consent_that_contradicts_itself_is_refused_by_its_field(melzo, consent, field):
    answer = tell(melzo, **consent)
    assert answer.status_code == 422
    assert field in answer.text


def test_every_step_is_in_the_trail_without_the_contact(melzo, app):
    made = tell(melzo, shown_to="communes", contact=CONTACT).json()
    melzo.delete(f"/api/v1/interests/{made['id']}")
    with reading(app.state.remix.engine) as session:
        events = session.scalars(select(AuditEventRow).where(AuditEventRow.object_id == made["id"])).all()
    assert [event.action for event in events] == ["interests.created", "interests.withdrawn"]
    assert CONTACT not in repr([event.details for event in events])
