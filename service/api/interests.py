"""Interest in a call and the consent to be found by others, over HTTP."""

from fastapi import APIRouter, Response

from service.api.acting import Watched, Writing
from service.api.shapes_items import RecordId
from service.api.shapes_partners import InterestShape, NewInterest
from service.api.shapes_work import CallFilter, CommuneFilter, WithdrawnFilter
from service.partners import interests
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/v1/interests", tags=["partners"])


@router.get("", operation_id="list_interests")
def list_interests(
    acting: Watched,
    commune: CommuneFilter = "",
    call: CallFilter = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[InterestShape]:
    """List your commune's interests with their consents, newest first; the incubator sees all."""
    found, last = interests.list_interests(
        acting, commune_istat=commune, call_id=call, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[InterestShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("", operation_id="create_interest", status_code=201)
def create_interest(acting: Writing, body: NewInterest, response: Response) -> InterestShape:
    """Say that a call interests your commune and whom you let know; an earlier consent for it is withdrawn."""
    made = interests.show_interest(acting, body.commune_istat, body.call_id, body.consent())
    response.headers["Location"] = f"{router.prefix}/{made.id}"
    return InterestShape.of(made)


@router.get("/{interest_id}", operation_id="read_interest")
def read_interest(acting: Watched, interest_id: RecordId) -> InterestShape:
    """Read one interest with its consent."""
    return InterestShape.of(interests.read_interest(acting, interest_id))


@router.delete("/{interest_id}", operation_id="withdraw_interest", status_code=204)
def withdraw_interest(acting: Writing, interest_id: RecordId) -> None:
    """Take an interest back: from this moment nobody else sees it."""
    interests.withdraw_interest(acting, interest_id)


@router.post("/{interest_id}/restorations", operation_id="restore_interest")
def restore_interest(acting: Writing, interest_id: RecordId) -> InterestShape:
    """Let an interest hold again that was taken back, with the same consent."""
    return InterestShape.of(interests.restore_interest(acting, interest_id))
