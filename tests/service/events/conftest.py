"""The small world with its accounts, events in it, and people who act on them without a browser."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete

from service.access.principal import Principal
from service.accounts.tables import AccountRow, AccountState, Role
from service.database import reading, writing
from service.events.fields import NewEvent
from service.events.keeping import create_event
from service.events.tables import EventRow, RegistrationRow
from service.ids import new_id
from service.moments import now
from service.work.acting import Acting
from tests.service.work.conftest import PRINCIPALS, ask, client, engine, world
from tests.world import RHO

__all__ = ["ask", "client", "engine", "world"]
CONSULTANT, GREZZAGOS = PRINCIPALS["consultant"], PRINCIPALS["grezzago"]
SOON = {"title": "Come si rendiconta", "text": "Due ore di esempi.", "place": "Rho, sala consiliare"}


def in_days(days):
    """A moment so many days from now, as the interface takes it."""
    return (now() + timedelta(days=days)).isoformat()


@pytest.fixture
def people(engine):
    """Make accounts of Rho: ``people(3)`` are their principals."""

    def made(number):
        found = [Principal(Role.COMMUNE, new_id(), RHO.istat) for _ in range(number)]
        with writing(engine) as session:
            session.add_all(
                AccountRow(
                    id=one.account_id, email=f"{one.account_id}@rho.example", name="Uno di Rho", role=one.role,
                    language="it", commune_istat=RHO.istat, state=AccountState.ACTIVE, created_at=now(), version=1,
                )
                for one in found
            )  # fmt: skip
        return found

    return made


@pytest.fixture
def acting(engine):
    """Act as somebody in a transaction of its own."""

    @contextmanager
    def as_somebody(principal=CONSULTANT, *, looking=False):
        with (reading if looking else writing)(engine) as session:
            yield Acting(session, principal)

    return as_somebody


@pytest.fixture
def event(acting):
    """Make an event of next week; returns its id."""

    def made(**fields):
        with acting() as staff:
            return create_event(staff, NewEvent.model_validate(SOON | {"starts_at": in_days(7)} | fields)).id

    return made


@pytest.fixture(autouse=True)
def nothing_left(engine):
    """After each test no event is left."""
    yield
    with writing(engine) as session:
        session.execute(delete(RegistrationRow))
        session.execute(delete(EventRow))
