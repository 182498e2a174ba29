"""How many projects of each sort pass filters: what the filters of a list could still be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.register.entries import matching
from service.register.filters import RegisterFilters
from service.register.tables import RegisterEntryRow as Entry


@dataclass(frozen=True, slots=True)
class Facets:
    """How many projects there are of each state, programme and source; each as if it were not asked for itself."""

    states: Mapping[str, int]
    programmes: Mapping[str, int]
    sources: Mapping[str, int]


def facets(session: Session, seen: ColumnElement[bool], filters: RegisterFilters) -> Facets:
    """Return the counts beside the filters of a list."""
    return Facets(
        _counted(session, seen, replace(filters, state=""), Entry.state),
        _counted(session, seen, replace(filters, programme=""), Entry.programme),
        _counted(session, seen, replace(filters, source=""), Entry.source),
    )


def state_counts(session: Session, seen: ColumnElement[bool], filters: RegisterFilters) -> Mapping[str, int]:
    """Return how many of the projects that pass are in each state, "" for those of which nobody says it."""
    return _counted(session, seen, filters, Entry.state)


def _counted(session: Session, seen: ColumnElement[bool], filters: RegisterFilters, by: Any) -> dict[str, int]:
    query = select(by, func.count()).where(seen, matching(filters)).group_by(by)
    return {code: number for code, number in session.execute(query)}
