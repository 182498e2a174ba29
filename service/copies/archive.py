"""The file of a copy: a gzipped tar of JSON lines, with a manifest at its end that says what must have come before.

    tables/<table>/000001.jsonl …   at most CHUNK_BYTES and a line each; in the order in which they can be inserted
    manifest.json                   versions, and of each table: columns, rows, SHA-256 of its lines

Written beside its place and put there when it is whole, readable by its owner only. A manifest that is missing, or
that says otherwise than the lines, is a file cut short or changed.
"""

import gzip
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from itertools import groupby
from pathlib import Path

from service.errors import CopyError

FORMAT = 1
CHUNK_BYTES = 4 << 20
"""A tar wants the length of a file before the file: so much is held in memory."""
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class TableCopy:
    """What a copy holds of one table; ``sha256`` is that of all its lines."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy is: by which program, from which database, at which version of the tables, and when."""

    remix: str
    revision: str
    database: str
    made_at: datetime
    tables: tuple[TableCopy, ...]

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables)


class Tally:
    """Counts the lines of a table as they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = sha256()

    def passing(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines, counted."""
        for line in lines:
            self.rows += 1
            self._digest.update(line)
            yield line

    def copy_of(self, name: str, columns: Iterable[str]) -> TableCopy:
        """Return what passed, as that of a table."""
        return TableCopy(name, tuple(columns), self.rows, self._digest.hexdigest())


class Writer:
    """Adds tables, and in the end the manifest, to an open archive."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add_table(self, name: str, columns: Iterable[str], lines: Iterable[bytes]) -> TableCopy:
        """Add the lines of a table and return what they were."""
        tally = Tally()
        for number, chunk in enumerate(_chunks(tally.passing(lines)), start=1):
            self._add(f"tables/{name}/{number:06}.jsonl", chunk)
        return tally.copy_of(name, columns)

    def add_manifest(self, manifest: Manifest) -> None:
        """Add the manifest: the archive is whole."""
        data = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
        self._add(MANIFEST, json.dumps(data, indent=1).encode())

    def _add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))


@contextmanager
def writing_archive(path: Path) -> Iterator[Writer]:
    """Hold a new archive, which appears at ``path`` at the end, whole, or not at all.

    Raises CopyError if there is a file already, or if it cannot be written.
    """
    if path.exists():
        raise CopyError(f"{path}: exists already, and no copy is overwritten; choose another name")
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
                yield Writer(tar)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        raise CopyError(f"{path}: cannot be written ({error.strerror or error}); nothing was left there") from error
    finally:
        partial.unlink(missing_ok=True)


def check_archive(path: Path, digest: str = "") -> Manifest:
    """Read an archive through and return its manifest.

    Raises CopyError if it is not one, cut short, changed, or not the file with the SHA-256 ``digest``.
    """
    if digest and digest.lower() != digest_of(path):
        raise CopyError(f"{path}: its SHA-256 is {digest_of(path)}, not {digest}: another file, or a changed one")
    found: dict[str, Tally] = {}
    manifest = b""
    with _members(path) as members:
        for name, lines in members:
            if name == MANIFEST:
                manifest = b"".join(lines)
                continue
            for _ in found.setdefault(_table_of(name), Tally()).passing(lines):
                pass
    if not manifest:
        raise CopyError(f"{path}: ends before its manifest; it was cut short: use another copy")
    return _fitting(path, manifest, found)


@contextmanager
def tables_in(path: Path) -> Iterator[Iterator[tuple[str, Iterator[bytes]]]]:
    """Hold the lines of each table of an archive, in the order of the archive; each to be read before the next."""
    with _members(path) as members:
        files = ((_table_of(name), lines) for name, lines in members if name != MANIFEST)
        grouped = groupby(files, key=lambda file: file[0])
        yield ((table, (line for _, lines in chunks for line in lines)) for table, chunks in grouped)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a whole file; raises CopyError if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise CopyError(f"{path}: cannot be read ({error.strerror})") from error


@contextmanager
def _members(path: Path) -> Iterator[Iterator[tuple[str, Iterator[bytes]]]]:
    try:
        with gzip.open(path) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            yield ((member.name, iter(tar.extractfile(member) or ())) for member in tar)
            while stream.read(CHUNK_BYTES):
                # Only at its very end does a gzip file tell whether it is what was written.
                continue
    except (tarfile.TarError, EOFError, zlib.error, OSError, UnicodeDecodeError) as error:
        raise CopyError(f"{path}: not a whole copy of Remix ({error}); use another one") from error


def _fitting(path: Path, content: bytes, found: dict[str, Tally]) -> Manifest:
    try:
        data = json.loads(content)
        if data.pop("format") != FORMAT:
            raise CopyError(f"{path}: a copy in a form that this program does not know; update it")
        tables = tuple(TableCopy(**table | {"columns": tuple(table["columns"])}) for table in data.pop("tables"))
        manifest = Manifest(**data | {"made_at": datetime.fromisoformat(data["made_at"]), "tables": tables})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CopyError(f"{path}: {MANIFEST} cannot be read ({error}); use another copy") from error
    for table in tables:
        tally = found.pop(table.name, None) or Tally()
        if tally.copy_of(table.name, table.columns) != table:
            raise CopyError(f"{path}: table {table.name} is not as it was copied; the file was changed: use another")
    if found:
        raise CopyError(f"{path}: holds more than its manifest says ({', '.join(found)}); the file was changed")
    return manifest


def _table_of(name: str) -> str:
    return name.removeprefix("tables/").partition("/")[0]


def _chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    chunk = bytearray()
    for line in lines:
        chunk += line
        if len(chunk) >= CHUNK_BYTES:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)
