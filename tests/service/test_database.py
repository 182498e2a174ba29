"""The database: made and migrated by itself, refused with a reason when it cannot be used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

import service.database
from service.database import (
    HEAD,
    current_revision,
    downgrade,
    open_database,
    reading,
    upgrade,
    write_transaction,
    writing_in_turn,
)
from service.errors import DatabaseError
from service.settings import Settings
from service.tables import Base, DataVersionRow, ImportRow, NeedRow


def test_a_database_that_does_not_exist_is_not_made_by_reading(tmp_path):
    with pytest.raises(DatabaseError, match="remix init"):
        open_database(Settings(home=tmp_path / "home", database_url=""))
    assert not (tmp_path / "home").exists()


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path):
    (tmp_path / "remix.sqlite").write_bytes(b"a diary, not a database, " * 100)
    for writing in (True, False):
        with pytest.raises(DatabaseError, match=r"remix\.sqlite: .*move the file away and run `remix init`"):
            open_database(Settings(home=tmp_path, database_url=""), writing=writing)


def test_a_database_that_may_only_be_read_names_the_setting(tmp_path):
    engine = open_database(Settings(home=tmp_path, database_url=""), writing=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    refused = pytest.raises(DatabaseError, match=r"readonly.*set REMIX_HOME to a folder that can be written")
    with refused, write_transaction(engine) as connection:
        connection.execute(insert(ImportRow).values(_an_import()))
    engine.dispose()


def test_a_database_url_that_makes_no_sense_names_the_setting_but_not_its_secrets():
    with pytest.raises(DatabaseError, match="REMIX_DATABASE_URL") as refused:
        open_database(Settings(database_url="postgresql:/remix:password@host"))
    assert "password" not in str(refused.value)


def test_a_home_that_cannot_be_a_folder_names_the_setting(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(DatabaseError, match="REMIX_HOME"):
        open_database(Settings(home=tmp_path / "home", database_url=""), writing=True)


def test_a_reader_sees_one_state_while_others_write(engine):
    with reading(engine) as session:
        before = session.query(ImportRow).count()
        with write_transaction(engine) as connection:
            connection.execute(insert(ImportRow).values(_an_import()))
        assert session.query(ImportRow).count() == before
    with reading(engine) as session:
        assert session.query(ImportRow).count() == before + 1


def test_a_database_made_by_a_newer_program_is_refused(engine, settings):
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer"):
        open_database(settings, writing=True)


def test_a_database_that_is_behind_is_not_read(engine, settings):
    downgrade(engine)
    with pytest.raises(DatabaseError, match="remix init"):
        open_database(settings)


def test_a_database_that_is_behind_is_migrated_when_opened_for_writing(engine, settings):
    downgrade(engine)
    reopened = open_database(settings, writing=True)
    assert current_revision(reopened) == HEAD
    reopened.dispose()


def test_migrations_go_up_down_and_up_again(engine):
    tables = set(inspect(engine).get_table_names())
    downgrade(engine)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) == tables == {*Base.metadata.tables, "alembic_version"}


def test_the_migrations_make_the_tables_of_the_code(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_the_checks_of_the_code(engine):
    declared = create_engine("sqlite://" if engine.dialect.name == "sqlite" else engine.url)
    migrated = _checks(engine)
    if engine.dialect.name == "postgresql":
        downgrade(engine)
    Base.metadata.create_all(declared)
    assert _checks(declared) == migrated
    declared.dispose()


def _checks(engine):
    inspector = inspect(engine)
    return {
        table: {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(table)}
        for table in Base.metadata.tables
    }


def test_the_newest_migration_is_the_one_the_program_expects():
    config = Config()
    config.set_main_option("script_location", str(service.database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_error_undoes_the_whole_transaction(engine):
    with pytest.raises(ZeroDivisionError):
        _insert_and_fail(engine)
    with reading(engine) as session:
        assert session.query(ImportRow).count() == 0


def test_a_record_of_no_import_is_refused(engine):
    row = {"id": "n:1", "source": "p", "version": 1, "content_hash": "", "payload": "{}", "title": "t"}
    with pytest.raises(DatabaseError) as refused, write_transaction(engine) as connection:
        connection.execute(insert(NeedRow).values(row | {"commune_istat": "", "first_import_id": 7, "import_id": 7}))
    assert isinstance(refused.value.__cause__, IntegrityError)


def test_an_import_whose_counts_do_not_add_up_is_refused(engine):
    with pytest.raises(DatabaseError, match="adds_up"), write_transaction(engine) as connection:
        connection.execute(insert(ImportRow).values(_an_import() | {"rows_in": 3, "new": 1}))


def test_a_second_writer_is_told_to_wait(engine, settings, monkeypatch):
    monkeypatch.setattr(service.database, "BUSY_TIMEOUT_S", 0.01)
    other = open_database(settings, writing=True)
    with write_transaction(engine), pytest.raises(DatabaseError, match="another import"), write_transaction(other):
        pass
    other.dispose()


def _insert_and_fail(engine):
    with write_transaction(engine) as connection:
        connection.execute(insert(ImportRow).values(_an_import()))
        raise ZeroDivisionError


def _an_import():
    return {"source": "prova", "file_name": "f.csv", "sha256": "", "started_at": datetime.now(UTC)}


def test_writers_of_one_process_take_turns_and_lose_nothing(engine):
    def write(number: int) -> None:
        with writing_in_turn(engine) as session:
            session.add(DataVersionRow(name=f"name {number}", number=1, stamp="x"))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(write, range(100)))
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(DataVersionRow)) == 100


def test_a_writer_that_fails_gives_its_turn_to_the_next_one(engine):
    def fail_half_way() -> None:
        with writing_in_turn(engine) as session:
            session.add(DataVersionRow(name="name", number=1, stamp="x"))
            raise LookupError("the rest cannot be read")

    with pytest.raises(LookupError):
        fail_half_way()
    with writing_in_turn(engine) as session:
        assert session.get(DataVersionRow, "name") is None
