"""What came of a list: each line with the answer that was given to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from service.audit.tables import AnswerRow
from service.jobs.states import Job
from service.jobs.store import StoredLine, read_lines
from service.work.acting import Acting

AT_ONCE = 50
"""Answers that are read together: some 30 kB each."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line of a list; ``answered`` is the answer as it was given, None where there is none (yet)."""

    line: StoredLine
    answered: Mapping[str, Any] | None


def read_outcomes(acting: Acting, job: Job, *, after: int = 0, limit: int = 20) -> tuple[list[Outcome], int]:
    """Return a page of what came of a list, in the order of its lines, and the last one's number (0 at the end)."""
    lines, last = read_lines(acting, job, after=after, limit=limit)
    wanted = [line.answer_id for line in lines if line.answer_id is not None]
    rows = acting.session.execute(select(AnswerRow.id, AnswerRow.answered).where(AnswerRow.id.in_(wanted)))
    answers = {answer_id: json.loads(answered) for answer_id, answered in rows}
    return [Outcome(line, answers.get(line.answer_id or "")) for line in lines], last


def every_outcome(acting: Acting, job: Job) -> Iterator[Outcome]:
    """Yield what came of every line, holding few answers at a time."""
    after = 0
    while True:
        found, after = read_outcomes(acting, job, after=after, limit=AT_ONCE)
        yield from found
        if not after:
            return
