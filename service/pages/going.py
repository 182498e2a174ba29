"""Where somebody goes next: never to another site, and after coming in to what is theirs."""

from urllib.parse import quote, urlencode

from fastapi.responses import RedirectResponse

from service.access.principal import STAFF
from service.accounts.directory import Account
from service.accounts.tables import Role


def own_address(words: str, otherwise: str = "/") -> str:
    """Return an address of ours as it was sent, or ``otherwise`` for one that leads to another site."""
    is_ours = words.startswith("/") and not words.startswith(("//", "/\\")) and words.isprintable()
    return words if is_ours else otherwise


def go(address: str, **query: str) -> RedirectResponse:
    """Lead a browser on after something was sent, so that to reload the page sends nothing twice."""
    asked = urlencode({name: value for name, value in query.items() if value})
    path, mark, place = address.partition("#")
    joint = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joint}{asked}{mark}{place}" if asked else address, status_code=303)


def home_of(account: Account) -> str:
    """Return the page on which an account's work begins."""
    if account.role is Role.COMMUNE and account.commune_istat:
        return f"/comuni/{account.commune_istat}"
    return "/incubatore" if account.role in STAFF else "/"


def part(words: str) -> str:
    """Return words, such as an id, as one part of an address."""
    return quote(words, safe=":")
