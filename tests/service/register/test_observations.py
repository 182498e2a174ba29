"""What becomes of projects: who may say it, what imports say, what is taken back, and that nothing is lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.records import Milestone, Money, Provenance
from service.access.principal import VISITOR
from service.audit.tables import AuditEventRow
from service.errors import ConflictError, InvalidError, UnauthenticatedError, UnknownRecordError
from service.kinds import KIND_NAMED
from service.moments import now
from service.register.late import is_late
from service.register.observation_rows import ExactNumber, Fact
from service.register.observations import (
    Said,
    list_observations,
    milestones,
    observe,
    of_entry,
    read_observation,
    restore_observation,
    withdraw_observation,
)
from service.register.tables import RegisterEntryRow
from service.work import edits
from tests.service.register.villages import (
    CONSULTANT,
    EVERYBODY,
    OF_GREZZAGO,
    OF_RHO,
    OWN,
    READER,
    acting,
    bring,
    nursery,
    square,
)

DAY = date(2026, 5, 4)
NURSERY, SQUARE = nursery().id, square().id


def state(word="under_way", day=DAY, **fields):
    return Said(fact=Fact.STATE, said_on=day, state=word, **fields)


def amount(value="100.00", day=DAY, name="spent", **fields):
    return Said(fact=Fact.AMOUNT, said_on=day, name=name, value=Decimal(value), **fields)


def milestone(name="Fine lavori", day=DAY, planned=None, actual=None):
    return Said(fact=Fact.MILESTONE, said_on=day, name=name, planned_on=planned, actual_on=actual)


def say(register, said, entry_id=NURSERY, who=CONSULTANT):
    with acting(register, who) as one:
        return observe(one, entry_id, said)


def told(register, entry_id=NURSERY, who=CONSULTANT):
    with acting(register, who) as one:
        return [(one.said.said_on, one.said.state or one.said.value) for one in of_entry(one, entry_id)]


def state_shown(register, entry_id=NURSERY):
    with acting(register, CONSULTANT) as one:
        return one.session.get_one(RegisterEntryRow, entry_id).state


@pytest.mark.parametrize("who", [OF_RHO, OF_GREZZAGO, READER])
def test_only_the_incubator_speaks_of_official_projects(register, who):
    with acting(register, who) as one, pytest.raises(UnknownRecordError):
        observe(one, NURSERY, state())


def test_a_visitor_speaks_of_nothing(register):
    with acting(register, VISITOR) as one, pytest.raises((UnknownRecordError, UnauthenticatedError)):
        observe(one, NURSERY, state())


def test_a_commune_speaks_of_its_own_project_and_nobody_else_learns_of_it(register):
    made = say(register, state("completed"), OWN, OF_RHO)
    assert told(register, OWN, OF_RHO) == told(register, OWN, CONSULTANT) == [(DAY, "completed")]
    for who in (OF_GREZZAGO, READER, VISITOR):
        assert told(register, OWN, who) == []
        with acting(register, who) as one:
            assert list_observations(one)[0] == []
            with pytest.raises(UnknownRecordError):
                read_observation(one, made.id)
    with acting(register, OF_GREZZAGO) as one, pytest.raises(UnknownRecordError):
        withdraw_observation(one, made.id)


def test_what_is_said_of_an_official_project_everybody_may_read(register):
    say(register, state("suspended"))
    assert [told(register, NURSERY, who) for who in EVERYBODY] == [[(DAY, "suspended")]] * len(EVERYBODY)


def test_the_state_that_was_observed_is_shown_and_goes_when_it_is_taken_back(either_register):
    made = say(either_register, state("completed"), SQUARE)
    assert state_shown(either_register, SQUARE) == "completed"
    with acting(either_register, CONSULTANT) as one:
        withdraw_observation(one, made.id)
    assert state_shown(either_register, SQUARE) == "funded"
    with acting(either_register, CONSULTANT) as one:
        restore_observation(one, made.id)
    assert state_shown(either_register, SQUARE) == "completed"


def test_a_state_of_long_ago_does_not_hide_what_the_source_says_since(register):
    say(register, state("idea", date(2020, 1, 1)), SQUARE)
    assert state_shown(register, SQUARE) == "funded"


def test_an_import_that_says_the_same_leaves_the_observed_state(register, tmp_path):
    say(register, state("completed"), SQUARE)
    bring(register, tmp_path, square(title="Piazza del mercato vecchio"), name="prova")
    assert state_shown(register, SQUARE) == "completed"
    assert told(register, SQUARE) == [(DAY, "completed")]


def test_an_import_that_speaks_for_a_later_day_is_shown(register, tmp_path):
    say(register, state("completed"), SQUARE)
    later = Provenance("Prova", DAY + timedelta(days=1))
    bring(register, tmp_path, square(state="suspended", provenance=later), name="prova")
    assert state_shown(register, SQUARE) == "suspended"


def test_a_new_import_that_says_another_amount_leaves_both_with_their_days(either_register, tmp_path):
    for day, euros in ((date(2024, 3, 1), "1300000"), (date(2025, 3, 1), "900000")):
        provenance = Provenance("Italia Domani", day)
        bring(either_register, tmp_path, nursery(amount=Money(Decimal(euros)), provenance=provenance))
    assert told(either_register) == [
        (date(2023, 2, 21), Decimal("1250000.50")),
        (date(2024, 3, 1), Decimal(1300000)),
        (date(2025, 3, 1), Decimal(900000)),
    ]
    with acting(either_register, CONSULTANT) as one:
        assert {(said.by_import, said.source) for said in of_entry(one, NURSERY)} == {(True, "pnrr-progetti")}


def test_the_same_file_again_says_nothing_new(register, tmp_path):
    bring(register, tmp_path, nursery())
    assert told(register) == []


def test_a_new_state_by_import_is_kept_with_the_one_before(register, tmp_path):
    bring(register, tmp_path, square(state="under_way", provenance=Provenance("Prova", date(2025, 1, 1))), name="prova")
    assert told(register, SQUARE) == [(date(2024, 1, 22), "funded"), (date(2025, 1, 1), "under_way")]


def test_an_edit_by_hand_is_a_fact_too_and_stays_with_its_commune(register):
    with acting(register, OF_RHO) as one:
        kept = edits.find(one, KIND_NAMED["projects"], OWN, for_change=True)
        edits.change(one, kept, kept.version, {"amount": {"amount": "5000.00"}, "state": "completed"})
        edits.change(one, edits.find(one, KIND_NAMED["projects"], OWN), 2, {"amount": {"amount": "7000.00"}})
    today = now().date()
    assert sorted(told(register, OWN, OF_RHO), key=str) == sorted(
        [(today, "completed"), (today, Decimal(5000)), (today, Decimal(7000))], key=str
    )
    assert told(register, OWN, READER) == []


def test_the_same_said_again_for_a_day_takes_the_place_of_the_first(either_register):
    first, second = say(either_register, amount("10.00")), say(either_register, amount("20.00"))
    assert told(either_register) == [(DAY, Decimal("20.00"))]
    with acting(either_register, CONSULTANT) as one:
        assert [said.id for said in list_observations(one, withdrawn=True)[0]] == [first.id]
        with pytest.raises(ConflictError):
            restore_observation(one, first.id)
    with acting(either_register, CONSULTANT) as one:
        withdraw_observation(one, second.id)
        restore_observation(one, first.id)
    assert told(either_register) == [(DAY, Decimal("10.00"))]


def test_every_word_is_in_the_trail(register):
    made = say(register, amount())
    with acting(register, CONSULTANT) as one:
        withdraw_observation(one, made.id)
        actions = one.session.scalars(select(AuditEventRow.action).where(AuditEventRow.object_id == made.id))
        assert list(actions) == ["observations.created", "observations.withdrawn"]


def test_the_last_word_on_a_milestone_counts_whatever_its_capitals(either_register):
    say(either_register, milestone("Fine lavori", DAY, planned=date(2026, 3, 1)))
    say(either_register, milestone("FINE  LAVORI", DAY + timedelta(days=9), planned=date(2026, 9, 1)))
    say(either_register, milestone("Gara", DAY, actual=date(2025, 6, 1)))
    with acting(either_register, CONSULTANT) as one:
        assert [(one.said.name, one.said.planned_on) for one in milestones(of_entry(one, NURSERY))] == [
            ("Gara", None),
            ("FINE  LAVORI", date(2026, 9, 1)),
        ]


TOMORROW = now().date() + timedelta(days=2)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (state("funded", TOMORROW), "said_on"),
        (state("funded", date(1202, 1, 1)), "said_on"),
        (milestone(actual=TOMORROW), "actual_on"),
        (milestone(planned=date(26, 5, 4)), "planned_on"),
        (milestone(""), "name"),
        (amount(name="lost"), "name"),
        (amount("-1.00"), "value"),
        (Said(fact=Fact.AMOUNT, said_on=DAY, name="spent"), "value"),
        (Said(fact=Fact.STATE, said_on=DAY), "state"),
        (state("funded", name="Gara"), "name"),
        (state("funded", unit="m2"), "unit"),
        (amount(planned_on=DAY), "planned_on"),
        (amount(unit="USD"), "unit"),
    ],
)
def test_what_makes_no_fact_is_refused_with_its_field(register, said, field):
    with acting(register, CONSULTANT) as one, pytest.raises(InvalidError) as refused:
        observe(one, NURSERY, said)
    assert refused.value.field == field


def test_a_project_that_is_not_there_cannot_be_observed(register):
    with acting(register, CONSULTANT) as one, pytest.raises(UnknownRecordError):
        observe(one, "pnrr-progetti:niente:1", state())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_every_number_is_read_back_as_it_was_said(number):
    kind = ExactNumber()
    assert kind.process_result_value(kind.process_bind_param(number, None), None) == number


def followed(day, planned, actual=None, spent="100"):
    """What a source that follows its projects says on a day."""
    return nursery(
        milestones=(Milestone("Fine del progetto", planned, actual),),
        spent=Money(Decimal(spent)),
        provenance=Provenance("OpenCoesione", day),
    )


def test_a_source_that_follows_its_projects_says_each_step_once_with_its_day(register, tmp_path):
    days = [date(2024, month, 1) for month in (4, 8, 12)]
    first, same = followed(days[0], date(2024, 12, 31)), followed(days[1], date(2024, 12, 31))
    moved = followed(days[2], date(2025, 6, 30), spent="250")
    for record in (first, same, moved):
        bring(register, tmp_path, record)
    with acting(register, CONSULTANT) as one:
        said = [(one.said.said_on, one.said.planned_on, one.said.value) for one in of_entry(one, NURSERY)]
    assert len(said) == 4
    assert set(said) == {
        (days[0], date(2024, 12, 31), None),
        (days[0], None, Decimal(100)),
        (days[2], date(2025, 6, 30), None),
        (days[2], None, Decimal(250)),
    }


def test_a_planned_end_that_passed_by_the_sources_own_word_is_late_until_it_says_the_actual_one(register, tmp_path):
    def late():
        with acting(register, CONSULTANT) as one:
            return list(one.session.scalars(select(RegisterEntryRow.id).where(is_late(now().date()))))

    bring(register, tmp_path, followed(date(2024, 4, 1), date(2024, 12, 31)))
    assert late() == [NURSERY]
    bring(register, tmp_path, followed(date(2025, 4, 1), date(2024, 12, 31), date(2025, 1, 20)))
    assert late() == []
