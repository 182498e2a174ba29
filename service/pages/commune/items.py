"""A commune's needs, projects and assets: listed, written, changed, archived, and each step undone."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, Response

from service.answers.questions import communes_of
from service.database import reading
from service.errors import ConflictError, InvalidError, StaleError, UnknownRecordError
from service.pages.commune import project_fields
from service.pages.commune.cards import cards
from service.pages.commune.facts import Version, version_line
from service.pages.commune.form_errors import OTHER, Errors
from service.pages.commune.item_examples import examples
from service.pages.commune.item_forms import FIELDS_OF, Choices, ItemForm, changed, form, made
from service.pages.commune.patches import conflict
from service.pages.commune.visit import Visit, Visited
from service.pages.commune.words import SLUG_OF_KIND, kind_of, label, told
from service.pages.frame_told import told_tags
from service.pages.going import go, part
from service.work import edits, items
from service.work.authors import authored_versions
from service.work.edits import Kept
from service.work.items import Filters
from service.work.subjects import ItemRef

router = APIRouter(prefix="/comuni/{istat}/{kind}", include_in_schema=False)
Slug = Annotated[str, Path(alias="kind", max_length=20)]
ItemId = Annotated[str, Path(max_length=300)]
AT_ONCE = 50


@router.get("")
def list_items(
    visit: Visited,
    slug: Slug,
    words: Annotated[str, Query(alias="q", max_length=200)] = "",
    archived: Annotated[str, Query(alias="archiviati", max_length=1)] = "",
    after: Annotated[str, Query(alias="da", max_length=1000)] = "",
) -> HTMLResponse:
    """List what a commune has written of one kind, and what is public about it."""
    kind = kind_of(slug)
    with visit.acting() as acting:
        filters = Filters(visit.istat, words.strip(), bool(archived))
        found = items.list_items(acting, kind, filters, after=after, limit=AT_ONCE)
    shown = {
        "kind": kind, "slug": slug, "items": found.items, "total": found.total, "last": found.last, "words": words,
        "archived": archived,
    }  # fmt: skip
    return visit.page("items.html", shown)


@router.get("/nuovo")
def read_new(
    visit: Visited, slug: Slug, example: Annotated[str, Query(alias="esempio", max_length=20)] = ""
) -> HTMLResponse:
    """Show the form for something new; an example of ours fills it in."""
    kind = kind_of(slug)
    sent = dict(next((one.fields for one in examples(visit.language) if one.name == example), {}))
    return _form(visit, kind, sent)


@router.post("")
def create_item(visit: Visited, slug: Slug, sent: Annotated[ItemForm, Form()]) -> Response:
    """Keep something new and show the calls for it."""
    kind = kind_of(slug)
    read, wrong = _read(visit, kind, sent)
    fields, more = made(kind, read, visit.istat)
    wrong = {**more, **wrong}
    if fields is None or wrong:
        return _form(visit, kind, sent.model_dump(), wrong, status=422)
    try:
        with visit.acting() as acting:
            item = items.create_item(acting, kind, fields)
    except InvalidError as error:
        return _form(visit, kind, sent.model_dump(), {error.field: OTHER}, status=422)
    return go(_address(visit, item), fatto="creato")


@router.get("/{item_id}")
def read_item(visit: Visited, slug: Slug, item_id: ItemId) -> HTMLResponse:
    """Show one thing that a commune has written, the calls for it, and what it was before."""
    kind = kind_of(slug)
    item = _found(visit, kind, item_id)
    with visit.acting() as acting:
        can_change = visit.principal.keeps(items.keeper(item))
        versions = authored_versions(acting, item) if can_change else []
        plan_tags = told_tags(acting.session, kind, item_id, visit.language)
    ref, data = ItemRef(kind, item_id), _values(visit, kind, item.data)
    answer = None if item.archived_at else visit.answer(ref)
    shown = {
        "kind": kind,
        "slug": slug,
        "item": item,
        "address": _address(visit, item),
        "facts": [
            (label(name, visit.language), told(name, data.get(name), visit.language))
            for name in FIELDS_OF[kind]
            if name not in ("title", "text", "paired_with") and data.get(name)
        ],
        "can_change": can_change,
        "plan_tags": plan_tags,
        "undo": {"address": f"{_address(visit, item)}/annulla", "version": item.version} if can_change else None,
        "versions": [version_line(one, visit.language) for one in reversed(versions)],
        "cards": cards(visit, answer.answered, ref) if answer else None,
    }
    return visit.page("item.html", shown)


@router.get("/{item_id}/modifica")
def read_change(visit: Visited, slug: Slug, item_id: ItemId) -> HTMLResponse:
    """Show the form with what is stored now."""
    kind = kind_of(slug)
    return _form(visit, kind, {}, item=_to_change(visit, kind, item_id))


@router.post("/{item_id}/modifica")
def change_item(visit: Visited, slug: Slug, item_id: ItemId, sent: Annotated[ItemForm, Form()]) -> Response:
    """Change something; who was slower than somebody else sees both and decides."""
    kind = kind_of(slug)
    item = _to_change(visit, kind, item_id)
    read, wrong = _read(visit, kind, sent)
    fields, more = changed(kind, read, item.data)
    wrong = {**more, **wrong}
    if fields is None or wrong:
        return _form(visit, kind, sent.model_dump(), wrong, item=item, status=422)
    try:
        with visit.acting() as acting:
            items.change_item(acting, kind, item_id, sent.versione, fields)
    except InvalidError as error:
        return _form(visit, kind, sent.model_dump(), {error.field: OTHER}, item=item, status=422)
    except StaleError as error:
        return _form(visit, kind, sent.model_dump(), item=item, status=412, stale=error)
    except ConflictError:
        return go(_address(visit, item), fatto="archiviato")
    return go(_address(visit, item), fatto="modificato")


@router.post("/{item_id}/archivia")
def archive_item(visit: Visited, slug: Slug, item_id: ItemId) -> Response:
    """Put something away: it is kept, and no calls are looked for."""
    item = _to_change(visit, kind_of(slug), item_id)
    with visit.acting() as acting:
        edits.archive(acting, items.item_to_change(acting, item.kind.name, item_id))
    return go(_address(visit, item), fatto="archiviato")


@router.post("/{item_id}/ripristina")
def restore_item(visit: Visited, slug: Slug, item_id: ItemId) -> Response:
    """Take something out of the archive."""
    item = _to_change(visit, kind_of(slug), item_id)
    with visit.acting() as acting:
        edits.restore(acting, items.item_to_change(acting, item.kind.name, item_id))
    return go(_address(visit, item), fatto="ripristinato")


@router.post("/{item_id}/annulla")
def undo_change(visit: Visited, slug: Slug, item_id: ItemId, version: Version = 0) -> Response:
    """Undo the last change; once more makes it again."""
    item = _to_change(visit, kind_of(slug), item_id)
    try:
        with visit.acting() as acting:
            edits.undo(acting, items.item_to_change(acting, item.kind.name, item_id), version)
    except (ConflictError, StaleError):
        return go(_address(visit, item), fatto="nulla")
    return go(_address(visit, item), fatto="annullato")


def _found(visit: Visit, kind: str, item_id: str) -> Kept:
    """Return an item that is about the commune of the visit; raises UnknownRecordError for all others."""
    with visit.acting() as acting:
        item = items.read_item(acting, kind, item_id)
    if visit.istat not in communes_of(item.record, item.owner_istat):  # type: ignore[arg-type] # the three kinds alone
        raise items.unknown(kind, item_id)
    return item


def _to_change(visit: Visit, kind: str, item_id: str) -> Kept:
    item = _found(visit, kind, item_id)
    if not visit.principal.keeps(items.keeper(item)):
        raise UnknownRecordError(f"{item_id}: none of the {kind} that you may change has this id")
    return item


def _address(visit: Visit, item: Kept) -> str:
    return f"{visit.address}/{SLUG_OF_KIND[item.kind.name]}/{part(item.record.id)}"


def _read(visit: Visit, kind: str, sent: ItemForm) -> tuple[ItemForm, Errors]:
    """Return a form as programs read it: names of communes and programmes are codes."""
    if kind != project_fields.PROJECTS:
        return sent, {}
    with reading(visit.engine) as session:
        return project_fields.in_codes(session, sent)


def _values(visit: Visit, kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return stored values as people read them."""
    if kind != project_fields.PROJECTS or not data:
        return data
    with reading(visit.engine) as session:
        return project_fields.in_words(session, data)


def _offered(visit: Visit, kind: str, item: Kept | None) -> Choices:
    """Return what may be chosen in a form, of what depends on what is stored."""
    if kind != project_fields.PROJECTS:
        return {}
    with reading(visit.engine) as session:
        found = project_fields.choices_of(session, visit.istat, item.data.get("paired_with", "") if item else "")
    own = item.record.id if item else ""
    return {name: tuple(one for one in offered if one[0] != own) for name, offered in found.items()}


def _form(
    visit: Visit,
    kind: str,
    sent: Mapping[str, Any],
    wrong: Errors | None = None,
    *,
    item: Kept | None = None,
    status: int = 200,
    stale: StaleError | None = None,
) -> HTMLResponse:
    shown = {
        "kind": kind,
        "slug": SLUG_OF_KIND[kind],
        "fields": form(
            kind,
            sent or _values(visit, kind, item.data if item else {}),
            wrong or {},
            visit.language,
            _offered(visit, kind, item),
        ),
        "wrong": bool(wrong),
        "version": item.version if item else 0,
        "address": _address(visit, item) if item else "",
        "title": item.data["title"] if item else "",
        "is_stale": stale is not None,
        "differing": conflict(stale, visit.language) if stale else [],
    }
    return visit.page("item_form.html", shown, status)
