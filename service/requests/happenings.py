"""What happens to a request, as those whom it concerns are told of it."""

from dataclasses import dataclass
from enum import StrEnum

from service.requests.records import RequestEntry, ServiceRequest


class Happening(StrEnum):
    """What happened to a request; the incubator's people are told of the first ones, the commune of the last."""

    ASKED = "asked"
    REPLIED = "replied"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    QUESTIONED = "questioned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A request after an act, what happened (None: nothing that others are told), and the entry that was written."""

    request: ServiceRequest
    happening: Happening | None = None
    entry: RequestEntry | None = None
