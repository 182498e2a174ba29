"""Vectors kept by the hash of (encoder, side, text) in one file, so that an evaluation encodes a text once ever."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np

from evaluation.errors import TaskError
from matcher.encoder import Encoder, Vectors

_SAVED_EVERY = 1024
"""Texts encoded before they are kept: some twenty seconds of work, all that an interruption can lose."""


class KeptVectors:
    """An ``Encoder`` that keeps the vectors of queries and of documents in one ``.npz`` file.

    ``progress`` is told how many of the missing are done and how many there are; ``encoded`` counts them since the
    object was made. Processes may share a file: it is replaced whole, and the last to write wins. Raises TaskError,
    naming the file, where it cannot be used.
    """

    def __init__(self, encoder: Encoder, path: Path, progress: Callable[[int, int], None] | None = None) -> None:
        self._encoder = encoder
        self._path = path
        self._progress = progress
        self._kept: dict[bytes, Vectors] = {}
        self.id = encoder.id
        self.dim = encoder.dim
        self.encoded = 0
        if path.exists():
            self._load()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of what people ask, encoding the missing: float32, (n_texts, dim), rows of unit length."""
        return self._vectors("query", self._encoder.encode_queries, texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of what is searched, encoding the missing: float32, (n_texts, dim), rows of unit length."""
        return self._vectors("document", self._encoder.encode_documents, texts)

    def _vectors(self, side: str, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        keys = [sha256(f"{self.id}\0{side}\0{text}".encode()).digest() for text in texts]
        missing = [(key, text) for key, text in dict(zip(keys, texts, strict=True)).items() if key not in self._kept]
        for start in range(0, len(missing), _SAVED_EVERY):
            new_keys, new_texts = zip(*missing[start : start + _SAVED_EVERY], strict=True)
            self._kept.update(zip(new_keys, encode(new_texts), strict=True))
            self.encoded += len(new_keys)
            if self._progress is not None:
                self._progress(start + len(new_keys), len(missing))
            self._save()
        return np.stack([self._kept[key] for key in keys]) if keys else np.empty((0, self.dim), dtype=np.float32)

    def _load(self) -> None:
        try:
            with self._path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                keys, vectors = file["keys"], file["vectors"]
                if vectors.ndim != 2 or vectors.shape[0] != len(keys):
                    raise ValueError("keys and vectors do not fit")
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise TaskError(
                f"{self._path}: not a file of kept vectors ({error}); delete it, it is filled again"
            ) from error
        self._kept = dict(zip((key.tobytes() for key in keys), vectors, strict=True))

    def _save(self) -> None:
        keys = np.frombuffer(b"".join(self._kept), dtype=np.uint8).reshape(-1, 32)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._path.parent, suffix=".npz", delete=False) as stream:
                np.savez(stream, keys=keys, vectors=np.stack(list(self._kept.values())))
            Path(stream.name).replace(self._path)
        except OSError as error:
            raise TaskError(
                f"{self._path}: cannot be written ({error}); set REMIX_CACHE to a folder that can be"
            ) from error
