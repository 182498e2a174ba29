"""The encoder as the matcher sees it: anything that turns texts into unit vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors of unit length; queries and documents have prefixes of their own."""

    @property
    def id(self) -> str:
        """What the vectors depend on (model, weights' hash, precision): vectors of different ids never meet."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what people ask: float32, (n_texts, dim), rows of unit length."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched: float32, (n_texts, dim), rows of unit length."""
        ...
