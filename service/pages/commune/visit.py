"""Somebody at the pages of one commune: who, which commune, and what every one of its pages has."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from matcher.records import Commune
from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.answers.questions import Asked
from service.answers.standing import standing_answer
from service.audit.answers import Kept as Answer
from service.database import reading, writing
from service.errors import UnknownRecordError
from service.live import Serving
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.web.requests import RequestId
from service.web.state import state_of
from service.work import profiles
from service.work.acting import Acting
from service.work.edits import Kept
from service.work.subjects import ItemRef

AT_ONCE, RULED_OUT = 20, 10
"""Calls recommended at once, and calls shown that were ruled out."""


@dataclass(frozen=True)
class Visit:
    """A request for a page of a commune by somebody who keeps it."""

    request: Request
    principal: Principal
    request_id: str
    language: str
    istat: str
    done: str = ""
    said: str = ""

    @property
    def engine(self) -> Engine:
        """The database."""
        return state_of(self.request).engine

    @cached_property
    def serving(self) -> Serving:
        """What is answered from, the same for the whole request."""
        return state_of(self.request).live.serving()

    @property
    def address(self) -> str:
        """The address of the commune's first page."""
        return f"/comuni/{self.istat}"

    @contextmanager
    def acting(self) -> Iterator[Acting]:
        """Act in a transaction that is committed at its end."""
        with writing(self.engine) as session:
            yield Acting(session, self.principal, self.request_id)

    @cached_property
    def kept(self) -> Kept:
        """The commune's facts as they are stored now."""
        with reading(self.engine) as session:
            return profiles.read_commune(Acting(session, self.principal, self.request_id), self.istat)

    @property
    def commune(self) -> Commune:
        """The commune itself."""
        record = self.kept.record
        assert isinstance(record, Commune)  # noqa: S101 - the kind says so
        return record

    def answer(self, item: ItemRef | None = None) -> Answer:
        """Return the calls for one item, or for all open items together; raises InvalidError if there is none."""
        asked = Asked(item=item, commune=self.istat, k=AT_ONCE, excluded=RULED_OUT)
        return standing_answer(self.engine, self.principal, self.request_id, self.serving, asked)

    def page(self, template: str, shown: Mapping[str, Any], status: int = 200) -> HTMLResponse:
        """Return a page of the commune."""
        common = {"commune": self.commune, "home": self.address, "done": self.done, "said": self.said, "undo": None}
        return page(self.request, f"commune/{template}", common | dict(shown), status)


def _visited(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    istat: Annotated[str, Path(max_length=20)],
    done: Annotated[str, Query(alias="fatto", max_length=40)] = "",
    said: Annotated[str, Query(alias="detto", max_length=100)] = "",
) -> Visit:
    # A commune that is not there and one that is not yours are one and the same for you.
    if not principal.keeps(istat):
        raise UnknownRecordError(f"{istat}: none of the communes that you may see has this ISTAT code")
    visit = Visit(request, principal, request_id, language, istat, done, said)
    _ = visit.kept
    return visit


Visited = Annotated[Visit, Depends(_visited)]
"""The visit of whoever keeps the commune of the address; all others are told that there is none."""
