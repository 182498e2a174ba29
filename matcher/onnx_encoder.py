"""Encodes texts with a built encoder on onnxruntime: what serving uses, without torch."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from matcher.e5.folder import MODEL, TOKENIZER, verified
from matcher.encoder import Vectors
from matcher.errors import EncoderError

QUERY_PROMPT = "query: "
DOCUMENT_PROMPT = "passage: "


class OnnxEncoder:
    """An ``Encoder`` over a folder that ``matcher.e5.build`` wrote.

    Every text is a run of its own on one processor, several texts run side by side: a text has the same vector, bit for
    bit, alone or among any others, on one kind of processor (kinds differ in the third decimal). Only the first 512
    tokens of a text count. Safe to share between threads.
    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, fingerprint: str) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._threads = min(8, os.cpu_count() or 1)
        self.id = f"e5-small-int8:{fingerprint}"
        self.dim: int = session.get_outputs()[0].shape[1]

    @classmethod
    def load(cls, folder: Path) -> "OnnxEncoder":
        """Load an encoder; raises EncoderError if any of its files is not, byte for byte, what was built."""
        manifest = verified(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(folder / MODEL, options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as error:  # neither library has an error of its own that can be named here
            raise EncoderError(
                f"{folder}: onnxruntime {onnxruntime.__version__} cannot load it ({error}); upgrade onnxruntime and "
                "tokenizers, or set REMIX_ENCODER to a sentence-transformers model"
            ) from error
        return cls(session, tokenizer, manifest.fingerprint)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what people ask: float32, (n_texts, 384), rows of unit length."""
        return self._encode(QUERY_PROMPT, texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched: float32, (n_texts, 384), rows of unit length."""
        return self._encode(DOCUMENT_PROMPT, texts)

    def _encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        if len(texts) == 1:
            vectors[0] = self._vector(prompt, texts[0])
        elif texts:
            with ThreadPoolExecutor(self._threads) as pool:
                for row, vector in enumerate(pool.map(partial(self._vector, prompt), texts)):
                    vectors[row] = vector
        return vectors

    def _vector(self, prompt: str, text: str) -> Vectors:
        tokens = np.array([self._tokenizer.encode(prompt + text).ids], dtype=np.int64)
        vector: Vectors = self._session.run(None, {"input_ids": tokens})[0][0]
        return vector
