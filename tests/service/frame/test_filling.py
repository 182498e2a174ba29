"""Stored tags: of every kind of record, true to it after whatever changes it, and people's word above the model's."""

import pytest
from sqlalchemy import select

from matcher.records import Need, PublicAsset
from matcher.strategy import Tag
from service.database import reading
from service.frame.filling import TagFilling
from service.frame.tables import RecordTagRow, TaggedRecordRow
from service.kinds import KIND_NAMED
from service.work import edits
from service.work.tags import override_tag, restore_tag_override, withdraw_tag_override
from tests.fakes import HashingEncoder
from tests.service.frame.models import WordModel
from tests.service.homes import copied_home, filled_home
from tests.service.register.villages import CONSULTANT, OF_RHO, OWN, acting, bring, fill, nursery, square
from tests.world import NIDI, RHO, TORINO

ENCODER = HashingEncoder()
NURSERY = nursery().id


def fill_all(engine, folder):
    """The villages, with a need, an asset and a call beside their projects."""
    fill(engine, folder)
    need = Need(id="prova:nido", commune_istat=RHO.istat, title="Mancano posti al nido", text="")
    asset = PublicAsset(id="prova:scuola", title="Ex scuola", text="Chiusa.", commune_istat=RHO.istat)
    bring(engine, folder, need, asset, NIDI, name="prova2")


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory):
    return filled_home(tmp_path_factory.mktemp("known"), fill_all)


@pytest.fixture
def known(all_of_them, tmp_path):
    with copied_home(all_of_them, tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def either(engine, tmp_path):
    """The same in either kind of database."""
    fill_all(engine, tmp_path)
    return engine


def brought_up(engine, model=None):
    """Fill the tags with a model; returns it."""
    model = model or WordModel()
    filling = TagFilling(lambda _encoder: model)
    while filling.advance(engine, ENCODER):
        pass
    return model


def tags_of(engine, record_id, scheme="driver"):
    with reading(engine) as session:
        rows = session.scalars(select(RecordTagRow).where(RecordTagRow.record_id == record_id)).all()
    return {row.code: row for row in rows if row.scheme == scheme}


def test_every_kind_of_record_gets_its_tags(known):
    brought_up(known)
    with reading(known) as session:
        kinds = set(session.execute(select(RecordTagRow.kind, RecordTagRow.record_id)).all())
    assert {("need", "prova:nido"), ("asset", "prova:scuola"), ("call", NIDI.id)} <= kinds
    assert {("project", "prova:piazza"), ("project", OWN), ("precedent", NURSERY)} <= kinds


def test_a_measures_code_gives_mission_and_component_for_certain_and_is_their_evidence(known):
    brought_up(known, WordModel(words={"asilo": Tag("mission", "M6", 0.7)}))
    mission, component = tags_of(known, NURSERY, "mission"), tags_of(known, NURSERY, "component")
    assert list(mission) == ["M4"]
    assert list(component) == ["M4C1"]
    assert (mission["M4"].confidence, mission["M4"].evidence) == (1.0, "M4C1I1.01.00")


def test_what_the_model_leaves_to_a_person_is_not_stored(known, tmp_path):
    bring(known, tmp_path, square(text="Forse un parco."), name="prova")
    brought_up(known)
    assert list(tags_of(known, "prova:piazza")) == ["9"]


def test_actors_and_styles_are_stored_with_what_speaks_for_them(known):
    brought_up(known)
    assert tags_of(known, "prova:nido", "actor").keys() == {"comuni"}
    assert tags_of(known, "prova:nido", "style")["insieme"].evidence == "plan:7"


def test_what_was_read_is_not_read_again(known):
    brought_up(known)
    assert brought_up(known).read == []


def test_after_an_import_only_what_changed_is_read(known, tmp_path):
    brought_up(known)
    bring(known, tmp_path, square(text="Una scuola."), name="prova")
    assert brought_up(known).read == ["Piazza del mercato. Una scuola."]
    assert tags_of(known, "prova:piazza").keys() == {"7", "9"}


def test_an_edit_by_hand_is_followed(known):
    brought_up(known)
    with acting(known, OF_RHO) as one:
        kept = edits.find(one, KIND_NAMED["projects"], OWN)
        edits.change(one, kept, 1, {"title": "Orti", "text": "Orti in città."})
    brought_up(known)
    assert tags_of(known, OWN) == {}


def test_another_model_reads_everything_again(known):
    brought_up(known)
    brought_up(known, WordModel(1.0, {"asilo": Tag("driver", "10", 0.7)}))
    assert tags_of(known, "prova:nido") == {}
    assert list(tags_of(known, NURSERY)) == ["10"]


def test_a_persons_word_outlives_another_model_and_an_import(either, tmp_path):
    brought_up(either)
    with acting(either, CONSULTANT) as one:
        override_tag(one, "projects", "prova:piazza", "driver", "9", holds=False)
        override_tag(one, "projects", "prova:piazza", "driver", "3", holds=True)
        override_tag(one, "projects", "prova:piazza", "style", "partner", holds=True)
    brought_up(either)
    brought_up(either, WordModel(1.0))
    bring(either, tmp_path, square(title="Piazza nuova del mercato"), name="prova")
    brought_up(either, WordModel(1.0))
    found = tags_of(either, "prova:piazza")
    assert list(found) == ["3"]
    assert (found["3"].by_hand, found["3"].confidence) == (True, 1.0)
    assert tags_of(either, "prova:piazza", "style")["partner"].by_hand


def test_a_word_taken_back_gives_way_to_the_model_and_comes_back(known):
    with acting(known, CONSULTANT) as one:
        said = override_tag(one, "projects", "prova:piazza", "driver", "9", holds=False)
    brought_up(known)
    assert tags_of(known, "prova:piazza") == {}
    with acting(known, CONSULTANT) as one:
        withdraw_tag_override(one, said.id)
    brought_up(known)
    assert list(tags_of(known, "prova:piazza")) == ["9"]
    with acting(known, CONSULTANT) as one:
        restore_tag_override(one, said.id)
    brought_up(known)
    assert tags_of(known, "prova:piazza") == {}


def test_what_is_said_while_a_record_is_read_is_not_lost(either):
    model = WordModel()

    def say():
        model.meanwhile = lambda: None
        with acting(either, CONSULTANT) as one:
            override_tag(one, "projects", "prova:piazza", "driver", "9", holds=False)

    model.meanwhile = say
    brought_up(either, model)
    assert tags_of(either, "prova:piazza") == {}


def test_records_are_read_in_slices_and_whoever_comes_next_goes_on_where_one_stopped(known):
    first, second = WordModel(), WordModel()
    filling = TagFilling(lambda _encoder: first)
    assert filling.advance(known, ENCODER, 2)
    assert len(first.read) == 2
    assert filling.left == 4
    brought_up(known, second)
    assert len(second.read) == 4
    assert not set(first.read) & set(second.read)


def test_two_processes_share_the_work(known):
    first, second = WordModel(), WordModel()
    both = [(TagFilling(lambda _encoder, model=model: model), model) for model in (first, second)]
    more = [True, True]
    while any(more):
        more = [filling.advance(known, ENCODER, 1) for filling, _model in both]
    assert sorted(first.read + second.read) == sorted(set(first.read + second.read))
    assert tags_of(known, "prova:piazza").keys() == {"9"}


def test_the_few_are_read_before_the_many_and_ours_before_those_of_others(known, tmp_path):
    far = nursery(id="pnrr-progetti:A:1", title="Asilo di Torino", cup="A", communes=(TORINO.istat,))
    bring(known, tmp_path, nursery(), far)
    model = WordModel()
    filling = TagFilling(lambda _encoder: model)
    while filling.advance(known, ENCODER, 1):
        pass
    assert [text.strip(".") for text in model.read[-2:]] == ["Asilo nido di via Roma", "Asilo di Torino"]


def test_funded_projects_that_differ_by_their_place_alone_share_a_vector(known, tmp_path):
    twins = [
        nursery(id=f"pnrr-progetti:{n}:1", title=f"Cloud del comune {n}", cup=str(n), body=f"Comune {n}")
        for n in range(3)
    ]
    bring(known, tmp_path, nursery(), *twins)
    encoder = HashingEncoder()
    filling = TagFilling(lambda _encoder: WordModel())
    while filling.advance(known, encoder):
        pass
    assert {text for text in encoder.encoded if text.startswith("Cloud")} == {"Cloud del comune 0."}


def test_without_a_model_what_records_say_themselves_counts(known):
    filling = TagFilling(lambda _encoder: None)
    while filling.advance(known, ENCODER):
        pass
    assert list(tags_of(known, NURSERY, "mission")) == ["M4"]
    assert tags_of(known, NURSERY) == {}
    with reading(known) as session:
        assert {row.basis.split(".")[0] for row in session.scalars(select(TaggedRecordRow))} == {"none"}
