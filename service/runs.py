"""Writing run files: what a bulk recommendation leaves for evaluation and spreadsheets."""

import os
from collections.abc import Iterable
from pathlib import Path

from matcher.explanation import Recommendations
from service.errors import UsageError
from service.progress import Report

COLUMNS = ("query_id", "call_id", "rank", "score", "eligibility")


def write_run(path: Path, answers: Iterable[Recommendations], total: int, progress: Report) -> None:
    """Write one tab-separated row per recommendation, under a header; the file appears whole or not at all.

    Scores keep their full precision. Raises UsageError if the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as stream:
            stream.write("\t".join(COLUMNS) + "\n")
            for done, answer in enumerate(answers, start=1):
                for found in answer.items:
                    verdict = found.eligibility.verdict.value
                    stream.write(f"{answer.query_id}\t{found.call.id}\t{found.rank}\t{found.score!r}\t{verdict}\n")
                progress("queries", done, total)
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"--out {path}: cannot be written ({error.strerror}); choose another file") from error
    finally:
        partial.unlink(missing_ok=True)
