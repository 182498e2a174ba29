"""What a commune lets others know of its interest in a call: said, taken back, said again."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from service.errors import ConflictError, InvalidError, UnknownCommuneError
from service.pages.commune.visit import Visit, Visited
from service.pages.going import go, own_address
from service.partners.interests import Consent, restore_interest, show_interest, withdraw_interest
from service.partners.tables import Audience
from service.web.requests import PathId
from service.work.texts import plain_text

router = APIRouter(prefix="/comuni/{istat}/interesse", include_in_schema=False)
Back = Annotated[str, Form(alias="ritorno", max_length=9_000)]


@router.post("")
def let_know(
    visit: Visited,
    call_id: Annotated[str, Form(alias="bando", max_length=300)] = "",
    shown_to: Annotated[Audience, Form(alias="a_chi")] = Audience.NOBODY,
    chosen: Annotated[str, Form(alias="scelti", max_length=2_000)] = "",
    contact: Annotated[str, Form(alias="recapito", max_length=300)] = "",
    back: Back = "",
) -> Response:
    """Keep that a call interests the commune, and whom it lets know."""
    following = own_address(back, visit.address)
    try:
        consent = Consent(shown_to, _chosen(visit, chosen, shown_to), plain_text(contact.strip()))
        with visit.acting() as acting:
            show_interest(acting, visit.istat, call_id, consent)
    except (InvalidError, UnknownCommuneError, ValueError):
        return go(following, done="recapito")
    return go(following, done="interesse")


@router.post("/{interest_id}/ritiro")
def take_back(visit: Visited, interest_id: PathId, back: Back = "") -> Response:
    """Let nobody else know any longer."""
    with visit.acting() as acting:
        withdraw_interest(acting, interest_id)
    return go(own_address(back, visit.address), done="ritirato", detto=interest_id)


@router.post("/{interest_id}/ripristino")
def say_again(visit: Visited, interest_id: PathId, back: Back = "") -> Response:
    """Let hold again what was taken back, with the same consent."""
    following = own_address(back, visit.address)
    try:
        with visit.acting() as acting:
            restore_interest(acting, interest_id)
    except ConflictError:
        return go(following, done="contrasto")
    return go(following, done="interesse")


def _chosen(visit: Visit, names: str, shown_to: Audience) -> tuple[str, ...]:
    """Return the codes of communes named one after another; raises UnknownCommuneError."""
    if shown_to is not Audience.CHOSEN:
        return ()
    return tuple(visit.serving.finder.find(name.strip()).istat for name in names.split(",") if name.strip())
