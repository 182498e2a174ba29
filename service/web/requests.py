"""What routes ask of a request besides its body: its id, and the address that it came from."""

from typing import Annotated

from fastapi import Depends, Path, Request


def _request_id(request: Request) -> str:
    return getattr(request.state, "request_id", "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


PathId = Annotated[str, Path(max_length=300)]
"""The id of a row, in a route's address."""
RequestId = Annotated[str, Depends(_request_id)]
"""The id of the request, as in the log and in the audit trail."""
ClientAddress = Annotated[str, Depends(_address)]
"""The client's IP address (behind a trusted proxy the one that the proxy names)."""
