"""Strategy tags: what a record states stands above the model, and what a person said stands above both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import MatcherError
from matcher.records import FundingCall, Need, Precedent, Project
from matcher.strategy import (
    CODES,
    COMPONENT,
    DRIVER,
    MISSION,
    SCHEMES,
    STTM,
    TEXT_CHARACTERS,
    DecidedBy,
    Override,
    Tag,
    source_tags,
    text_to_tag,
    with_overrides,
    with_source,
)

KEYS = [(scheme, code) for scheme in SCHEMES for code in CODES[scheme]]
keys = st.sampled_from(KEYS)
model_tags = st.dictionaries(keys, st.tuples(st.floats(0, 1), st.booleans()), max_size=8).map(
    lambda found: [Tag(scheme, code, p, certain=sure) for (scheme, code), (p, sure) in found.items()]
)
overrides = st.lists(st.tuples(keys, st.booleans()).map(lambda one: Override(*one[0], one[1])), max_size=6)


def need(**changes: object) -> Need:
    return Need(**{"id": "n", "commune_istat": "015182", "title": "Scuola", "text": "Fredda.", **changes})


def keys_of(tags: tuple[Tag, ...]) -> set[tuple[str, str]]:
    return {tag.key for tag in tags}


@pytest.mark.parametrize(("scheme", "code"), [("driver", "11"), ("mission", "M7"), ("colour", "red")])
def test_a_word_on_a_code_that_does_not_exist_is_refused_and_named(scheme, code):
    with pytest.raises(MatcherError, match=f"{scheme}.*{code}"):
        Override(scheme, code, present=True)


@given(model_tags, overrides)
def test_what_a_person_said_last_of_a_code_always_holds(tags, said):
    found = {tag.key: tag for tag in with_overrides(tags, said)}
    for key, present in {(one.scheme, one.code): one.present for one in said}.items():
        assert (key in found) == present
        if present:
            assert (found[key].decided_by, found[key].certain, found[key].probability) == (DecidedBy.PERSON, True, 1.0)


@given(model_tags, model_tags, overrides)
def test_what_a_person_said_survives_a_new_model(old, new, said):
    asked = {(one.scheme, one.code) for one in said}
    before = keys_of(with_overrides(with_overrides(old, said), said)) & asked
    assert keys_of(with_overrides(new, said)) & asked == before


@given(model_tags)
def test_without_a_word_from_anybody_the_tags_stay_as_they_are(tags):
    assert set(with_overrides(tags, [])) == set(tags)


@given(model_tags, overrides)
def test_a_record_has_a_code_at_most_once(tags, said):
    shown = with_overrides(with_source(tags, need(drivers=("driver:7",))), said)
    assert len(shown) == len(keys_of(shown))


def test_a_component_that_a_person_sets_brings_its_mission():
    assert keys_of(with_overrides([], [Override(COMPONENT, "M4C1", present=True)])) == {
        (MISSION, "M4"),
        (COMPONENT, "M4C1"),
    }


def test_a_mission_taken_away_takes_its_components_along_but_not_one_that_a_person_set():
    tags = [Tag(MISSION, "M2", 0.9), Tag(COMPONENT, "M2C1", 0.8), Tag(COMPONENT, "M2C3", 0.7)]
    away = Override(MISSION, "M2", present=False)
    assert with_overrides(tags, [away]) == ()
    assert keys_of(with_overrides(tags, [Override(COMPONENT, "M2C3", present=True), away])) == {(COMPONENT, "M2C3")}


def test_a_tag_that_a_person_confirms_keeps_its_evidence():
    (tag,) = with_overrides(
        [Tag(DRIVER, "3", 0.4, "cappotto termico", certain=False)], [Override(DRIVER, "3", present=True)]
    )
    assert (tag.evidence, tag.certain, tag.decided_by) == ("cappotto termico", True, DecidedBy.PERSON)


def test_the_code_of_a_measure_decides_mission_and_component_and_leaves_the_rest_to_the_model():
    call = FundingCall(id="c", source="s", title="Nidi", programme="M4C1I1.01.00")
    model = [Tag(MISSION, "M5", 0.9), Tag(COMPONENT, "M5C2", 0.9), Tag(DRIVER, "7", 0.8)]
    shown = with_source(model, call)
    assert keys_of(shown) == {(MISSION, "M4"), (COMPONENT, "M4C1"), (DRIVER, "7")}
    assert {tag.decided_by for tag in shown if tag.scheme != DRIVER} == {DecidedBy.SOURCE}
    assert {tag.evidence for tag in shown if tag.scheme != DRIVER} == {"M4C1I1.01.00"}


def test_the_drivers_written_on_a_record_stand_above_the_model():
    shown = with_source([Tag(DRIVER, "9", 0.99), Tag(STTM, "1", 0.9)], need(drivers=("driver:7", "driver:3")))
    assert keys_of(shown) == {(DRIVER, "3"), (DRIVER, "7"), (STTM, "1")}


@pytest.mark.parametrize(
    "programme", ["", "programme:remix", "LIFE 2021-2027", "M7C1I01.1.00", "XM1C1I1", "M1C9I1.01.00"]
)
def test_a_programme_that_is_no_measure_of_the_plan_of_2021_states_nothing(programme):
    assert source_tags(Project(id="p", title="t", text="x", programme=programme)) == ()


def test_a_funded_project_is_read_from_its_measure():
    found = source_tags(Precedent(id="p", source="s", title="t", measure="M2C4I2.02.00"))
    assert keys_of(found) == {(MISSION, "M2"), (COMPONENT, "M2C4")}


def test_the_text_of_a_call_is_its_title_and_summary_without_lists_of_sectors():
    call = FundingCall(
        id="c",
        source="s",
        title="Voucher digitali",
        summary="Obiettivi: digitalizzazione. Settori: turismo, commercio, salute. Forma di sostegno: fondo perduto.",
        text="Articolo 1",
    )
    assert text_to_tag(call) == "Voucher digitali. Obiettivi: digitalizzazione."


def test_a_text_that_repeats_its_title_is_read_once_and_a_long_one_at_its_beginning():
    assert text_to_tag(need(text="Scuola fredda e vecchia")) == "Scuola fredda e vecchia"
    assert len(text_to_tag(need(text="parola " * 400))) == TEXT_CHARACTERS
    assert text_to_tag(need(title="", text="Solo testo")) == "Solo testo"
