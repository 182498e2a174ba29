"""Every page that there is, taken from the application itself, so that a page that nobody listed is walked too."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI

from matcher.records import Commune
from service.access.pages import PAGES
from service.access.policy import POLICY
from service.accounts.tables import Role
from tests.service.access.matrix import routes
from tests.service.access.samples import OWN, Samples

WALKERS = (Role.PUBLIC, Role.COMMUNE, Role.CONSULTANT, Role.ADMINISTRATOR)
"""Everybody who sees pages of their own; a reader sees what a visitor does."""
_NOT_PAGES = ("/static/",)


@dataclass(frozen=True, slots=True)
class Stop:
    """One page as one role opens it."""

    role: Role
    template: str
    path: str


def templates(app: FastAPI) -> list[str]:
    """Return the path of every page that can be opened, as it stands in the router."""
    return sorted(
        path for method, path in routes(app) if (method, path) in PAGES and method == "GET" and _is_page(path)
    )


def stops(samples: Samples, role: Role, commune: Commune = OWN) -> Iterator[Stop]:
    """Yield each page that a role may open, on a new thing of a commune where the page shows one."""
    for template in templates(samples.app):
        if role in POLICY["GET", template].roles:
            yield Stop(role, template, samples.path(template, commune, role))


def _is_page(path: str) -> bool:
    return not path.startswith(_NOT_PAGES)
