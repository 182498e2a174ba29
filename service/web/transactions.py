"""One request, one transaction: committed before the answer leaves, undone whole on any error."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from service.database import reading, writing
from service.web.state import state_of


def _read(request: Request) -> Iterator[Session]:
    with reading(state_of(request).engine) as session:
        yield session


def _write(request: Request) -> Iterator[Session]:
    with writing(state_of(request).engine) as session:
        yield session


ReadSession = Annotated[Session, Depends(_read, scope="function")]
"""A session that sees one state of the database; for routes that change nothing."""
WriteSession = Annotated[Session, Depends(_write, scope="function")]
"""A session whose work is committed when the route's function has ended well, before the answer is sent."""
