"""How a try ended, written down in one transaction: the e-mail's state, and the address where that is to blame."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from service.digests import outbox
from service.digests.addresses import suppress
from service.digests.tables import IssueState, SuppressionReason
from service.moments import now


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a try ended; ``wait`` is how long to leave an e-mail alone that is to be tried again."""

    state: IssueState
    reply: str
    wait: timedelta | None = None
    refused_address: str = ""


def settle(session: Session, run_id: str, issue_id: str, settlement: Settlement) -> bool:
    """Write down how a try ended; returns whether the run still held the e-mail.

    A refusal of the address counts even where it did not: the server said so.
    """
    at = now()
    held = outbox.settle(session, run_id, issue_id, settlement.state, settlement.reply, at, settlement.wait)
    if settlement.refused_address:
        suppress(session, settlement.refused_address, SuppressionReason.REFUSED, settlement.reply, at)
    return held
