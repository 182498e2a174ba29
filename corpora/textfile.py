"""Opening an official file: plain or gzip, UTF-8 or Windows-1252, whole and readable before its first row is read.

The file is read through once before any row is handed out, so that a truncated archive is refused before anything
reaches the database. That pass costs a tenth of what reading the rows does.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from corpora.errors import SourceError
from corpora.rows import Repairs

_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_FOREIGN = {
    b"PK\x03\x04": "a zip or xlsx archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"\xff\xfe": "UTF-16 text",
}
_CONTROL = bytes(range(9)) + bytes(range(14, 32))
_UNDEFINED_IN_1252 = b"\x81\x8d\x8f\x90\x9d"
_CONTROL_CHARACTERS_TOLERATED = 16


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file found readable from end to end: how it is packed and how it is encoded."""

    path: Path
    packed: bool
    encoding: str

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The decoded text, its line ends as they are.

        Raises SourceError if the file fails while it is read.
        """
        with _refusing_to_guess(self.path), _binary(self.path, self.packed) as stream:
            # Latin-1 decodes every byte; the other two were checked to the last byte.
            yield io.TextIOWrapper(stream, encoding=self.encoding, newline="")


def inspect(path: Path, repairs: Repairs) -> TextFile:
    """Read the file once and say how to read it as text; a byte order mark or a legacy encoding counts as a repair.

    Raises SourceError if it is missing, a folder, empty, truncated, or not text.
    """
    if path.is_dir():
        raise SourceError(f"{path}: a folder, not a file: name one file in it")
    with _refusing_to_guess(path):
        with path.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        with _binary(path, packed) as stream:
            return TextFile(path, packed, _encoding(path, stream, repairs))


@contextmanager
def _refusing_to_guess(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file: check the path") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(f"{path}: the gzip file is truncated or damaged ({error}): download it again") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}): check its permissions") from error


@contextmanager
def _binary(path: Path, packed: bool) -> Iterator[BinaryIO]:
    with path.open("rb") as raw:
        if packed:
            with gzip.open(raw, "rb") as stream:
                yield cast(BinaryIO, stream)
        else:
            yield raw


def _encoding(path: Path, stream: BinaryIO, repairs: Repairs) -> str:
    """Judge the bytes of the whole file; raises SourceError where they are no text."""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    size = control = 0
    line = 1
    in_1252 = True
    start = b""
    while chunk := stream.read(_CHUNK):
        start = start or chunk[:4]
        size += len(chunk)
        control += len(chunk) - len(chunk.translate(None, _CONTROL))
        if size <= _CHUNK or b"\0" in chunk:
            _refuse_what_is_no_text(path, start, chunk, line, control)
        line += chunk.count(b"\n")
        in_1252 = in_1252 and len(chunk) == len(chunk.translate(None, _UNDEFINED_IN_1252))
        decoder = _still_utf8(decoder, chunk)
    if start in (b"", codecs.BOM_UTF8):
        raise SourceError(f"{path}: the file is empty: download it again")
    if _still_utf8(decoder, b"", final=True) is None:
        encoding = "cp1252" if in_1252 else "latin-1"
        repairs.add(f"{encoding} text read as such")
        return encoding
    if start.startswith(codecs.BOM_UTF8):
        repairs.add("byte order mark")
        return "utf-8-sig"
    return "utf-8"


def _still_utf8(
    decoder: codecs.IncrementalDecoder | None, chunk: bytes, final: bool = False
) -> codecs.IncrementalDecoder | None:
    if decoder is None:
        return None
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _refuse_what_is_no_text(path: Path, start: bytes, chunk: bytes, line: int, control: int) -> None:
    for magic, what in _FOREIGN.items():
        if start.startswith(magic):
            raise SourceError(f"{path}: {what}, not text: export the table as CSV in UTF-8")
    if control > max(_CONTROL_CHARACTERS_TOLERATED, len(chunk) // 100):
        raise SourceError(f"{path}: not text ({control} control characters): export the table as CSV in UTF-8")
    at = chunk.find(b"\0")
    if at >= 0:
        line += chunk.count(b"\n", 0, at)
        raise SourceError(f"{path}, line {line}: a NUL byte, the file is damaged: download it again")
