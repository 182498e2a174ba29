"""Prints what writing the weekly e-mail costs: ``python tests/bench_digest_writing.py [--home FOLDER] [--mails 7900]``.

    8,000 real calls ──► one reader for every commune of Italy ──► ranked, explained, chosen, written as HTML and text

The week is the fullest there can be: every call is new to everybody. ``REMIX_SHARED`` (default ``../shared``) holds the
official files. ``--home`` keeps the filled home for the next run. One process: the other core is left to the delivery.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from corpora.judged import load_queries
from matcher.recommender import Query, Request
from matcher.records import Commune
from service.database import open_database, reading
from service.digests.content import Audience, Digest, Follow, FollowKind, Mail, Quiet, Recipient
from service.digests.editor import WeeklyEditor
from service.digests.opening import open_editor
from service.digests.ranking import PLACES, rank_all
from service.digests.weeks import Week
from service.ids import new_id
from service.imports import load_records
from service.moments import now
from service.progress import progress_bar
from service.settings import Settings, load_settings
from tests.bench_main_job import NEEDS, show
from tests.bench_service import ENDINGS, fill

OWN = 400
"""Questions in words of their own that are measured."""
BATCH = 500
"""Readers gathered together, as ``remix digest send`` does."""


@dataclass
class Clock:
    """Seconds spent on each part of the work."""

    gathering: float = 0.0
    composing: float = 0.0
    largest: int = 0
    calls: int = 0
    mails: list[Mail] = field(default_factory=list)


def main(home: Path, n_mails: int) -> None:
    """Measure everything once."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    settings = load_settings(home=home, database_url="")
    engine = open_database(settings, writing=True)
    fill(home)
    with progress_bar("en") as report:
        editor = open_editor(settings, engine, report)
    with reading(engine) as session:
        readers = _readers(session, n_mails)
        began, used = time.monotonic(), time.process_time()
        clock = _write(session, editor, readers)
        seconds, cpu = time.monotonic() - began, time.process_time() - used
        communes = list(load_records(session, Commune))
    _show(settings, len(readers), seconds, cpu, clock)
    _own_words(editor, communes)
    engine.dispose()


def _own_words(editor: WeeklyEditor, communes: Sequence[Commune]) -> None:
    """Rank questions of which no two are alike: what communes with needs of their own ask."""
    texts = [f"{need.text} {ending}" for ending in ENDINGS for need in load_queries(NEEDS)][:OWN]
    step = max(1, len(communes) // OWN)
    questions = [Query(text, communes[place * step]) for place, text in enumerate(texts)]
    used = time.process_time()
    rank_all(editor._recommender, questions, Request(k=PLACES, on=now()))
    each = (time.process_time() - used) / len(questions)
    show("question in its own words", f"{each * 1000:.1f} ms of one core", "", f"{7_900 * each:.0f} s for 7,900")


def _readers(session: Session, n_mails: int) -> list[Recipient]:
    """Return one reader for each commune, who subscribed before any call was there."""
    communes = islice(load_records(session, Commune), n_mails)
    return [
        Recipient(
            person_id=new_id(),
            audience=Audience.COMMUNE,
            language="it" if place % 10 else "en",
            name="",
            account_id=None,
            commune_istat=None,
            follows=(Follow(FollowKind.COMMUNE, commune.istat),),
            muted=frozenset(),
            quiet=Quiet.SAY_SO,
            since=now() - timedelta(days=365),
            token="t",
        )
        for place, commune in enumerate(communes)
    ]


def _write(session: Session, editor: WeeklyEditor, readers: Sequence[Recipient]) -> Clock:
    clock = Clock()
    with progress_bar("en") as report:
        for start in range(0, len(readers), BATCH):
            for digest in _gathered(session, editor, readers[start : start + BATCH], clock):
                began = time.monotonic()
                mail = editor.compose(digest)
                clock.composing += time.monotonic() - began
                clock.largest = max(clock.largest, len(mail.html.encode()))
                clock.calls += sum(len(section.entries) for section in digest.sections)
            report("letters", min(start + BATCH, len(readers)), len(readers))
    return clock


def _gathered(session: Session, editor: WeeklyEditor, readers: Sequence[Recipient], clock: Clock) -> Iterator[Digest]:
    at = now()
    digests = editor.gather(session, readers, {}, Week.of(at), at)
    while True:
        began = time.monotonic()
        digest = next(digests, None)
        clock.gathering += time.monotonic() - began
        if digest is None:
            return
        yield digest


def _show(settings: Settings, n_mails: int, seconds: float, cpu: float, clock: Clock) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("e-mails written", f"{n_mails:,} with {clock.calls / max(n_mails, 1):.1f} calls each", "7,900")
    show("whole", f"{seconds:.1f} s ({cpu:.1f} s of one core)", "<= 90 s on 2 cores")
    show("  ranked, explained, chosen", f"{clock.gathering:.1f} s", "")
    show("  HTML, text, calendar file", f"{clock.composing:.1f} s", "")
    show("largest HTML", f"{clock.largest / 1000:.1f} kB", "<= 100 kB")
    show("resident at most", f"{memory:.0f} MB", "<= 2 GB")
    show("days of a resolution", str(settings.resolution_days), "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--mails", type=int, default=7_900)
    asked = parser.parse_args()
    if asked.home:
        asked.home.mkdir(parents=True, exist_ok=True)
        main(asked.home, asked.mails)
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder), asked.mails)
