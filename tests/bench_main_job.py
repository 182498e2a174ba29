"""Prints what the main job costs on real calls, beside the bars: ``python tests/bench_main_job.py [--quick]``.

    import the sources ──► build, no vector kept ──► import again, build ──► remix recommend ──► Recommender

Everything is written to a temporary folder. ``REMIX_SHARED`` (default ``../shared``) holds the official files; what
they lack of 8,000 calls are second editions of theirs. ``--quick`` measures no encoding: it starts from the vectors
that the last run kept in ``REMIX_CACHE``.
"""

import csv
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from corpora.judged import load_queries
from corpora.sources.incentivi_layouts import EXPORT, TIDY
from matcher.recommender import Query, Request
from matcher.records import FundingCall, QueryKind
from service import recommending
from service.database import open_database, reading
from service.kinds import KIND_OF
from service.settings import Settings, load_settings

REPOSITORY = Path(__file__).resolve().parent.parent
NEEDS = REPOSITORY / "corpora" / "judgments" / "needs"
DATA = Path(os.environ.get("REMIX_SHARED", REPOSITORY.parent / "shared")) / "data"
CATALOGUE = "it_incentivi_catalogo.csv.gz"
FILES = (
    ("comuni", "comuni_italiani.csv.gz"),
    ("pnrr-misure", "pnrr_misure.csv"),
    ("pnrr-avvisi", "pnrr_bandi_avvisi.csv"),
    ("padigitale", "padigitale_avvisi.csv"),
    ("regione-lombardia", "rl_bandi_fulltext.jsonl.gz"),
    ("incentivi", CATALOGUE),
)
PROJECTS = "pnrr_progetti_validati.csv.gz"
CALLS = 8_000
QUESTION = ("recommend", "--commune", "015182", "La scuola elementare è fredda: cappotto termico e fotovoltaico")
RUNS = 5


def main(*, quick: bool) -> None:
    """Measure everything once, in the order in which a person would do it."""
    if not DATA.is_dir():
        raise SystemExit(f"no real data at {DATA}: set REMIX_SHARED to the folder that holds data/")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    kept = load_settings().cache / "bench" / "vectors.sqlite"
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(load_settings(home=Path(folder), database_url=""))
        quick = quick and kept.exists()
        if quick:
            shutil.copyfile(kept, bench.vectors)
        bench.imports()
        bench.builds(encoding=not quick)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(bench.vectors, kept)
        bench.processes()
        bench.queries()


@dataclass(frozen=True)
class Bench:
    """One temporary home, and what is measured in it."""

    settings: Settings

    @property
    def vectors(self) -> Path:
        """The file of kept vectors."""
        return self.settings.home / "vectors.sqlite"

    def imports(self) -> None:
        """Import the calls, second editions up to 8,000, and the projects that were funded."""
        self._remix("init")
        for source, name in FILES:
            self._import(source, DATA / name)
        editions = self.settings.home / "editions.json"
        write_editions(editions, CALLS - self._n_calls())
        self._import("incentivi", editions)
        self._import("pnrr-progetti", DATA / PROJECTS, bar="<= 20 s")

    def builds(self, *, encoding: bool) -> None:
        """Build with the vectors that are there, then again after a source that has not changed."""
        seconds, built = self._build()
        if encoding:
            rate = built.n_encoded / seconds
            show("build, nothing kept", f"{rate:.1f} passages/s", ">= 40", f"{built.n_encoded} in {seconds:.0f} s")
        _, printed = self._remix("import", "incentivi", str(DATA / CATALOGUE), "--json")
        seconds, again = self._build()
        show("again, unchanged", f"{again.n_encoded} encoded", "0", json.loads(printed)["summary"])
        show("build, all kept", f"{seconds:.2f} s", note=f"{self._n_calls()} calls, {again.n_passages} passages")

    def processes(self) -> None:
        """Time whole processes with everything built: the median, after one run that warms the disk."""
        self._remix(*QUESTION)
        first = statistics.median(self._remix(*QUESTION)[0] for _ in range(RUNS))
        show("start to first answer", f"{first:.2f} s", "<= 4 s", f"median of {RUNS} processes")
        show("remix --help", f"{statistics.median(self._remix('--help')[0] for _ in range(RUNS)):.2f} s")

    def queries(self) -> None:
        """Answer every judged need in this process, after one that warms the caches."""
        engine = open_database(self.settings)
        communes = recommending.communes(engine)
        recommender = recommending.open_recommender(self.settings, engine, self._encoder(), silent)
        request = Request(sources=recommending.sources_in_scope(recommender, ()))
        asked = [Query(q.text, communes.find(q.commune), QueryKind(q.kind)) for q in load_queries(NEEDS)]
        recommender.recommend(asked[0], request)
        waits = sorted(1000 * seconds_of(partial(recommender.recommend, query, request)) for query in asked)
        engine.dispose()
        show("one recommend, p50", f"{statistics.median(waits):.1f} ms", "<= 25 ms", f"{len(waits)} needs")
        show("one recommend, p95", f"{waits[int(0.95 * len(waits))]:.1f} ms", "<= 60 ms", f"longest {waits[-1]:.1f} ms")

    def _import(self, source: str, path: Path, bar: str = "") -> None:
        seconds, printed = self._remix("import", source, str(path), "--json")
        show(f"import {source}", f"{seconds:.2f} s", bar, json.loads(printed)["summary"])

    def _build(self) -> tuple[float, recommending.Built]:
        encoder, engine = self._encoder(), open_database(self.settings)
        began = time.perf_counter()
        built = recommending.build(self.settings, engine, encoder, silent)
        seconds = time.perf_counter() - began
        engine.dispose()
        return seconds, built

    def _encoder(self) -> recommending.Encoder:
        return recommending.encoder_of(self.settings, silent)

    def _n_calls(self) -> int:
        engine = open_database(self.settings)
        with reading(engine) as session:
            found = session.scalar(select(func.count()).select_from(KIND_OF[FundingCall].table)) or 0
        engine.dispose()
        return found

    def _remix(self, *words: str) -> tuple[float, str]:
        """Run ``remix`` as a process of its own: its seconds and what it printed."""
        own = {"REMIX_HOME": str(self.settings.home), "REMIX_DATABASE_URL": "", "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "service.cli", *words]
        began = time.perf_counter()
        done = subprocess.run(command, env=os.environ | own, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        return time.perf_counter() - began, done.stdout


def write_editions(path: Path, wanted: int) -> None:
    """Write second editions of real incentives as the official open data export writes them."""
    names = {column: EXPORT.columns[field] for field, column in TIDY.columns.items() if field in EXPORT.columns}
    with gzip.open(DATA / CATALOGUE, "rt", encoding="utf-8", newline="") as stream:
        rows = [{names[c]: v for c, v in row.items() if c in names} for row in islice(csv.DictReader(stream), wanted)]
    for number, row in enumerate(rows):
        row |= {"ID_Incentivo": str(1_000_000 + number), "Titolo": f"{row['Titolo']}, seconda edizione"}
    path.write_text(json.dumps({"response": {"docs": rows}}), encoding="utf-8")


def show(what: str, figure: str, bar: str = "", note: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:26} {figure:>20}   {bar:8}   {note}", flush=True)


def silent(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


def seconds_of(action: Callable[[], object]) -> float:
    """Wall-clock seconds that the action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
