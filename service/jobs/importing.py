"""An uploaded file imported as the command line does it, with progress to look at and a way to stop it.

An import is one transaction: stopped or interrupted it leaves nothing, and is begun anew. While it writes, SQLite takes
nobody else's word: progress and the wish to stop lie in the job's folder then, and on PostgreSQL in its row.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine, select

from corpora.errors import LayoutError, SourceError
from corpora.rows import Source
from corpora.sources import get_source
from service.database import reading, writing
from service.errors import ImportFailedError
from service.imports import import_source
from service.jobs.claims import Claim, LostError, finish, write
from service.jobs.folders import JobFolder
from service.jobs.states import Failure
from service.jobs.tables import JobRow, JobState

TOLD_EVERY_S = 0.5
"""Seconds between two notes of progress."""
BREATH_S = 0.005
"""Seconds for which the processor is left to requests after each few hundred rows."""


class StoppedError(Exception):
    """Somebody asked the import to stop."""


class EndingError(Exception):
    """The process ends."""


def run_import(
    engine: Engine,
    claim: Claim,
    folder: JobFolder,
    is_ending: Callable[[], bool],
    source_of: Callable[[str], Source] = get_source,
) -> bool:
    """Import what was uploaded; returns False if it was left because the process ends.

    Raises LostError, and DatabaseError where the database refuses; nothing was imported then.
    """
    uploaded = folder.uploaded()
    if uploaded is None:
        finish(engine, claim, JobState.FAILED, problem=Failure.GONE)
        return True
    watch = _Watch(engine, claim, folder, is_ending)
    try:
        report = import_source(engine, source_of(claim.params["source"]), uploaded, watch)
    except EndingError:
        return False
    except StoppedError:
        finish(engine, claim, JobState.STOPPED, done=0)
    except (SourceError, LayoutError, ImportFailedError) as error:
        problem = _PROBLEMS[type(error)]
        finish(engine, claim, JobState.FAILED, done=watch.done, problem=problem, detail=_words(error, uploaded))
    else:
        finish(engine, claim, JobState.DONE, done=report.rows_in, total=report.rows_in, report=asdict(report))
    return True


_PROBLEMS = {SourceError: Failure.UNREADABLE, LayoutError: Failure.LAYOUT, ImportFailedError: Failure.REFUSED}


def _words(error: Exception, uploaded: Path) -> str:
    """Return what an error says, with the file's name in place of where it lies on this machine."""
    return str(error).replace(str(uploaded), uploaded.name)


class _Watch:
    """Counts the rows of an import, tells others, and raises where it must not go on."""

    def __init__(self, engine: Engine, claim: Claim, folder: JobFolder, is_ending: Callable[[], bool]) -> None:
        self._engine = engine
        self._claim = claim
        self._folder = folder
        self._is_ending = is_ending
        self._told_at = 0.0
        self.done = 0

    def __call__(self, rows: int) -> None:
        self.done += rows
        if self._is_ending():
            raise EndingError
        if time.monotonic() - self._told_at >= TOLD_EVERY_S:
            self._tell()
            self._told_at = time.monotonic()
        time.sleep(BREATH_S)

    def _tell(self) -> None:
        if self._engine.dialect.name == "sqlite":
            self._folder.tell(self.done)
        else:
            with writing(self._engine) as session:
                write(session, self._claim, done=self.done)
        if self._folder.is_stop_asked() or self._is_stop_asked():
            raise StoppedError

    def _is_stop_asked(self) -> bool:
        ours = (JobRow.id == self._claim.id, JobRow.attempt == self._claim.attempt)
        with reading(self._engine) as session:
            row = session.execute(select(JobRow.stop_asked_at).where(*ours)).one_or_none()
        if row is None:
            raise LostError(self._claim.id)
        return row.stop_asked_at is not None
