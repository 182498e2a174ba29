"""A real browser before a real server, for the few tests that need one."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import sync_playwright

from service.access.identification import PLAIN_COOKIE
from service.accounts.sessions import open_session
from service.accounts.tables import AccountRow, Role
from service.database import writing
from tests.service.web.clients import add_account

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NARROWEST = 320
WIDTHS = (360, 768, 1440)
LONGEST_WALK = 80
"""Presses of the tabulator within which every field of a page is reached."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium without a window; required in CI, skipped elsewhere."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "no chromium on this machine: install Debian's package chromium to test pages in a browser"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port; yields its address. The application is started by whoever made it."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def session_of(app: FastAPI, account_id: str) -> str:
    """Return the secret of a new session of an account, its second factor given."""
    with writing(app.state.remix.engine) as session:
        return open_session(session, session.get_one(AccountRow, account_id), second_factor=True).secret


@contextmanager
def visits(app: FastAPI, browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Yield what opens a page in a window of its own, as a role (of a new account, unless one is named); they close."""
    contexts: list[Any] = []

    def opened(role: Role, account_id: str = "", **options: Any) -> Any:
        context = browser.new_context(base_url=address, **{"locale": "it-IT"} | options)
        contexts.append(context)
        if role is not Role.PUBLIC:
            secret = session_of(app, account_id or add_account(app, role))
            context.add_cookies([{"name": PLAIN_COOKIE, "value": secret, "url": address}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def violations(page: Any) -> list[tuple[str, str]]:
    """Return what axe finds wrong with a page: the rule, and the first element that breaks it."""
    return [(found["id"], found["nodes"][0]["html"][:200]) for found in Axe().run(page).response["violations"]]


def overflow(page: Any) -> int:
    """Return by how many pixels a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)


def tab_to(page: Any, selector: str) -> None:
    """Press the tabulator until an element that fits has the focus."""
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector}: not reached by {LONGEST_WALK} presses of Tab")


def pictures(page: Any, name: str) -> None:
    """Take a picture of a page in each width, where REMIX_SCREENSHOTS names a folder for them."""
    folder = os.environ.get("REMIX_SCREENSHOTS")
    if not folder:
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
