"""The register follows what is imported and what people write, at once, and back when they take it back."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from service.database import downgrade, reading, upgrade
from service.imports import import_source
from service.register.tables import RegisterEntryRow, RegisterPlaceRow
from service.tables import Base
from tests.service.register.register_world import MILAN, RHO, euros, precedent
from tests.service.sources import ListedSource

IDEA = {"title": "Polo per l'infanzia", "text": "Un nido nell'ex caserma.", "state": "idea"}


@pytest.fixture
def imported(engine, tmp_path):
    """Import rows as a file of projects of the PNRR."""
    (tmp_path / "prova.csv").write_text("rows of the tests")
    return lambda *rows: import_source(engine, ListedSource(*rows, name=rows[0].source), tmp_path / "prova.csv")


def seen(ask, who, record_id):
    answer = ask(who)("GET", f"/register-projects/{record_id}")
    return answer.json() if answer.status_code == 200 else answer.status_code


def all_of(engine):
    """Every row of the register."""
    with reading(engine) as session:
        return {
            table: sorted(map(tuple, session.execute(Base.metadata.tables[table].select())), key=repr)
            for table in (RegisterEntryRow.__tablename__, RegisterPlaceRow.__tablename__)
        }


def test_an_imported_project_is_in_the_register_and_a_later_file_moves_it(ask, imported):
    first = precedent("mosso", communes=(RHO, MILAN), amount=euros("10.50"))
    imported(first)
    shown = seen(ask, "public", first.id)
    assert (shown["amount"], [one["name"] for one in shown["communes"]]) == ("10.5", ["Milano", "Rho"])
    imported(replace(first, communes=(RHO,), measure="M5C2I2.03.01"))
    moved = seen(ask, "public", first.id)
    assert ([one["istat"] for one in moved["communes"]], moved["programme"]) == ([RHO], "programme:pinqua")
    assert [change["field"] for change in moved["versions"][-1]["changes"]] == ["communes", "measure"]


def test_a_tender_is_no_project(ask, imported):
    imported(precedent("appalto", source="pnrr-gare"))
    assert seen(ask, "consultant", "pnrr-gare:appalto") == 404


def test_what_a_commune_writes_is_in_its_register_at_once_and_in_nobody_elses(ask):
    made = ask("rho")("POST", "/projects", json=IDEA).json()
    assert seen(ask, "rho", made["id"])["state"] == "idea"
    assert seen(ask, "consultant", made["id"])["owner_istat"] == RHO
    assert {seen(ask, who, made["id"]) for who in ("public", "reader", "grezzago")} == {404}


def test_an_edit_its_undoing_and_an_archive_are_seen_in_the_register(ask):
    made = ask("rho")("POST", "/projects", json=IDEA).json()
    path = f"/projects/{made['id']}"
    amount = {"amount": "250000.00"}
    changed = {"state": "postponed", "communes": [RHO, MILAN], "amount": amount, "lead": "Comune di Rho"}
    edited = ask("rho")("PATCH", path, version=1, json=changed).json()
    shown = seen(ask, "rho", made["id"])
    assert (shown["state"], shown["amount"], shown["body"]) == ("postponed", "250000", "Comune di Rho")
    assert len(shown["communes"]) == 2
    undone = ask("rho")("POST", f"{path}/reversals", version=edited["version"]).json()
    assert (seen(ask, "rho", made["id"])["state"], undone["state"]) == ("idea", "idea")
    ask("rho")("DELETE", path)
    listed = ask("rho")("GET", "/register-projects", params={"commune": RHO, "limit": 100}).json()["items"]
    assert made["id"] not in [one["id"] for one in listed]
    assert seen(ask, "rho", made["id"])["archived_at"] is not None


def test_a_database_of_before_the_register_is_filled_with_what_it_holds(ask, imported, engine):
    imported(precedent("vecchio", amount=euros("7.25"), state="Concluso", source="opencoesione"))
    ask("rho")("POST", "/projects", json=IDEA | {"programme": "M5C2 2.1", "paired_with": None})
    before = all_of(engine)
    downgrade(engine, "0012")
    with reading(engine) as session:
        assert session.execute(text("SELECT count(*) FROM projects")).scalar_one() > 0
    upgrade(engine)
    assert all_of(engine) == before
