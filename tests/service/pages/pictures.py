"""The pictures of docs/portal.md, made again by ``make screenshots``: the four journeys, in Italian, on included data.

What the text tells the reader to click is ringed. ``python -m tests.service.pages.pictures [FOLDER]``.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from service.accounts.tables import Role
from service.errors import NotReadyError
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.service.pages.chromium import chromium, served, visits
from tests.service.web.clients import BASE_URL, add_account

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "portal"
WINDOW = {"width": 1000, "height": 760}
TALLEST = 1100
QUALITY = 70
LONGEST_WAIT_S = 300
NEED = "Il piazzale della scuola si allaga a ogni temporale: togliere l’asfalto, pavimenti drenanti, alberi e ombra."
COMMUNE = "Bollate (015027)"


class Camera:
    """Takes numbered pictures of one journey."""

    def __init__(self, page: Any, folder: Path, journey: str) -> None:
        self.page, self._folder, self._journey, self._number = page, folder, journey, 0

    def take(self, *ringed: str, top: str = "") -> None:
        """Take the next picture, from an element on, with a ring around what is to be clicked."""
        self._number += 1
        for selector in ringed:
            self.page.locator(selector).first.evaluate(
                "one => { one.style.outline = '4px solid #d9364f'; one.style.outlineOffset = '4px'; }"
            )
        start = int(self.page.locator(top).first.bounding_box()["y"] + self.page.evaluate("scrollY")) if top else 0
        taken = Image.open(BytesIO(self.page.screenshot(full_page=True)))
        shown = taken.crop((0, max(0, start - 24), taken.width, min(taken.height, max(0, start - 24) + TALLEST)))
        shown.save(self._folder / f"{self._journey}-{self._number}.webp", quality=QUALITY, method=6)


def visitor(camera: Camera) -> None:
    """From the first page to a call and why it was recommended."""
    page = camera.page
    page.goto("/")
    page.fill("#testo", NEED)
    page.fill("#comune", COMMUNE)
    camera.take("main form > button")
    page.click("main form > button")
    page.wait_for_url("**/raccomandazioni/*")
    camera.take("article.remix-call summary")
    page.click("article.remix-call summary >> nth=0")
    camera.take("article.remix-call h3 a", top="article.remix-call")
    page.click("article.remix-call h3 a >> nth=0")
    page.wait_for_url("**/bandi/**")
    camera.take()


def clerk(camera: Camera) -> None:
    """A commune that has written nothing yet: a need, the calls for it, one saved, its deadline."""
    page = camera.page
    page.goto("/")
    page.click("nav >> text=Il nostro comune")
    camera.take("main a[href*='esempio=']")
    page.click("main a[href*='esempio='] >> nth=0")
    page.fill("#title", "Piazzale della scuola")
    page.fill("#text", NEED)
    camera.take("main form button:has-text('Salva')")
    page.click("main form button:has-text('Salva')")
    page.wait_for_url("**fatto=creato")
    camera.take("button[value=saved]", top="article.remix-call")
    page.click("button[value=saved] >> nth=0")
    page.wait_for_url("**fatto=saved**")
    page.click("main a[href$='/scadenze'] >> nth=0")
    camera.take()


def consultant(camera: Camera) -> None:
    """From what is new to the communes to ring, and onto the worklist."""
    page = camera.page
    page.goto("/")
    page.click("nav >> text=Incubatore")
    camera.take("section[aria-labelledby=da-portare] li a")
    page.click("section[aria-labelledby=da-portare] li a >> nth=0")
    page.check(".remix-choice input >> nth=0")
    camera.take("text=Metti in lista i comuni scelti", ".remix-choice")
    page.click("text=Metti in lista i comuni scelti")
    page.wait_for_url("**fatto=in_lista**")
    page.goto("/incubatore/lista")
    camera.take(".remix-card h3 a")


def councillor(camera: Camera) -> None:
    """Where projects, money and calls meet and where they do not: the matrix, what is missing, the map."""
    page = camera.page
    page.goto("/quadro")
    page.wait_for_selector("main a[href^='/progetti?'] >> nth=0")
    camera.take(top="main h2")
    page.click("main a[href='/quadro/lacune']")
    camera.take()
    page.goto("/mappa?misura=progetti")
    camera.take(top="main h2")


JOURNEYS = (
    (visitor, Role.PUBLIC),
    (clerk, Role.COMMUNE),
    (consultant, Role.CONSULTANT),
    (councillor, Role.PUBLIC),
)
CLERKS_COMMUNE = "015027"


def main(folder: Path) -> None:
    """Make every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as (app, address), chromium() as browser:
        for journey, role in JOURNEYS:
            with visits(app, browser, address) as opened:
                page = opened(role, account_of(app, role), viewport=WINDOW)
                journey(Camera(page, folder, journey.__name__))


@contextmanager
def running(home: Path) -> Iterator[tuple[FastAPI, str]]:
    """Serve the included corpus with the encoder that comes by default."""
    settings = Settings(home=home, database_url="", rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, eager=True)
    with TestClient(app, base_url=BASE_URL):
        wait_ready(app)
        with served(app) as address:
            yield app, address


def wait_ready(app: FastAPI) -> None:
    """Wait until questions can be answered and every record was read for its tags."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_WAIT_S:
        try:
            app.state.remix.live.serving()
            if app.state.remix.frame.picture() is not None and not app.state.remix.frame.left:
                return
        except NotReadyError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"not ready after {LONGEST_WAIT_S} s")


def account_of(app: FastAPI, role: Role) -> str:
    """Return the id of a new account with a name as people give it; "" for a visitor."""
    if role is Role.PUBLIC:
        return ""
    commune = CLERKS_COMMUNE if role is Role.COMMUNE else None
    return add_account(app, role, commune, name="Ufficio tecnico" if commune else "Incubatore")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
