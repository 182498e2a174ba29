"""Late is what has a day that passed; silent is what nobody spoke of; without a day nothing is known."""

from datetime import date, timedelta

from sqlalchemy import select

from matcher.records import Provenance
from service.database import reading
from service.moments import now
from service.register.entries import list_entries, visible_to
from service.register.filters import filters_in, pairs_of
from service.register.late import SILENCE_DAYS, Attention, attention, is_late, is_silent, last_word
from service.register.observation_rows import Fact
from service.register.observations import Said, observe, withdraw_observation
from service.register.tables import RegisterEntryRow
from tests.service.register.villages import CONSULTANT, OWN, acting, bring, nursery, square

TODAY = now().date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NURSERY, SQUARE = nursery().id, square().id


def say(register, entry_id=NURSERY, said_on=YESTERDAY, name="Fine lavori", **fields):
    said = Said(fact=fields.pop("fact", Fact.MILESTONE), said_on=said_on, name=name, **fields)
    with acting(register, CONSULTANT) as one:
        return observe(one, entry_id, said)


def late(register, on=TODAY):
    with reading(register) as session:
        return set(session.scalars(select(RegisterEntryRow.id).where(is_late(on))))


def silent(register, on=TODAY, days=SILENCE_DAYS):
    with reading(register) as session:
        return set(session.scalars(select(RegisterEntryRow.id).where(is_silent(on, days))))


def test_nothing_is_late_without_a_planned_day(register):
    say(register)
    assert late(register) == set()


def test_a_planned_day_that_passed_without_its_own_is_late(register):
    say(register, planned_on=YESTERDAY)
    assert late(register) == {NURSERY}


def test_the_planned_day_itself_is_not_late(register):
    say(register, planned_on=TODAY)
    assert (late(register), late(register, TOMORROW)) == (set(), {NURSERY})


def test_what_was_reached_is_not_late_even_if_reached_late(register):
    say(register, planned_on=YESTERDAY - timedelta(days=30), actual_on=YESTERDAY)
    assert late(register) == set()


def test_a_new_plan_takes_the_lateness_away_and_another_milestone_does_not(either_register):
    say(either_register, said_on=YESTERDAY, planned_on=YESTERDAY)
    say(either_register, said_on=TODAY, planned_on=TOMORROW, name="Collaudo")
    assert late(either_register) == {NURSERY}
    again = say(either_register, said_on=TODAY, planned_on=TOMORROW, name="fine LAVORI")
    assert late(either_register) == set()
    with acting(either_register, CONSULTANT) as one:
        withdraw_observation(one, again.id)
    assert late(either_register) == {NURSERY}


def test_what_is_completed_is_late_no_more_though_nobody_gave_the_day(register):
    say(register, planned_on=YESTERDAY)
    say(register, said_on=TODAY, name="", fact=Fact.STATE, state="completed")
    assert late(register) == set()


def test_what_was_taken_back_is_not_late(register):
    made = say(register, planned_on=YESTERDAY)
    with acting(register, CONSULTANT) as one:
        withdraw_observation(one, made.id)
    assert late(register) == set()


def test_a_funded_project_of_which_the_source_spoke_long_ago_is_silent(register):
    assert silent(register) == {NURSERY, SQUARE}
    assert silent(register, date(2023, 3, 1)) == set()


def test_silence_begins_after_so_many_days_and_no_earlier(register):
    last = date(2024, 1, 22)
    assert SQUARE not in silent(register, last + timedelta(days=180))
    assert SQUARE in silent(register, last + timedelta(days=181))
    assert SQUARE in silent(register, last + timedelta(days=31), days=30)


def test_a_word_of_a_person_ends_the_silence_until_it_is_taken_back(either_register):
    made = say(either_register)
    assert silent(either_register) == {SQUARE}
    with acting(either_register, CONSULTANT) as one:
        withdraw_observation(one, made.id)
    assert silent(either_register) == {NURSERY, SQUARE}


def test_a_newer_file_ends_the_silence(register, tmp_path):
    bring(register, tmp_path, square(provenance=Provenance("Prova", YESTERDAY)), name="prova")
    assert silent(register) == {NURSERY}


def test_what_is_finished_is_not_silent(register):
    say(register, SQUARE, said_on=date(2024, 2, 1), name="", fact=Fact.STATE, state="completed")
    assert silent(register) == {NURSERY}


def test_one_project_tells_why_to_ask_after_it_and_when_it_was_last_spoken_of(either_register):
    with reading(either_register) as session:
        assert attention(session, NURSERY, TODAY) == (Attention.SILENT,)
        assert last_word(session, NURSERY) == date(2023, 2, 21)
        assert attention(session, OWN, TODAY) == ()
    say(either_register, planned_on=YESTERDAY)
    with reading(either_register) as session:
        assert attention(session, NURSERY, TODAY) == (Attention.LATE,)
        assert last_word(session, NURSERY) == YESTERDAY


def test_the_filters_of_an_address_find_what_is_late_and_what_is_silent(register):
    say(register, planned_on=YESTERDAY)
    for sent, expected in (
        ([("in_ritardo", "1")], {NURSERY}),
        ([("in_silenzio", "180")], {SQUARE}),
        ([("in_ritardo", "1"), ("in_silenzio", "180")], set()),
        ([("in_silenzio", "0")], {NURSERY, SQUARE, OWN}),
    ):
        filters, wrong = filters_in(sent)
        assert (wrong, pairs_of(filters)) == (("in_silenzio", []) if ("in_silenzio", "0") in sent else ("", sent))
        with reading(register) as session:
            found = list_entries(session, visible_to(CONSULTANT), filters)
        assert {entry.id for entry in found.entries} == expected
