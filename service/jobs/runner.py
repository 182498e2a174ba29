"""The worker of one process: a thread that does what was asked for, one job at a time.

every second, or woken: candidates ──► claimed? ──► import or match ──► state for good
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from corpora.rows import Source
from corpora.sources import get_source
from service.errors import DatabaseError, NotReadyError
from service.jobs.claims import Candidate, Claim, LostError, candidates, claimed, finish, give_back
from service.jobs.folders import folder_of, sweep
from service.jobs.importing import run_import
from service.jobs.matching import run_match
from service.jobs.states import Failure
from service.jobs.tables import JobKind, JobState
from service.live import Live
from service.register.twin_finding import find_if_stale
from service.settings import Settings

POLL_S = 1.0
"""Seconds between two looks for something to do."""
LAST_WAIT_S = 10.0
"""Seconds that a job has to reach a place where it can be left when the process is told to stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tools:
    """What jobs are done with; ``source_of`` finds the importer of a source."""

    settings: Settings
    engine: Engine
    live: Live
    source_of: Callable[[str], Source] = get_source


class Runner:
    """Does the jobs of this process; others may run beside it, on this machine or another."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look for jobs; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; the job under way is left where it is, for whoever comes next."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LAST_WAIT_S)

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    def run_waiting(self) -> int:
        """Do what there is to do now, and return how many jobs were taken up; for the thread, and for tests."""
        return sum(self._do(one.id) for one in candidates(self._tools.engine) if self._can_do(one))

    def _run(self) -> None:
        self._sweep()
        while not self._ending.is_set():
            try:
                self.run_waiting()
            except Exception:  # whatever it is, the next look may go well
                _log.exception("jobs could not be looked for")
            self._wake.wait(POLL_S)
            self._wake.clear()

    def _sweep(self) -> None:
        try:
            sweep(self._tools.settings, {one.id for one in candidates(self._tools.engine)})
        except (OSError, DatabaseError):
            _log.exception("folders of jobs that are over could not be removed")

    def _can_do(self, one: Candidate) -> bool:
        """Whether this process has what a job needs: the file that was uploaded, or the calls that are served."""
        if self._ending.is_set():
            return False
        if one.kind is JobKind.MATCH or one.is_stopping:
            return one.is_stopping or self._tools.live.is_ready
        # Beside PostgreSQL the file may lie on another machine; beside SQLite there is none.
        is_alone = self._tools.engine.dialect.name == "sqlite"
        return is_alone or folder_of(self._tools.settings, one.id).uploaded() is not None

    def _do(self, job_id: str) -> bool:
        settings, engine = self._tools.settings, self._tools.engine
        with claimed(engine, settings, job_id) as claim:
            if claim is None:
                return False
            is_over = self._attempt(claim)
        if is_over:
            folder_of(settings, job_id).remove()
            self._look_for_twins()
        return True

    def _look_for_twins(self) -> None:
        """Find one project in two sources in what was imported; the job is over, whatever comes of it."""
        try:
            find_if_stale(self._tools.engine)
        except DatabaseError:
            _log.exception("projects in two sources were not looked for")

    def _attempt(self, claim: Claim) -> bool:
        """Work on a job; returns whether it is over."""
        engine = self._tools.engine
        told = {"job": claim.id, "kind": claim.kind.value, "attempt": claim.attempt}
        try:
            if self._work(claim):
                _log.info("a job is over", extra=told)
                return True
            give_back(engine, claim)
        except LostError:
            _log.warning("a job was taken from this process", extra=told)
        except (DatabaseError, NotReadyError):
            # Left as it stands: it is taken up again, by this process or another.
            _log.exception("a job was interrupted", extra=told)
        except Exception:
            _log.exception("a job failed", extra=told)
            finish(engine, claim, JobState.FAILED, problem=Failure.OURS)
            return True
        return False

    def _work(self, claim: Claim) -> bool:
        tools = self._tools
        if claim.kind is JobKind.MATCH:
            return run_match(tools.engine, claim, tools.live.serving, self._ending.is_set)
        folder = folder_of(tools.settings, claim.id)
        return run_import(tools.engine, claim, folder, self._ending.is_set, tools.source_of)
