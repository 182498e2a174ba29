"""Run files: what one ranker recommended, as ``remix recommend --queries … --out RUN.tsv`` writes it.

query_id <tab> call_id <tab> rank <tab> score <tab> eligibility      (a header is optional)
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import RunError

COLUMNS = ("query_id", "call_id", "rank", "score", "eligibility")


@dataclass(frozen=True, slots=True)
class Ranked:
    """One recommendation of a run; ``rank`` counts from 1, ``eligibility`` is the verdict's word."""

    query_id: str
    call_id: str
    rank: int
    score: float
    eligibility: str


def read_run(path: Path) -> Iterator[Ranked]:
    """Yield the rows of a run in file order; raises RunError naming file, line, field and value."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path} cannot be read: {error}; it must be a run file in UTF-8") from error
    for number, line in enumerate(lines, start=1):
        fields = line.split("\t")
        if number == 1 and tuple(fields) == COLUMNS:
            continue
        if len(fields) != len(COLUMNS):
            raise RunError(f"{path}, line {number}: {line[:80]!r} must have {len(COLUMNS)} fields, separated by tabs")
        yield _ranked(path, number, fields)


def _ranked(path: Path, line: int, fields: list[str]) -> Ranked:
    query_id, call_id, rank, score, eligibility = fields
    if not rank.isdecimal() or int(rank) < 1:
        raise RunError(f"{path}, line {line}, field 'rank': {rank!r} must be a whole number from 1")
    try:
        number = float(score)
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise RunError(f"{path}, line {line}, field 'score': {score!r} must be a number")
    return Ranked(query_id, call_id, int(rank), number, eligibility)
