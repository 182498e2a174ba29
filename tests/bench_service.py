"""Prints what serving costs, beside the bars: ``python tests/bench_service.py [--home FOLDER] [--minutes 20]``.

    8,000 real calls ──► remix serve ──► ready? ──► recommendations, catalogue reads ──► a changed call ──► mixed load

Server and client share the machine: the client's own work is in the figures. ``REMIX_SHARED`` (default ``../shared``)
holds the official files. ``--home`` keeps the filled home for the next run.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from corpora.judged import load_queries
from matcher.records import FundingCall
from matcher.serialization import from_json
from service.database import open_database
from service.imports import import_source
from service.settings import load_settings
from service.tables import FundingCallRow
from tests.bench_main_job import CALLS, DATA, FILES, NEEDS, Bench, show, write_editions
from tests.service.processes import Server, serving
from tests.service.sources import ListedSource

CONNECTIONS = 16
SECONDS = 20.0
ENDINGS = ("in centro", "vicino alla stazione", "per le famiglie", "entro l'anno", "nella frazione", "lungo il fiume")


@dataclass
class Load:
    """What came of one load: milliseconds of each answer in order, and what was not answered with 200."""

    waits: list[float]
    seconds: float
    failures: int

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.waits) / self.seconds

    def quantile(self, share: float) -> float:
        """The wait that this share of the answers did not exceed, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Connection:
    """One HTTP/1.1 connection that is kept: as little client as measuring needs."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> int:
        """Send one request and read its answer whole; returns the status."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
        header = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(header.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in header else 0
        await reader.readexactly(length)
        return int(header[9:12])

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()


async def load(port: int, requests: Callable[[], tuple[str, str, bytes]], seconds: float, connections: int) -> Load:
    """Keep some connections busy for a time."""
    waits: list[float] = []
    failures = 0
    began = time.perf_counter()

    async def busy() -> None:
        nonlocal failures
        connection = Connection(port)
        while time.perf_counter() - began < seconds:
            asked = time.perf_counter()
            status = await connection.ask(*requests())
            waits.append(1000 * (time.perf_counter() - asked))
            failures += status != 200
        connection.close()

    await asyncio.gather(*(busy() for _ in range(connections)))
    return Load(waits, time.perf_counter() - began, failures)


class Questions:
    """Requests as people send them, each text another one, so that no vector is known beforehand."""

    def __init__(self, call_ids: Sequence[str]) -> None:
        self._ids = call_ids
        self._needs = [(query.text, query.commune) for query in load_queries(NEEDS)]
        self._random = random.Random(5)  # noqa: S311 - the same load each time
        self._lock = threading.Lock()

    def recommendation(self) -> tuple[str, str, bytes]:
        """A question about a need."""
        text, commune = self._random.choice(self._needs)
        ending = f"{self._random.choice(ENDINGS)} {self._random.randrange(10**6)}"
        return "POST", "/api/v1/recommendations", json.dumps({"text": f"{text} {ending}", "commune": commune}).encode()

    def read(self) -> tuple[str, str, bytes]:
        """A look at the catalogue: a search, a filter, a page, a call."""
        number = self._random.randrange(1000)
        path = self._random.choice(
            (
                f"/api/v1/calls?q=scuola+{number % 97}",
                f"/api/v1/calls?applicant=commune&least_amount={number}000",
                f"/api/v1/calls?sort=newest&limit={1 + number % 50}",
                "/api/v1/call-facets?level=regional",
                f"/api/v1/calls/{self._ids[number % len(self._ids)]}",
            )
        )
        return "GET", path, b""

    def mixed(self) -> tuple[str, str, bytes]:
        """One recommendation among nine reads."""
        return self.recommendation() if self._random.random() < 0.1 else self.read()


def main(home: Path, minutes: float) -> None:
    """Measure everything once."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    fill(home)
    questions = Questions(call_ids(home))
    with serving({"REMIX_HOME": str(home), "OMP_NUM_THREADS": "1"}) as server:
        server.wait_ready(600)
    with serving({"REMIX_HOME": str(home), "OMP_NUM_THREADS": "1"}) as server:
        show("start to ready", f"{server.wait_ready():.2f} s", "<= 5 s")
        warm_up(server, questions)
        measure_load(server, "recommendations", questions.recommendation, ">= 60/s", "p99 <= 250 ms")
        measure_load(server, "catalogue reads", questions.read, ">= 400/s")
        show("resident", f"{server.resident_mb():.0f} MB", "<= 900 MB")
        show("changed call, idle", f"{visible_after(server, home):.2f} s", "<= 5 s")
        show("changed call, loaded", f"{under_load(server, questions, home):.2f} s", "<= 5 s")
        show("resident", f"{server.resident_mb():.0f} MB", "<= 900 MB")
        grows(server, questions, minutes)


def fill(home: Path) -> None:
    """Import 8,000 real calls, unless this was done before."""
    bench = Bench(load_settings(home=home, database_url=""))
    if (home / "remix.sqlite").exists() and bench._n_calls() >= CALLS:
        return
    bench._remix("init")
    for source, name in FILES:
        bench._import(source, DATA / name)
    write_editions(home / "editions.json", CALLS - bench._n_calls())
    bench._import("incentivi", home / "editions.json")


def call_ids(home: Path) -> list[str]:
    """Return the ids of all calls."""
    engine = open_database(load_settings(home=home, database_url=""))
    with engine.connect() as connection:
        found = list(connection.scalars(select(FundingCallRow.id).order_by(FundingCallRow.id)))
    engine.dispose()
    return found


def warm_up(server: Server, questions: Questions) -> None:
    """Let every column and cache be made once."""
    asyncio.run(load(server.port, questions.mixed, 3, 4))


def measure_load(
    server: Server, what: str, requests: Callable[[], tuple[str, str, bytes]], bar: str, second: str = ""
) -> None:
    """Print rate and waits under load."""
    before = server.cpu_seconds()
    found = asyncio.run(load(server.port, requests, SECONDS, CONNECTIONS))
    work = 1000 * (server.cpu_seconds() - before) / max(1, len(found.waits))
    waits = f"p50 {found.quantile(0.5):.0f} ms, p99 {found.quantile(0.99):.0f} ms {second}"
    show(what, f"{found.rate:.1f}/s", bar, f"{waits}; {work:.1f} ms of CPU each, {found.failures} failed")


def visible_after(server: Server, home: Path) -> float:
    """Import a changed call from another process's hands and return the seconds until it is served."""
    engine = open_database(load_settings(home=home, database_url=""))
    with engine.connect() as connection:
        row = connection.execute(
            select(FundingCallRow.payload).where(FundingCallRow.source == "incentivi").limit(1)
        ).scalar_one()
    call = from_json(FundingCall, row)
    title = f"Bando cambiato {random.randrange(10**9)}"  # noqa: S311
    file = home / "changed.json"
    file.touch()
    began = time.perf_counter()
    import_source(engine, ListedSource(replace(call, title=title), name="incentivi"), file)
    engine.dispose()
    while json.loads(server.get(f"/api/v1/calls/{call.id}")[1])["call"]["title"] != title:
        if time.perf_counter() - began > 120:
            return float("inf")
        time.sleep(0.05)
    return time.perf_counter() - began


def under_load(server: Server, questions: Questions, home: Path) -> float:
    """The same while others ask, and no answer may fail."""
    found: list[Load] = []
    asking = threading.Thread(
        target=lambda: found.append(asyncio.run(load(server.port, questions.mixed, 20, CONNECTIONS)))
    )
    asking.start()
    time.sleep(3)
    seconds = visible_after(server, home)
    asking.join()
    show(
        "  meanwhile", f"{found[0].rate:.1f}/s", "", f"p99 {found[0].quantile(0.99):.0f} ms, {found[0].failures} failed"
    )
    return seconds


def grows(server: Server, questions: Questions, minutes: float) -> None:
    """Print the memory at the start, the middle and the end of a long mixed load."""
    resident = [server.resident_mb()]
    for _ in range(4):
        found = asyncio.run(load(server.port, questions.mixed, 15 * minutes, CONNECTIONS))
        resident.append(server.resident_mb())
    growth = resident[-1] - statistics.median(resident[1:3])
    note = f"{found.rate:.0f}/s, {found.failures} failed; " + " ".join(f"{mb:.0f}" for mb in resident) + " MB"
    show(f"growth in {minutes:g} min", f"{growth:+.0f} MB", "none", note)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--minutes", type=float, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        main(given.home or Path(folder), given.minutes)
