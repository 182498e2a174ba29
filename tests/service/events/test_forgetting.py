"""What is kept of an event once its registrations have outlived their term."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from service.access.principal import COMMAND_LINE
from service.events.keeping import read_event
from service.events.registrations import note_attendance, register
from service.events.tables import RegistrationRow
from service.moments import now
from service.retention import tidy


def left(acting):
    with acting() as staff:
        return staff.session.scalar(select(func.count()).select_from(RegistrationRow))


def test_people_leave_a_year_after_the_event_and_how_many_they_were_stays(acting, event, people):
    event_id, everybody = event(seats=2), people(3)
    for one in everybody:
        with acting(one) as own:
            made = register(own, event_id)
    with time_machine.travel(now() + timedelta(days=8)), acting() as staff:
        note_attendance(staff, made.id, attended=True)
    for days, expected in ((360, 3), (373, 0)):
        with time_machine.travel(now() + timedelta(days=days)), acting(COMMAND_LINE) as tidying:
            tidy(tidying.session, COMMAND_LINE, "")
        assert left(acting) == expected
    with acting() as staff:
        counts = read_event(staff, event_id).counts
    assert (counts.places, counts.waiting, counts.attended, counts.communes) == (2, 1, 1, 1)
    with acting(everybody[0]) as own:
        assert read_event(own, event_id).counts is None


def test_what_is_still_to_come_is_kept_however_early_one_registered(acting, event, people):
    event_id, (one,) = event(starts_at=(now() + timedelta(days=800)).isoformat()), people(1)
    with acting(one) as own:
        register(own, event_id)
    with time_machine.travel(now() + timedelta(days=600)), acting(COMMAND_LINE) as tidying:
        tidy(tidying.session, COMMAND_LINE, "")
    assert left(acting) == 1
