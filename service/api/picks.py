"""Calls that the incubator recommends to a commune by hand, over HTTP."""

from typing import Self

from fastapi import APIRouter, Response
from pydantic import Field

from service.api.acting import Watched, Writing
from service.api.shapes_items import AuthorShape, RecordId
from service.api.shapes_work import (
    AboutCallShape,
    Body,
    CallFilter,
    CommuneFilter,
    ItemRefShape,
    Prose,
    WithdrawnFilter,
)
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.work import picks
from service.work.picks import Pick
from service.work.texts import Code, Istat, Why

router = APIRouter(prefix="/api/v1/picks", tags=["picks"])


class NewPick(Body):
    """A call that a person recommends, and why."""

    commune_istat: Istat = Field(examples=["015182"])
    call_id: Code = Field(examples=["regione-lombardia:RLL12025047023"])
    why: Why = Field(examples=["L'anno scorso lo ha vinto un comune come il vostro."])
    item: ItemRefShape | None = Field(None, description="for which of the commune's items; null for the whole commune")


class PickShape(AboutCallShape):
    """A call that stands above the ranking, with the reason of whoever put it there."""

    why: Prose

    @classmethod
    def of(cls, pick: Pick) -> Self:
        """Return the shape of a pick."""
        return cls(
            id=pick.id,
            author=AuthorShape.of(pick.author),
            at=pick.at,
            withdrawn_at=pick.withdrawn_at,
            commune_istat=pick.commune_istat,
            call_id=pick.call_id,
            call_title=pick.call_title,
            item=ItemRefShape.of(pick.item),
            why=pick.why,
        )


@router.get("", operation_id="list_picks")
def list_picks(
    acting: Watched,
    commune: CommuneFilter = "",
    call: CallFilter = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[PickShape]:
    """List the recommendations by hand that you may see, newest first."""
    found, last = picks.list_picks(
        acting, commune_istat=commune, call_id=call, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[PickShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("", operation_id="create_pick", status_code=201)
def create_pick(acting: Writing, body: NewPick, response: Response) -> PickShape:
    """Recommend a call to a commune, with your reason."""
    item = body.item.ref() if body.item else None
    made = picks.pick(acting, body.commune_istat, body.call_id, body.why, item)
    response.headers["Location"] = f"{router.prefix}/{made.id}"
    return PickShape.of(made)


@router.get("/{pick_id}", operation_id="read_pick")
def read_pick(acting: Watched, pick_id: RecordId) -> PickShape:
    """Read one recommendation by hand."""
    return PickShape.of(picks.read_pick(acting, pick_id))


@router.delete("/{pick_id}", operation_id="withdraw_pick", status_code=204)
def withdraw_pick(acting: Writing, pick_id: RecordId) -> None:
    """Take a recommendation back; it is kept with the moment."""
    picks.withdraw_pick(acting, pick_id)


@router.post("/{pick_id}/restorations", operation_id="restore_pick")
def restore_pick(acting: Writing, pick_id: RecordId) -> PickShape:
    """Let a recommendation hold again that was taken back."""
    return PickShape.of(picks.restore_pick(acting, pick_id))
