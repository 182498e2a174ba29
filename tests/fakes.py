"""Fakes with a memory, used instead of mocks."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np


class HashingEncoder:
    """An encoder without weights: words hashed into a bag, so shared words mean similarity. Remembers its texts."""

    id = "hashing-512"
    dim = 512

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts)

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w{3,}", text.lower()):
                digest = hashlib.sha256(word[:5].encode()).digest()
                vectors[row, int.from_bytes(digest[:4]) % self.dim] += 1 if digest[4] % 2 else -1
            if not vectors[row].any():
                vectors[row, 0] = 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
