"""The kinds of record that carry tags, under the words by which the stored tags name them."""

from dataclasses import dataclass

from sqlalchemy import Table

from matcher.records import Record
from service.kinds import KIND_NAMED


@dataclass(frozen=True, slots=True)
class FrameKind:
    """One kind: ``word`` as in ``record_tags``, ``name`` as in ``service.kinds``; ``is_many``: tens of thousands."""

    word: str
    name: str
    is_many: bool = False

    @property
    def record_type(self) -> type[Record]:
        """The class of its records."""
        return KIND_NAMED[self.name].record_type

    @property
    def table(self) -> Table:
        """The table that holds them."""
        return KIND_NAMED[self.name].table


NEED, PROJECT, ASSET, CALL = (
    FrameKind("need", "needs"),
    FrameKind("project", "projects"),
    FrameKind("asset", "assets"),
    FrameKind("call", "calls"),
)
PRECEDENT = FrameKind("precedent", "precedents", is_many=True)
FRAME_KINDS = (NEED, PROJECT, ASSET, CALL, PRECEDENT)
"""In the order in which they are read: the few first."""
