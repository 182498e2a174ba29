"""All that a commune has written, in one look."""

from service.pages.commune.visit import Visit
from service.work import items
from service.work.edits import Kept
from service.work.items import KINDS, Filters

MOST = 100


def all_items(visit: Visit) -> list[tuple[str, tuple[Kept, ...]]]:
    """Return what concerns a commune, by kind: as much as a page can hold, by title, without the archived."""
    with visit.acting() as acting:
        return [(kind, items.list_items(acting, kind, Filters(visit.istat), limit=MOST).items) for kind in KINDS]
