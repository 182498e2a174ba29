"""Lists in pages: ``?limit=20&cursor=…``, with the address of the next page and never a bare list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from service.errors import InvalidError

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=100, description="how many to return at most")]
Cursor = Annotated[str, Query(max_length=500, description="the `next_cursor` of the page before; empty for the first")]


class Page(BaseModel, Generic[T]):
    """One page of a list; ``next_cursor`` is empty on the last one."""

    items: list[T] = Field(max_length=100)
    next_cursor: str = Field("", max_length=500)
    total: int | None = Field(None, ge=0, le=2**31 - 1, description="how many there are in all, where that is counted")


def encode_cursor(key: str) -> str:
    """Return an opaque cursor for the last key of a page."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Return the key that a cursor was made from, "" for none; raises InvalidError for one that we did not make."""
    try:
        key = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise _foreign(cursor) from error
    if "\0" in key:
        raise _foreign(cursor)
    return key


def _foreign(cursor: str) -> InvalidError:
    return InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one")
