"""What somebody receives every week: chosen in one's own account, or asked for by a visitor with an address."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.accounts.configuration import post_of
from service.accounts.directory import LANGUAGES, LONGEST_EMAIL, normal_email
from service.catalogue.overview import followed
from service.database import reading, writing_in_turn
from service.digests import preferences, subscriptions
from service.digests.addresses import is_pec
from service.digests.content import Audience, Follow, FollowKind, Quiet
from service.digests.running import pec_domains
from service.digests.subscriptions import Wanted
from service.digests.tables import SubscriptionState
from service.errors import InvalidError, StaleError, TooManyError, UnknownCommuneError
from service.pages.entering import refused
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.web.requests import ClientAddress, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
OWN, VISITORS = "/account/posta", "/posta-settimanale"
LONGEST_NAME = 100
Follows = Annotated[list[str] | None, Form(alias="segui", max_length=subscriptions.MOST_FOLLOWS)]
Commune = Annotated[str, Form(alias="comune", max_length=LONGEST_NAME)]
Language = Annotated[str, Form(alias="lingua", max_length=2)]


@router.get(OWN)
def read_own(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    done: Annotated[str, Query(alias="fatto", max_length=20)] = "",
) -> HTMLResponse:
    """Show what one receives every week."""
    return _own_page(request, session, principal, done=done)


@router.post(OWN)
def keep_own(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    version: Annotated[int, Form(alias="versione", ge=0, le=2**31 - 1)] = 0,
    follows: Follows = None,
    commune: Commune = "",
    language: Language = "it",
    quiet: Annotated[Quiet, Form(alias="tranquilla")] = Quiet.SAY_SO,
    audience: Annotated[Audience, Form(alias="tipo")] = Audience.COMMUNE,
    muted: Annotated[list[str] | None, Form(alias="basta", max_length=subscriptions.MOST_MUTED)] = None,
) -> Response:
    """Keep what one wants to receive."""
    try:
        chosen = [*_follows(follows or []), *_named(request, commune)]
        wanted = Wanted(tuple(dict.fromkeys(chosen)), audience, language, quiet, frozenset(muted or []))
        with writing_in_turn(state_of(request).engine) as session:
            acting = Acting(session, principal, request_id)
            subscriptions.keep(acting, wanted, version or None, pec_domains(state_of(request).settings))
    except (InvalidError, StaleError, UnknownCommuneError) as error:
        with reading(state_of(request).engine) as session:
            return refused(_own_page(request, session, principal, error=_code(error)), _code(error))
    return go(OWN, fatto="si")


@router.get(VISITORS)
def read_form(
    request: Request, language: PageLanguage, done: Annotated[str, Query(alias="fatto", max_length=20)] = ""
) -> HTMLResponse:
    """Ask a visitor for an address and the communes to follow."""
    return _form(request, {"lingua": language}, done=bool(done))


@router.post(VISITORS)
def ask_for(
    request: Request,
    later: BackgroundTasks,
    request_id: RequestId,
    address: ClientAddress,
    email: Annotated[str, Form(max_length=LONGEST_EMAIL)] = "",
    commune: Commune = "",
    language: Language = "it",
) -> Response:
    """Send the letter with which the address is confirmed, and say the same to everybody."""
    state, sent = state_of(request), {"email": email, "comune": commune, "lingua": language}
    try:
        found = tuple(_named(request, commune))
        if not found:
            raise InvalidError("follows", "choose a commune")
        if is_pec(normal_email(email), pec_domains(state.settings)):
            raise InvalidError("pec", "certified mail gets no weekly e-mail")
        wanted = Wanted(found, Audience.COMMUNE, language if language in LANGUAGES else LANGUAGES[0])
        preferences.count_asked(state.engine, email, address)
    except (InvalidError, UnknownCommuneError) as error:
        return refused(_form(request, sent, error=_code(error)), _code(error))
    except TooManyError as error:
        return refused(_form(request, sent, error="paused", wait=error.retry_after), "paused", error.retry_after)
    later.add_task(preferences.ask, state.engine, state.settings, request_id, email, wanted)
    return go(VISITORS, fatto="si")


def _own_page(request: Request, session: Session, principal: Principal, **said: str) -> HTMLResponse:
    kept = subscriptions.of_account(session, principal.account_id or "")
    active = kept is not None and kept.state is SubscriptionState.ACTIVE
    wanted = kept.wanted if kept is not None else _first(principal)
    shown: dict[str, Any] = {
        "active": active,
        "version": kept.version if kept is not None else 0,
        "wanted": wanted,
        "choices": preferences.choices(session, principal, wanted.follows),
        "end_address": f"/disiscrizione/{kept.token}" if active and kept is not None else "",
        "communes": followed(state_of(request).live.serving().communes),
        "done": "",
        "error": "",
    }
    return page(request, "mail/preferences.html", shown | said)


def _first(principal: Principal) -> Wanted:
    """What is proposed to somebody who has chosen nothing yet."""
    own = principal.commune_istat
    follows = (Follow(FollowKind.COMMUNE, own),) if own else ()
    audience = Audience.CONSULTANT if principal.is_staff else Audience.COMMUNE
    return Wanted(follows, audience, principal.language)


def _form(
    request: Request, sent: dict[str, str], *, done: bool = False, error: str = "", wait: int = 0
) -> HTMLResponse:
    state = state_of(request)
    shown = {
        "sent": {"email": "", "comune": ""} | sent,
        "done": done,
        "error": error,
        "wait": wait,
        "sends": post_of(state.settings).server is not None,
        "communes": followed(state.live.serving().communes),
    }
    return page(request, "mail/ask.html", shown)


def _follows(sent: list[str]) -> list[Follow]:
    found = []
    for words in sent:
        kind, _, record_id = words.partition("|")
        if kind not in {one.value for one in FollowKind} or not record_id:
            raise InvalidError("follows", "nothing has this name")
        found.append(Follow(FollowKind(kind), record_id))
    return found


def _named(request: Request, commune: str) -> list[Follow]:
    if not commune.strip():
        return []
    found = state_of(request).live.serving().finder.find(commune)
    return [Follow(FollowKind.COMMUNE, found.istat)]


def _code(error: InvalidError | StaleError | UnknownCommuneError) -> str:
    if isinstance(error, InvalidError):
        return error.field
    return "stale" if isinstance(error, StaleError) else "commune"
