"""How long the map takes and how large it is, over the 50,813 projects of the PNRR: ``python -m tests.bench_map``.

The bars: a page within 300 ms and 300 kB. Reads ``$REMIX_SHARED/data``. ``--home FOLDER`` uses a filled home, else one
is made; ``--rounds N`` (default 5) says how often each is asked for.
"""

import argparse
import gzip
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.testclient import TestClient

from service.maps.kept import Kept
from service.settings import Settings
from service.web.app import create_app
from tests.bench_filling import fill
from tests.fakes import HashingEncoder
from tests.service.web.clients import BASE_URL

FILES = (
    ("comuni", "comuni_italiani.csv.gz"),
    ("comuni", "comuni_cm_milano.csv"),
    ("confini", "confini_cm_milano.geojson"),
    ("pnrr-progetti", "pnrr_progetti_validati.csv.gz"),
    ("beni-confiscati", "beni_confiscati_in_gestione.csv.gz"),
)
PAGES = (
    "/mappa",
    "/mappa?misura=importo&per_abitante=1",
    "/mappa?misura=beni&punti=progetti",
    "/mappa?misura=progetti&punti=beni",
    "/mappa?misura=ritardi",
    "/mappa?misura=bandi",
    "/mappa?missione=M5",
    "/mappa?programma=M5C2&cerca=scuola",
    "/mappa?zona=Nord+Ovest",
    "/mappa?provincia=Torino",
    "/mappa/esporta?formato=xlsx",
    "/api/v1/map-areas",
)


def measure(client: TestClient, kept_by: object, address: str, rounds: int) -> None:
    """Tell the best time of the first answer (nothing kept) and of the later ones, and the size, packed and not."""
    first, later = [], []
    for _ in range(rounds):
        kept_by.maps = Kept()  # type: ignore[attr-defined]
        for seconds in (first, later):
            began = time.perf_counter()
            answer = client.get(address, headers={"Accept": "text/html"})
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
    size, packed = len(answer.content), len(gzip.compress(answer.content, 5))
    print(
        f"{address}: first {1000 * min(first):.0f} ms, then {1000 * min(later):.0f} ms; "
        f"{size / 1000:.0f} kB, packed {packed / 1000:.0f} kB"
    )


def main() -> None:
    """Fill a home if there is none, and ask for every page."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--home", type=Path)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with TemporaryDirectory() as made:
        settings = Settings(home=given.home or Path(made), rate_limit="")
        if given.home is None:
            fill(settings, Path(os.environ["REMIX_SHARED"]) / "data", FILES)
        app = create_app(settings, HashingEncoder())
        with TestClient(app, base_url=BASE_URL) as client:
            began = time.perf_counter()
            app.state.remix.live.serving()
            print(f"ready in {time.perf_counter() - began:.1f} s; load {os.getloadavg()[0]:.1f}")
            for address in PAGES:
                measure(client, app.state.remix, address, given.rounds)


if __name__ == "__main__":
    main()
