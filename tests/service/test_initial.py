"""What a database knows when it is first asked something."""

from sqlalchemy import func, select

from matcher.records import FrameItem
from service.database import open_database, reading
from service.imports import import_source, load_records
from service.initial import open_filled
from service.tables import FrameItemRow, NeedRow
from tests.service.sources import ListedSource
from tests.world import MILANO, RHO


def filled_from_official_files(settings):
    engine = open_database(settings, writing=True)
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / "comuni.csv"
    file.write_text("two communes")
    import_source(engine, ListedSource(RHO, MILANO, name="comuni"), file)
    engine.dispose()


def counts(engine):
    with reading(engine) as session:
        return [session.scalar(select(func.count()).select_from(row)) for row in (FrameItemRow, NeedRow)]


def test_a_database_of_official_files_alone_gets_the_frame_and_nothing_else_of_ours(settings):
    filled_from_official_files(settings)
    engine = open_filled(settings)
    framed, needs = counts(engine)
    with reading(engine) as session:
        labels = {item.id: item.label for item in load_records(session, FrameItem)}
    assert (framed > 10, needs) == (True, 0)
    assert all(labels.values())
    engine.dispose()


def test_opening_again_imports_nothing_again(settings):
    filled_from_official_files(settings)
    first = open_filled(settings)
    before = counts(first)
    first.dispose()
    again = open_filled(settings)
    with reading(again) as session:
        versions = set(session.scalars(select(FrameItemRow.version)))
    assert (counts(again), versions) == (before, {1})
    again.dispose()
