"""The incubator's own people: who may follow something."""

from collections.abc import Sequence

from sqlalchemy import select

from service.access.principal import STAFF
from service.accounts.tables import AccountRow, AccountState
from service.errors import InvalidError
from service.work.acting import Acting


def people(acting: Acting) -> Sequence[tuple[str, str]]:
    """Return id and name of the incubator's active people, by name."""
    active = AccountRow.role.in_(sorted(STAFF)), AccountRow.state == AccountState.ACTIVE
    rows = acting.session.execute(select(AccountRow.id, AccountRow.name).where(*active).order_by(AccountRow.name))
    return [(id_, name) for id_, name in rows]


def must_be_of_the_incubator(acting: Acting, owner_id: str | None) -> None:
    """Raise InvalidError for an owner who is not one of the incubator's active people; None is nobody."""
    if owner_id is None:
        return
    owner = acting.session.get(AccountRow, owner_id)
    if owner is None or owner.role not in STAFF or owner.state is not AccountState.ACTIVE:
        raise InvalidError("owner_id", f"{owner_id}: nobody of the incubator has this account")
