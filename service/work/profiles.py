"""The facts of communes, which anybody may read and the commune itself, or the incubator, may correct."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, true

from service.errors import UnknownRecordError
from service.kinds import KIND_NAMED
from service.work import edits
from service.work.acting import Acting
from service.work.edits import Kept
from service.work.fields import CommuneChanges

KIND = KIND_NAMED["communes"]


@dataclass(frozen=True, slots=True)
class CommunesListed:
    """One page of communes in the order of their names; ``last`` is where the next page begins."""

    items: tuple[Kept, ...]
    last: str
    total: int


def list_communes(
    acting: Acting, *, words: str = "", zone: str = "", province_code: str = "", after: str = "", limit: int = 20
) -> CommunesListed:
    """Return one page of communes; ``words`` stand in the name."""
    table = KIND.table
    wanted = and_(
        true(),
        *([table.c.name.icontains(words, autoescape=True)] if words else []),
        *([table.c.zone == zone] if zone else []),
        *([table.c.province_code == province_code] if province_code else []),
    )
    total = acting.session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    query = select(table).where(wanted).order_by(table.c.name, table.c.id).limit(limit + 1)
    if after:
        name, _, last_id = after.rpartition("\n")
        query = query.where(or_(table.c.name > name, and_(table.c.name == name, table.c.id > last_id)))
    rows = acting.session.execute(query).mappings().all()
    last = f"{rows[limit - 1]['name']}\n{rows[limit - 1]['id']}" if len(rows) > limit else ""
    return CommunesListed(tuple(edits.kept_of(KIND, row) for row in rows[:limit]), last, total)


def read_commune(acting: Acting, istat: str) -> Kept:
    """Return a commune's public facts; raises UnknownRecordError if no commune has this code."""
    found = edits.find(acting, KIND, istat)
    if found is None:
        raise UnknownRecordError(f"{istat}: no commune has this ISTAT code")
    return found


def commune_to_change(acting: Acting, istat: str) -> Kept:
    """Return a commune held for a change; raises UnknownRecordError if there is none that may be changed."""
    found = edits.find(acting, KIND, istat, for_change=True)
    if found is None or not acting.principal.keeps(istat):
        raise UnknownRecordError(f"{istat}: none of the communes that you may change has this ISTAT code")
    return found


def change_commune(acting: Acting, istat: str, version: int, changes: CommuneChanges) -> Kept:
    """Correct facts of a commune; imports leave them alone from now on.

    Raises UnknownRecordError, StaleError and InvalidError as ``service.work.edits.change`` does.
    """
    patch = changes.written()
    if patch.get("zone"):
        # Eligibility trusts a zone only when somebody vouches for it.
        patch["zone_verified"] = True
    return edits.change(acting, commune_to_change(acting, istat), version, patch)
