"""What there is to judge: pairs that nobody judged yet, pairs to read again, or pairs on which two readers differ.

A queue is fixed when it is made; what of it is done follows from the judgments, whoever wrote them and when.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpora.judged import Judgment
from evaluation.pooling import CallToJudge, Pair, Sheet


@dataclass(frozen=True, slots=True)
class Item:
    """One pair to judge, with the readings to show: none, or the two that differ."""

    sheet: Sheet
    call: CallToJudge
    readings: tuple[Judgment, ...] = ()

    @property
    def pair(self) -> Pair:
        """The (query id, call id) to judge."""
        return self.sheet.query_id, self.call.call_id


@dataclass(frozen=True, slots=True)
class Queue:
    """Pairs to judge, those of one query together; ``done`` tells which of all judgments' pairs are judged."""

    items: tuple[Item, ...]
    done: Callable[[Iterable[Judgment]], set[Pair]]
    left_out: tuple[str, ...] = ()
    """What cannot be judged here, a sentence each."""


def unjudged(sheets: Iterable[Sheet]) -> Queue:
    """Return the pairs of the sheets; done is what anybody judged."""
    return Queue(_items(sheets), lambda judgments: {judgment.pair for judgment in judgments})


def to_read_again(sheets: Iterable[Sheet], judge: str) -> Queue:
    """Return the pairs of the sheets; done is what this judge judged, and nobody's grades are shown."""
    return Queue(_items(sheets), lambda judgments: {row.pair for row in judgments if row.judge == judge})


def disagreeing(sheets: Iterable[Sheet], first: Iterable[Judgment], second: Iterable[Judgment], judge: str) -> Queue:
    """Return the pairs on which two readings give another purpose or another may-apply, to be settled by ``judge``.

    A pair is settled by a later row of another judge, which is then the one that counts. Left out, and said: pairs
    that stand in no sheet, and those whose first reading is this judge's own.
    """
    earliest: dict[Pair, Judgment] = {}
    for row in first:
        earliest.setdefault(row.pair, row)
    differing = {
        row.pair: (earliest[row.pair], row)
        for row in second
        if row.pair in earliest and _differ(earliest[row.pair], row)
    }
    own = {pair for pair, (reading, _) in differing.items() if reading.judge == judge}
    items = tuple(
        Item(item.sheet, item.call, differing[item.pair])
        for item in _items(sheets)
        if item.pair in differing and item.pair not in own
    )
    unseen = len(differing) - len(own) - len(items)
    counts = (
        (unseen, "pairs on which the readings differ are in no sheet (python -m evaluation.pooling --reread)"),
        (len(own), f"pairs were first read by {judge!r}: another judge must settle them"),
    )
    return Queue(items, _settled, tuple(f"{count} {what}" for count, what in counts if count))


def _settled(judgments: Iterable[Judgment]) -> set[Pair]:
    rows = Counter(judgment.pair for judgment in judgments)
    return {pair for pair, count in rows.items() if count > 1}


def _differ(first: Judgment, second: Judgment) -> bool:
    return (first.purpose, first.may_apply) != (second.purpose, second.may_apply)


def _items(sheets: Iterable[Sheet]) -> tuple[Item, ...]:
    return tuple(Item(sheet, call) for sheet in sheets for call in sheet.calls)


def left(items: Sequence[Item], done: set[Pair]) -> list[Item]:
    """Return the items that are not done, in order."""
    return [item for item in items if item.pair not in done]
