"""The ways in which a request's work is done: looking at what is public, at what may be private, or writing."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from service.access.enforcement import CurrentPrincipal
from service.database import reading, writing
from service.web.requests import RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession, WriteSession
from service.work.acting import Acting


def _looking(session: ReadSession, principal: CurrentPrincipal, request_id: RequestId) -> Acting:
    return Acting(session, principal, request_id)


def _watched(request: Request, principal: CurrentPrincipal, request_id: RequestId) -> Iterator[Acting]:
    # Who sees nothing private leaves no trace, and need not wait for an import to end.
    sees_private = principal.is_staff or principal.keeps(principal.commune_istat)
    with (writing if sees_private else reading)(state_of(request).engine) as session:
        yield Acting(session, principal, request_id)


def _writing(session: WriteSession, principal: CurrentPrincipal, request_id: RequestId) -> Acting:
    return Acting(session, principal, request_id)


Looking = Annotated[Acting, Depends(_looking)]
"""Who asks, with a session that changes nothing: for what is public."""
Watched = Annotated[Acting, Depends(_watched, scope="function")]
"""Who asks, with a session that keeps the audit event of the look: for what may be private."""
Writing = Annotated[Acting, Depends(_writing)]
"""Who asks, with a session that is committed: for every change."""
