"""What routes ask of a request besides its body: its id, and the address that it came from."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import Field


def _request_id(request: Request) -> str:
    return getattr(request.state, "request_id", "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]
"""A day on which something may happen: the moment before it and the one after it can be reckoned in every zone."""
PathId = Annotated[str, Path(max_length=300)]
"""The id of a row, in a route's address."""
RequestId = Annotated[str, Depends(_request_id)]
"""The id of the request, as in the log and in the audit trail."""
ClientAddress = Annotated[str, Depends(_address)]
"""The client's IP address (behind a trusted proxy the one that the proxy names)."""
