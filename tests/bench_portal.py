"""Prints what the portal costs, beside the bars: ``python -m tests.bench_portal [--home FOLDER] [--rounds 25]``.

    8,000 real calls, 133 communes with what they look for ──► remix serve ──► every page as every role
                                                                          ──► bytes and layout shift in Chromium

Every page that the router knows is asked for, one request at a time: each time another call, commune or item, as people
do, and each recommendation of a text that nobody asked about before. Client and server share the machine. ``--home``
keeps the filled home for the next run.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, urlencode

from fastapi.testclient import TestClient
from sqlalchemy import select

from corpora.judged import load_queries
from service.access.identification import PLAIN_COOKIE
from service.access.policy import POLICY
from service.accounts.sessions import open_session
from service.accounts.tables import AccountRow, Role
from service.catalogue.overview import followed
from service.database import open_database, reading, writing
from service.settings import DATABASE_FILE, load_settings
from service.tables import FundingCallRow
from service.web.app import create_app
from service.work.tables import WorkItemRow
from tests.bench_main_job import NEEDS, show
from tests.bench_service import ENDINGS, fill
from tests.service.access.bodies import OWN
from tests.service.access.samples import Samples
from tests.service.pages.chromium import chromium
from tests.service.pages.walk import WALKERS, templates
from tests.service.processes import Server, serving
from tests.service.web.clients import BASE_URL

ITEMS_EACH = 3
"""Needs, projects and assets that each commune is given."""
KINDS = {"need": ("needs", "bisogni"), "project": ("projects", "progetti"), "asset": ("assets", "beni")}
ON_THE_LIST = 200
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
DRAWN = frozenset(
    ("{istat}", "{kind}", "{item_id}", "{call_id}", "{call_id:path}", "{work_item_id}", "{answer_id}", "{token}")
)
"""What another thing can be drawn for each time; the rest of an address stays the same."""
RECOMMENDING = frozenset(
    {
        "/comuni/{istat}",
        "/comuni/{istat}/bandi",
        "/comuni/{istat}/scadenze",
        "/comuni/{istat}/scadenze.ics",
        "/comuni/{istat}/{kind}/{item_id}",
        "/raccomandazioni/{answer_id}",
        "/beni/{item_id:path}",
    }
)
"""Pages that show recommendations, which may have to be made first."""
WRITTEN = "bench_portal.json"
"""The file in the home that tells what was written there, so that it is written once."""
BAR, RECOMMENDATION_BAR = 60, 150
FIRST_VISIT_KB, LATER_KB = 250, 40
WORDS = ("scuola", "strade", "energia", "cultura", "digitale", "sport", "acqua", "anziani", "turismo", "verde")
FILTERS = ("state=open", "level=regional", "applicant=commune", "least_amount=100000", "sort=newest", "sort=amount")


@dataclass
class World:
    """The filled home as pages are opened in it: ids to draw from, and a session of each role."""

    communes: list[str]
    calls: list[str]
    items: dict[str, list[tuple[str, str]]]
    work: list[str]
    answers: dict[Role, list[str]] = field(default_factory=dict)
    fixed: dict[tuple[Role, str], str] = field(default_factory=dict)
    sessions: dict[Role, str] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - the same walk each time

    def path(self, template: str, role: Role) -> str:
        """Return a page's address with other things in it each time."""
        istat = OWN.istat if role is Role.COMMUNE else self.chance.choice(self.communes)
        if template == "/bandi":
            words = {"q": f"{self.chance.choice(WORDS)} {self.chance.choice(WORDS)}"}
            return f"/bandi?{urlencode(words) if self.chance.random() < 0.5 else self.chance.choice(FILTERS)}"
        kind, item = self.chance.choice(self.items[istat])
        drawn = {
            "{istat}": istat,
            "{kind}": kind,
            "{item_id}": item,
            "{call_id:path}": self.chance.choice(self.calls),
            "{call_id}": self.chance.choice(self.calls),
            "{work_item_id}": self.chance.choice(self.work),
            "{answer_id}": self.chance.choice(self.answers.get(role) or ["none"]),
            "{token}": "made-up",
        }
        if (role, template) in self.fixed:
            return self.fixed[role, template]
        for name, value in drawn.items():
            template = template.replace(name, quote(value))
        return template


class Visitor:
    """One connection of one role that is kept, as a browser's is."""

    def __init__(self, server: Server, secret: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Origin": f"http://127.0.0.1:{server.port}"}
        self.largest = 0
        if secret:
            self._headers["Cookie"] = f"{PLAIN_COOKIE}={secret}"

    def get(self, path: str) -> tuple[float, int, str]:
        """Open a page: its milliseconds, its status, and where it leads to; ``largest`` grows to its bytes."""
        return self._timed("GET", path, None)

    def ask(self, text: str, istat: str) -> tuple[float, int, str]:
        """Send the form of the first page."""
        return self._timed("POST", "/raccomandazioni", urlencode({"testo": text, "comune": istat}))

    def _timed(self, method: str, path: str, body: str | None) -> tuple[float, int, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        began = perf_counter()
        self._connection.request(method, path, body, self._headers | form)
        answer = self._connection.getresponse()
        sent = len(answer.read())
        # What is downloaded is as large as it is.
        self.largest = max(self.largest, sent if answer.headers.get_content_type() == "text/html" else 0)
        return 1000 * (perf_counter() - began), answer.status, answer.headers.get("Location", "")


def main(home: Path, rounds: int) -> None:
    """Measure everything once."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    if (home / DATABASE_FILE).exists():
        open_database(load_settings(home=home, database_url=""), writing=True).dispose()
    fill(home)
    world, pages = populate(home)
    missed = 0
    with serving({"REMIX_HOME": str(home), "OMP_NUM_THREADS": "1"}) as server:
        server.wait_ready(600)
        for role in WALKERS:
            missed += measured(server, world, role, [path for path, roles in pages if role in roles], rounds)
        transferred(server, world)
    print(f"\n{missed} pages over their bar")


def populate(home: Path) -> tuple[World, list[tuple[str, frozenset[Role]]]]:
    """Give every commune something to look for, fill the worklist, open a session of each role."""
    settings = load_settings(home=home, database_url="", rate_limit="")
    app = create_app(settings)
    with TestClient(app, base_url=BASE_URL):
        live = app.state.remix.live.serving()
        world = World([one.istat for one in followed(live.communes)], [], {}, [])
        with reading(app.state.remix.engine) as session:
            world.calls = list(session.scalars(select(FundingCallRow.id).order_by(FundingCallRow.id)))
        samples = Samples(app, world.calls[0])
        written = home / WRITTEN
        if written.exists():
            kept = json.loads(written.read_text())
            world.items, world.work = kept["items"], kept["work"]
        else:
            _write_items(samples, world)
            _write_work(samples, world)
            written.write_text(json.dumps({"items": world.items, "work": world.work}))
        for role in WALKERS[1:]:
            with writing(app.state.remix.engine) as session:
                account = session.get_one(AccountRow, samples.account(role))
                world.sessions[role] = open_session(session, account, second_factor=True).secret
        pages = [(path, POLICY["GET", path].roles) for path in templates(app)]
        for path, roles in pages:
            if not set(re.findall(r"\{[^}]+\}", path)) <= DRAWN:
                world.fixed |= {(role, path): samples.path(path, OWN, role) for role in WALKERS if role in roles}
        return world, pages


def _write_items(samples: Samples, world: World) -> None:
    staff = samples.client(Role.CONSULTANT)
    queries = load_queries(NEEDS)
    for number, istat in enumerate(world.communes):
        for place in range(ITEMS_EACH):
            query = queries[(ITEMS_EACH * number + place) % len(queries)]
            word, slug = KINDS[query.kind]
            sent = {"title": query.text[:60], "text": query.text, "commune_istat": istat}
            answer = staff.post(f"/api/v1/{word}", json=sent)
            assert answer.status_code == 201, answer.text
            world.items.setdefault(istat, []).append((slug, answer.json()["id"]))


def _write_work(samples: Samples, world: World) -> None:
    staff = samples.client(Role.CONSULTANT)
    for number in range(ON_THE_LIST):
        istat, call = world.communes[number % len(world.communes)], world.calls[number * 37 % len(world.calls)]
        staff.post("/api/v1/work-items", json={"communes": [istat], "call_id": call})
    with reading(samples.app.state.remix.engine) as session:
        world.work = list(session.scalars(select(WorkItemRow.id).limit(ON_THE_LIST)))
    for id_ in world.work[::2]:
        staff.post(f"/api/v1/work-items/{id_}/notes", json={"text": "Richiamano la settimana prossima."})
        staff.patch(f"/api/v1/work-items/{id_}", json={"state": "called"}, headers=MERGE_PATCH | {"If-Match": '"1"'})


def measured(server: Server, world: World, role: Role, pages: Sequence[str], rounds: int) -> int:
    """Print the waits of every page of a role; returns how many are over their bar."""
    visitor = Visitor(server, world.sessions.get(role, ""))
    print(f"\n{role}")
    # Where the incubator's people arrive when they have logged in.
    visitor.get("/incubatore")
    before = server.cpu_seconds()
    waits = list(_asked(visitor, world, role, rounds))
    missed = _line("a text, asked and answered", waits, RECOMMENDATION_BAR, server.cpu_seconds() - before, "")
    for template in pages:
        visitor.get(world.path(template, role))
        visitor.largest = 0
        before = server.cpu_seconds()
        found = [visitor.get(world.path(template, role)) for _ in range(rounds)]
        work = server.cpu_seconds() - before
        note = ",".join(str(status) for status in sorted({status for _, status, _ in found}))
        note += f", {visitor.largest / 1000:.1f} kB{' OVER' if visitor.largest > 1000 * LATER_KB else ''}"
        bar = RECOMMENDATION_BAR if template in RECOMMENDING else BAR
        if not visitor.largest and "200" in note:
            print(f"{template:48} a file to download")
            continue
        missed += _line(template, [wait for wait, _, _ in found], bar, work, note)
    return missed


def _asked(visitor: Visitor, world: World, role: Role, rounds: int) -> Iterator[float]:
    queries = load_queries(NEEDS)
    for _ in range(rounds):
        text = f"{world.chance.choice(queries).text} {world.chance.choice(ENDINGS)} {world.chance.randrange(10**6)}"
        istat = OWN.istat if role is Role.COMMUNE else world.chance.choice(world.communes)
        asking, _, led_to = visitor.ask(text, istat)
        shown, status, _ = visitor.get(led_to)
        assert status == 200, (status, led_to)
        world.answers.setdefault(role, []).append(led_to.rpartition("/")[2])
        yield asking + shown


def _line(what: str, waits: list[float], bar: int, work: float, note: str) -> int:
    ordered = sorted(waits)
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    over = "OVER" if high > bar else ""
    waited = f"p50 {statistics.median(ordered):6.1f}  p95 {high:6.1f} ms   <= {bar:3} {over:4}"
    print(f"{what:48} {waited}  {1000 * work / len(waits):6.1f} ms of CPU  {note}", flush=True)
    return bool(over)


def transferred(server: Server, world: World) -> None:
    """Print the bytes of a first visit and of the pages after it, and how far the layout shifts, in a real browser."""
    print()
    address = f"http://127.0.0.1:{server.port}"
    with chromium() as browser:
        context = browser.new_context(locale="it-IT", viewport={"width": 360, "height": 780})
        page = context.new_page()
        counted = _counting(page)
        for name, path in (
            ("first visit", "/"),
            ("catalogue", "/bandi"),
            ("call", world.path("/bandi/{call_id}", WALKERS[0])),
        ):
            counted.clear()
            page.goto(f"{address}{path}", wait_until="networkidle")
            bar = FIRST_VISIT_KB if name == "first visit" else LATER_KB
            show(name, f"{sum(counted) / 1000:.1f} kB", f"<= {bar} kB", f"layout shift {_shift(page):.4f}")
        page.goto(address, wait_until="networkidle")
        page.fill("#testo", load_queries(NEEDS)[0].text)
        page.fill("#comune", f"Rho ({OWN.istat})")
        counted.clear()
        page.click("main form button.btn-primary")
        page.wait_for_url("**/raccomandazioni/*")
        page.wait_for_load_state("networkidle")
        show("results", f"{sum(counted) / 1000:.1f} kB", f"<= {LATER_KB} kB", f"layout shift {_shift(page):.4f} (0)")
        context.close()


def _counting(page) -> list[float]:
    """Count what comes over the network, headers with it."""
    found: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: found.append(event["encodedDataLength"]))
    return found


def _shift(page) -> float:
    """Return the layout shift of a page since it began to load."""
    return page.evaluate(
        """() => new Promise((resolve) => {
             let sum = 0;
             new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
               .observe({ type: "layout-shift", buffered: true });
             setTimeout(() => resolve(sum), 300);
           })"""
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=25)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        main(given.home or Path(folder), given.rounds)
