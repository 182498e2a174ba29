"""Who attends: places, the waiting list that moves up, the last place, and who may see whom."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.audit.tables import AuditEventRow
from service.database import reading
from service.errors import ConflictError, ForbiddenError, UnknownRecordError
from service.events import keeping
from service.events.fields import EventChanges
from service.events.notices import Notice, NoticeKind
from service.events.registrations import (
    list_registrations,
    note_attendance,
    read_registration,
    register,
    whole_list,
    withdraw,
)
from service.events.tables import Standing
from service.moments import now
from tests.service.events.conftest import GREZZAGOS, in_days
from tests.service.work.conftest import PRINCIPALS

PLACE, WAITING = Standing.PLACE, Standing.WAITING


@pytest.fixture
def registered(acting):
    """Register somebody; returns the registration."""

    def go(event_id, principal):
        with acting(principal) as one:
            return register(one, event_id)

    return go


def standings(acting, event_id):
    """Who has a place and who waits, in the order of registration."""
    with acting() as staff:
        return [(one.account_id, one.standing) for one in whole_list(staff, event_id)]


def changed(acting, event_id, version=1, **fields):
    with acting() as staff:
        return keeping.change_event(staff, event_id, version, EventChanges.model_validate(fields))


def test_of_two_who_register_for_the_last_place_at_once_exactly_one_gets_it(acting, event, people, registered):
    event_id, everybody = event(seats=1), people(6)
    together = Barrier(len(everybody))

    def go(principal):
        together.wait()
        return registered(event_id, principal).standing

    with ThreadPoolExecutor(len(everybody)) as pool:
        found = list(pool.map(go, everybody))
    assert sorted(found) == sorted([PLACE, *[WAITING] * 5])


def test_whoever_cancels_at_once_frees_as_many_places_as_were_theirs(acting, event, people, registered):
    event_id, everybody = event(seats=2), people(6)
    ids = [registered(event_id, one).id for one in everybody]
    together = Barrier(2)

    def go(number):
        together.wait()
        with acting(everybody[number]) as one:
            return withdraw(one, ids[number])

    with ThreadPoolExecutor(2) as pool:
        told = [notice.account_id for notices in pool.map(go, (0, 1)) for notice in notices]
    assert sorted(told) == sorted(one.account_id for one in everybody[2:4])
    assert [standing for _, standing in standings(acting, event_id)] == [PLACE, PLACE, WAITING, WAITING]


def test_whoever_waits_longest_gets_the_place_and_is_told(acting, event, people, registered):
    event_id, (first, second, third) = event(seats=1), people(3)
    place = registered(event_id, first)
    assert [registered(event_id, one).standing for one in (second, third)] == [WAITING, WAITING]
    with acting(first) as one:
        assert withdraw(one, place.id) == (Notice(NoticeKind.PLACE, second.account_id, event_id),)
    assert standings(acting, event_id) == [(second.account_id, PLACE), (third.account_id, WAITING)]


def test_more_seats_go_to_those_who_wait(acting, event, people, registered):
    event_id, everybody = event(seats=1), people(4)
    for one in everybody:
        registered(event_id, one)
    done = changed(acting, event_id, seats=3)
    assert [notice.account_id for notice in done.notices] == [one.account_id for one in everybody[1:3]]
    assert changed(acting, event_id, 2, seats=None).notices[0].account_id == everybody[3].account_id


def test_fewer_seats_take_a_place_from_nobody(acting, event, people, registered):
    event_id, (first, second, third) = event(seats=2), people(3)
    ids = [registered(event_id, one).id for one in (first, second, third)]
    changed(acting, event_id, seats=1)
    with acting(first) as one:
        assert withdraw(one, ids[0]) == ()
    assert standings(acting, event_id) == [(second.account_id, PLACE), (third.account_id, WAITING)]


def test_an_account_registers_once_and_again_after_cancelling(acting, event, people, registered):
    event_id, (one,) = event(), people(1)
    first = registered(event_id, one)
    with pytest.raises(ConflictError):
        registered(event_id, one)
    with acting(one) as own:
        assert withdraw(own, first.id) == ()
        assert withdraw(own, first.id) == ()
    assert registered(event_id, one).standing is PLACE


@pytest.mark.parametrize("who", ["consultant", "administrator", "reader"])
def test_only_the_people_of_communes_register(event, registered, who):
    event_id = event()
    with pytest.raises(ForbiddenError):
        registered(event_id, PRINCIPALS[who])


def test_nobody_registers_for_what_is_closed_cancelled_or_not_there(acting, event, people, registered):
    (one,) = people(1)
    closed, cancelled = event(registration_until=in_days(-1)), event()
    with acting() as staff:
        keeping.cancel_event(staff, cancelled)
    for event_id in (closed, cancelled):
        with pytest.raises(ConflictError):
            registered(event_id, one)
    with pytest.raises(UnknownRecordError):
        registered("none", one)


def test_what_has_begun_is_not_cancelled_any_more(acting, event, people, registered):
    event_id, (one,) = event(), people(1)
    made = registered(event_id, one)
    with time_machine.travel(now() + timedelta(days=8)), acting(one) as own, pytest.raises(ConflictError):
        withdraw(own, made.id)


def test_who_came_is_noted_once_it_has_begun_and_taken_back(acting, event, people, registered):
    event_id, (one,) = event(), people(1)
    made = registered(event_id, one)
    with acting() as staff, pytest.raises(ConflictError):
        note_attendance(staff, made.id, attended=True)
    with time_machine.travel(now() + timedelta(days=8)):
        with acting() as staff:
            assert note_attendance(staff, made.id, attended=True).attended is True
            assert keeping.read_event(staff, event_id).counts.attended == 1
        with acting() as staff:
            assert note_attendance(staff, made.id, attended=None).attended is None
        with acting(one) as own, pytest.raises(ForbiddenError):
            note_attendance(own, made.id, attended=True)


def test_another_communes_registration_does_not_exist(acting, event, people, registered):
    event_id, (one,) = event(), people(1)
    made = registered(event_id, one)
    with acting(GREZZAGOS) as other:
        for act in (read_registration, withdraw):
            with pytest.raises(UnknownRecordError):
                act(other, made.id)
        assert list_registrations(other, event_id) == ([], "")


def test_a_colleague_is_seen_without_a_name_and_cannot_be_cancelled(acting, event, people, registered):
    event_id, (one, colleague) = event(), people(2)
    made = registered(event_id, one)
    with acting(colleague) as other:
        (seen,), _ = list_registrations(other, event_id)
        assert (seen.id, seen.name) == (made.id, "")
        with pytest.raises(UnknownRecordError):
            withdraw(other, made.id)
    with acting(one) as own:
        assert read_registration(own, made.id).name == "Uno di Rho"


def test_the_incubator_cancels_for_somebody_who_rings(acting, event, people, registered):
    event_id, (one, waits) = event(seats=1), people(2)
    made = registered(event_id, one)
    registered(event_id, waits)
    with acting() as staff:
        assert [notice.account_id for notice in withdraw(staff, made.id)] == [waits.account_id]


def test_everybody_is_told_of_another_day_of_the_end_and_of_the_return(acting, event, people, registered):
    event_id, everybody = event(seats=1), people(2)
    for one in everybody:
        registered(event_id, one)
    told = [changed(acting, event_id, place="Milano").notices]
    assert changed(acting, event_id, 2, title="Solo il titolo").notices == ()
    with acting() as staff:
        told += [keeping.cancel_event(staff, event_id).notices, keeping.restore_event(staff, event_id).notices]
    kinds = (NoticeKind.MOVED, NoticeKind.CANCELLED, NoticeKind.RESTORED)
    assert [[(one.kind, one.account_id) for one in notices] for notices in told] == [
        [(kind, one.account_id) for one in everybody] for kind in kinds
    ]


def test_a_list_of_many_comes_in_pages(acting, event, people, registered):
    event_id, everybody = event(), people(5)
    ids = [registered(event_id, one).id for one in everybody]
    found, after = [], ""
    with acting() as staff:
        while not found or after:
            some, after = list_registrations(staff, event_id, after=after, limit=2)
            found += [one.id for one in some]
    assert found == ids


def test_every_step_is_in_the_trail(acting, engine, event, people, registered):
    event_id, (one, waits) = event(seats=1), people(2)
    made = registered(event_id, one)
    registered(event_id, waits)
    with acting(one) as own:
        withdraw(own, made.id)
    with reading(engine) as session:
        rows = session.scalars(select(AuditEventRow.action).where(AuditEventRow.action.like("event%")))
        assert {
            "events.created",
            *(f"event_registrations.{verb}" for verb in ("created", "withdrawn", "moved_up")),
        } <= (set(rows))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seats=st.integers(1, 3), steps=st.lists(st.integers(0, 5), max_size=10))
def test_places_are_never_more_than_seats_and_go_to_the_first_who_still_want_one(
    acting, event, people, registered, seats, steps
):
    event_id, everybody, queue = event(seats=seats), people(6), []
    for number in steps:
        known = next((one for one in queue if one[0] == number), None)
        if known is None:
            queue.append((number, registered(event_id, everybody[number]).id))
        else:
            queue.remove(known)
            with acting(everybody[number]) as own:
                withdraw(own, known[1])
    wanted = [
        (everybody[number].account_id, PLACE if place < seats else WAITING) for place, (number, _) in enumerate(queue)
    ]
    assert standings(acting, event_id) == wanted


@pytest.mark.parametrize("who", ["rho", "reader", "public"])
def test_the_whole_list_is_the_incubators(acting, event, who):
    event_id = event()
    with acting(PRINCIPALS[who]) as own, pytest.raises(ForbiddenError):
        whole_list(own, event_id)
