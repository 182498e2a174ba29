"""The lines of the strategic plan that calls serve: read beside serving, filtered by, and people's word above it."""

import numpy as np
import pytest

from matcher.strategy import CODES, DRIVER
from service.accounts.tables import Role
from service.catalogue import drivers
from service.catalogue.browsing import Filters, Order, browse, choices, facets, how_many
from service.catalogue.drivers import CallDrivers
from service.catalogue.view import CatalogueView
from service.errors import NotReadyError
from service.moments import now
from tests.service.web.clients import as_role
from tests.world import NIDI, SCUOLE_SICURE


class Schools:
    """A model that gives every text about schools the seventh line, and counts what it reads."""

    def __init__(self):
        self.read = []

    def check(self, encoder):
        pass

    def given(self, texts, encode, scheme):
        self.read += texts
        return np.array([["scol" in text and code == "7" for code in CODES[scheme]] for text in texts], dtype=np.bool_)


@pytest.fixture
def serving(app):
    return app.state.remix.live.serving()


@pytest.fixture
def engine(app):
    return app.state.remix.engine


@pytest.fixture
def schools(monkeypatch):
    model = Schools()
    monkeypatch.setattr(drivers, "load_tagger", lambda: model)
    return model


def a_view(serving):
    return CatalogueView(serving.catalogue, serving.call_versions)


def found(view, **asked):
    ids = [call.id for call in view.catalogue.calls]
    positions = browse(view, Filters(**asked), Order.ID, now(), 100, "").positions
    return {ids[position] for position in positions}


def test_until_all_calls_were_read_nobody_is_told_that_there_are_none(serving):
    view = a_view(serving)
    assert facets(view, Filters(), now())["drivers"] == {}
    with pytest.raises(NotReadyError):
        browse(view, Filters(drivers=frozenset({"7"})), Order.ID, now(), 10, "")


def test_calls_are_read_a_few_at_a_time_and_each_text_once(serving, engine, schools):
    reader, view = CallDrivers(), a_view(serving)
    steps = 0
    while reader.advance(view, serving.encoder, engine, 2):
        assert view.drivers is None
        steps += 1
    assert steps == len(view.catalogue.calls) // 2 - (len(view.catalogue.calls) % 2 == 0)
    assert SCUOLE_SICURE.id in found(view, drivers=frozenset({"7"}))
    assert not found(view, drivers=frozenset({"1"}))
    read = len(schools.read)
    again = a_view(serving)
    assert not reader.advance(again, serving.encoder, engine, 1)
    assert (again.drivers == view.drivers).all()
    assert len(schools.read) == read


def test_any_of_several_lines_suffices_and_each_is_counted_as_if_none_were_chosen(serving, engine, schools):
    view = a_view(serving)
    CallDrivers().advance(view, serving.encoder, engine, 1000)
    both = Filters(drivers=frozenset({"1", "7"}))
    assert found(view, drivers=both.drivers) == found(view, drivers=frozenset({"7"}))
    counts = choices(view, Filters(drivers=frozenset({"1"}), text="scuola"), now())
    assert counts["drivers"]["7"] == how_many(view, Filters(text="scuola", drivers=frozenset({"7"})), now()) > 0
    assert not any(counts["levels"].values())


def test_what_a_person_said_of_a_call_is_found_by_the_filter(app, client):
    assert NIDI.id not in listed(client, "9")
    body = {"kind": "calls", "record_id": NIDI.id, "scheme": DRIVER, "code": "9", "holds": True}
    said = as_role(app, Role.CONSULTANT).post("/api/v1/tag-overrides", json=body).json()
    app.state.remix.live.refresh()
    assert listed(client, "9") == [NIDI.id]
    assert client.get("/api/v1/call-facets").json()["drivers"]["9"] == 1
    as_role(app, Role.CONSULTANT).delete(f"/api/v1/tag-overrides/{said['id']}")
    app.state.remix.live.refresh()
    assert NIDI.id not in listed(client, "9")


def test_a_line_that_the_plan_does_not_have_is_refused(client):
    assert client.get("/api/v1/calls", params={"driver": "11"}).status_code == 422


def listed(client, driver):
    return [call["id"] for call in client.get("/api/v1/calls", params={"driver": driver}).json()["items"]]
