"""What a job has on disk: the file that was uploaded, and notes while the database has its one writer.

<home>/jobs/<id>/file/<name as uploaded>      removed as soon as the job is over
<home>/jobs/<id>/progress, stop               where SQLite is held by the import itself
<home>/jobs/<id>/lock                         held by the process that works on it (``service.jobs.claims``)
"""

import re
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from service.settings import Settings

LONGEST_NAME = 120
UPLOAD_S = 3600.0
"""Seconds within which an upload has become a job."""
_NOT_IN_A_NAME = re.compile(r"[^\w.() -]+")
_ID = re.compile(r"[0-9a-f-]{36}")


def safe_name(name: str) -> str:
    """Return the last part of a file's name, without what a path, a log or a terminal could take amiss.

    What the file is (``.csv.gz``) stays at its end.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = _NOT_IN_A_NAME.sub("_", last).strip(" .")
    return plain[-LONGEST_NAME:].lstrip(" .") or "file"


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The folder of one job."""

    path: Path

    @property
    def lock(self) -> Path:
        """The file that whoever works on the job holds."""
        return self.path / "lock"

    def keep(self, name: str, content: BinaryIO) -> Path:
        """Write down what was uploaded; returns where."""
        target = self.path / "file" / safe_name(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            shutil.copyfileobj(content, stream, 1 << 20)
        return target

    def uploaded(self) -> Path | None:
        """Return what was uploaded; None if it is not on this machine, or no longer."""
        inside = self.path / "file"
        return next(iter(sorted(inside.iterdir())), None) if inside.is_dir() else None

    def tell(self, done: int) -> None:
        """Note how many rows are done."""
        self.path.mkdir(parents=True, exist_ok=True)
        fresh = self.path / "progress.new"
        fresh.write_text(str(done))
        fresh.replace(self.path / "progress")

    def told(self) -> int | None:
        """Return how many rows were said to be done; None if nothing was."""
        with suppress(OSError, ValueError):
            return int((self.path / "progress").read_text())
        return None

    def ask_stop(self) -> None:
        """Ask whoever works on the job to stop; nothing happens where it is worked on elsewhere."""
        if self.path.is_dir():
            (self.path / "stop").touch()

    def is_stop_asked(self) -> bool:
        """Whether it was asked to stop."""
        return (self.path / "stop").exists()

    def remove(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.path, ignore_errors=True)


def folder_of(settings: Settings, job_id: str) -> JobFolder:
    """Return the folder of a job; raises ValueError for what is no id, so that no address reaches another folder."""
    if not _ID.fullmatch(job_id):
        raise ValueError(f"{job_id!r}: not the id of a job")
    return JobFolder(_home(settings) / job_id)


def sweep(settings: Settings, unfinished: Collection[str]) -> None:
    """Remove the folders of jobs that are over: whoever worked on them may have died before.

    What is younger than ``UPLOAD_S`` may belong to a job that is only being made.
    """
    home, since = _home(settings), time.time() - UPLOAD_S
    for folder in home.iterdir() if home.is_dir() else ():
        if folder.name not in unfinished and folder.stat().st_mtime < since:
            shutil.rmtree(folder, ignore_errors=True)


def _home(settings: Settings) -> Path:
    return settings.home / "jobs"
