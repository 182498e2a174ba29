"""What is gathered for readers of the small world, from an import to a digest, on both databases."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from matcher.feedback import DecisionKind
from matcher.feedback import Reason as Refusal
from matcher.verdicts import Verdict
from service.access.identification import principal_of
from service.accounts.tables import AccountRow, Role
from service.database import open_database, reading, writing
from service.digests.composing import Composer
from service.digests.content import (
    Audience,
    Follow,
    FollowKind,
    Quiet,
    Reason,
    Recipient,
    Told,
    ToldCall,
    told_by,
)
from service.digests.editor import WeeklyEditor
from service.digests.links import Links
from service.digests.weeks import Week
from service.ids import new_id
from service.imports import import_source
from service.recommending import open_recommender
from service.requests.asking import Asked, ask
from service.requests.changing import change
from service.requests.tables import EntryKind, Service
from service.requests.terms import terms_of
from service.requests.thread import Written, write
from service.settings import Settings
from service.work.acting import Acting
from service.work.decisions import decide
from service.work.fields import NewNeed
from service.work.items import create_item
from service.work.picks import pick
from service.work.reminders import remind
from tests import world
from tests.fakes import HashingEncoder
from tests.service.conftest import _empty_schema
from tests.service.digests.editions import KEY, PUBLIC
from tests.service.sources import ListedSource

MONDAY = world.TODAY.replace(hour=7)
BEFORE = MONDAY - timedelta(days=30)
RHO = Follow(FollowKind.COMMUNE, world.RHO.istat)


class Town:
    """A database of the small world at some moment, and the editor of the e-mail over it."""

    def __init__(self, settings, calls):
        self.settings = settings
        self.engine = open_database(settings, writing=True)
        self.imported = 0
        self.let_come(BEFORE, *world.COMMUNES, *calls)

    def let_come(self, at, *records):
        self.imported += 1
        file = self.settings.home / f"{self.imported}.csv"
        file.write_text(str(self.imported))
        with time_machine.travel(at, tick=False):
            import_source(self.engine, ListedSource(*records, name="world"), file)

    def account(self, role=Role.COMMUNE, commune=world.RHO.istat):
        id_ = new_id()
        with writing(self.engine) as session:
            session.add(
                AccountRow(
                    id=id_, email=f"{id_}@comune.example", name="Prova", role=role, state="active", version=1,
                    commune_istat=commune if role is Role.COMMUNE else None, created_at=BEFORE,
                )
            )  # fmt: skip
        return id_

    @contextmanager
    def acting(self, account_id, at=MONDAY - timedelta(days=1)):
        with time_machine.travel(at, tick=False), writing(self.engine) as session:
            yield Acting(session, principal_of(session.get_one(AccountRow, account_id)))

    def gather(self, *people, told=None, at=MONDAY, **options):
        recommender = open_recommender(self.settings, self.engine, HashingEncoder(), lambda *_: None)
        communes = {commune.istat: commune for commune in world.COMMUNES}
        editor = WeeklyEditor(recommender, communes, Composer(Links(KEY, PUBLIC), 7), resolution_days=7, **options)
        with reading(self.engine) as session:
            digests = list(editor.gather(session, people, told or {}, Week.of(at), at))
        for digest in digests:
            assert editor.compose(digest).html
        return digests


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request, tmp_path):
    url = "" if request.param == "sqlite" else _empty_schema()
    made = Town(Settings(home=tmp_path, cache=tmp_path, database_url=url), [])
    yield made
    made.engine.dispose()


def person(**fields):
    given = {
        "person_id": new_id(), "audience": Audience.COMMUNE, "language": "it", "name": "", "account_id": None,
        "commune_istat": None, "follows": (RHO,), "muted": frozenset(), "quiet": Quiet.SAY_SO,
        "since": BEFORE + timedelta(days=1), "token": "t",
    }  # fmt: skip
    return Recipient(**(given | fields))


def _told(digest):
    return {(entry.call_id.removeprefix("world:"), entry.reason) for s in digest.sections for entry in s.entries}


def test_a_call_that_came_this_week_is_new_to_those_who_may_apply_and_to_nobody_else(town):
    town.let_come(MONDAY - timedelta(days=2), world.PICCOLI_COMUNI)
    small, large = person(follows=(Follow(FollowKind.COMMUNE, world.NOSATE.istat),)), person()
    for_small, for_large = town.gather(small, large)
    assert _told(for_small) == {("piccoli-comuni", Reason.NEW)}
    assert for_large.is_quiet
    ((entry,),) = [section.entries for section in for_small.sections]
    assert (entry.verdict, entry.why) == (Verdict.MET, ("like_yours",))
    assert for_small.sections[0].is_profile


def test_a_quiet_week_knows_how_many_calls_were_looked_at_and_how_fresh_they_are(town):
    town.let_come(BEFORE, world.NIDI, world.DOTTORATI)
    (digest,) = town.gather(person())
    assert digest.is_quiet
    assert digest.figures.n_calls == 2
    assert digest.figures.fresh_as_of == BEFORE


def test_what_a_commune_needs_is_asked_for_by_its_own_people_and_kept_from_everybody_else(town):
    own, neighbour = town.account(), town.account(commune=world.MILANO.istat)
    with town.acting(own) as acting:
        create_item(
            acting, "needs", NewNeed(title="Un asilo nido segreto", text="Serve.", commune_istat=world.RHO.istat)
        )
    town.let_come(MONDAY - timedelta(days=2), world.NIDI, world.CICLABILI)
    (mine,) = town.gather(person(account_id=own, commune_istat=world.RHO.istat))
    (foreign, visitor) = town.gather(person(account_id=neighbour, commune_istat=world.MILANO.istat), person())
    assert not mine.sections[0].is_profile
    assert mine.sections[0].may_decide
    assert foreign.sections[0].is_profile
    assert visitor.sections[0].is_profile
    for digest in (foreign, visitor):
        assert "segreto" not in repr(digest)
        assert not digest.sections[0].may_decide


def test_a_moved_deadline_is_told_with_both_days_to_whoever_was_told_of_the_call(town):
    town.let_come(BEFORE, world.NIDI)
    moved = replace(world.NIDI, closes=replace(world.NIDI.closes, at=world.NIDI.closes.at + timedelta(days=9)))
    town.let_come(MONDAY - timedelta(days=3), moved)
    reader = person()
    last = Week.of(MONDAY - timedelta(days=7))
    told = {reader.person_id: Told(MONDAY - timedelta(days=7), {world.NIDI.id: ToldCall(1, last)})}
    (digest,) = town.gather(reader, told=told)
    assert _told(digest) == {("nidi", Reason.CHANGED)}
    (change,) = digest.sections[0].entries[0].changes
    assert change.field == "closes"
    assert "2025-06-30" in change.before
    assert "2025-07-09" in change.after
    assert told_by(digest) == {(world.NIDI.id, 2, Reason.CHANGED)}


def test_what_was_saved_or_is_to_be_reminded_of_is_told_while_it_closes_and_what_was_refused_is_not(town):
    town.let_come(BEFORE, world.CICLABILI, world.FOTOVOLTAICO_LOMBARDIA, world.NIDI)
    own = town.account()
    with town.acting(own) as acting:
        decide(acting, world.RHO.istat, world.CICLABILI.id, DecisionKind.SAVED)
        remind(acting, world.RHO.istat, world.FOTOVOLTAICO_LOMBARDIA.id)
        decide(acting, world.RHO.istat, world.NIDI.id, DecisionKind.NOT_FOR_US, reason=Refusal.NO_STAFF)
    reader = person(account_id=own, commune_istat=world.RHO.istat)
    at = world.CICLABILI.closes.at - timedelta(days=4)
    last = {call.id: ToldCall(1, Week.of(at - timedelta(days=7)), 1, Week.of(at - timedelta(days=7)))
            for call in (world.CICLABILI, world.FOTOVOLTAICO_LOMBARDIA)}  # fmt: skip
    (digest,) = town.gather(reader, told={reader.person_id: Told(at - timedelta(days=7), last)}, at=at)
    assert _told(digest) == {("ciclabili", Reason.CLOSING), ("fotovoltaico-lombardia", Reason.CLOSING)}
    assert all(entry.wanted for entry in digest.sections[0].entries)


def test_the_incubators_advice_is_told_to_the_commune_with_its_reason_once(town):
    town.let_come(BEFORE, world.SCUOLE_SICURE)
    own, consultant = town.account(), town.account(Role.CONSULTANT)
    with town.acting(consultant) as acting:
        pick(acting, world.RHO.istat, world.SCUOLE_SICURE.id, "La palestra è già verificata.")
    reader = person(account_id=own, commune_istat=world.RHO.istat)
    (digest, visitor) = town.gather(reader, person())
    (news,) = digest.requests
    assert (news.state, news.commune, news.why) == ("picked", "Rho", "La palestra è già verificata.")
    assert visitor.requests == ()
    (later,) = town.gather(reader, told={reader.person_id: Told(MONDAY - timedelta(hours=1))})
    assert later.requests == ()


def test_what_the_incubator_did_on_a_request_is_told_once_without_what_it_wrote(town):
    town.let_come(BEFORE, world.SCUOLE_SICURE)
    own, consultant = town.account(), town.account(Role.CONSULTANT)
    asked = Asked(commune_istat=world.RHO.istat, service=Service.PROJECTS, text="Una mano.")
    terms = terms_of("")
    with town.acting(own) as acting:
        request_id = ask(acting, asked, terms).request.id
        silent = ask(acting, asked, terms).request.id
    with town.acting(consultant) as acting:
        change(acting, request_id, 1, {"owner_id": consultant}, terms)
        write(acting, request_id, Written(text="Una risposta riservata."), terms)
        write(acting, silent, Written(text="Solo per noi.", kind=EntryKind.NOTE), terms)
    reader = person(account_id=own, commune_istat=world.RHO.istat)
    (digest, visitor) = town.gather(reader, person())
    (news,) = digest.requests
    assert (news.service, news.state, news.commune, news.why) == ("progetti", "answered", "Rho", "")
    assert news.path == f"/comuni/{world.RHO.istat}/richieste/{request_id}"
    assert visitor.requests == ()
    (later,) = town.gather(reader, told={reader.person_id: Told(MONDAY - timedelta(hours=1))})
    assert later.requests == ()


def test_a_consultant_gets_each_new_call_with_the_communes_to_ring_about_it(town):
    own, consultant = town.account(commune=world.GREZZAGO.istat), town.account(Role.CONSULTANT)
    with town.acting(own) as acting:
        create_item(
            acting, "needs", NewNeed(title="La piazza del paese", text="Da rifare.", commune_istat=world.GREZZAGO.istat)
        )
    town.let_come(MONDAY - timedelta(days=2), world.PICCOLI_COMUNI)
    follows = tuple(Follow(FollowKind.COMMUNE, one.istat) for one in (world.NOSATE, world.GREZZAGO, world.RHO))
    reader = person(account_id=consultant, audience=Audience.CONSULTANT, follows=follows)
    everywhere = replace(reader, person_id=new_id(), follows=())
    (digest, of_all) = town.gather(reader, everywhere)
    (ring,) = digest.rings
    assert [commune.name for commune in ring.communes] == ["Grezzago", "Nosate"]
    assert ring.communes[0].item == "La piazza del paese"
    assert [commune.name for commune in of_all.rings[0].communes] == ["Grezzago"]
    assert told_by(digest) == {(world.PICCOLI_COMUNI.id, 1, Reason.NEW)}
    assert not any(section.entries for section in digest.sections)


def test_what_somebody_muted_stays_out(town):
    town.let_come(MONDAY - timedelta(days=2), replace(world.NIDI, themes=("Infanzia",)))
    heard, deaf = town.gather(person(), person(muted=frozenset({"infanzia"})))
    assert _told(heard) == {("nidi", Reason.NEW)}
    assert deaf.is_quiet


def test_people_gathered_together_are_told_what_each_would_be_told_alone(town):
    town.let_come(MONDAY - timedelta(days=2), *world.CALLS)
    people = [person(follows=(Follow(FollowKind.COMMUNE, one.istat),)) for one in world.COMMUNES]
    assert town.gather(*people) == [digest for one in people for digest in town.gather(one)]


def test_a_commune_or_item_that_is_no_more_there_is_passed_over(town):
    town.let_come(BEFORE, world.NIDI)
    gone = (Follow(FollowKind.COMMUNE, "999999"), Follow(FollowKind.NEED, "nulla"))
    (digest,) = town.gather(person(follows=gone))
    assert digest.sections == ()
