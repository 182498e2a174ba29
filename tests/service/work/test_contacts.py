"""When the incubator last spoke with a commune: a note, or a call that went on; a change of hands is no contact."""

import pytest

from service.access.principal import Principal
from service.accounts.tables import Role
from service.database import reading
from service.work.acting import Acting
from service.work.contacts import standings
from service.work.tables import WorkState
from tests.world import CICLABILI, GREZZAGO, NIDI, RHO


@pytest.fixture
def on_list(staff):
    """Put a call on the list for a commune; returns the item's id."""

    def added(commune=RHO, call=NIDI):
        made = staff("POST", "/work-items", json={"communes": [commune.istat], "call_id": call.id})
        return made.json()["items"][0]["item_id"]

    return added


@pytest.fixture
def known(engine):
    """The standings as the incubator reads them now."""

    def read():
        with reading(engine) as session:
            return standings(Acting(session, Principal(Role.CONSULTANT, "consultant")))

    return read


def change(staff, item_id, version, **fields):
    answer = staff("PATCH", f"/work-items/{item_id}", version=version, json=fields)
    assert answer.status_code == 200, answer.text


def test_who_was_never_on_the_list_has_no_standing_and_who_waits_on_it_was_never_spoken_with(on_list, known):
    on_list()
    assert set(known()) == {RHO.istat}
    assert known()[RHO.istat].states == {WorkState.TO_CALL: 1}
    assert known()[RHO.istat].last_contact is None


def test_another_owner_or_day_or_a_way_back_is_no_contact(staff, on_list, known):
    item = on_list()
    change(staff, item, 1, owner_id="consultant")
    change(staff, item, 2, remind_on="2030-01-01")
    assert known()[RHO.istat].last_contact is None


def test_a_call_that_goes_on_and_a_note_are_contacts_and_the_newest_counts_whichever_call_it_was(staff, on_list, known):
    first, second, other = on_list(), on_list(call=CICLABILI), on_list(GREZZAGO)
    change(staff, first, 1, state="called")
    called = known()[RHO.istat].last_contact
    assert called is not None
    change(staff, first, 2, state="to_call")
    assert known()[RHO.istat].last_contact == called
    staff("POST", f"/work-items/{second}/notes", json={"text": "Richiamano lunedì."})
    assert known()[RHO.istat].last_contact > called
    assert known()[GREZZAGO.istat].last_contact is None
    staff("DELETE", f"/work-items/{other}")
    assert GREZZAGO.istat not in known()
