"""The coverage as somebody may see it: the one function behind page, interface, files and command."""

from typing import Protocol

from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.frame.gaps import Gaps, gaps
from service.frame.keeping import FrameKeeper
from service.frame.matrix import Coverage, coverage
from service.live import Live
from service.register.filters import RegisterFilters


class Kept(Protocol):
    """What a process keeps: the calls it serves, and the frame."""

    @property
    def live(self) -> Live:
        """The calls that are served."""

    @property
    def frame(self) -> FrameKeeper:
        """What keeps stored tags and picture up to date."""


def covered(kept: Kept, session: Session, principal: Principal, filters: RegisterFilters | None = None) -> Coverage:
    """Return the matrices of all zones: everything for the incubator, what is public for everybody else."""
    communes, asked = kept.live.serving().communes, filters or RegisterFilters()
    return coverage(session, communes, asked, kept.frame.picture(), every=principal.is_staff)


def uncovered(kept: Kept, session: Session, principal: Principal) -> Gaps:
    """Return the gaps, for the incubator or for everybody else."""
    return gaps(covered(kept, session, principal), kept.frame.picture())
