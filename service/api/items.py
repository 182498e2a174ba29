"""Needs, projects and assets over HTTP: the same routes for the three kinds.

GET / · POST / · GET, PATCH, DELETE /{item_id} · GET /{item_id}/versions · POST /{item_id}/reversals, …/restorations
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from service.api.acting import Watched, Writing
from service.api.shapes_items import AssetShape, ItemShape, NeedShape, ProjectShape, RecordId, Versions
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.versions import EditedVersion, etag, not_modified
from service.work import edits, items
from service.work.authors import authored_versions
from service.work.edits import Kept
from service.work.fields import AssetChanges, NeedChanges, NewAsset, NewNeed, NewProject, ProjectChanges
from service.work.items import Filters

CommuneFilter = Annotated[
    str, Query(pattern=r"^([0-9]{6})?$", max_length=6, description="only of this commune (ISTAT code)")
]
WordsFilter = Annotated[str, Query(max_length=200, description="only with these words in title or text")]
ArchivedFilter = Annotated[bool, Query(description="the archived ones instead of the others")]
MERGE_PATCH = "application/merge-patch+json"


class ItemRoutes:
    """The routes that need no body, for one kind of item."""

    def __init__(self, kind: str, shape: type[ItemShape]) -> None:
        self.kind = kind
        self.shape = shape

    def list_items(
        self,
        acting: Watched,
        commune: CommuneFilter = "",
        q: WordsFilter = "",
        archived: ArchivedFilter = False,
        limit: Limit = 20,
        cursor: Cursor = "",
    ) -> Any:
        """List the items that you may see, in the order of their titles."""
        filters = Filters(commune, q.strip(), archived)
        found = items.list_items(acting, self.kind, filters, after=decode_cursor(cursor), limit=limit)
        shown = [self.shape.of(item) for item in found.items]
        return Page[Any](items=shown, next_cursor=encode_cursor(found.last), total=found.total)

    def read_item(self, acting: Watched, item_id: RecordId, request: Request, response: Response) -> Any:
        """Read one item, with its version as its ETag."""
        item = items.read_item(acting, self.kind, item_id)
        return not_modified(request, response, etag(item.version)) or self.shape.of(item)

    def archive_item(self, acting: Writing, item_id: RecordId) -> None:
        """Archive an item: it is kept, and no longer offered."""
        edits.archive(acting, items.item_to_change(acting, self.kind, item_id))

    def restore_item(self, acting: Writing, item_id: RecordId, response: Response) -> Any:
        """Take an item out of the archive."""
        return self.shown(edits.restore(acting, items.item_to_change(acting, self.kind, item_id)), response)

    def undo_change(self, acting: Writing, item_id: RecordId, version: EditedVersion, response: Response) -> Any:
        """Undo the last change that a person made to an item; once more makes it again."""
        return self.shown(edits.undo(acting, items.item_to_change(acting, self.kind, item_id), version), response)

    def list_versions(self, acting: Watched, item_id: RecordId) -> Versions:
        """List what an item was before: who changed what, and when."""
        return Versions.of(authored_versions(acting, items.read_item(acting, self.kind, item_id)))

    def shown(self, item: Kept, response: Response) -> Any:
        """Return an item as it is now, with its version as its ETag."""
        response.headers["ETag"] = etag(item.version)
        return self.shape.of(item)

    def created(self, item: Kept, response: Response) -> Any:
        """Return an item that was just made, with its address."""
        response.headers["Location"] = f"/api/v1/{self.kind}/{item.record.id}"
        return self.shown(item, response)


NEEDS = ItemRoutes("needs", NeedShape)
PROJECTS = ItemRoutes("projects", ProjectShape)
ASSETS = ItemRoutes("assets", AssetShape)


def create_need(acting: Writing, body: NewNeed, response: Response) -> Any:
    """Keep a new need."""
    return NEEDS.created(items.create_item(acting, "needs", body), response)


def change_need(
    acting: Writing,
    item_id: RecordId,
    version: EditedVersion,
    body: Annotated[NeedChanges, Body(media_type=MERGE_PATCH)],
    response: Response,
) -> Any:
    """Change fields of a need."""
    return NEEDS.shown(items.change_item(acting, "needs", item_id, version, body), response)


def create_project(acting: Writing, body: NewProject, response: Response) -> Any:
    """Keep a new project."""
    return PROJECTS.created(items.create_item(acting, "projects", body), response)


def change_project(
    acting: Writing,
    item_id: RecordId,
    version: EditedVersion,
    body: Annotated[ProjectChanges, Body(media_type=MERGE_PATCH)],
    response: Response,
) -> Any:
    """Change fields of a project."""
    return PROJECTS.shown(items.change_item(acting, "projects", item_id, version, body), response)


def create_asset(acting: Writing, body: NewAsset, response: Response) -> Any:
    """Keep a new asset."""
    return ASSETS.created(items.create_item(acting, "assets", body), response)


def change_asset(
    acting: Writing,
    item_id: RecordId,
    version: EditedVersion,
    body: Annotated[AssetChanges, Body(media_type=MERGE_PATCH)],
    response: Response,
) -> Any:
    """Change fields of an asset."""
    return ASSETS.shown(items.change_item(acting, "assets", item_id, version, body), response)


def _router(routes: ItemRoutes, page: Any, create: Callable[..., Any], change: Callable[..., Any]) -> APIRouter:
    kind, one, shape = routes.kind, routes.kind.removesuffix("s"), routes.shape
    made = APIRouter(prefix=f"/api/v1/{kind}", tags=[kind])
    item = "/{item_id}"
    made.add_api_route("", routes.list_items, operation_id=f"list_{kind}", response_model=page)
    made.add_api_route(
        "", create, methods=["POST"], operation_id=f"create_{one}", response_model=shape, status_code=201
    )
    made.add_api_route(item, routes.read_item, operation_id=f"read_{one}", response_model=shape)
    made.add_api_route(item, change, methods=["PATCH"], operation_id=f"change_{one}", response_model=shape)
    made.add_api_route(item, routes.archive_item, methods=["DELETE"], operation_id=f"archive_{one}", status_code=204)
    made.add_api_route(f"{item}/versions", routes.list_versions, operation_id=f"list_{one}_versions")
    for path, endpoint, verb in (
        ("reversals", routes.undo_change, "undo"),
        ("restorations", routes.restore_item, "restore"),
    ):
        made.add_api_route(
            f"{item}/{path}", endpoint, methods=["POST"], operation_id=f"{verb}_{one}", response_model=shape
        )
    return made


router = APIRouter()
router.include_router(_router(NEEDS, Page[NeedShape], create_need, change_need))
router.include_router(_router(PROJECTS, Page[ProjectShape], create_project, change_project))
router.include_router(_router(ASSETS, Page[AssetShape], create_asset, change_asset))
