"""Where the projects of the register are."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.register.tables import RegisterPlaceRow as Place


def places_of_entries(session: Session, entry_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the ISTAT codes of the communes of each of these entries; one that is nowhere is left out."""
    found: dict[str, list[str]] = defaultdict(list)
    query = select(Place.entry_id, Place.commune_istat).where(Place.entry_id.in_(entry_ids))
    for entry_id, istat in session.execute(query.order_by(Place.commune_istat)):
        found[entry_id].append(istat)
    return found
