"""The access matrix as a table that people read; ``python -m tests.service.access.matrix`` writes docs/access.md."""

from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from service.access.policy import POLICY, Rule
from service.accounts.tables import Role
from service.settings import Settings
from service.web.app import create_app

FILE = Path(__file__).resolve().parents[3] / "docs" / "access.md"
ROLES = (Role.PUBLIC, Role.READER, Role.COMMUNE, Role.CONSULTANT, Role.ADMINISTRATOR)
_HEAD = """# Who may call what

Every route of the service, from the one table that it asks (`service/access/policy.py`); a route that is not in the
table is refused. A test walks every route as every role, on things of one's own commune and of another, and keeps this
page true (`python -m tests.service.access.matrix` writes it again).

- **yes**: may call it.
- **own**: an account of a commune sees and changes what its own commune keeps; what another commune keeps does not
  exist for it: 404, not counted, not listed, not to be told from an id that was made up.
- **public**: sees what was imported from public sources, nothing that a commune keeps.
- **—**: 401 without an account, 403 with one.
- **session**: only within a log-in begun with a password (a second factor still to come is what these are for).

The last column is the scope that an API key needs besides the rights of its account; without one no key may call the
route. A session of an account that must give a second factor counts as a visitor's until it is given.

| method | path | visitor | reader | commune | consultant | administrator | scope of a key |
|---|---|---|---|---|---|---|---|
"""
IN_SESSION = frozenset(
    {
        ("GET", "/api/v1/sessions/current"),
        ("POST", "/api/v1/sessions/current/second-factor"),
        ("POST", "/api/v1/account/second-factor"),
        ("POST", "/api/v1/account/second-factor/confirmations"),
    }
)
"""Open to everybody in the table, because a session that lacks its second factor has no role yet; the function asks."""


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield the method and path of every route of an application."""
    for context in iter_route_contexts(app.routes):
        path = getattr(context, "path", None) or getattr(context.original_route, "path", "")
        methods = getattr(context, "methods", None) or getattr(context.original_route, "methods", None) or {"GET"}
        yield from ((method, path) for method in sorted(methods - {"HEAD"}))


def table(app: FastAPI) -> str:
    """Return the page: each route with who may call it."""
    lines = [
        f"| {method} | `{path}` | {_cells(method, path, POLICY[method, path])} |"
        for path, method in sorted((path, method) for method, path in routes(app))
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _cells(method: str, path: str, rule: Rule) -> str:
    cells = [_cell(method, path, rule, role) for role in ROLES]
    return " | ".join([*cells, f"`{rule.scope}`" if rule.scope else "—"])


def _cell(method: str, path: str, rule: Rule, role: Role) -> str:
    if role not in rule.roles:
        return "—"
    if (method, path) in IN_SESSION:
        return "session"
    if rule.own and role is Role.COMMUNE:
        return "own"
    return "public" if rule.own and role in (Role.PUBLIC, Role.READER) else "yes"


if __name__ == "__main__":
    FILE.write_text(table(create_app(Settings())), encoding="utf-8")
