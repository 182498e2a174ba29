"""Who gets the weekly e-mail, as people say it themselves."""

import pytest
from sqlalchemy import select

from service.access.principal import VISITOR, Principal
from service.accounts.tables import Role
from service.audit.tables import AuditEventRow
from service.database import reading, writing
from service.digests import subscriptions
from service.digests.content import Audience, Follow, FollowKind, Quiet
from service.digests.subscriptions import Wanted
from service.digests.tables import SubscriptionState
from service.errors import InvalidError, StaleError, UnknownRecordError
from service.initial import init_database
from service.tables import NeedRow
from service.work.acting import Acting
from tests.service.digests.people import MILANO, RHO, add_account, follow

WANTED = Wanted(follows=(follow(MILANO), follow(RHO)), muted=frozenset({"sport"}), quiet=Quiet.SKIP)


@pytest.fixture
def people(settings):
    """An official of Rho and a consultant, with their principals."""
    engine, _ = init_database(settings)
    official = Principal(Role.COMMUNE, add_account(engine, "anna"), RHO)
    staff = Principal(Role.CONSULTANT, add_account(engine, "carla", Role.CONSULTANT))
    yield engine, official, staff
    engine.dispose()


def do(engine, principal, step, *arguments, **options):
    with writing(engine) as session:
        return step(Acting(session, principal, "q"), *arguments, **options)


def actions(engine):
    with reading(engine) as session:
        rows = session.scalars(select(AuditEventRow).order_by(AuditEventRow.id))
        return [row.action for row in rows if row.action.startswith("digest.")]


def test_an_official_begins_changes_ends_and_takes_up_a_subscription(people):
    engine, anna, _ = people
    begun = do(engine, anna, subscriptions.keep, WANTED)
    assert (begun.state, begun.wanted, begun.version) == (SubscriptionState.ACTIVE, WANTED, 1)
    changed = do(engine, anna, subscriptions.keep, Wanted((follow(),), language="en"), begun.version)
    assert (changed.id, changed.wanted.language, changed.wanted.follows) == (begun.id, "en", (follow(),))
    ended = do(engine, VISITOR, subscriptions.end, begun.token, "one_click")
    again = do(engine, anna, subscriptions.keep, WANTED, ended.version)
    assert (again.state, again.token) == (SubscriptionState.ACTIVE, begun.token)
    assert actions(engine) == ["digest.subscribed", "digest.changed", "digest.unsubscribed", "digest.subscribed"]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(people):
    engine, anna, _ = people
    begun = do(engine, anna, subscriptions.keep, WANTED)
    do(engine, anna, subscriptions.keep, WANTED, begun.version)
    with pytest.raises(StaleError):
        do(engine, anna, subscriptions.keep, WANTED, begun.version)


def test_ending_twice_is_ending_once(people):
    engine, anna, _ = people
    begun = do(engine, anna, subscriptions.keep, WANTED)
    first = do(engine, VISITOR, subscriptions.end, begun.token, "one_click")
    assert do(engine, VISITOR, subscriptions.end, begun.token, "page") == first
    assert do(engine, VISITOR, subscriptions.resume, begun.token).state is SubscriptionState.ACTIVE
    with pytest.raises(UnknownRecordError):
        do(engine, VISITOR, subscriptions.end, "guess", "one_click")


def test_a_need_of_another_commune_cannot_be_followed_and_looks_as_if_it_were_not_there(people):
    engine, anna, carla = people
    with reading(engine) as session:
        need = session.scalar(select(NeedRow.id).where(NeedRow.commune_istat != RHO).limit(1))
    wanted = Wanted((Follow(FollowKind.NEED, need),))
    with pytest.raises(InvalidError, match="nothing that you may see") as refused:
        do(engine, anna, subscriptions.keep, wanted)
    absent = Wanted((Follow(FollowKind.NEED, "portal:none"),))
    with pytest.raises(InvalidError) as not_there:
        do(engine, anna, subscriptions.keep, absent)
    assert str(refused.value).replace(need, "") == str(not_there.value).replace("portal:none", "")
    assert do(engine, carla, subscriptions.keep, wanted).wanted.follows == wanted.follows


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(), "follows"),
        (Wanted((follow("999999"),)), "follows"),
        (Wanted((follow(),), audience=Audience.CONSULTANT), "audience"),
        (Wanted((follow(),), language="de"), "language"),
        (Wanted((follow(),), muted=frozenset({""})), "muted"),
        (Wanted((follow(),), muted=frozenset({"sport\0"})), "muted"),
        (Wanted((follow("01518\0"),)), "follows"),
        (Wanted((follow("01518\ud800"),)), "follows"),
        (Wanted(tuple(follow(f"{count:06d}") for count in range(201))), "follows"),
    ],
)
def test_what_cannot_be_wanted_is_refused_by_name(people, wanted, field):
    engine, anna, _ = people
    with pytest.raises(InvalidError) as refused:
        do(engine, anna, subscriptions.keep, wanted)
    assert refused.value.field == field


def test_a_visitor_gets_nothing_before_the_address_is_confirmed(people):
    engine, *_ = people
    asked = do(engine, VISITOR, subscriptions.ask, "Lettrice@Ente.example", WANTED)
    assert (asked.state, asked.email) == (SubscriptionState.PENDING, "lettrice@ente.example")
    confirmed = do(engine, VISITOR, subscriptions.confirm, asked.id)
    assert confirmed.state is SubscriptionState.ACTIVE
    assert do(engine, VISITOR, subscriptions.confirm, asked.id) == confirmed


def test_who_asks_for_an_address_that_gets_it_already_learns_nothing(people):
    engine, *_ = people
    asked = do(engine, VISITOR, subscriptions.ask, "lettrice@ente.example", WANTED)
    do(engine, VISITOR, subscriptions.confirm, asked.id)
    assert do(engine, VISITOR, subscriptions.ask, "lettrice@ente.example", Wanted((follow(),))) is None
    assert do(engine, VISITOR, subscriptions.ask, "anna@comune.example", WANTED) is None
    with reading(engine) as session:
        assert subscriptions.find(session, asked.id).wanted == WANTED


def test_a_link_that_confirms_does_not_undo_an_end(people):
    engine, *_ = people
    asked = do(engine, VISITOR, subscriptions.ask, "lettrice@ente.example", WANTED)
    do(engine, VISITOR, subscriptions.confirm, asked.id)
    do(engine, VISITOR, subscriptions.end, asked.token, "one_click")
    with pytest.raises(InvalidError):
        do(engine, VISITOR, subscriptions.confirm, asked.id)


def test_certified_mail_and_items_are_not_for_visitors(people):
    engine, *_ = people
    with pytest.raises(InvalidError, match="PEC"):
        do(engine, VISITOR, subscriptions.ask, "protocollo@pec.comune.example", WANTED)
    with pytest.raises(InvalidError, match="only communes"):
        do(engine, VISITOR, subscriptions.ask, "a@x.example", Wanted((Follow(FollowKind.NEED, "n"),)))


def test_a_theme_is_muted_and_put_back_once(people):
    engine, anna, _ = people
    begun = do(engine, anna, subscriptions.keep, WANTED)
    muted = do(engine, anna, subscriptions.mute, begun.id, "cultura")
    assert muted.wanted.muted == {"sport", "cultura"}
    assert do(engine, anna, subscriptions.mute, begun.id, "cultura") == muted
    assert do(engine, anna, subscriptions.mute, begun.id, "cultura", muted=False).wanted.muted == {"sport"}


def test_no_address_and_no_token_stands_in_the_trail(people):
    engine, anna, _ = people
    begun = do(engine, anna, subscriptions.keep, WANTED)
    do(engine, VISITOR, subscriptions.end, begun.token, "one_click")
    with reading(engine) as session:
        told = " ".join(str(row.details) + row.object_id for row in session.scalars(select(AuditEventRow)))
    assert begun.token not in told
    assert "@" not in told
