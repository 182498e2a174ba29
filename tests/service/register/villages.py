"""Projects to follow over time: one that the PNRR funded, one that Rho keeps to itself, and who may speak of them."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from matcher.records import Money, Precedent, Project, Provenance
from service.access.principal import VISITOR, Principal
from service.accounts.tables import AccountRow, AccountState, Role
from service.database import writing
from service.imports import import_source
from service.kinds import KIND_NAMED
from service.moments import now
from service.settings import Settings
from service.web.app import create_app
from service.work import edits
from service.work.acting import Acting
from tests.fakes import HashingEncoder
from tests.service.homes import copied_home, filled_home
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL
from tests.world import COMMUNES, GREZZAGO, RHO

CONSULTANT = Principal(Role.CONSULTANT, "consultant")
OF_RHO = Principal(Role.COMMUNE, "rho", RHO.istat)
OF_GREZZAGO = Principal(Role.COMMUNE, "grezzago", GREZZAGO.istat)
READER = Principal(Role.READER, "reader")
EVERYBODY = (CONSULTANT, OF_RHO, OF_GREZZAGO, READER, VISITOR)
OWN = "portal:asilo"


def nursery(**fields):
    """A project of the PNRR, as a source speaks of it on 21 February 2023."""
    said = {
        "id": "pnrr-progetti:J61F22000330006:1", "source": "pnrr-progetti", "title": "Asilo nido di via Roma",
        "cup": "J61F22000330006", "measure": "M4C1I1.01.00", "programme": "Piano per asili nido",
        "communes": (RHO.istat,),
        "amount": Money(Decimal("1250000.50")), "year": 2022,
        "provenance": Provenance("Italia Domani", date(2023, 2, 21)),
    }  # fmt: skip
    return Precedent(**(said | fields))


def square(**fields):
    """A project of the embedded sort, with a state."""
    said = {
        "id": "prova:piazza", "title": "Piazza del mercato", "text": "Nuova pavimentazione.", "state": "funded",
        "communes": (GREZZAGO.istat,), "amount": Money(Decimal(300000)),
        "provenance": Provenance("Prova", date(2024, 1, 22)),
    }  # fmt: skip
    return Project(**(said | fields))


def bring(engine, folder, *records, name="pnrr-progetti"):
    """Import records as a file of a publisher."""
    file = folder / "dati.csv"
    file.write_text(repr(records))
    return import_source(engine, ListedSource(*records, name=name), file)


def fill(engine, folder):
    """Communes, accounts, a funded project, an embedded one, and one of Rho's own."""
    bring(engine, folder, *COMMUNES, name="comuni")
    accounts = [
        {"id": who.account_id, "email": f"{who.account_id}@example.org", "name": who.account_id, "role": who.role,
         "language": "it", "commune_istat": who.commune_istat, "state": AccountState.ACTIVE, "created_at": now(),
         "version": 1}
        for who in EVERYBODY if who.account_id
    ]  # fmt: skip
    with writing(engine) as session:
        session.execute(insert(AccountRow), accounts)
    bring(engine, folder, nursery())
    bring(engine, folder, square(), name="prova")
    with acting(engine, OF_RHO) as one:
        data = {"id": OWN, "title": "Nido aziendale", "text": "Un'idea.", "state": "under_way", "communes": [RHO.istat]}
        edits.create(one, KIND_NAMED["projects"], data, RHO.istat)


@contextmanager
def acting(engine, who):
    """Act as somebody in a transaction of its own."""
    with writing(engine) as session:
        yield Acting(session, who, "prova")


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """A folder with the database as every test begins with it."""
    return filled_home(tmp_path_factory.mktemp("filled"), fill)


@pytest.fixture
def register(filled, tmp_path):
    """That database, for one test alone."""
    with copied_home(filled, tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def either_register(engine, tmp_path):
    """The same in either kind of database."""
    fill(engine, tmp_path)
    return engine


@pytest.fixture
def registered(register, tmp_path):
    """An application over that database."""
    app = create_app(Settings(home=tmp_path / "home", database_url="", rate_limit=""), HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        yield app
