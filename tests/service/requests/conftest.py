"""The small world of the worklist, in which Rho and Grezzago ask the incubator; every test begins without requests."""

import pytest
from sqlalchemy import delete

from service.database import writing
from service.requests.records import KIND
from service.requests.tables import RequestEntryRow, ServiceRequestRow
from service.tables import RecordChangeRow
from tests.service.work.conftest import ask, client, engine, world  # noqa: F401 - fixtures
from tests.world import NIDI, RHO


@pytest.fixture(autouse=True)
def no_requests(engine):  # noqa: F811 - a fixture
    """Leave no request behind."""
    yield
    with writing(engine) as session:
        session.execute(delete(RequestEntryRow))
        session.execute(delete(ServiceRequestRow))
        session.execute(delete(RecordChangeRow).where(RecordChangeRow.kind == KIND))


@pytest.fixture
def rho(ask):  # noqa: F811
    """Ask as Rho's account."""
    return ask("rho")


@pytest.fixture
def staff(ask):  # noqa: F811
    """Ask as the incubator's consultant."""
    return ask("consultant")


@pytest.fixture
def asking(rho):
    """Ask for a service as Rho, and return the request."""

    def asked(who=rho, **fields):
        sent = {"commune_istat": RHO.istat, "service": "progetti", "text": "Ci serve un quadro economico."}
        answer = who("POST", "/service-requests", json=sent | {"call_id": NIDI.id} | fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return asked
