"""Deadlines to take along: the file of one call, and what a calendar shows of each."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.calendar_files import MEDIA_TYPE, Deadline, calendar_file
from service.catalogue.sequences import sequences
from service.database import reading
from service.errors import UnknownRecordError
from service.moments import now
from service.pages.going import part
from service.pages.languages import PageLanguage
from service.pages.reasons import Data, amounts, deadline
from service.pages.translations import translations
from service.web.state import state_of

router = APIRouter(include_in_schema=False)


@router.get("/bandi/{call_id:path}/scadenza.ics")
def download_deadline(request: Request, language: PageLanguage, call_id: str) -> Response:
    """Return the deadline of a call as a file for a calendar; raises UnknownRecordError where none is known."""
    serving, on = state_of(request).live.serving(), now()
    call = serving.view.summary(serving.position(call_id), on)
    if call["closes"] is None:
        raise UnknownRecordError(f"{call_id}: no closing date is known of this call")
    return calendar_of(request, [(call, "")], call["title"], "scadenza", language)


def calendar_of(
    request: Request, calls: Sequence[tuple[Data, str]], name: str, file_name: str, language: str
) -> Response:
    """Return the file of several deadlines: calls in short, each with why it is there."""
    state = state_of(request)
    with reading(state.engine) as session:
        numbers = sequences(session, state.live.serving().call_versions, [call["id"] for call, _ in calls])
    address = f"{state.settings.public_url}/bandi"
    deadlines = [_deadline(call, why, address, numbers[call["id"]], language) for call, why in calls]
    headers = {"Content-Disposition": f'attachment; filename="{file_name}.ics"', "Cache-Control": "no-cache"}
    return Response(calendar_file(deadlines, name, now()), media_type=MEDIA_TYPE, headers=headers)


def _deadline(call: Data, why: str, address: str, sequence: int, language: str) -> Deadline:
    words = translations(language)
    page = f"{address}/{part(call['id'])}"
    lines = [call["issuer"], deadline(call, language), amounts(call, language), why, call["url"], page]
    return Deadline(
        call_id=call["id"],
        closes=datetime.fromisoformat(call["closes"]),
        hour_known=bool(call["closing_hour_known"]),
        summary=words.gettext("Scade: %(title)s") % {"title": call["title"]},
        description="\n".join(line for line in lines if line),
        address=page,
        sequence=sequence,
    )
