"""Actors and working styles: what a record names, what its driver asks for, and silence where neither speaks."""

import pytest

from matcher.agenda import PLAN, STYLES_OF_DRIVER, agenda_tags
from matcher.records import FundingCall, Need, Precedent, Project, PublicAsset
from matcher.strategy import (
    ACTOR,
    CODES,
    COMMUNES,
    CONCERTED,
    COPLANNED,
    DRIVER,
    INTERMEDIATE,
    LINKED,
    METROPOLITAN,
    PARTNERSHIP,
    STYLE,
    DecidedBy,
    Override,
    Tag,
    in_order,
    with_overrides,
)

HEALTH = Tag(DRIVER, "10", 0.8)


def a_project(text, **fields):
    return Project(id="p", title="Progetto", text=text, **fields)


def codes(tags, scheme):
    return {tag.code for tag in tags if tag.scheme == scheme}


def test_a_record_that_names_nobody_and_has_no_driver_gets_nothing():
    assert agenda_tags(a_project("Rifacimento del tetto."), ()) == ()


def test_a_driver_of_which_the_model_is_not_sure_gives_no_style():
    assert agenda_tags(a_project("Rifacimento del tetto."), [Tag(DRIVER, "10", 0.5, certain=False)]) == ()


def test_the_style_of_a_driver_is_as_sure_as_the_driver_and_quotes_the_line_of_the_agenda():
    (found,) = agenda_tags(a_project("Rifacimento del tetto."), [HEALTH])
    assert (found.scheme, found.code, found.probability) == (STYLE, LINKED, 0.8)
    assert (found.evidence, found.decided_by) == (f"{PLAN}10", DecidedBy.RULE)


def test_the_words_of_the_record_stand_above_the_line_of_the_agenda():
    found = agenda_tags(a_project("Il centro anziani nasce da una coprogettazione."), [HEALTH])
    assert [(tag.code, tag.evidence) for tag in found] == [(COPLANNED, "coprogettazione")]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Insieme ai comuni e tra i comuni vicini", COMMUNES),
        ("Con le associazioni del quartiere", INTERMEDIATE),
        ("Accordo della Città metropolitana", METROPOLITAN),
    ],
)
def test_an_actor_is_quoted_with_the_words_that_name_it(text, actor):
    (found,) = (tag for tag in agenda_tags(a_project(text), ()) if tag.scheme == ACTOR)
    assert found.code == actor
    assert found.evidence in text


@pytest.mark.parametrize("text", ["Un bene comune", "Spazi comuni da sistemare", "È comune a tutti"])
def test_what_is_common_is_no_commune(text):
    assert not codes(agenda_tags(a_project(text), ()), ACTOR)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Protocollo d'intesa per il parco", CONCERTED),
        ("Illuminazione in finanza di progetto", PARTNERSHIP),
        ("Tavolo permanente sulla casa", LINKED),
    ],
)
def test_a_style_is_read_from_words_that_say_how_one_works(text, style):
    assert codes(agenda_tags(a_project(text), ()), STYLE) == {style}


def test_who_leads_owns_applies_or_carries_out_is_an_actor():
    led = a_project("", lead="Città metropolitana di Milano", partners=("Cooperativa Il Seme",))
    owned = PublicAsset(id="a", title="Ex scuola", text="", commune_istat="015182", owner="Comune di Rho")
    done = Precedent(id="x", source="s", title="Sito", body="COMUNE DI RHO")
    asked = FundingCall(id="c", source="s", title="Bando", applicants_text="Comuni; Enti del terzo settore")
    assert codes(agenda_tags(led, ()), ACTOR) == {METROPOLITAN, INTERMEDIATE}
    assert codes(agenda_tags(owned, ()), ACTOR) == codes(agenda_tags(done, ()), ACTOR) == {COMMUNES}
    assert codes(agenda_tags(asked, ()), ACTOR) == {COMMUNES, INTERMEDIATE}


def test_a_need_is_its_communes():
    need = Need(id="n", commune_istat="015182", title="Nido", text="Mancano posti")
    assert [(tag.code, tag.decided_by) for tag in agenda_tags(need, ())] == [(COMMUNES, DecidedBy.SOURCE)]


def test_the_agenda_says_nothing_of_what_others_publish_or_were_funded_for():
    funded = Precedent(id="x", source="s", title="Ambulatorio")
    published = FundingCall(id="c", source="s", title="Ambulatori")
    assert agenda_tags(funded, [HEALTH]) == agenda_tags(published, [HEALTH]) == ()


def test_every_driver_has_a_style_that_exists():
    assert set(STYLES_OF_DRIVER) == set(CODES[DRIVER])
    assert {code for styles in STYLES_OF_DRIVER.values() for code in styles} <= set(CODES[STYLE])


def test_a_person_takes_a_style_away_and_sets_another():
    said = [Override(STYLE, LINKED, present=False), Override(STYLE, COPLANNED, present=True)]
    found = with_overrides(agenda_tags(a_project("Rifacimento del tetto."), [HEALTH]), said)
    assert [(tag.code, tag.decided_by) for tag in found] == [(COPLANNED, DecidedBy.PERSON)]


def test_actors_and_styles_come_after_what_the_model_reads():
    tags = [Tag(STYLE, LINKED, 1.0), Tag(ACTOR, COMMUNES, 1.0), HEALTH]
    assert [tag.scheme for tag in in_order(tags)] == [DRIVER, ACTOR, STYLE]
