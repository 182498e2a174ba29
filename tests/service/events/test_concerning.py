"""Whom an event concerns and why: what a commune has, laid beside what the event is about."""

import pytest

from matcher.feedback import DecisionKind
from service.access.principal import VISITOR
from service.database import writing
from service.events.concerning import Held, Interests, interests_of, stems_of
from service.events.suggesting import reasons, suggestions
from service.events.tables import EventRow
from service.events.whys import Why, WhyKind
from service.frame.tables import RecordTagRow
from service.pages.event_words import why_said
from service.work.decisions import decide
from service.work.edits import archive
from service.work.fields import NewNeed
from service.work.items import create_item, item_to_change
from tests.service.work.conftest import PRINCIPALS
from tests.world import GREZZAGO, RHO, SCUOLE_SICURE

ZONE = "zone:nord-ovest"
SCHOOL = Held("needs", "Palestra fredda", frozenset({"driver:7"}), stems_of("La palestra della scuola è fredda."))
CALL = Held("calls", "Nidi 2026", frozenset({"driver:10"}), stems_of("Nidi 2026"))
OURS = Interests(RHO.istat, ZONE, "Nord Ovest", (SCHOOL, CALL))


def an_event(**about):
    return EventRow(**{"communes": [], "zones": [], "drivers": [], "themes": []} | about)


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({}, Why(WhyKind.EVERYBODY)),
        ({"communes": [RHO.istat]}, Why(WhyKind.COMMUNE)),
        ({"communes": [GREZZAGO.istat]}, None),
        ({"zones": [ZONE]}, Why(WhyKind.ZONE, "Nord Ovest")),
        ({"zones": ["zone:sud-est"]}, None),
        ({"zones": ["zone:sud-est"], "drivers": ["driver:7"]}, None),
        ({"drivers": ["driver:1"]}, None),
        ({"drivers": ["driver:1", "driver:7"]}, Why(WhyKind.DRIVER, "driver:7", "Palestra fredda", "needs")),
        ({"drivers": ["driver:10"]}, Why(WhyKind.CALL_DRIVER, "driver:10", "Nidi 2026")),
        ({"themes": ["scuole"]}, Why(WhyKind.THEME, "scuole", "Palestra fredda", "needs")),
        ({"themes": ["nido"]}, Why(WhyKind.CALL_THEME, "nido", "Nidi 2026")),
        ({"themes": ["ponti"]}, None),
        ({"zones": [ZONE], "drivers": ["driver:7"]}, Why(WhyKind.DRIVER, "driver:7", "Palestra fredda", "needs")),
        ({"zones": [ZONE], "drivers": ["driver:1"]}, Why(WhyKind.ZONE, "Nord Ovest")),
    ],
)
def test_the_strongest_reason_is_given_or_none(about, why):
    assert OURS.why(an_event(**about)) == why


@pytest.mark.parametrize("kind", WhyKind)
@pytest.mark.parametrize("item_kind", ["needs", "projects", "assets"])
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_reason_is_one_sentence(kind, item_kind, language):
    said = why_said(Why(kind, "driver:7", "Palestra fredda", item_kind), language)
    assert said.endswith(".")
    assert "%(" not in said


@pytest.fixture
def need(acting):
    """Rho writes a need down, which is archived afterwards."""
    with acting(PRINCIPALS["rho"]) as own:
        fields = NewNeed(title="Tetti al sole", text="Impianti sui tetti comunali.", drivers=["driver:3"])
        kept = create_item(own, "needs", fields)
    yield kept.record
    with acting(PRINCIPALS["rho"]) as own:
        archive(own, item_to_change(own, "needs", kept.record.id))


def told(acting, principal, istat=RHO.istat):
    with acting(principal, looking=True) as one:
        return [(found.event.title, found.why.kind) for found in suggestions(one, istat, 5)]


def test_a_commune_is_suggested_what_meets_its_need_and_nobody_else_learns_of_it(acting, event, need):
    event(title="Il sole sui tetti", drivers=["driver:3"])
    assert told(acting, PRINCIPALS["rho"]) == [("Il sole sui tetti", WhyKind.DRIVER)]
    assert told(acting, PRINCIPALS["consultant"]) == [("Il sole sui tetti", WhyKind.DRIVER)]
    for who in (PRINCIPALS["grezzago"], PRINCIPALS["reader"], VISITOR):
        assert told(acting, who) == []
    assert told(acting, PRINCIPALS["grezzago"], GREZZAGO.istat) == []


def test_who_looks_from_outside_is_told_no_more_than_where_a_commune_lies(acting, event, need):
    event_id = event(drivers=["driver:3"])
    with acting(looking=True) as one:
        found = interests_of(one.session, [RHO.istat], [])
        assert found[RHO.istat].held == ()
        assert found[RHO.istat].why(one.session.get_one(EventRow, event_id)) is None


def test_stored_tags_count_like_what_was_written_by_hand(acting, engine, event, need):
    event(title="La mobilità", drivers=["driver:5"])
    assert told(acting, PRINCIPALS["rho"]) == []
    with writing(engine) as session:
        tag = RecordTagRow(
            kind="need", record_id=need.id, scheme="driver", code="5", confidence=0.9, by_hand=False, tagger="t"
        )
        session.add(tag)
    assert told(acting, PRINCIPALS["rho"]) == [("La mobilità", WhyKind.DRIVER)]
    with writing(engine) as session:
        session.delete(session.merge(tag))


def test_a_saved_call_is_a_reason(acting, event):
    theme = SCUOLE_SICURE.title.split()[0]
    event_id = event(themes=[theme])
    with acting(PRINCIPALS["grezzago"]) as own:
        decide(own, GREZZAGO.istat, SCUOLE_SICURE.id, DecisionKind.SAVED)
    with acting(PRINCIPALS["grezzago"], looking=True) as own:
        assert reasons(own, [event_id]) == {event_id: Why(WhyKind.CALL_THEME, theme, SCUOLE_SICURE.title)}
