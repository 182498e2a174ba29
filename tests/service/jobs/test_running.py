"""Jobs are done once each, whatever happens to who does them."""

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from corpora.errors import LayoutError, SourceError
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AnswerRow
from service.database import BUSY_TIMEOUT_S, reading, writing
from service.errors import ConflictError, UnknownRecordError
from service.jobs import claims, matching
from service.jobs.claims import MOST_ATTEMPTS, LostError, claimed, finish
from service.jobs.folders import folder_of
from service.jobs.states import Failure
from service.jobs.store import MOST_UNFINISHED
from service.jobs.tables import JobRow, JobState
from service.retention import tidy
from service.tables import FundingCallRow, ImportRow
from tests.service.jobs.conftest import bad_line, line
from tests.service.sources import ListedSource, bad, call

ENOUGH = 5 * matching.AT_ONCE


def count(engine, *conditions, of=ImportRow):
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(of).where(*conditions))


def left_running(desk, job_id, **values):
    """Leave a job as a process does that dies while working on it."""
    with writing(desk.engine) as session:
        session.execute(update(JobRow).where(JobRow.id == job_id).values(state=JobState.RUNNING, attempt=1, **values))


class DyingSource(ListedSource):
    """Reads some rows, and then something happens."""

    def __init__(self, happens, *rows):
        super().__init__(*rows)
        self.happens = happens

    def read(self, path, repairs):
        yield from super().read(path, repairs)
        self.happens()


def test_each_line_of_a_list_gets_an_answer_and_bad_ones_keep_their_reason(desk):
    job_id = desk.ask_match([line(n) if n % 3 else bad_line(n) for n in range(2, 12)])
    desk.runner().run_waiting()
    job, lines = desk.job(job_id), desk.lines(job_id)
    assert (job.state, job.done, job.total, job.apart) == (JobState.DONE, 7, 7, 3)
    assert [one.number for one in lines if one.answer_id] == [2, 4, 5, 7, 8, 10, 11]
    assert {one.value for one in lines if one.problem} == {"Atlantide"}


def test_a_list_without_a_good_line_is_done_at_once(desk):
    job_id = desk.ask_match([bad_line(2)])
    desk.runner().run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).apart) == (JobState.DONE, 1)


def test_a_list_whose_process_died_is_taken_up_where_it_was(desk, monkeypatch):
    job_id = desk.ask_match([line(n) for n in range(2, 2 + ENOUGH)])
    calls = []

    def dies(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise SystemExit
        return answered(*arguments)

    answered = matching.answered_each
    monkeypatch.setattr(matching, "answered_each", dies)
    with pytest.raises(SystemExit):
        desk.runner().run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).done) == (JobState.RUNNING, 2 * matching.AT_ONCE)
    desk.runner().run_waiting()
    job = desk.job(job_id)
    assert (job.state, job.done) == (JobState.DONE, ENOUGH)
    assert count(desk.engine, AnswerRow.request_id == job_id, of=AnswerRow) == ENOUGH


def test_a_job_that_another_process_works_on_is_left_alone(desk):
    job_id = desk.ask_match([line(2)])
    with claimed(desk.engine, desk.settings, job_id) as claim:
        assert claim is not None
        # Another process: its lock is not ours, whichever thread asks.
        seen = []
        other = threading.Thread(target=lambda: seen.append(desk.runner().run_waiting()))
        other.start()
        other.join()
        assert seen == [0]
        assert desk.job(job_id).state is JobState.RUNNING
    desk.runner().run_waiting()
    assert desk.job(job_id).state is JobState.DONE


def test_whoever_lost_a_job_unawares_writes_nothing_more(desk):
    job_id = desk.ask_match([line(2)])
    with claimed(desk.engine, desk.settings, job_id) as claim:
        pass
    with claimed(desk.engine, desk.settings, job_id) as later:
        finish(desk.engine, claim, JobState.FAILED, problem=Failure.OURS)
        with pytest.raises(LostError), writing(desk.engine) as session:
            claims.write(session, claim, done=1)
        assert (desk.job(job_id).state, later.attempt) == (JobState.RUNNING, claim.attempt + 1)
    desk.runner().run_waiting()


def test_a_job_that_ends_its_process_again_and_again_is_given_up_with_the_reason(desk):
    job_id = desk.ask_match([line(2)])
    for _ in range(MOST_ATTEMPTS):
        with claimed(desk.engine, desk.settings, job_id) as claim:
            assert claim is not None
    desk.runner().run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).problem) == (JobState.FAILED, Failure.INTERRUPTED)


def test_a_process_that_is_told_to_end_leaves_the_job_to_others_as_if_it_had_not_begun(desk, monkeypatch):
    job_id = desk.ask_match([line(n) for n in range(2, 2 + ENOUGH)])
    runner = desk.runner()
    answered = matching.answered_each
    monkeypatch.setattr(matching, "answered_each", lambda *asked: (runner.stop(), answered(*asked))[1])
    runner.run_waiting()
    job = desk.job(job_id)
    assert (job.state, job.done) == (JobState.WAITING, matching.AT_ONCE)
    desk.stop(job_id)


def test_a_list_that_is_stopped_keeps_what_it_has(desk, monkeypatch):
    job_id = desk.ask_match([line(n) for n in range(2, 2 + ENOUGH)])
    answered = matching.answered_each
    monkeypatch.setattr(matching, "answered_each", lambda *asked: (desk.stop(job_id), answered(*asked))[1])
    desk.runner().run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).done) == (JobState.STOPPED, matching.AT_ONCE)


def test_a_job_that_waits_is_stopped_before_it_begins(desk):
    job_id = desk.ask_match([line(2)])
    desk.stop(job_id)
    assert desk.runner().run_waiting() == 0
    assert (desk.job(job_id).state, desk.job(job_id).done) == (JobState.STOPPED, 0)


def test_a_job_whose_process_died_is_stopped_and_not_begun_again(desk):
    job_id = desk.ask_match([line(2)])
    left_running(desk, job_id)
    desk.stop(job_id)
    assert desk.job(job_id).is_stopping
    desk.runner().run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).done) == (JobState.STOPPED, 0)


def test_what_is_over_cannot_be_stopped(desk):
    job_id = desk.ask_match([line(2)])
    desk.runner().run_waiting()
    with pytest.raises(ConflictError):
        desk.stop(job_id)


def test_nobody_has_too_much_under_way(desk):
    asked = [desk.ask_match([line(2)]) for _ in range(MOST_UNFINISHED)]
    with pytest.raises(ConflictError):
        desk.ask_match([line(2)])
    desk.stop(asked[0])
    asked.append(desk.ask_match([line(2)]))
    for job_id in asked[1:]:
        desk.stop(job_id)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COMMUNE])
def test_somebody_elses_job_does_not_exist(desk, role):
    job_id = desk.ask_match([line(2)])
    with pytest.raises(UnknownRecordError):
        desk.job(job_id, role)
    with pytest.raises(UnknownRecordError):
        desk.stop(job_id, role)
    assert not desk.job(job_id).is_stopping
    desk.stop(job_id)


def test_a_colleague_of_the_same_commune_sees_its_lists(desk, app):
    job_id = desk.ask_match([line(2)], Role.COMMUNE)
    colleague = type(desk)(app)
    assert colleague.job(job_id, Role.COMMUNE).id == job_id
    desk.stop(job_id, Role.COMMUNE)


def test_an_account_that_was_closed_meanwhile_gets_nothing(desk):
    job_id = desk.ask_match([line(2)])
    with writing(desk.engine) as session:
        session.get_one(AccountRow, desk.principal().account_id).state = AccountState.DISABLED
    desk.runner().run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).problem) == (JobState.FAILED, Failure.NOT_ALLOWED)


def test_an_import_reports_what_it_did_and_its_file_is_removed(desk):
    job_id = desk.ask_import()
    source = ListedSource(call(1), call(2), bad(), repaired="byte order mark")
    desk.runner(source).run_waiting()
    job = desk.job(job_id)
    assert (job.state, job.done, job.share) == (JobState.DONE, 3, 1.0)
    assert (job.report["new"], job.report["quarantined"], job.report["file"]) == (2, 1, "bandi.csv")
    assert not folder_of(desk.settings, job_id).path.exists()


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (SourceError("{path}: a PDF, not text"), Failure.UNREADABLE),
        (LayoutError("{path}: no column 'Titolo'"), Failure.LAYOUT),
        (ValueError("secret"), Failure.OURS),
    ],
)
def test_a_file_that_cannot_be_imported_says_why_and_leaves_nothing(desk, error, problem):
    before = count(desk.engine)
    job_id = desk.ask_import()
    uploaded = folder_of(desk.settings, job_id).uploaded()
    told = type(error)(str(error).format(path=uploaded))
    desk.runner(ListedSource(call("never"), told)).run_waiting()
    job = desk.job(job_id)
    assert (job.state, job.problem) == (JobState.FAILED, problem)
    assert job.detail == ("" if problem is Failure.OURS else str(told).replace(str(uploaded), "bandi.csv"))
    assert count(desk.engine) == before
    assert not folder_of(desk.settings, job_id).path.exists()


def test_an_import_whose_process_died_is_begun_anew_and_done_once(desk):
    job_id = desk.ask_import()

    def dies():
        raise SystemExit

    rows = [call(f"again-{n}") for n in range(700)]
    with pytest.raises(SystemExit):
        desk.runner(DyingSource(dies, *rows)).run_waiting()
    assert desk.job(job_id).state is JobState.RUNNING
    assert count(desk.engine, FundingCallRow.id.startswith("prova:again"), of=FundingCallRow) == 0
    desk.runner(ListedSource(*rows)).run_waiting()
    assert (desk.job(job_id).state, desk.job(job_id).report["new"]) == (JobState.DONE, 700)


def test_an_import_that_is_stopped_leaves_nothing(desk, monkeypatch):
    monkeypatch.setattr("service.jobs.importing.TOLD_EVERY_S", 0.0)
    job_id = desk.ask_import()
    asking = threading.Thread(target=lambda: desk.stop(job_id, Role.ADMINISTRATOR))

    class Stopped(ListedSource):
        def read(self, path, repairs):
            for number, row in enumerate(super().read(path, repairs)):
                if number == 600:
                    # The wish is there before the database takes note of it: on SQLite the import holds it.
                    asking.start()
                    folder_of(desk.settings, job_id).ask_stop()
                yield row

    desk.runner(Stopped(*[call(f"stopped-{n}") for n in range(5000)])).run_waiting()
    asking.join()
    assert desk.job(job_id).state is JobState.STOPPED
    assert count(desk.engine, FundingCallRow.id.startswith("prova:stopped"), of=FundingCallRow) == 0


def test_progress_of_an_import_is_seen_while_it_holds_the_database(desk, monkeypatch):
    monkeypatch.setattr("service.jobs.importing.TOLD_EVERY_S", 0.0)
    job_id, seen = desk.ask_import(), []

    class Watched(ListedSource):
        def read(self, path, repairs):
            for number, row in enumerate(super().read(path, repairs)):
                if number in (500, 1000):
                    seen.append(desk.job(job_id).done)
                yield row

    desk.runner(Watched(*[call(f"watched-{n}") for n in range(1200)])).run_waiting()
    assert seen == [500, 1000]


def test_others_write_while_a_file_is_read(desk):
    job_id, waited = desk.ask_import(), []

    class Beside(ListedSource):
        def read(self, path, repairs):
            for number, row in enumerate(super().read(path, repairs)):
                if number == 600:
                    began = time.monotonic()
                    waited.append(desk.ask_match([line(2)]))
                    waited.append(time.monotonic() - began)
                yield row

    desk.runner(Beside(*[call(f"beside-{n}") for n in range(1200)])).run_waiting()
    assert desk.job(job_id).state is JobState.DONE
    assert waited[1] < BUSY_TIMEOUT_S / 2
    desk.stop(waited[0])


def test_an_upload_that_is_gone_is_told(desk):
    job_id = desk.ask_import()
    folder_of(desk.settings, job_id).remove()
    runner = desk.runner(ListedSource(call(1)))
    if desk.engine.dialect.name == "sqlite":
        runner.run_waiting()
        assert (desk.job(job_id).state, desk.job(job_id).problem) == (JobState.FAILED, Failure.GONE)
    else:
        # It may lie on another machine, which does it.
        assert runner.run_waiting() == 0
        desk.stop(job_id, Role.ADMINISTRATOR)


def test_every_administrator_sees_every_import(desk, app):
    job_id = desk.ask_import()
    assert type(desk)(app).job(job_id, Role.ADMINISTRATOR).id == job_id
    with pytest.raises(UnknownRecordError):
        desk.job(job_id, Role.CONSULTANT)
    desk.stop(job_id, Role.ADMINISTRATOR)


def test_what_is_over_for_long_is_removed_with_its_lines_and_not_its_answers(desk):
    job_id = desk.ask_match([line(2)])
    desk.runner().run_waiting()
    with writing(desk.engine) as session:
        row = session.get_one(JobRow, job_id)
        row.finished_at = row.finished_at.replace(year=row.finished_at.year - 1)
        tidy(session, replace(desk.principal(), account_id=None), "")
    with pytest.raises(UnknownRecordError):
        desk.job(job_id)
    assert count(desk.engine, AnswerRow.request_id == job_id, of=AnswerRow) == 1
