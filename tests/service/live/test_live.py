"""What is served follows the database: swapped while serving, kept when a build fails, shared between processes."""

import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import insert

from matcher.eligibility.reviews import ReviewAction, rule_key
from matcher.recommender import Query
from matcher.records import Commune
from matcher.verdicts import Criterion
from service import live as serving_live
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AnswerRow
from service.database import writing
from service.errors import NotReadyError
from service.imports import import_source
from service.live import Live
from service.moments import now
from service.recommending import open_recommender
from service.revisions import touch
from service.work.tables import CriterionReviewRow, MergeRow
from tests.fakes import HashingEncoder
from tests.service.sources import ListedSource, call

PERSON = {
    "id": "a1", "email": "c@esempio.it", "name": "C", "role": Role.CONSULTANT, "state": AccountState.ACTIVE,
    "created_at": now(),
}  # fmt: skip
RHO = Commune(istat="015182", name="Rho", population=50_904, region_code="03")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Look at the database more often than a service needs to."""
    monkeypatch.setattr(serving_live, "POLL_S", 0.02)


@pytest.fixture
def imported(engine, tmp_path):
    def run(*records, name="prova"):
        path = tmp_path / "bandi.csv"
        path.touch()
        return import_source(engine, ListedSource(*records, name=name), path)

    return run


@contextmanager
def started(settings, engine, encoder=None):
    live = Live(settings, engine, lambda: encoder or HashingEncoder())
    live.start()
    try:
        yield live
    finally:
        live.stop()


def until(holds, seconds=20.0):
    """Wait until something holds; false if it never did."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def titles(live):
    return {call.title for call in live.serving().catalogue.calls}


def test_what_is_imported_is_served_without_a_restart(settings, engine, imported):
    imported(RHO, call(1, title="Asili nido"))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
        before = live.serving()
        imported(call(1, title="Asili nido"), call(2, title="Piste ciclabili"))
        assert until(lambda: "Piste ciclabili" in titles(live))
        found = live.serving().recommender.recommend(Query("piste ciclabili", RHO))
        assert found.items[0].call.title == "Piste ciclabili"
        assert len(before.catalogue.calls) == 1


def test_only_what_changed_is_encoded_anew(settings, engine, imported):
    encoder = HashingEncoder()
    imported(RHO, *(call(number, title=f"Asili nido {number}") for number in range(20)))
    with started(settings, engine, encoder) as live:
        assert until(lambda: live.is_ready)
        encoder.encoded.clear()
        imported(call(7, title="Piste ciclabili"))
        assert until(lambda: "Piste ciclabili" in titles(live))
    assert encoder.encoded == ["Piste ciclabili"]


def test_a_build_that_fails_leaves_the_old_state_in_service(settings, engine, imported, monkeypatch):
    imported(RHO, call(1, title="Asili nido"))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
        with monkeypatch.context() as patched:
            patched.setattr(serving_live, "make_catalogue", broken)
            imported(call(2, title="Piste ciclabili"))
            assert until(lambda: live.counts.failures)
            assert titles(live) == {"Asili nido"}
            assert live.failure == "no memory"
        assert until(lambda: "Piste ciclabili" in titles(live))
        assert until(lambda: not live.failure)


def broken(*_):
    raise RuntimeError("no memory")


def test_who_asks_before_anything_was_read_is_told_to_come_back(settings, engine, monkeypatch):
    monkeypatch.setattr(serving_live, "FIRST_WAIT_S", 0.0)
    monkeypatch.setattr(Live, "refresh", lambda _: time.sleep(0.2))
    live = Live(settings, engine, HashingEncoder)
    with pytest.raises(NotReadyError):
        live.serving()
    live.stop()


def test_two_processes_of_one_home_share_one_build(settings, engine, imported):
    imported(RHO, call(1, title="Asili nido"))
    first, second = HashingEncoder(), HashingEncoder()
    with started(settings, engine, first) as one, started(settings, engine, second) as other:
        assert until(lambda: one.is_ready and other.is_ready)
        imported(call(2, title="Piste ciclabili"))
        assert until(lambda: "Piste ciclabili" in titles(one) & titles(other))
        versions = {live.serving().recommender.artifact_version for live in (one, other)}
    assert len(versions) == 1
    assert sorted(first.encoded + second.encoded) == ["Asili nido", "Piste ciclabili"]


def test_a_start_after_an_import_reads_only_what_is_new(settings, engine, imported):
    imported(RHO, call(1, title="Asili nido"))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
    imported(call(2, title="Piste ciclabili"))
    (settings.home / "vectors.sqlite").unlink()
    encoder = HashingEncoder()
    with started(settings, engine, encoder) as live:
        assert until(lambda: live.is_ready)
    assert encoder.encoded == ["Piste ciclabili"]


def test_a_merged_call_is_served_under_the_one_that_was_kept(settings, engine, imported):
    imported(RHO, call(1, title="Asili nido"), call(2, title="Asili nido, seconda copia"))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
        merge(engine, kept="prova:1", merged="prova:2")
        assert until(lambda: titles(live) == {"Asili nido"})


def merge(engine, *, kept, merged):
    row = {
        "id": "m1", "kind": "calls", "kept_id": kept, "merged_id": merged, "account_id": "a1", "at": now(),
        "active_key": "m1",
    }  # fmt: skip
    with writing(engine) as session:
        session.execute(insert(AccountRow), [PERSON])
        session.execute(insert(MergeRow), [row])
        touch(session, "merges")


def test_no_question_fails_while_the_calls_are_swapped(settings, engine, imported):
    imported(RHO, *(call(number, title=f"Asili nido {number}") for number in range(5)))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
        failures, swapped = [], threading.Event()

        def ask():
            while not swapped.is_set():
                try:
                    serving = live.serving()
                    answer = serving.recommender.recommend(Query("asili nido", RHO))
                    known = {one.id for one in serving.catalogue.calls}
                    assert {found.call.id for found in answer.items} <= known
                except Exception as error:
                    failures.append(error)

        askers = [threading.Thread(target=ask) for _ in range(3)]
        for asker in askers:
            asker.start()
        for title in ("Uno", "Due", "Tre"):
            imported(call(7, title=title))
            assert until(lambda: title in titles(live))  # noqa: B023
        swapped.set()
        for asker in askers:
            asker.join()
    assert failures == []


def test_the_index_behind_a_recent_answer_is_kept_and_an_older_one_is_not(settings, engine, imported):
    imported(RHO, call(1, title="Zero"))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
        first = live.serving().recommender.artifact_version
        for number in range(1, 6):
            imported(call(1, title=f"Titolo {number}"))
            assert until(lambda: f"Titolo {number}" in titles(live))  # noqa: B023
            if number == 1:
                shown = live.serving().recommender.artifact_version
                answer(engine, shown)
    kept = {path.name for path in (settings.home / "artifacts").iterdir() if path.is_dir()}
    assert shown in kept
    assert first not in kept
    assert len(kept) == 4


def answer(engine, artifact):
    row = {
        "id": "a1", "at": now(), "surface": "api", "request_id": "", "item_kind": "text", "item_id": "",
        "artifact_version": artifact, "data_version": "", "asked": "{}", "answered": "{}",
    }  # fmt: skip
    with writing(engine) as session:
        session.execute(insert(AnswerRow), [row])


def test_what_people_say_about_criteria_is_served_and_leaves_the_artifact_as_it_was(settings, engine, imported):
    imported(RHO, call(1, title="Asili nido", applicants_text="Imprese"))
    with started(settings, engine) as live:
        assert until(lambda: live.is_ready)
        before = live.serving()
        read = next(rule for rule in before.rules_as_read("prova:1") if rule.criterion is Criterion.APPLICANT)
        review(engine, rule_key(read))
        assert until(lambda: live.serving().revision != before.revision)
        after = live.serving()
        assert after.recommender.artifact_version == before.recommender.artifact_version
        assert read in after.rules_as_read("prova:1")
        assert read not in after.catalogue.rules[0]
    assert read not in open_recommender(settings, engine, HashingEncoder(), silent).catalogue.rules[0]


def review(engine, key):
    row = CriterionReviewRow(
        id="r1", call_id="prova:1", rule_key=key, action=ReviewAction.REMOVED, note="", account_id="a1", at=now(),
        active_key="r1",
    )  # fmt: skip
    with writing(engine) as session:
        session.execute(insert(AccountRow), [PERSON])
        session.add(row)
        touch(session, "criteria")


def silent(_what, _done, _total):
    """Report no progress."""
