"""Communes over HTTP: their public facts, corrected by themselves or by the incubator."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from service.api.acting import Looking, Writing
from service.api.items import MERGE_PATCH
from service.api.shapes_items import CommuneShape, Versions
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.versions import EditedVersion, etag, not_modified
from service.work import edits, profiles
from service.work.authors import authored_versions
from service.work.edits import Kept
from service.work.fields import CommuneChanges

router = APIRouter(prefix="/api/v1/communes", tags=["communes"])
IstatPath = Annotated[str, Path(max_length=20, examples=["015182"], description="the ISTAT code of a commune")]


@router.get("", operation_id="list_communes")
def list_communes(
    acting: Looking,
    q: Annotated[str, Query(max_length=100, description="only with these words in the name")] = "",
    zone: Annotated[str, Query(max_length=100, description="only of this homogeneous zone")] = "",
    province: Annotated[str, Query(max_length=10, description="only of this province (ISTAT code)")] = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[CommuneShape]:
    """List communes in the order of their names."""
    found = profiles.list_communes(
        acting, words=q.strip(), zone=zone, province_code=province, after=decode_cursor(cursor), limit=limit
    )
    shown = [CommuneShape.of(commune) for commune in found.items]
    return Page(items=shown, next_cursor=encode_cursor(found.last), total=found.total)


@router.get("/{istat}", operation_id="read_commune", response_model=CommuneShape)
def read_commune(acting: Looking, istat: IstatPath, request: Request, response: Response) -> Any:
    """Read a commune's public facts, with their version as their ETag."""
    commune = profiles.read_commune(acting, istat)
    return not_modified(request, response, etag(commune.version)) or CommuneShape.of(commune)


@router.patch("/{istat}", operation_id="change_commune")
def change_commune(
    acting: Writing,
    istat: IstatPath,
    version: EditedVersion,
    body: Annotated[CommuneChanges, Body(media_type=MERGE_PATCH)],
    response: Response,
) -> CommuneShape:
    """Correct facts of a commune; imports leave them alone from then on."""
    return _shown(profiles.change_commune(acting, istat, version, body), response)


@router.post("/{istat}/reversals", operation_id="undo_commune")
def undo_change(acting: Writing, istat: IstatPath, version: EditedVersion, response: Response) -> CommuneShape:
    """Undo the last correction that a person made; once more makes it again."""
    return _shown(edits.undo(acting, profiles.commune_to_change(acting, istat), version), response)


@router.get("/{istat}/versions", operation_id="list_commune_versions")
def list_versions(acting: Looking, istat: IstatPath) -> Versions:
    """List what was known of a commune before: what changed, when, and who stands behind it."""
    return Versions.of(authored_versions(acting, profiles.read_commune(acting, istat)))


def _shown(commune: Kept, response: Response) -> CommuneShape:
    response.headers["ETag"] = etag(commune.version)
    return CommuneShape.of(commune)
