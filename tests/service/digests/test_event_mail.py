"""Events in the weekly e-mail: told when they are new and the week before, to those whom they concern."""

from datetime import timedelta
from itertools import pairwise

import time_machine

from service.accounts.tables import Role
from service.digests.content import Audience, Told
from service.events.fields import NewEvent
from service.events.keeping import cancel_event, create_event
from service.events.registrations import register
from service.work.fields import NewNeed
from service.work.items import create_item
from tests import world
from tests.service.digests.test_editor import BEFORE, MONDAY, person, town

__all__ = ["town"]


def an_event(town, at, days, **fields):
    """The incubator makes an event at a moment, for so many days later."""
    sent = {"title": "Un incontro", "text": "Due ore.", "place": "Rho", "starts_at": at + timedelta(days=days)}
    with town.acting(town.account(Role.CONSULTANT), at) as staff:
        return create_event(staff, NewEvent.model_validate(sent | fields)).id


def test_an_event_is_told_when_it_is_new_and_once_more_the_week_before(town):
    town.let_come(BEFORE, world.NIDI)
    event_id = an_event(town, MONDAY - timedelta(days=2), 24)
    reader, weeks = person(), [MONDAY + timedelta(weeks=week) for week in range(5)]
    found = []
    for last, at in pairwise([None, *weeks]):
        told = {reader.person_id: Told(last)} if last else {}
        with time_machine.travel(at, tick=False):
            (digest,) = town.gather(reader, told=told, at=at)
        found.append([event.event_id for event in digest.events])
    assert found == [[event_id], [], [], [event_id], []]


def test_an_event_for_others_or_that_was_cancelled_is_not_told(town):
    town.let_come(BEFORE, world.NIDI)
    an_event(town, MONDAY - timedelta(days=2), 9, communes=[world.GREZZAGO.istat])
    cancelled = an_event(town, MONDAY - timedelta(days=2), 9)
    with town.acting(town.account(Role.CONSULTANT)) as staff:
        cancel_event(staff, cancelled)
    with time_machine.travel(MONDAY, tick=False):
        (digest,) = town.gather(person())
    assert digest.events == ()


def test_why_an_event_concerns_a_commune_is_told_to_its_own_people_and_the_incubator_alone(town):
    town.let_come(BEFORE, world.NIDI)
    own, consultant = town.account(), town.account(Role.CONSULTANT)
    with town.acting(own) as acting:
        need = NewNeed(title="Palestra riservata", text="La palestra della scuola.", drivers=["driver:7"])
        create_item(acting, "needs", need)
    an_event(town, MONDAY - timedelta(days=2), 9, drivers=["driver:7"])
    everyone = an_event(town, MONDAY - timedelta(days=2), 10)
    ours = person(account_id=own, commune_istat=world.RHO.istat)
    ringing = person(account_id=consultant, audience=Audience.CONSULTANT)
    with time_machine.travel(MONDAY, tick=False):
        told, visitor, staff = town.gather(ours, person(), ringing)
    assert [event.why and event.why.title for event in told.events] == ["Palestra riservata", None]
    assert [event.event_id for event in visitor.events] == [everyone]
    assert [event.why and event.why.title for event in staff.events] == ["Palestra riservata", None]
    with time_machine.travel(MONDAY, tick=False):
        (other,) = town.gather(person(account_id=town.account(commune=world.GREZZAGO.istat)))
    assert [event.event_id for event in other.events] == [everyone]


def test_what_can_no_longer_be_joined_is_told_to_who_has_a_place_alone(town):
    town.let_come(BEFORE, world.NIDI)
    own = town.account()
    closing = (MONDAY - timedelta(hours=30)).isoformat()
    event_id = an_event(
        town, MONDAY - timedelta(days=2), 5, registration_until=closing, communes=[world.GREZZAGO.istat]
    )
    with town.acting(own, MONDAY - timedelta(hours=40)) as acting:
        register(acting, event_id)
    coming = person(account_id=own, commune_istat=world.RHO.istat)
    with time_machine.travel(MONDAY, tick=False):
        told, other = town.gather(coming, person())
    assert [(event.event_id, event.has_place) for event in told.events] == [(event_id, True)]
    assert other.events == ()
