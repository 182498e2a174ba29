"""Who gets an e-mail this week."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from service.accounts.tables import AccountRow, AccountState, Role
from service.database import reading, writing
from service.digests.addresses import suppress
from service.digests.content import Audience, Follow, FollowKind
from service.digests.planning import CERTIFIED, SUPPRESSED, addresses, plan, recipients
from service.digests.tables import IssueRow, IssueState, SubscriptionState, SuppressionReason
from service.digests.weeks import Week
from service.errors import UsageError
from service.moments import ROME
from service.tables import NeedRow
from tests.service.digests.people import MILANO, RHO, add_account, add_reader, change, follow, issues

MONDAY = datetime(2026, 11, 23, 7, tzinfo=ROME)
WEEK = Week(2026, 48)


def planned(engine, week=WEEK, at=MONDAY, **options):
    with writing(engine) as session:
        return plan(session, week, at, "incubatore.example", **options)


def test_everybody_who_is_subscribed_gets_one_email_however_often_it_is_planned(filled):
    for name in ("anna", "bruno"):
        add_reader(filled, name)
    assert planned(filled).new == 2
    assert planned(filled).new == 0
    found = issues(filled)
    assert {row.state for row in found.values()} == {IssueState.PLANNED}
    assert len({row.message_id for row in found.values()}) == 2
    assert found["anna"].message_id.startswith("<2026-W48.")


@pytest.mark.parametrize("state", [SubscriptionState.PENDING, SubscriptionState.ENDED])
def test_who_has_not_confirmed_or_has_ended_gets_none(filled, state):
    add_reader(filled, "anna", state=state, ended_at=MONDAY if state is SubscriptionState.ENDED else None)
    assert planned(filled).new == 0


def test_who_cannot_log_in_any_more_gets_none(filled):
    add_reader(filled, "anna", account_id=add_account(filled, "anna", state=AccountState.DISABLED))
    assert planned(filled).new == 0


def test_certified_mail_and_dead_addresses_are_not_written_to_and_say_why(filled):
    add_reader(filled, "pec", email="protocollo@pec.comune.example")
    add_reader(filled, "own", email="protocollo@certificata.example")
    add_reader(filled, "dead", email="via@comune.example")
    with writing(filled) as session:
        suppress(session, "via@comune.example", SuppressionReason.REFUSED, "550", MONDAY)
    made = planned(filled, pec=frozenset({"certificata.example"}))
    assert (made.new, made.suppressed) == (0, 3)
    assert {name: row.reply for name, row in issues(filled).items()} == {
        "pec": CERTIFIED,
        "own": CERTIFIED,
        "dead": SUPPRESSED,
    }


def test_an_address_with_an_account_and_a_subscription_of_its_own_gets_one_email(filled):
    account_id = add_account(filled, "anna")
    add_reader(filled, "visitor", email="anna@comune.example")
    add_reader(filled, "official", account_id=account_id)
    assert planned(filled).new == 1
    assert list(issues(filled)) == ["official"]


def test_another_week_cannot_be_planned(filled):
    for week in (Week(2026, 47), Week(2026, 49)):
        with pytest.raises(UsageError, match="2026-W48 now"):
            planned(filled, week)


@pytest.mark.parametrize("state", [IssueState.PLANNED, IssueState.COMPOSED, IssueState.RETRY])
def test_what_an_earlier_week_left_unsent_is_told_by_the_new_week_instead(filled, state):
    add_reader(filled, "anna")
    planned(filled)
    with writing(filled) as session:
        session.execute(update(IssueRow).values(state=state, message="x"))
    made = planned(filled, Week(2026, 49), MONDAY + timedelta(days=7))
    assert (made.new, made.expired) == (1, 1)
    with reading(filled) as session:
        old = session.query(IssueRow).filter_by(week="2026-W48").one()
        assert (old.state, old.message) == (IssueState.EXPIRED, "")


@pytest.mark.parametrize("state", [IssueState.SENT, IssueState.UNCERTAIN, IssueState.SENDING, IssueState.FAILED])
def test_what_is_done_or_just_being_handed_over_is_left_as_it_is(filled, state):
    add_reader(filled, "anna")
    planned(filled)
    with writing(filled) as session:
        session.execute(update(IssueRow).values(state=state))
    assert planned(filled, Week(2026, 49), MONDAY + timedelta(days=7)).expired == 0


def test_new_year_makes_no_week_older_than_the_one_before(filled):
    add_reader(filled, "anna")
    assert planned(filled, Week(2026, 53), datetime(2027, 1, 1, 7, tzinfo=ROME)).new == 1
    made = planned(filled, Week(2027, 1), datetime(2027, 1, 4, 7, tzinfo=ROME))
    assert (made.new, made.expired) == (1, 1)


def test_a_need_of_another_commune_is_not_told_to_an_account_that_moved(filled):
    with reading(filled) as session:
        need = session.query(NeedRow).filter(NeedRow.commune_istat == RHO).first()
        need_id = need.id
    account_id = add_account(filled, "anna")
    own = Follow(FollowKind.NEED, need_id)
    add_reader(filled, "anna", account_id=account_id, follows=(follow(), own))
    assert people(filled, "anna").follows == (follow(), own)
    with writing(filled) as session:
        session.execute(update(AccountRow).values(commune_istat=MILANO))
    assert people(filled, "anna").follows == (follow(),)


def test_a_list_of_communes_to_ring_goes_only_to_the_incubator(filled):
    staff, official = add_account(filled, "carla", Role.CONSULTANT), add_account(filled, "anna")
    add_reader(filled, "staff", account_id=staff, follows=(), audience=Audience.CONSULTANT)
    add_reader(filled, "official", account_id=official, audience=Audience.CONSULTANT)
    assert people(filled, "staff").audience is Audience.CONSULTANT
    assert people(filled, "official").audience is Audience.COMMUNE


def test_an_email_goes_to_the_address_that_the_account_has_now(filled):
    account_id = add_account(filled, "anna")
    add_reader(filled, "anna", account_id=account_id)
    with writing(filled) as session:
        session.execute(update(AccountRow).values(email="nuova@comune.example"))
        assert addresses(session, ["anna"]) == {"anna": "nuova@comune.example"}
    change(filled, "anna", state=SubscriptionState.ENDED, ended_at=MONDAY)
    with reading(filled) as session:
        assert addresses(session, ["anna"]) == {}


def people(engine, name):
    with reading(engine) as session:
        (found,) = recipients(session, [name])
        return found
