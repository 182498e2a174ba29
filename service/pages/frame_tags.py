"""The strategic tags of one record: why each counts, and a person's word on it."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from matcher.serialization import from_data
from matcher.strategy import ALL_SCHEMES, CODES, DecidedBy, Tag
from service.access.enforcement import CurrentPrincipal
from service.api.acting import Watched
from service.errors import ConflictError, InvalidError, UnknownRecordError
from service.frame.reading import TagReader, model_for
from service.kinds import KIND_NAMED
from service.pages.desk import acting_in
from service.pages.frame_told import ToldTag, address_of, told_tag
from service.pages.going import go, part
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.tag_wording import scheme_name
from service.tagging import as_they_count
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work.acting import Acting
from service.work.tags import (
    KINDS,
    list_tag_overrides,
    may_read,
    may_write,
    override_tag,
    overrides_of,
    read_tag_override,
    withdraw_tag_override,
)

router = APIRouter(include_in_schema=False)
TAGS = "/quadro/etichette"
_SEPARATOR = "|"
_SAID = 50
"""How many words of people on one record are shown."""
RecordKind = Annotated[str, Query(alias="tipo", max_length=20)]
_NO_NUL = r"^[^\x00]*$"
"""No database keeps a NUL in a text."""
RecordId = Annotated[str, Query(alias="scheda", max_length=300, pattern=_NO_NUL)]


@router.get(TAGS)
def read_tags(
    request: Request,
    acting: Watched,
    language: PageLanguage,
    kind: RecordKind = "calls",
    record_id: RecordId = "",
) -> Response:
    """Show why each tag of a record counts, what is left to a person, and what people said."""
    if not record_id:
        return go("/quadro")
    return _page(request, acting, language, kind, record_id)


@router.post(TAGS)
def say_tag(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    kind: Annotated[str, Form(alias="tipo", max_length=20)] = "",
    record_id: Annotated[str, Form(alias="scheda", max_length=300, pattern=_NO_NUL)] = "",
    scheme: Annotated[str, Form(alias="schema", max_length=20)] = "",
    code: Annotated[str, Form(alias="codice", max_length=20)] = "",
    both: Annotated[str, Form(alias="voce", max_length=50)] = "",
    holds: Annotated[str, Form(alias="vale", max_length=2)] = "",
) -> Response:
    """Set a tag, or take it away."""
    if both:
        scheme, _, code = both.partition(_SEPARATOR)
    try:
        with acting_in(request, principal, request_id) as acting:
            _must_see(acting, kind, record_id)
            override_tag(acting, kind, record_id, scheme, code, holds=holds == "si")
    except (InvalidError, ConflictError) as error:
        status = 409 if isinstance(error, ConflictError) else 422
        with acting_in(request, principal, request_id) as acting:
            return _page(request, acting, language, kind, record_id, status)
    return go(address_of(kind, record_id))


@router.post(f"{TAGS}/{{override_id}}/annulla")
def take_back(request: Request, principal: CurrentPrincipal, request_id: RequestId, override_id: PathId) -> Response:
    """Take a word back: what the record or the model says counts again."""
    with acting_in(request, principal, request_id) as acting:
        said = read_tag_override(acting, override_id)
        withdraw_tag_override(acting, override_id)
    return go(address_of(said.kind, said.record_id))


def _must_see(acting: Acting, kind: str, record_id: str) -> None:
    if kind not in KINDS or not may_read(acting, kind, record_id):
        raise UnknownRecordError(f"{record_id}: no record that you may see has this id")


def _page(
    request: Request, acting: Acting, language: str, kind: str, record_id: str, status: int = 200
) -> HTMLResponse:
    _must_see(acting, kind, record_id)
    record, tags = _read(request, acting, kind, record_id)
    said, _last = list_tag_overrides(acting, kind, record_id, limit=_SAID)
    shown = {
        "kind": kind,
        "record_id": record_id,
        "title": record.title or record.text[:80],
        "back": _back(kind, record),
        "tags": [_told(tag, language) for tag in tags if tag.certain],
        "doubtful": [_told(tag, language) for tag in tags if not tag.certain],
        "said": [
            {"id": one.id, "name": _named(one.scheme, one.code, language), "holds": one.holds, "at": one.at}
            for one in said
        ],
        "can_write": may_write(acting, kind, record_id),
        "choices": list(_choices(language)),
        "wrong": status != 200,
    }
    return page(request, "frame/record.html", shown, status)


def _read(request: Request, acting: Acting, kind: str, record_id: str) -> tuple[Any, tuple[Tag, ...]]:
    """Return a record and its tags as they count now, those left to a person with them."""
    table = KIND_NAMED[kind].table
    payload = acting.session.execute(select(table.c.payload).where(table.c.id == record_id)).scalar_one()
    record: Any = from_data(KIND_NAMED[kind].record_type, json.loads(payload))
    encoder = state_of(request).live.serving().encoder
    (read,) = TagReader(encoder, model_for(encoder)).read([record])
    said = overrides_of(acting.session, kind, [record_id]).get(record_id, ())
    return record, as_they_count(read, record, said)


def _told(tag: Tag, language: str) -> ToldTag:
    by_hand = tag.decided_by is DecidedBy.PERSON
    return told_tag(tag.scheme, tag.code, tag.evidence, tag.probability, language, by_hand=by_hand)


def _named(scheme: str, code: str, language: str) -> str:
    return told_tag(scheme, code, "", 1.0, language, by_hand=True).name


def _back(kind: str, record: Any) -> str:
    own = part(record.id)
    return {
        "calls": f"/bandi/{own}",
        "precedents": f"/progetti/{own}",
        "projects": f"/progetti/{own}",
        "assets": f"/beni/{own}",
        "needs": f"/comuni/{getattr(record, 'commune_istat', '')}/bisogni/{own}",
    }[kind]


def _choices(language: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for scheme in ALL_SCHEMES:
        names = [(f"{scheme}{_SEPARATOR}{code}", _named(scheme, code, language)) for code in CODES[scheme]]
        yield scheme_name(scheme, language), names
