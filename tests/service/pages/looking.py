"""A page in a real browser, and all that is wrong with it: by axe, narrow, in large letters, by its own policy."""

import re
from collections import defaultdict
from hashlib import sha256
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from httpx2 import Response
from playwright.sync_api import Error, Route

from service.access.identification import PLAIN_COOKIE
from tests.service.pages.chromium import NARROWEST, overflow

PATIENCE_MS = 120_000
"""On a busy machine a page may take long to load; how long pages take is measured elsewhere."""
NARROW = {"width": NARROWEST, "height": 640}
WIDE = {"width": 1280, "height": 800}
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|rmx_\w+|\d{1,2}:\d{2}")
"""What differs from one telling of a page to the next."""
_NOT_SENT_AGAIN = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})
_CLIPPED = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one);
  const clips = [style.overflowX, style.overflowY].some((how) => how === "hidden" || how === "clip");
  const hidden = one.closest("svg, [aria-hidden=true], .visually-hidden, .visually-hidden-focusable");
  return clips && !hidden && one.innerText?.trim()
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""


class Looker:
    """Opens pages as one person in one language and remembers what is wrong with each, by what was looked for.

    What is the same as a page that was looked at before, but for ids and hours, is not measured again, be it somebody
    else's: the head of the page is looked at once for each reader.
    """

    def __init__(self, browser: Any, address: str, language: str, *, scripts: bool = True) -> None:
        self.wrong: dict[str, dict[str, Any]] = defaultdict(dict)
        self.seen: set[str] = set()
        self.shown: list[str] = []
        self._browser, self._address, self._language, self._scripts = browser, address, language, scripts
        self._name = ""
        self._page: Any = None

    def come_in(self, secret: str = "") -> None:
        """Begin anew, as whoever has this session."""
        self.leave()
        context = self._browser.new_context(base_url=self._address, locale=self._language, viewport=NARROW)
        if secret:
            context.add_cookies([{"name": PLAIN_COOKIE, "value": secret, "url": self._address}])
        if not self._scripts:
            # Not switched off, since axe is a script too: the page's own never arrive.
            context.route("**/*.js", lambda route: route.abort())
        self._page = context.new_page()
        self._page.set_default_timeout(PATIENCE_MS)
        self._page.on("console", self._heard)
        self._page.on("request", self._asked)

    def leave(self) -> None:
        """Close what is open."""
        if self._page is not None:
            self._page.context.close()
            self._page = None

    def open(self, name: str, path: str) -> int:
        """Open an address, look at it, return its status; 0 for a file that is not a page."""
        self._name = name
        try:
            answer = self._page.goto(path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return 0
        self._look()
        return int(answer.status)

    def show(self, name: str, path: str, answer: Response) -> None:
        """Look at a page that came back of a form, at the address it came from."""
        headers = {name: value for name, value in answer.headers.items() if name not in _NOT_SENT_AGAIN}

        def told(route: Route) -> None:
            route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

        self._name = name
        self._page.route(f"{self._address}{path}", told)
        self._page.goto(path)
        self._page.unroute(f"{self._address}{path}")
        self._look()

    def told(self) -> str:
        """Return all that is wrong, a line each."""
        return "\n".join(
            f"{what}: {name}: {found}" for what, names in self.wrong.items() for name, found in names.items()
        )

    def _look(self) -> None:
        page, name = self._page, self._name
        self.shown.append(name)
        parts = {page.evaluate("document.querySelector('header').innerText"), self._digest()}
        if parts <= self.seen:
            return
        self.seen |= parts
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        found = Axe().run(page).response["violations"]
        self._note("axe", [(one["id"], one["nodes"][0]["html"][:200]) for one in found])
        self._note("narrow", overflow(page))
        page.set_viewport_size(WIDE)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        self._note("large letters", overflow(page))
        self._note("large letters", page.evaluate(_CLIPPED))
        page.set_viewport_size(NARROW)

    def _digest(self) -> str:
        inside = self._page.evaluate("document.title + document.querySelector('main').innerHTML")
        return sha256(_IDS.sub("", inside).encode()).hexdigest()

    def _heard(self, message: Any) -> None:
        # A page that tells of an error is reported by the browser as one; scripts that were held back, too.
        if "Failed to load resource" not in message.text:
            self._note("said", message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self._note("elsewhere", request.url)

    def _note(self, what: str, found: Any) -> None:
        if found:
            self.wrong[what][self._name] = found
