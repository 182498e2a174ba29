"""How long the strategic frame takes over the 50,813 projects of the PNRR: ``python -m tests.bench_frame``.

The bar: the page within 200 ms. Reads ``$REMIX_SHARED/data``. ``--home FOLDER`` uses a filled home, else one is made.
``--read N`` (default 3,000: all that lies in the metropolitan city, which is what the page counts, and some more) reads
so many records for their tags and tells how long all would take, encoding included. ``--rounds N`` (default 9) says how
often each page is asked for: the median is told, and the slowest.
"""

import argparse
import os
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.database import open_database, reading
from service.encoders import open_encoder
from service.frame.filling import AT_ONCE, TagFilling, stale
from service.settings import Settings, load_settings
from service.vectors import CachedEncoder
from service.web.app import create_app
from tests.bench_filling import fill
from tests.service.web.clients import BASE_URL

FILES = (("comuni", "comuni_cm_milano.csv"), ("pnrr-progetti", "pnrr_progetti_validati.csv.gz"))
PAGES = (
    "/quadro",
    "/quadro?zona=Nord+Ovest",
    "/quadro?programma=programme:pnrr&anno=2022",
    "/quadro/lacune",
    "/quadro/casella?linea=9&missione=M5",
    "/quadro/esporta?formato=xlsx",
    "/api/v1/frame-coverage",
    "/progetti?linea=7&missione=M4&zona=Nord+Ovest",
)


def read_some(settings: Settings, most: int) -> None:
    """Read records as they are read beside serving, those of the metropolitan city first."""
    engine = open_database(settings, writing=True)
    opened = open_encoder(settings.encoder, settings.cache, lambda _share, _what: None)
    encoder = CachedEncoder(opened, settings.home / "vectors.sqlite")
    filling, slices, began = TagFilling(), [], time.perf_counter()
    while sum(slices) < most and filling.advance(engine, encoder):
        slices.append(AT_ONCE)
    taken, done = time.perf_counter() - began, sum(slices)
    with reading(engine) as session:
        everything = len(stale(session, "nothing"))
    print(f"tags: {done:,} of {everything:,} records in {taken:.1f} s, {encoder.encoded:,} texts encoded")
    print(f"at this rate {taken / max(done, 1) * everything / 60:.1f} minutes for all; less, as many texts are alike")
    engine.dispose()


def draw(app: FastAPI) -> None:
    """Have open calls and needs looked at beside serving, and stop there: the records left are read after a start."""
    frame, began = app.state.remix.frame, time.perf_counter()
    app.state.remix.live.serving()
    print(f"calls read: {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    frame.start()
    while frame.picture() is None:
        time.sleep(0.1)
    print(f"open calls and needs looked at: {time.perf_counter() - began:.1f} s")
    frame.stop()


def measure(client: TestClient, address: str, rounds: int) -> None:
    """Ask for a page often and tell how long it took."""
    taken, size = [], 0
    for _ in range(rounds):
        began = time.perf_counter()
        answer = client.get(address)
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        size = len(answer.content)
    print(f"{address}: median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms, {size / 1000:.0f} kB")


def main() -> None:
    """Fill, read, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--read", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    data = Path(os.environ.get("REMIX_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "data"
    with TemporaryDirectory() as folder:
        settings = Settings(home=asked.home or Path(folder), cache=load_settings().cache, rate_limit="")
        if not (settings.home / "remix.sqlite").exists():
            fill(settings, data, FILES)
            read_some(settings, asked.read)
        app = create_app(settings)
        with TestClient(app, base_url=BASE_URL) as client:
            draw(app)
            for address in PAGES:
                measure(client, address, asked.rounds)


if __name__ == "__main__":
    main()
