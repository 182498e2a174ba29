"""A real mail server that misbehaves, and processes that are killed: nobody gets two, nobody gets none."""

import pytest

from service.digests.tables import IssueState
from service.digests.weeks import Week
from service.moments import now
from tests.service.digests.killing import account_of, send_under_fire, settle_uncertain
from tests.service.digests.readers import FAULTS, home_with_readers, mail_server, settings_for


def survive(folder, number, kills, at_once, **faults):
    log, week = folder / "log", Week.of(now())
    with mail_server(log, 1, **faults) as port:
        settings = settings_for(folder / "home", port)
        home_with_readers(settings, number).dispose()
        made, _, _ = send_under_fire(settings, week, kills, 2, at_once=at_once)
        before = account_of(settings, week, log, faults.get("unknown", 0.0))
        settle_uncertain(settings, week, log)
        return made, before, account_of(settings, week, log, faults.get("unknown", 0.0))


def test_a_server_that_behaves_takes_each_email_once(tmp_path):
    _, found, _ = survive(tmp_path, 60, 0, 1)
    assert found.is_right
    assert found.states == {IssueState.SENT: 60}


def test_a_server_that_misbehaves_gets_no_email_twice_and_none_is_lost(tmp_path):
    _, found, last = survive(tmp_path, 150, 0, 1, **FAULTS)
    assert found.is_right
    assert last.is_right
    assert set(last.states) <= {IssueState.SENT, IssueState.FAILED}


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [1, 2])
def test_processes_killed_at_random_moments_send_nothing_twice_and_lose_nothing(tmp_path, at_once):
    kills, found, last = survive(tmp_path, 1000, 10, at_once, **FAULTS)
    assert kills == 10
    assert found.is_right
    assert last.is_right
    assert set(last.states) <= {IssueState.SENT, IssueState.FAILED}
