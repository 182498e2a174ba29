"""Encodes texts with any sentence-transformers model: what training uses, and who wants another model."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcher.encoder import Vectors
from matcher.errors import EncoderError
from matcher.onnx_encoder import DOCUMENT_PROMPT, QUERY_PROMPT

_INSTALL = "pip install torch==2.13.0 && pip install 'remix[training]'"


class HubEncoder:
    """An ``Encoder`` over a sentence-transformers model, named as on a hub or by its folder.

    It prefixes texts as the E5 models do. Its id follows the weights, so that a model trained anew in the same folder
    is another encoder. Raises EncoderError if the packages are missing or the model cannot be loaded.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._model = _load(name_or_folder)
        self.dim = int(self._model.get_embedding_dimension())
        self.id = f"{Path(name_or_folder).name}:{_fingerprint(self._model)}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what people ask: float32, (n_texts, dim), rows of unit length."""
        return self._encode(QUERY_PROMPT, texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched: float32, (n_texts, dim), rows of unit length."""
        return self._encode(DOCUMENT_PROMPT, texts)

    def _encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), prompt=prompt, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _load(name: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(
            f"REMIX_ENCODER, value {name!r}: a sentence-transformers model needs packages that are not installed "
            f"({error.name}): {_INSTALL}, or unset REMIX_ENCODER to use the default encoder"
        ) from error
    try:
        return SentenceTransformer(name)
    except Exception as error:  # whatever a hub, a file system or a model's own code raises
        raise EncoderError(
            f"REMIX_ENCODER, value {name!r}: cannot be loaded as a sentence-transformers model ({error}); give the "
            "folder of a model or a hub name that can be reached from here, or unset it to use the default encoder"
        ) from error


def _fingerprint(model: Any) -> str:
    """12 hexadecimal digits that change with any weight in use."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        if ".pooler." in name:  # never in use here, and random where a checkpoint lacks it
            continue
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().float().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]
