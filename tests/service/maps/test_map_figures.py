"""What is counted in each commune: by whom it may be seen, once in the total, and never a zero that nobody knows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from matcher.records import Commune, Need, Project, PublicAsset
from service.assets.register import Register
from service.database import reading, write_transaction
from service.frame.tables import RecordTagRow
from service.maps.figures import Asking, Measure, per_head, read_figures
from service.register.filters import RegisterFilters
from service.register.observation_rows import Fact, ObservationRow
from service.register.tables import RegisterEntryRow
from service.tables import NeedRow, ProjectRow, PublicAssetRow
from tests.service.register.register_world import euros, precedent, store
from tests.world import GREZZAGO, MILANO, RHO

HERE = (MILANO, RHO, GREZZAGO)
AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
ALL = RegisterFilters()
BOTH = precedent("both", communes=(RHO.istat, MILANO.istat), amount=euros("100"))
ONE = precedent("one", communes=(MILANO.istat,), amount=euros("20.5"))
SILENT = precedent("silent", communes=(RHO.istat,))


def figures(engine, measure, filters=ALL, *, for_staff=False, communes=HERE):
    with reading(engine) as session:
        asking = Asking(session, (), Register(), for_staff, AT)
        found = read_figures(asking, measure, filters, communes)
    return dict(zip([one.name for one in communes], found.of.values(), strict=True)), found.total


def kept_by_rho(engine, table, record_id):
    with write_transaction(engine) as connection:
        connection.execute(update(table).where(table.id == record_id).values(owner_istat=RHO.istat))


def test_nobody_knows_how_many_projects_there_are_before_any_was_read(engine):
    store(engine, *HERE)
    assert figures(engine, Measure.PROJECTS) == ({"Milano": None, "Rho": None, "Grezzago": None}, None)


def test_a_project_in_two_communes_counts_in_both_and_once_in_all(engine):
    store(engine, *HERE, BOTH, ONE)
    assert figures(engine, Measure.PROJECTS) == ({"Milano": 2, "Rho": 1, "Grezzago": 0}, 2)
    money, total = figures(engine, Measure.MONEY)
    assert money == {"Milano": Decimal("120.5"), "Rho": 100, "Grezzago": 0}
    assert total == Decimal("120.5")


def test_money_that_nobody_published_is_not_zero(engine):
    store(engine, *HERE, SILENT)
    assert figures(engine, Measure.MONEY)[0] == {"Milano": 0, "Rho": None, "Grezzago": 0}


def test_what_a_commune_keeps_is_counted_for_the_incubator_alone(engine):
    own = Project(id="own", title="Riservato", text="", communes=(RHO.istat,), amount=euros("5"))
    villa = PublicAsset(id="villa", title="Villa", text="", commune_istat=RHO.istat)
    need = Need(id="need", commune_istat=RHO.istat, title="Asilo", text="")
    store(engine, *HERE, ONE, own, villa, need)
    for table, record_id in (
        (ProjectRow, "own"),
        (RegisterEntryRow, "own"),
        (PublicAssetRow, "villa"),
        (NeedRow, "need"),
    ):
        kept_by_rho(engine, table, record_id)
    public = [figures(engine, measure)[0]["Rho"] for measure in (Measure.PROJECTS, Measure.ASSETS, Measure.NEEDS)]
    assert public == [0, None, None]
    staff = [figures(engine, measure, for_staff=True)[0]["Rho"] for measure in (Measure.PROJECTS, Measure.ASSETS)]
    assert staff == [1, 1]
    assert figures(engine, Measure.NEEDS, for_staff=True) == ({"Milano": None, "Rho": 1, "Grezzago": None}, 1)


def test_needs_are_never_counted_for_the_public_whoever_wrote_them(engine):
    store(engine, *HERE, Need(id="need", commune_istat=RHO.istat, title="Asilo", text=""))
    assert figures(engine, Measure.NEEDS) == ({"Milano": None, "Rho": None, "Grezzago": None}, None)


def test_what_was_merged_or_archived_is_not_counted(engine):
    store(engine, *HERE, BOTH, ONE, SILENT)
    with write_transaction(engine) as connection:
        row = RegisterEntryRow
        connection.execute(update(row).where(row.id == SILENT.id).values(merged_into=BOTH.id))
        connection.execute(update(row).where(row.id == ONE.id).values(archived_at=AT))
    assert figures(engine, Measure.PROJECTS) == ({"Milano": 1, "Rho": 1, "Grezzago": 0}, 1)


def test_only_what_has_a_planned_day_can_be_called_late_or_on_time(engine):
    store(engine, *HERE, BOTH, ONE)
    assert figures(engine, Measure.LATE)[0] == {"Milano": None, "Rho": None, "Grezzago": None}
    said = {"fact": Fact.MILESTONE, "name": "Avvio", "name_key": "avvio", "at": AT, "import_id": None, "state": ""}
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO imports (id, source, file_name, sha256, started_at, rows_in, new, changed, unchanged, "
            "quarantined, kept_by_hand, repairs) VALUES (1, 'x', 'x', '', '2026-01-01', 0, 0, 0, 0, 0, 0, '{}')"
        )
        for id_, entry, planned in (("a", BOTH.id, date(2026, 1, 1)), ("b", ONE.id, date(2027, 1, 1))):
            row = said | {"id": id_, "entry_id": entry, "said_on": planned, "planned_on": planned, "import_id": 1}
            connection.execute(insert(ObservationRow).values(**row, active_key=id_))
    assert figures(engine, Measure.LATE) == ({"Milano": 1, "Rho": 1, "Grezzago": None}, 1)


def test_a_line_of_the_plan_narrows_projects_assets_and_needs(engine):
    villa = PublicAsset(id="villa", title="Villa", text="", commune_istat=RHO.istat)
    shed = PublicAsset(id="shed", title="Capannone", text="", commune_istat=MILANO.istat)
    need = Need(id="need", commune_istat=RHO.istat, title="Asilo", text="Nido")
    store(engine, *HERE, BOTH, ONE, villa, shed, need)
    with write_transaction(engine) as connection:
        for kind, record_id in (("precedent", ONE.id), ("asset", "villa"), ("need", "need")):
            tag = {"kind": kind, "record_id": record_id, "scheme": "driver", "code": "9", "tagger": "t"}
            connection.execute(insert(RecordTagRow).values(**tag, confidence=1.0, by_hand=False, evidence=""))
    ninth = RegisterFilters(driver="9")
    assert figures(engine, Measure.PROJECTS, ninth)[0] == {"Milano": 1, "Rho": 0, "Grezzago": 0}
    assert figures(engine, Measure.ASSETS, ninth)[0] == {"Milano": 0, "Rho": 1, "Grezzago": None}
    assert figures(engine, Measure.NEEDS, ninth, for_staff=True)[1] == 1
    assert figures(engine, Measure.NEEDS, replace(ninth, driver="1"), for_staff=True)[1] == 0


def test_words_narrow_assets_and_needs_by_what_they_say(engine):
    villa = PublicAsset(id="villa", title="Villa", text="con parco", commune_istat=RHO.istat)
    need = Need(id="need", commune_istat=RHO.istat, title="Asilo", text="Nido")
    store(engine, *HERE, villa, need)
    assert figures(engine, Measure.ASSETS, RegisterFilters(text="parco"))[1] == 1
    assert figures(engine, Measure.ASSETS, RegisterFilters(text="torre"))[1] == 0
    assert figures(engine, Measure.NEEDS, RegisterFilters(text="nido asilo"), for_staff=True)[1] == 1
    assert figures(engine, Measure.NEEDS, RegisterFilters(text="payload"), for_staff=True)[1] == 0


@pytest.mark.parametrize(("measure", "share"), [(Measure.PROJECTS, Decimal("2.50")), (Measure.MONEY, Decimal("0.05"))])
def test_shares_are_by_a_thousand_inhabitants_and_money_by_each(engine, measure, share):
    small, empty, unknown = (replace(RHO, istat=code, population=number) for code, number in
                             (("015001", 400), ("015002", 0), ("015003", None)))  # fmt: skip
    communes = (small, empty, unknown)
    store(engine, *communes, precedent("p", communes=tuple(one.istat for one in communes), amount=euros("20")))
    with reading(engine) as session:
        asking = Asking(session, (), Register(), False, AT)
        found = per_head(read_figures(asking, measure, ALL, communes), communes, measure)
    assert found.of == {"015001": share, "015002": None, "015003": None}


def test_communes_of_elsewhere_do_not_count(engine):
    torino = Commune(istat="001272", name="Torino")
    store(engine, *HERE, torino, precedent("there", communes=("001272",), amount=euros("7")), BOTH)
    assert figures(engine, Measure.MONEY)[1] == 100
    assert figures(engine, Measure.MONEY, communes=(torino,)) == ({"Torino": 7}, 7)
