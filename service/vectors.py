"""Vectors kept by the hash of (encoder, text): an import encodes only the texts that changed."""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np

from matcher.encoder import Encoder, Vectors
from service.errors import DatabaseError

_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
_LOOKUP = 500
"""Keys in one query: below the 999 parameters that the oldest SQLite in use allows."""
_COMMIT = 128
"""Texts encoded before they are kept: some seconds of work, all that an interruption can lose."""
_WAIT_S = 30
_KEPT_QUERIES = 1024

_Encode = Callable[[Sequence[str]], Vectors]


class CachedEncoder:
    """An ``Encoder`` that keeps the vectors of documents in an SQLite file, and those of recent queries in memory.

    ``hits`` and ``encoded`` count documents since the object was made: distinct texts that were found in the file, and
    that had to be encoded. ``progress`` is told how many of the missing are done and how many there are. Threads and
    processes may share a file. Raises DatabaseError, naming the file, where it cannot be used.
    """

    def __init__(self, encoder: Encoder, path: Path, progress: Callable[[int, int], None] | None = None) -> None:
        self._encoder = encoder
        self._path = path
        self._progress = progress
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()
        self.id = encoder.id
        self.dim = encoder.dim
        self.hits = 0
        self.encoded = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_TABLE)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what people ask: float32, (n_texts, dim), rows of unit length.

        What was asked lately is remembered, and what a commune keeps is read where ``encode_projects`` put it; what
        visitors write leaves nothing on the disk.
        """
        distinct = list(dict.fromkeys(texts))
        with self._lock:
            known = {text: self._recent[text] for text in distinct if text in self._recent}
        if missing := [text for text in distinct if text not in known]:
            known |= self._asked(missing)
        with self._lock:
            self._recent |= known
            for text in distinct:
                self._recent.move_to_end(text)
            while len(self._recent) > _KEPT_QUERIES:
                self._recent.popitem(last=False)
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dim), dtype=np.float32)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of what is searched, encoding the missing: float32, (n_texts, dim), rows of unit length."""
        return self._all({text: self._key(text) for text in texts}, texts, self._encoder.encode_documents)

    def encode_projects(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of funded projects, read as queries are, and kept as documents are."""
        return self._all({text: self._query_key(text) for text in texts}, texts, self._encoder.encode_queries)

    def _all(self, keys: Mapping[str, bytes], texts: Sequence[str], encode: _Encode) -> Vectors:
        with self._connection() as connection:
            vectors = self._kept(connection, list(keys.values()))
            missing = [(key, text) for text, key in keys.items() if key not in vectors]
            self.hits += len(vectors)
            for done in self._encode_missing(missing, encode):
                _keep(connection, done)
                vectors.update(done)
        rows = [vectors[keys[text]] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dim), dtype=np.float32)

    def _encode_missing(self, missing: list[tuple[bytes, str]], encode: _Encode) -> Iterator[dict[bytes, Vectors]]:
        for start in range(0, len(missing), _COMMIT):
            keys, texts = zip(*missing[start : start + _COMMIT], strict=True)
            vectors = encode(texts)
            self.encoded += len(texts)
            yield dict(zip(keys, vectors, strict=True))
            if self._progress is not None:
                self._progress(start + len(texts), len(missing))

    def _asked(self, texts: list[str]) -> dict[str, Vectors]:
        """Return the vectors of distinct texts: those that are kept, and the others encoded."""
        keys = {text: self._query_key(text) for text in texts}
        with self._connection() as connection:
            kept = self._kept(connection, list(keys.values()))
        found = {text: kept[key] for text, key in keys.items() if key in kept}
        if missing := [text for text in texts if text not in found]:
            found |= dict(zip(missing, self._encoder.encode_queries(missing), strict=True))
        return found

    def _query_key(self, text: str) -> bytes:
        return self._key(f"query\0{text}")

    def _key(self, text: str) -> bytes:
        return sha256(f"{self.id}\0{text}".encode()).digest()

    def _kept(self, connection: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        for start in range(0, len(keys), _LOOKUP):
            some = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(some))
            rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some)  # noqa: S608
            found.update((key, np.frombuffer(vector, np.float32)) for key, vector in rows)
        return found

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        # One connection per call: SQLite's may not be shared between threads, and opening one takes 0.1 ms.
        try:
            with closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise DatabaseError(
                f"{self._path}: the file of kept vectors cannot be used ({error}); delete it, it is filled again"
            ) from error


def _keep(connection: sqlite3.Connection, vectors: dict[bytes, Vectors]) -> None:
    rows = [(key, vector.astype(np.float32).tobytes()) for key, vector in vectors.items()]
    with connection:
        connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
