"""The matrix and its gaps: what counts where, once or more than once, and for whom."""

from datetime import timedelta
from decimal import Decimal

import pytest

from matcher.records import Money, Need
from matcher.strategy import Tag
from service.database import open_database, reading
from service.frame.filling import TagFilling
from service.frame.gaps import gaps
from service.frame.keeping import FrameKeeper
from service.frame.matrix import NONE, coverage
from service.frame.unmet import Why
from service.imports import load_records
from service.kinds import KIND_NAMED
from service.live import Live
from service.moments import now
from service.register.entries import list_entries, public
from service.register.filters import METROPOLITAN, RegisterFilters
from service.settings import Settings
from service.work import edits
from tests.fakes import HashingEncoder
from tests.service.frame.models import WordModel
from tests.service.homes import copied_home, filled_home, settings_of
from tests.service.pages.conftest import open_calls
from tests.service.register.villages import OF_RHO, OWN, acting, bring, fill, nursery, square
from tests.world import CINISELLO_BALSAMO, GREZZAGO, MILANO, NOSATE, RHO, Commune

WORDS = {
    "asilo": Tag("driver", "7", 0.9, "asilo"),
    "scuol": Tag("driver", "7", 0.9, "scuola"),
    "nid": Tag("driver", "7", 0.8, "nido"),
    "piazza": Tag("driver", "9", 0.7, "piazza"),
    "mercato": Tag("driver", "6", 0.7, "mercato"),
}
ENCODER = HashingEncoder()


def fill_all(engine, folder):
    fill(engine, folder)
    both = nursery(id="pnrr-progetti:B:1", cup="B", title="Scuola", communes=(RHO.istat, GREZZAGO.istat, "001272"))
    capital = nursery(id="pnrr-progetti:C:1", cup="C", measure="M2C2I1.01.00", communes=(MILANO.istat,), amount=None)
    bring(engine, folder, nursery(), both, capital)
    needs = [
        Need(id="prova:nido", commune_istat=RHO.istat, title="Nuovi asili nido e scuole dell'infanzia", text=""),
        Need(id="prova:raro", commune_istat=NOSATE.istat, title="Zxq wvy", text="Qwk jjz."),
    ]
    bring(engine, folder, *needs, *open_calls(), name="prova2")


def fill_and_tag(engine, folder):
    fill_all(engine, folder)
    filling = TagFilling(lambda _encoder: WordModel(words=WORDS))
    while filling.advance(engine, ENCODER):
        pass


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return filled_home(tmp_path_factory.mktemp("matrix"), fill_and_tag)


@pytest.fixture
def engine(home, tmp_path):
    with copied_home(home, tmp_path / "home") as engine:
        yield engine


@pytest.fixture(scope="module")
def picture(home):
    settings = Settings(home=home, database_url="")
    engine = open_database(settings, writing=True)
    keeper = FrameKeeper(engine, Live(settings, engine, HashingEncoder), lambda _encoder: WordModel(words=WORDS))
    keeper.refresh()
    yield keeper.picture()
    engine.dispose()


def counted(engine, picture=None, *, every=False, **filters):
    with reading(engine) as session:
        communes = list(load_records(session, Commune))
        return coverage(session, communes, RegisterFilters(**filters), picture, every=every)


def test_a_project_counts_once_in_every_zone_that_it_touches_and_once_in_all(engine):
    found = counted(engine)
    assert found.matrices[RHO.zone].drivers["7"].projects == 2
    assert found.matrices[GREZZAGO.zone].drivers["7"].projects == 1
    assert found.matrices[NONE].drivers["7"].projects == 3
    assert found.matrices[NONE].total.projects == 4


def test_its_money_is_whole_in_each_zone_and_once_in_all(engine):
    found = counted(engine)
    own = Decimal("1250000.50")
    assert found.matrices[RHO.zone].cells["7", "M4"].amount == 2 * own
    assert found.matrices[GREZZAGO.zone].cells["7", "M4"].amount == own
    assert found.matrices[NONE].total.amount == 2 * own + 300_000


def test_a_project_of_ours_that_names_no_commune_counts_for_the_whole_territory_alone(engine, tmp_path):
    before = counted(engine)
    nowhere = nursery(id="pnrr-progetti:E:1", cup="E", communes=())
    bring(engine, tmp_path, nursery(), nowhere)
    bring(engine, tmp_path, square(id="prova:piano", communes=()), name="prova3")
    after = counted(engine)
    assert after.matrices[NONE].total.projects == before.matrices[NONE].total.projects + 1
    for zone in after.zones:
        assert after.matrices[zone].total.projects == before.matrices[zone].total.projects


def test_the_register_lists_as_many_projects_as_the_matrix_counts(engine, tmp_path):
    bring(engine, tmp_path, square(id="prova:piano", communes=(), drivers=("driver:9",)), name="prova3")
    filling = TagFilling(lambda _encoder: WordModel(words=WORDS))
    while filling.advance(engine, ENCODER):
        pass
    found = counted(engine)
    assert found.matrices[NONE].drivers["9"].projects == 2
    with reading(engine) as session:
        for zone, asked in [(NONE, METROPOLITAN), (RHO.zone, RHO.zone)]:
            for driver in ("7", "9"):
                filters = RegisterFilters(zone=asked, driver=driver)
                assert list_entries(session, public(), filters).total == found.matrices[zone].drivers[driver].projects


def test_a_project_of_two_drivers_stands_in_two_rows_and_once_in_the_total(engine):
    matrix = counted(engine).matrices[GREZZAGO.zone]
    assert (matrix.cells["9", NONE].projects, matrix.cells["6", NONE].projects) == (1, 1)
    assert matrix.missions[NONE].projects == 1
    assert matrix.total.projects == 2


def test_the_capital_is_a_zone_of_its_own(engine):
    found = counted(engine)
    assert found.alone == {MILANO.name: MILANO.istat}
    assert found.matrices[MILANO.name].cells["7", "M2"].projects == 1
    assert found.zones == tuple(sorted({MILANO.name, RHO.zone, GREZZAGO.zone, NOSATE.zone, CINISELLO_BALSAMO.zone}))


def test_what_a_commune_keeps_to_itself_is_counted_for_the_incubator_alone(engine):
    public, every = counted(engine), counted(engine, every=True)
    assert every.matrices[RHO.zone].total.projects == public.matrices[RHO.zone].total.projects + 1
    with acting(engine, OF_RHO) as one:
        edits.archive(one, edits.find(one, KIND_NAMED["projects"], OWN))
    assert counted(engine, every=True).matrices[RHO.zone].total.projects == public.matrices[RHO.zone].total.projects


@pytest.mark.parametrize(
    ("asked", "left"),
    [({"year": 2022}, 3), ({"state": "funded"}, 1), ({"programme": "M4"}, 2), ({"programme": "programme:pnrr"}, 3)],
)
def test_filters_choose_among_projects(engine, asked, left):
    assert counted(engine, **asked).matrices[NONE].total.projects == left


def test_open_calls_count_for_the_zones_that_they_do_not_rule_out(engine, picture):
    assert picture.calls
    assert all(call.zones for call in picture.calls)
    found = counted(engine, picture)
    assert found.matrices[NONE].total.calls == len(picture.calls)
    for zone in found.zones:
        assert found.matrices[zone].total.calls == sum(zone in call.zones for call in picture.calls)


def test_needs_are_counted_for_the_incubator_alone(engine, picture):
    assert counted(engine, picture).matrices[NONE].total.needs == 0
    found = counted(engine, picture, every=True)
    assert found.matrices[NONE].total.needs == 2
    assert found.matrices[RHO.zone].drivers["7"].needs == 1
    assert found.matrices[NOSATE.zone].drivers[NONE].needs == 1


def test_without_a_picture_nothing_is_said_of_calls(engine):
    found = counted(engine)
    assert not found.has_calls
    assert gaps(found, None).lines == ()


def test_a_need_that_no_call_speaks_of_is_a_gap_and_one_that_has_a_call_is_none(engine, picture):
    found = gaps(counted(engine, picture, every=True), picture)
    assert {need.id: need.sight.why for need in found.needs} == {"prova:raro": Why.NONE_NEAR}


def test_nobody_but_the_incubator_is_told_of_needs_without_a_call(engine, picture):
    assert gaps(counted(engine, picture), picture).needs == ()


def test_a_call_is_a_gap_while_no_project_is_like_it(engine, picture, tmp_path):
    found = gaps(counted(engine, picture, every=True), picture)
    lonely = found.calls[0]
    bring(engine, tmp_path, square(id="prova:uguale", title=lonely.title, text="", state="idea"), name="prova3")
    settings = Settings(home=tmp_path / "home", database_url="")
    keeper = FrameKeeper(engine, Live(settings, engine, HashingEncoder), lambda _encoder: WordModel(words=WORDS))
    after = gaps(counted(engine, keeper.picture(), every=True), keeper.picture())
    assert lonely.id not in {call.id for call in after.calls}


def test_a_driver_with_neither_project_nor_call_is_a_gap_everywhere_or_where_it_lacks(engine, picture):
    found = gaps(counted(engine, picture), picture)
    everywhere = {line.driver for line in found.lines if line.zone == NONE}
    assert "4" in everywhere
    assert "7" not in everywhere
    assert not {line.driver for line in found.lines if line.zone != NONE} & everywhere


def test_the_picture_is_made_again_only_when_something_changed(home, tmp_path):
    copy = tmp_path / "home"
    with copied_home(home, copy) as engine:
        live = Live(settings_of(copy), engine, HashingEncoder)
        keeper = FrameKeeper(engine, live, lambda _encoder: WordModel(words=WORDS))
        first = keeper.picture()
        assert keeper.picture() is first
        bring(engine, tmp_path, square(title="Altra piazza"), name="prova")
        assert keeper.picture().at > first.at - timedelta(seconds=1)
        assert keeper.picture() is not first
        assert keeper.picture().at <= now()


def test_an_amount_that_nobody_states_adds_nothing(engine, tmp_path):
    before = counted(engine).matrices[NONE].total
    poor = nursery(id="pnrr-progetti:D:1", cup="D", amount=Money(Decimal(5), "USD"))
    bring(engine, tmp_path, nursery(), poor)
    after = counted(engine).matrices[NONE].total
    assert (after.projects, after.amount) == (before.projects + 1, before.amount)
