"""When the next e-mail may go where: not more than so many a second to one domain, all processes together."""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count

from limits import parse

from service.digests.addresses import domain_of
from service.digests.outbox import Outgoing


def interval_of(rate: str) -> float:
    """Return the seconds between two e-mails to one domain at a rate as ``10/second``; 0 for no rate at all."""
    if not rate:
        return 0.0
    item = parse(rate)
    return item.get_expiry() / item.amount


@dataclass(slots=True)
class Pacer:
    """E-mails in hand, given out as soon as their domain's turn comes; times are seconds of one steady clock.

    ``interval_s`` is kept between two e-mails to one domain, ``sharers`` times as long where so many processes send.
    """

    interval_s: float
    sharers: int = 1
    _waiting: list[tuple[float, int, Outgoing]] = field(default_factory=list)
    _free_at: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _order: count = field(default_factory=count)  # type: ignore[type-arg] # generic in the stubs alone

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, letter: Outgoing, now: float) -> None:
        """Take an e-mail in hand; its domain's turns are given in the order of asking."""
        domain = domain_of(letter.address)
        at = max(now, self._free_at[domain])
        self._free_at[domain] = at + self.interval_s * self.sharers
        heapq.heappush(self._waiting, (at, next(self._order), letter))

    def next(self, now: float) -> Outgoing | None:
        """Return an e-mail whose turn has come; None where every one has to wait."""
        if self._waiting and self._waiting[0][0] <= now:
            return heapq.heappop(self._waiting)[2]
        return None

    def put_back(self, letter: Outgoing, now: float) -> None:
        """Take an e-mail that could not be tried, in the turn that it had."""
        heapq.heappush(self._waiting, (now, next(self._order), letter))

    def wait(self, now: float) -> float:
        """Return the seconds until the next turn, 0 where nothing waits."""
        return max(self._waiting[0][0] - now, 0.0) if self._waiting else 0.0
