"""``remix events`` as a person types it."""

import json

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.errors import InvalidError, UnknownCommuneError, UsageError

NEXT = ("add", "Come si rendiconta", "--text", "Due ore.", "--starts", "2099-12-03T10:00")


@pytest.fixture(autouse=True)
def nothing_left():
    """What was added stays: the home is this module's own."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home that the first command fills, as it would for anybody."""
    return tmp_path_factory.mktemp("events")


@pytest.fixture
def events(home, monkeypatch):
    """Run ``remix events``; the error that ends it is the one that a person sees."""
    monkeypatch.setenv("REMIX_HOME", str(home))

    def run(*words):
        done = CliRunner().invoke(app, ["events", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("list", "--which", "all"), UsageError, "coming"),
        (("add", "x", "--text", "y", "--starts", "domani"), UsageError, "2026-12-03T10:00"),
        (NEXT, InvalidError, "place"),
        ((*NEXT, "--place", "Rho", "--driver", "11"), UsageError, "driver:11"),
        ((*NEXT, "--place", "Rho", "--seats", "0"), UsageError, "seats"),
        ((*NEXT, "--place", "Rho", "--commune", "Atlantide"), UnknownCommuneError, "Atlantide"),
        ((*NEXT, "--place", "Rho", "--zone", "atlantide"), InvalidError, "zone:atlantide"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_value(events, words, error, told):
    with pytest.raises(error, match=told):
        events(*words)


def test_what_was_added_is_listed_in_rome_s_time(events):
    more = ("--place", "Rho", "--seats", "30", "--driver", "7", "--commune", "Rho", "--zone", "nord-ovest")
    event_id = events(*NEXT, *more, "--theme", "scuole").split()[-1]
    (listed,) = json.loads(events("list", "--json"))["items"]
    assert (listed["id"], listed["starts_at"], listed["seats"]) == (event_id, "2099-12-03T09:00:00Z", 30)
    assert (listed["drivers"], listed["communes"], listed["zones"]) == (["driver:7"], ["015182"], ["zone:nord-ovest"])
    shown = events("list")
    assert "Come si rendiconta" in shown
    assert "1 eventi" in shown
