"""Writing judgments one by one: each row is whole and on the disk before the next pair is shown.

Rows are only ever added at the end; taking back cuts off the own last row and nothing else.
"""

import os
import tempfile
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from corpora.judged import COLUMNS, JUDGMENTS, Judgment, load_judgments
from evaluation.errors import LabelError


class Journal:
    """The judgments of a folder of labels, and which of them were written here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / JUDGMENTS
        self._written: list[tuple[Judgment, bytes]] = []

    @property
    def written(self) -> int:
        """How many rows this journal wrote and did not take back."""
        return len(self._written)

    @property
    def last(self) -> Judgment | None:
        """The judgment that ``take_back`` would remove."""
        return self._written[-1][0] if self._written else None

    def rows(self) -> list[Judgment]:
        """All judgments, others' too, in file order; raises CorporaError if the file does not hold together."""
        return load_judgments(self.folder)

    def append(self, judgment: Judgment) -> None:
        """Write a row and wait until it is on the disk; raises LabelError if this judge has judged the pair before."""
        with self._alone():
            if any((row.pair, row.judge) == (judgment.pair, judgment.judge) for row in self.rows()):
                message = f"{judgment.judge!r} has judged {' × '.join(judgment.pair)} before: nothing written"
                raise LabelError(message, "not_left")
            row = _line(judgment).encode("utf-8")
            self._written.append((judgment, _add(self.path, row)))

    def take_back(self) -> Judgment | None:
        """Remove the last row written here and return it, None if there is none.

        Raises LabelError if somebody else has written after it: others' rows are never moved.
        """
        if not self._written:
            return None
        judgment, added = self._written[-1]
        with self._alone():
            _cut(self.path, added)
        self._written.pop()
        return judgment

    def _alone(self) -> AbstractContextManager[object]:
        # Not beside the labels: the lock's file would be left among what is reviewed and committed.
        name = sha256(str(self.path.resolve()).encode()).hexdigest()[:16]
        return FileLock(Path(tempfile.gettempdir()) / f"remix-labels-{name}.lock")


def _line(judgment: Judgment) -> str:
    values = [str(getattr(judgment, column)) for column in COLUMNS]
    return "\t".join(values) + "\n"


def _add(path: Path, row: bytes) -> bytes:
    """Add a row in one write, behind the end of line that a hand-edited file may lack; return what was added."""
    with path.open("r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        added = row if file.read(1) in (b"\n", b"") else b"\n" + row
        file.seek(size)
        if file.write(added) != len(added):
            file.truncate(size)
            raise LabelError(f"{path}: the disk took only part of the row; nothing was written, make room", "disk_full")
        os.fsync(file.fileno())
    return added


def _cut(path: Path, added: bytes) -> None:
    with path.open("r+b", buffering=0) as file:
        start = file.seek(0, os.SEEK_END) - len(added)
        file.seek(max(start, 0))
        if start < 0 or file.read() != added:
            message = f"{path}: rows were written after yours; it stays, and another judge can settle the pair"
            raise LabelError(message, "written_after")
        file.truncate(start)
        os.fsync(file.fileno())
