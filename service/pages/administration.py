"""Accounts, invitations and API keys, for administrators."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.accounts import administration, invitations
from service.accounts.administration import AccountFilter
from service.accounts.api_keys import list_api_keys, revoke_api_key
from service.accounts.configuration import post_of
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.trail import record
from service.catalogue.overview import followed
from service.database import reading, writing
from service.errors import ConflictError, InvalidError, StaleError, UnknownCommuneError
from service.moments import now
from service.pages.desk import Done, notice
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.names import role_name, scope_name
from service.pages.names_of_access import account_state_name
from service.pages.templating import page
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession

router = APIRouter(include_in_schema=False)
ACCOUNTS = "/amministrazione"
KEYS = f"{ACCOUNTS}/chiavi"
AT_ONCE = 50
ROLES = (Role.COMMUNE, Role.CONSULTANT, Role.ADMINISTRATOR, Role.READER)
"""The roles that an account can have."""


@router.get(ACCOUNTS)
def read_accounts(
    request: Request,
    session: ReadSession,
    language: PageLanguage,
    parole: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
    done: Done = "",
) -> HTMLResponse:
    """Show the accounts, and the form that invites somebody."""
    asked = {"parole": parole, "cursor": cursor}
    return _accounts(request, session, language, asked, {"notice": notice(done, "", language)})


@router.post(f"{ACCOUNTS}/inviti")
def invite(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    email: Annotated[str, Form(max_length=300)] = "",
    nome: Annotated[str, Form(max_length=300)] = "",
    ruolo: Annotated[Role, Form()] = Role.COMMUNE,
    comune: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Invite somebody; without a mail server the page shows the link, this once."""
    state = state_of(request)
    sent = {"email": email, "nome": nome, "ruolo": ruolo.value, "comune": comune}
    try:
        istat = state.live.serving().finder.find(comune).istat if ruolo is Role.COMMUNE else None
        wanted = invitations.NewAccount(email=email, name=nome, role=ruolo, commune_istat=istat)
        made = invitations.invite(state.engine, post_of(state.settings), principal, request_id, wanted)
    except (InvalidError, ConflictError, UnknownCommuneError) as error:
        field = "comune" if isinstance(error, UnknownCommuneError) else getattr(error, "field", "there")
        told = {"error": field, "sent": sent}
        return _told(request, language, told, 409 if isinstance(error, ConflictError) else 422)
    return _told(request, language, {"link": made}, 201)


@router.post(f"{ACCOUNTS}/accessi/{{account_id}}/link")
def send_link(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, language: PageLanguage, account_id: PathId
) -> Response:
    """Send an invitation again, or the link to a new password."""
    state = state_of(request)
    try:
        made = invitations.send_link(state.engine, post_of(state.settings), principal, request_id, account_id)
    except ConflictError:
        return _told(request, language, {"error": "disabled"}, 409)
    return _told(request, language, {"link": made}, 201)


@router.post(f"{ACCOUNTS}/accessi/{{account_id}}/stato")
def change_state(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    account_id: PathId,
    stato: Annotated[AccountState, Form()],
    versione: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """Disable an account or enable it again; who is disabled is logged out."""
    return _changed(request, principal, request_id, language, account_id, versione, {"state": stato})


@router.post(f"{ACCOUNTS}/accessi/{{account_id}}/ruolo")
def change_role(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    account_id: PathId,
    ruolo: Annotated[Role, Form()],
    versione: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """Give an account another role; it has to log in again."""
    return _changed(request, principal, request_id, language, account_id, versione, {"role": ruolo})


@router.post(f"{ACCOUNTS}/accessi/{{account_id}}/secondo-fattore")
def reset_second_factor(
    session: WriteSession, principal: CurrentPrincipal, request_id: RequestId, account_id: PathId
) -> Response:
    """Take the second factor from somebody who lost it."""
    administration.reset_second_factor(session, principal, request_id, account_id)
    return go(ACCOUNTS, fatto="secondo_fattore")


@router.get(KEYS)
def read_keys(request: Request, session: ReadSession, language: PageLanguage, done: Done = "") -> HTMLResponse:
    """Show every API key with its owner; its secret is kept nowhere."""
    keys = list_api_keys(session)
    owners = {row.id: row for row in session.execute(select(AccountRow.id, AccountRow.name, AccountRow.email))}
    on = now()
    shown = [
        {
            "key": key,
            "owner": owners[key.account_id],
            "works": key.revoked_at is None and key.expires_at > on,
            "scopes": [scope_name(one, language) for one in key.scopes],
        }
        for key in keys
    ]
    return page(request, "administration/keys.html", {"keys": shown, "notice": notice(done, "", language)})


@router.post(f"{KEYS}/{{api_key_id}}/revoca")
def revoke_key(
    session: WriteSession, principal: CurrentPrincipal, request_id: RequestId, api_key_id: PathId
) -> Response:
    """Revoke a key for good."""
    key = revoke_api_key(session, api_key_id)
    record(session, principal, request_id, "api_key.revoked", "api_key", key.id)
    return go(KEYS, fatto="revocata")


def _changed(
    request: Request,
    principal: Principal,
    request_id: str,
    language: str,
    account_id: str,
    version: int,
    changes: Mapping[str, Any],
) -> Response:
    try:
        with writing(state_of(request).engine) as session:
            administration.change_account(session, principal, request_id, account_id, version, changes)
    except (InvalidError, ConflictError, StaleError) as error:
        code = {ConflictError: "last", StaleError: "stale"}.get(type(error), getattr(error, "field", ""))
        return _told(request, language, {"error": code}, {"last": 409, "stale": 412}.get(code, 422))
    return go(ACCOUNTS, fatto="accesso")


def _told(request: Request, language: str, told: Mapping[str, Any], status: int) -> HTMLResponse:
    with reading(state_of(request).engine) as session:
        answer = _accounts(request, session, language, {}, told, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _accounts(
    request: Request,
    session: Session,
    language: str,
    asked: Mapping[str, str],
    told: Mapping[str, Any],
    status: int = 200,
) -> HTMLResponse:
    serving = state_of(request).live.serving()
    names = {one.istat: one.name for one in serving.communes}
    words = asked.get("parole", "")
    after = decode_cursor(asked.get("cursor", ""))
    found, total = administration.list_accounts(session, AccountFilter(words=words), after=after, limit=AT_ONCE + 1)
    query = {"parole": words, "cursor": encode_cursor(found[AT_ONCE - 1].email)} if len(found) > AT_ONCE else {}
    shown = {
        "accounts": [
            {
                "account": one,
                "role": role_name(one.role.value, language),
                "state": account_state_name(one.state, language),
                "commune": names.get(one.commune_istat or "", ""),
            }
            for one in found[:AT_ONCE]
        ],
        "total": total,
        "words": words,
        "following": f"{ACCOUNTS}?{urlencode(query)}" if query else "",
        "roles": [(role.value, role_name(role.value, language)) for role in ROLES],
        "communes": followed(serving.communes),
        "notice": {"words": "", "undo": ""},
        "error": "",
        "sent": {"email": "", "nome": "", "ruolo": Role.COMMUNE.value, "comune": ""},
        "link": None,
    }
    return page(request, "administration/accounts.html", shown | dict(told), status)
