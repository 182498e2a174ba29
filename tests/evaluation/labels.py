"""A folder of labels and a sheet to judge, small enough to see at once: three pairs of n01, one of n02."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from corpora.judged import COLUMNS, Judgment

REPOSITORY = Path(__file__).resolve().parents[2]
QUERIES = {"n01": "Mancano posti al nido.", "n02": "Il ponte pedonale è chiuso."}
PAIRS = (("n01", "s:a"), ("n01", "s:b"), ("n01", "s:c"), ("n02", "s:a"))
DAY = date(2026, 3, 4)


def reading(pair: tuple[str, str], purpose: int, judge: str, may_apply: str = "yes") -> Judgment:
    query, call = pair
    return Judgment(
        query_id=query,
        call_id=call,
        purpose=purpose,
        may_apply=may_apply,
        why=f"read by {judge}",
        judge=judge,
        date=DAY,
    )


def table(readings: Iterable[Judgment]) -> str:
    rows = [COLUMNS, *([str(getattr(row, column)) for column in COLUMNS] for row in readings)]
    return "".join("\t".join(row) + "\n" for row in rows)


def labels_folder(folder: Path, first: Iterable[Judgment] = (), second: Iterable[Judgment] = ()) -> Path:
    """Write a folder of labels that holds some readings."""
    folder.mkdir(exist_ok=True)
    lines = [
        {"query_id": query, "kind": "need", "commune": "015146", "text": text, "style": "short", "drivers": []}
        | {"split": "dev"}
        for query, text in QUERIES.items()
    ]
    (folder / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "judgments.tsv").write_text(table(first))
    (folder / "second_reading.tsv").write_text(table(second))
    return folder


def call(call_id: str) -> dict[str, object]:
    return {
        "call_id": call_id,
        "title": f"Bando {call_id[-1].upper()} <nuovo>",
        "issuer": "Regione",
        "applicants_text": "Comuni",
        "territory_text": "",
        "summary": "Norme generali. Si finanziano posti nei nidi. Allegati.",
        "sentences": ["Ammessi i nidi comunali."],
    }


def sheet(query: str, call_ids: Iterable[str], **changes: object) -> dict[str, object]:
    calls = [call(call_id) for call_id in call_ids]
    return {"query_id": query, "kind": "need", "commune": "015146", "text": QUERIES[query], "calls": calls} | changes


def sheets_file(path: Path, *sheets: dict[str, object]) -> Path:
    """Write sheets, those of all PAIRS where none are given."""
    written = sheets or (sheet("n01", ("s:a", "s:b", "s:c")), sheet("n02", ("s:a",)))
    path.write_text("".join(json.dumps(one) + "\n" for one in written))
    return path


@contextmanager
def serving(sheets: Path, folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command on a free port: the process and its address."""
    command = [sys.executable, "-m", "service.cli", "label", str(sheets), "--labels", str(folder), "--port", "0"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--judge", "reviewer", *options],
        cwd=REPOSITORY,
        env={**os.environ, "REMIX_SHARED": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("http://127.0.0.1:"):
                break
        assert line.startswith("http://"), said
        yield process, line.strip().rstrip("/")
    finally:
        process.kill()
        process.communicate()
