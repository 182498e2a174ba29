"""Writes multilingual-e5-small as a sentence-transformers model, from the weights that the default encoder is built of.

It is what the int8 encoder is checked against, and where fine-tuning starts on a machine that reaches no hub.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from matcher.e5.source import find_weights, read_weights
from matcher.e5.tokens import BEGIN, END, PADDING, UNKNOWN, write_tokenizer
from matcher.e5.weights import Weights

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_reference_model(folder: Path) -> None:
    """Write the float32 model (470 MB, all 250,037 tokens) to ``folder``, for SentenceTransformer to load.

    Raises EncoderError if the weights are missing or altered.
    """
    weights = Weights(read_weights(find_weights()))
    with TemporaryDirectory() as transformer:
        _bert(weights).save_pretrained(transformer)
        _tokenizer(weights).save_pretrained(transformer)
        modules = [Transformer(transformer), Pooling(weights.hidden, "mean"), Normalize()]
        SentenceTransformer(modules=modules).save(str(folder))


def _bert(weights: Weights) -> BertModel:
    state = _state(weights)
    config = BertConfig(
        vocab_size=len(state["embeddings.word_embeddings.weight"]),
        hidden_size=weights.hidden,
        num_hidden_layers=weights.n_layers,
        num_attention_heads=weights.n_heads,
        intermediate_size=weights.inner,
        max_position_embeddings=weights.max_tokens,
        layer_norm_eps=weights.epsilon,
        pad_token_id=weights.pieces.index(PADDING),
    )
    model = BertModel(config)
    model.load_state_dict(state)
    return model


def _tokenizer(weights: Weights) -> Any:
    everything = np.arange(len(weights.pieces))
    special = {"bos_token": BEGIN, "eos_token": END, "unk_token": UNKNOWN, "pad_token": PADDING}
    return PreTrainedTokenizerFast(
        tokenizer_object=write_tokenizer(weights, everything), model_max_length=weights.max_tokens, **special
    )


def _state(weights: Weights) -> dict[str, torch.Tensor]:
    size = weights.hidden
    state = {
        "embeddings.word_embeddings.weight": weights.blocks("emb.word", weights.n_tokens).dequantised(),
        "embeddings.position_embeddings.weight": weights.floats("emb.pos").reshape(-1, size),
        "embeddings.token_type_embeddings.weight": weights.floats("emb.type").reshape(-1, size),
        **_norm(weights, "emb.ln", "embeddings.LayerNorm"),
        # Part of BERT, not of E5, which takes the mean over the tokens.
        "pooler.dense.weight": np.zeros((size, size), dtype=np.float32),
        "pooler.dense.bias": np.zeros(size, dtype=np.float32),
    }
    for layer in range(weights.n_layers):
        for short, name in _PARTS.items():
            stored, part = f"l{layer}.{short}", f"encoder.layer.{layer}.{name}"
            bias = weights.floats(f"{stored}.b")
            state[f"{part}.weight"] = weights.blocks(f"{stored}.w", len(bias)).dequantised()
            state[f"{part}.bias"] = bias
        for short, name in _NORMS.items():
            state |= _norm(weights, f"l{layer}.{short}", f"encoder.layer.{layer}.{name}")
    return {name: torch.from_numpy(values.copy()) for name, values in state.items()}


def _norm(weights: Weights, stored: str, name: str) -> dict[str, np.ndarray]:
    return {f"{name}.weight": weights.floats(f"{stored}.w"), f"{name}.bias": weights.floats(f"{stored}.b")}
