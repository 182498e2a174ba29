"""One judge at work on a queue: which pair is next, what was judged, skipped and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from corpora.judged import MAY_APPLY, PURPOSES, Judgment
from corpora.labelfile import WHY_LIMIT
from evaluation.errors import LabelError
from evaluation.labelling.journal import Journal
from evaluation.labelling.queue import Item, Queue, left
from evaluation.pooling import Pair

NO_REASON = "no reason given"
"""Written where a judge gives none: a label file has no empty field."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the queue is: pairs in all and of the query shown; ``skipped`` are among those not done."""

    done: int
    total: int
    skipped: int
    query_done: int
    query_total: int

    @property
    def left(self) -> int:
        """How many pairs are not done, the skipped ones too."""
        return self.total - self.done


class Desk:
    """The state of one run; ``today`` gives the day that rows carry."""

    def __init__(self, queue: Queue, journal: Journal, judge: str, today: Callable[[], date]) -> None:
        self.queue = queue
        self.journal = journal
        self.name = judge
        self.taken_back: Judgment | None = None
        self._today = today
        self._skipped: set[Pair] = set()
        self._titles = {item.pair: item.call.title for item in queue.items}

    def next(self) -> tuple[Item | None, Progress]:
        """Return the first pair neither done nor skipped, None if there is none, and how far the queue is.

        Raises CorporaError if the labels do not hold together any more.
        """
        done = self.queue.done(self.journal.rows())
        waiting = left(self.queue.items, done)
        item = next((item for item in waiting if item.pair not in self._skipped), None)
        same = [other.pair for other in self.queue.items if item and other.sheet.query_id == item.sheet.query_id]
        progress = Progress(
            done=len(self.queue.items) - len(waiting),
            total=len(self.queue.items),
            skipped=sum(other.pair in self._skipped for other in waiting),
            query_done=sum(pair in done for pair in same),
            query_total=len(same),
        )
        return item, progress

    def judge(self, pair: Pair, purpose: str, may_apply: str, why: str) -> None:
        """Write the judgment of a pair of the queue.

        Raises LabelError, nothing written, for a pair that is not left to judge, a grade that the guide does not
        have, or a reason of more than one short line.
        """
        if pair not in {item.pair for item in left(self.queue.items, self.queue.done(self.journal.rows()))}:
            message = f"{' × '.join(pair)} is not left to judge: it was judged before, or is in no sheet"
            raise LabelError(message, "not_left")
        judgment = Judgment(
            query_id=pair[0],
            call_id=pair[1],
            purpose=_purpose(purpose),
            may_apply=_may_apply(may_apply),
            why=_one_line(why),
            judge=self.name,
            date=self._today(),
        )
        self.journal.append(judgment)
        self._skipped.discard(pair)
        self.taken_back = None

    def skip(self, pair: Pair) -> None:
        """Leave a pair for later in this run."""
        self._skipped.add(pair)
        self.taken_back = None

    def show_skipped(self) -> None:
        """Take up again what was skipped."""
        self._skipped.clear()

    def undo(self) -> None:
        """Take the last judgment of this run back, so that its pair is the next; raises LabelError if it cannot."""
        self.taken_back = self.journal.take_back()
        if self.taken_back:
            self._skipped.discard(self.taken_back.pair)

    def title(self, pair: Pair) -> str:
        """Return the title of a call of the queue."""
        return self._titles[pair]


def _purpose(value: str) -> int:
    if value not in map(str, PURPOSES):
        raise LabelError(f"purpose {value!r}: choose one of {', '.join(map(str, PURPOSES))}", "bad_purpose")
    return int(value)


def _may_apply(value: str) -> str:
    if value not in MAY_APPLY:
        raise LabelError(f"may apply {value!r}: choose one of {', '.join(MAY_APPLY)}", "bad_may_apply")
    return value


def _one_line(why: str) -> str:
    # Tabs and ends of line would break the row, control characters the reader of the file.
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in why).split())
    if len(line) > WHY_LIMIT:
        raise LabelError(f"why: {len(line)} characters; say it in {WHY_LIMIT}", "why_long")
    return line or NO_REASON
