"""A copy carries everything from any database to any other, and is put back whole or not at all."""

import gzip
import io
import json
import resource
import signal
import stat
import subprocess
import sys
import tarfile
import time
from contextlib import contextmanager, suppress
from hashlib import sha256

import pytest
from sqlalchemy import create_engine, insert, text
from sqlalchemy.exc import DBAPIError

from service.access.principal import COMMAND_LINE
from service.audit.trail import record
from service.copies.archive import MANIFEST, check_archive, digest_of
from service.copies.backup import back_up
from service.copies.restoring import restore
from service.copies.rows import tables_of
from service.database import (
    HEAD,
    current_revision,
    downgrade,
    open_as_it_is,
    open_database,
    upgrade,
    write_transaction,
    writing,
)
from service.errors import CopyError, DatabaseError
from service.imports import import_source
from service.schema import METADATA
from service.settings import Settings
from service.tables import DataVersionRow
from tests.service.copies.places import AT, ROWS, contents, copy_file, fill, is_untouched, silent
from tests.service.sources import ListedSource, call


def members(path):
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def rewrite(path, files):
    """Make an archive of these files, in their order, in the place of another."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@contextmanager
def opened(settings):
    engine = open_database(settings, writing=True)
    yield engine
    engine.dispose()


def test_the_sample_has_a_row_of_every_table():
    assert set(ROWS) == set(METADATA.tables)


def test_a_copy_goes_from_any_database_to_any_other(places, tmp_path):
    source, target = places
    with opened(source) as engine:
        fill(engine)
        manifest = back_up(engine, copy_file(tmp_path), silent)
        before = contents(engine)
    restored = restore(target, copy_file(tmp_path), silent)
    assert manifest.rows == len(ROWS) + 1
    assert all(one.same for one in restored.comparisons)
    assert {one.copied.name for one in restored.comparisons} == set(METADATA.tables)
    with opened(target) as engine:
        assert contents(engine) == before


def test_a_copy_of_the_copy_holds_the_same_lines(places, tmp_path):
    source, target = places
    with opened(source) as engine:
        fill(engine)
        first = back_up(engine, tmp_path / "one.tar.gz", silent)
    restore(target, tmp_path / "one.tar.gz", silent)
    with opened(target) as engine:
        second = back_up(engine, tmp_path / "two.tar.gz", silent)
    assert second.tables == first.tables
    lines = [{name: data for name, data in members(tmp_path / f).items() if name != MANIFEST} for f in FILES]
    assert lines[0] == lines[1]


FILES = ("one.tar.gz", "two.tar.gz")


def test_numbers_go_on_after_the_restored_ones(places, tmp_path):
    source, target = places
    with opened(source) as engine:
        fill(engine)
        back_up(engine, copy_file(tmp_path), silent)
    restore(target, copy_file(tmp_path), silent)
    (tmp_path / "bandi.csv").touch()
    with opened(target) as engine:
        with writing(engine) as session:
            record(session, COMMAND_LINE, "q", "test.done", "test", "t")
        import_source(engine, ListedSource(call(1)), tmp_path / "bandi.csv")
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT max(id) FROM audit_events")) == 13
            assert connection.scalar(text("SELECT max(id) FROM imports")) == 42


def test_what_is_only_added_to_is_restored_and_protected_again(copied, target):
    restore(target, copied, silent)
    with opened(target) as engine, engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added"):
        connection.execute(text("DELETE FROM audit_events"))


def test_a_copy_is_one_state_whatever_is_written_meanwhile(full, tmp_path):
    reported = []

    def write_meanwhile(*told):
        reported.append(told)
        with write_transaction(full) as connection:
            connection.execute(insert(DataVersionRow).values(name=f"n{len(reported)}", number=1, stamp=""))

    with write_transaction(full) as connection:
        versions = [{"name": f"v{n:05}", "number": 1, "stamp": ""} for n in range(6000)]
        connection.execute(insert(DataVersionRow), versions)
    manifest = back_up(full, copy_file(tmp_path), write_meanwhile)
    assert reported
    assert manifest.rows == len(ROWS) + 1 + 6000
    assert check_archive(copy_file(tmp_path)) == manifest


def test_a_copy_can_be_read_by_its_owner_only(copied):
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600


def test_no_copy_is_overwritten(full, copied):
    before = copied.read_bytes()
    with pytest.raises(CopyError, match="exists already"):
        back_up(full, copied, silent)
    assert copied.read_bytes() == before


@contextmanager
def no_file_longer_than(size):
    """Let writing fail beyond this size, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_leaves_no_half_copy(full, tmp_path):
    with no_file_longer_than(500), pytest.raises(CopyError, match="nothing was left there"):
        back_up(full, copy_file(tmp_path), silent)
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_a_full_disk_leaves_nothing_half_restored(copied, tmp_path):
    target = _sqlite(tmp_path / "target")
    with no_file_longer_than(200_000), pytest.raises(DatabaseError):
        restore(target, copied, silent)
    assert is_untouched(target)
    assert all(one.same for one in restore(target, copied, silent).comparisons)


def test_a_copy_in_a_folder_that_is_not_there_is_refused_by_name(full, tmp_path):
    with pytest.raises(CopyError, match=r"nowhere/copia\.tar\.gz: cannot be written"):
        back_up(full, tmp_path / "nowhere" / "copia.tar.gz", silent)


def test_a_copy_cut_short_anywhere_is_refused(copied, nowhere):
    whole = copied.read_bytes()
    for length in [*range(0, len(whole), len(whole) // 40), len(whole) - 1]:
        copied.write_bytes(whole[:length])
        with pytest.raises(CopyError):
            restore(nowhere, copied, silent)


def test_a_copy_with_a_byte_changed_is_refused_or_holds_the_same(copied):
    whole, manifest = copied.read_bytes(), check_archive(copied)
    refused = 0
    for place in range(0, len(whole), len(whole) // 60):
        copied.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        with suppress(CopyError):
            assert check_archive(copied) == manifest
            continue
        refused += 1
    # The header of a gzip file says when it was made and by which system: neither is part of the copy.
    assert refused >= 58


def test_a_copy_ends_with_its_manifest_or_was_cut_at_a_file(copied, nowhere):
    files = members(copied)
    del files[MANIFEST]
    rewrite(copied, files)
    with pytest.raises(CopyError, match="cut short"):
        restore(nowhere, copied, silent)


def test_a_changed_value_is_refused_with_the_name_of_its_table(copied, nowhere):
    files = members(copied)
    accounts = files["tables/accounts/000001.jsonl"]
    files["tables/accounts/000001.jsonl"] = accounts.replace(b"capo@", b"ladro@")
    rewrite(copied, files)
    with pytest.raises(CopyError, match="table accounts is not as it was copied"):
        restore(nowhere, copied, silent)


def test_a_table_left_out_or_added_is_refused(copied, nowhere):
    files = members(copied)
    rewrite(copied, {name: data for name, data in files.items() if "audit_events" not in name})
    with pytest.raises(CopyError, match="audit_events"):
        restore(nowhere, copied, silent)
    rewrite(copied, {"tables/more/000001.jsonl": b"[1]\n"} | files)
    with pytest.raises(CopyError, match="more than its manifest says"):
        restore(nowhere, copied, silent)


def test_a_file_with_another_fingerprint_is_refused(copied, target):
    with pytest.raises(CopyError, match="its SHA-256 is"):
        restore(target, copied, silent, digest="0" * 64)
    assert restore(target, copied, silent, digest=digest_of(copied).upper()).manifest.rows == len(ROWS) + 1


def test_something_that_is_no_copy_is_refused(tmp_path, nowhere):
    file = tmp_path / "diario.tar.gz"
    file.write_bytes(gzip.compress(b"a diary, not a copy, " * 500))
    with pytest.raises(CopyError, match="not a whole copy"):
        restore(nowhere, file, silent)
    with pytest.raises(CopyError, match="No such file"):
        restore(nowhere, tmp_path / "nowhere.tar.gz", silent)


def test_a_database_that_holds_something_is_left_as_it_is(copied, target):
    with opened(target) as engine:
        with write_transaction(engine) as connection:
            connection.execute(insert(DataVersionRow).values(name="calls", number=1, stamp="mine"))
        before = contents(engine)
        with pytest.raises(CopyError, match=r"holds something already \(data_versions\)"):
            restore(target, copied, silent)
        assert contents(engine) == before


@pytest.mark.parametrize("revision", ["0003", HEAD])
def test_a_database_of_empty_tables_counts_as_empty_at_any_version(copied, target, revision):
    with opened(target) as engine:
        downgrade(engine, revision)
    assert all(one.same for one in restore(target, copied, silent).comparisons)


def changed_manifest(path, **fields):
    files = members(path)
    files[MANIFEST] = json.dumps(json.loads(files[MANIFEST]) | fields).encode()
    rewrite(path, files)


def test_a_copy_of_a_newer_program_is_refused_and_says_what_to_do(copied, nowhere):
    changed_manifest(copied, revision="9999", remix="7.0")
    with pytest.raises(CopyError, match=r"version 9999 .*Remix 7\.0, which is newer: update this one"):
        restore(nowhere, copied, silent)
    changed_manifest(copied, format=2)
    with pytest.raises(CopyError, match="in a form that this program does not know"):
        restore(nowhere, copied, silent)


def test_a_manifest_that_makes_no_sense_is_refused(copied, nowhere):
    for content in (b"[]", b"{", b"{}", b'{"format": 1, "tables": 3}'):
        rewrite(copied, members(copied) | {MANIFEST: content})
        with pytest.raises(CopyError, match="cannot be read"):
            restore(nowhere, copied, silent)


def test_columns_of_another_version_are_refused_by_name(copied, target):
    files = members(copied)
    tables = json.loads(files[MANIFEST])["tables"]
    next(one for one in tables if one["name"] == "merges")["columns"].append("more")
    changed_manifest(copied, tables=tables)
    with pytest.raises(CopyError, match="merges"):
        restore(target, copied, silent)
    assert is_untouched(target)


@pytest.fixture
def older(tmp_path):
    """A copy of a database at an older version of the tables, with one import in it."""
    settings = _sqlite(tmp_path / "older")
    settings.home.mkdir()
    engine = create_engine(settings.database)
    upgrade(engine, "0002")
    with engine.begin() as connection:
        imports = next(table for table in tables_of(connection) if table.name == "imports")
        counts = dict.fromkeys(("rows_in", "new", "changed", "unchanged", "quarantined"), 0)
        described = {"id": 5, "source": "prova", "file_name": "f", "sha256": "", "started_at": AT, "repairs": {}}
        connection.execute(insert(imports).values(described | counts))
    manifest = back_up(engine, tmp_path / "older.tar.gz", silent)
    engine.dispose()
    assert manifest.revision == "0002"
    return tmp_path / "older.tar.gz"


def test_a_copy_of_an_older_version_is_compared_and_then_migrated(older, target):
    restored = restore(target, older, silent)
    assert restored.revision == HEAD
    assert {one.copied.name: one.restored.rows for one in restored.comparisons}["imports"] == 1
    with opened(target) as engine:
        assert current_revision(engine) == HEAD
        assert [row[0] for row in contents(engine)["imports"]] == [5]


def test_what_one_database_takes_and_another_does_not_is_named_and_nothing_stays(copied, target):
    files = members(copied)
    merges = files["tables/merges/000001.jsonl"].replace(b'"x"', b'"y"')
    files["tables/merges/000001.jsonl"] = merges
    tables = json.loads(files[MANIFEST])["tables"]
    next(one for one in tables if one["name"] == "merges")["sha256"] = sha256(merges).hexdigest()
    rewrite(copied, files)
    changed_manifest(copied, tables=tables)
    with pytest.raises(CopyError, match=r"table merges: .*two_records"):
        restore(target, copied, silent)
    assert is_untouched(target)


def test_a_restore_that_is_killed_leaves_nothing(full, tmp_path, target):
    with write_transaction(full) as connection:
        versions = [{"name": f"v{n:06}", "number": 1, "stamp": "s" * 50} for n in range(20_000)]
        connection.execute(insert(DataVersionRow), versions)
    back_up(full, copy_file(tmp_path), silent)
    marker = tmp_path / "begun"
    program = (
        "import sys; from pathlib import Path; from service.settings import Settings\n"
        "from service.copies.restoring import restore\n"
        "home, url, copy, marker = sys.argv[1:]\n"
        "restore(Settings(home=home, database_url=url), Path(copy), lambda *told: Path(marker).touch())\n"
    )
    words = [str(target.home), target.database_url, str(copy_file(tmp_path)), str(marker)]
    process = subprocess.Popen([sys.executable, "-c", program, *words])  # noqa: S603
    until = time.monotonic() + 60
    while not marker.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the restore had ended before it could be killed"
    assert is_untouched(target)
    assert all(one.same for one in restore(target, copy_file(tmp_path), silent).comparisons)


def test_a_database_that_is_not_there_is_not_copied(tmp_path):
    with pytest.raises(DatabaseError, match="there is no database yet"):
        open_as_it_is(_sqlite(tmp_path / "nowhere"))


def _sqlite(home):
    return Settings(home=home, database_url="")
