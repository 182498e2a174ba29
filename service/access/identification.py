"""From a request to the principal behind it: its session's cookie, its API key, or nobody."""

from fastapi import Request

from service.access.principal import VISITOR, Principal


def identify(request: Request) -> Principal:
    """Return who asks."""
    found: Principal = getattr(request.state, "principal", VISITOR)
    return found
