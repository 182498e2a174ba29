"""Every page that there is, taken from the application itself, so that a page that nobody listed is walked too.

router ──GET──► each page on a new thing of a commune, and as it is before there is anything
──POST─► what comes back: of a form as it should be filled in, of an empty one, of one that is out of date
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from matcher.records import Commune
from service.access.pages import PAGES
from service.access.policy import POLICY
from service.accounts.tables import Role
from tests.service.access.bodies import OWN
from tests.service.access.matrix import routes
from tests.service.access.samples import Samples
from tests.service.pages.browsers import as_browser
from tests.service.web.clients import BASE_URL

WALKERS = (Role.PUBLIC, Role.COMMUNE, Role.CONSULTANT, Role.ADMINISTRATOR)
"""Everybody who sees pages of their own; a reader sees what a visitor does."""
ALWAYS_THERE = frozenset({"istat", "kind", "call_id:path", "token"})
"""What the address of a page may name and still be there before anybody has written anything."""
OUT_OF_DATE = "999"
"""A version that nothing has."""
_NOT_PAGES = ("/static/",)


@dataclass(frozen=True, slots=True)
class Stop:
    """One page as one role opens it."""

    role: Role
    template: str
    path: str


def templates(app: FastAPI, method: str = "GET") -> list[str]:
    """Return the path of every page that can be opened, or of every form, as it stands in the router."""
    return sorted(
        path for one, path in routes(app) if (one, path) in PAGES and one == method and not path.startswith(_NOT_PAGES)
    )


def stops(samples: Samples, role: Role, commune: Commune = OWN, *, empty: bool = False) -> Iterator[Stop]:
    """Yield each page that a role may open, on a new thing of a commune; or those that need nothing written before."""
    for template in templates(samples.app):
        if role not in POLICY["GET", template].roles:
            continue
        if not empty or set(re.findall(r"\{([^}]+)\}", template)) <= ALWAYS_THERE:
            yield Stop(role, template, samples.path(template, commune, role))


def sent_forms(samples: Samples, language: str) -> Iterator[tuple[str, Role, Response]]:
    """Yield what comes back of every form: its name, who sent it (the least that may), the page that it ends on."""
    for template in templates(samples.app, "POST"):
        role = next(role for role in WALKERS if role in POLICY["POST", template].roles)
        body = samples.body("POST", template, OWN) or {}
        for name, sent in {"": body, " empty": {}, " stale": body | {"versione": OUT_OF_DATE}}.items():
            client = walker(samples, role, language)
            yield f"{template}{name}", role, client.post(samples.path(template, OWN, role), data=dict(sent))


def walker(samples: Samples, role: Role, language: str) -> TestClient:
    """Return a browser without scripts of a role, that reads a language."""
    client = samples.client(role)
    if role is not Role.PUBLIC:
        client = as_browser(client)
    client.headers |= {"Accept": "text/html", "Accept-Language": language, "Origin": BASE_URL}
    return client


def is_page(answer: Response | Mapping[str, Any]) -> bool:
    """Whether an answer is a page and no file to download."""
    headers = answer.headers if isinstance(answer, Response) else answer
    return str(headers.get("content-type", "")).startswith("text/html")
