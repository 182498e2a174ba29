"""The graph against the definition of BERT, written out in numpy on the same weights."""

import math

import numpy as np
import pytest
from tokenizers import Tokenizer

from matcher.e5.tokens import kept_pieces
from matcher.e5.weights import Blocks, Weights
from matcher.onnx_encoder import OnnxEncoder

SENTENCES = [
    "Riqualificazione energetica della scuola elementare",
    "Piste ciclabili",
]


def dense(weights: Weights, name: str, x: np.ndarray) -> np.ndarray:
    bias = weights.floats(f"{name}.b")
    return x @ weights.blocks(f"{name}.w", len(bias)).dequantised().T + bias


def norm(weights: Weights, name: str, x: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=1, keepdims=True)
    unit = centred / np.sqrt(centred.var(axis=1, keepdims=True) + weights.epsilon)
    return unit * weights.floats(f"{name}.w") + weights.floats(f"{name}.b")


def attention(weights: Weights, layer: str, x: np.ndarray) -> np.ndarray:
    heads = [dense(weights, layer + p, x).reshape(len(x), weights.n_heads, -1).swapaxes(0, 1) for p in "qkv"]
    query, key, value = heads
    logits = query @ key.swapaxes(1, 2) / math.sqrt(query.shape[2])
    shares = np.exp(logits - logits.max(axis=2, keepdims=True))
    mixed = shares / shares.sum(axis=2, keepdims=True) @ value
    return dense(weights, layer + "ao", mixed.swapaxes(0, 1).reshape(x.shape))


def gelu(x: np.ndarray) -> np.ndarray:
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def bert(weights: Weights, tokens: np.ndarray) -> np.ndarray:
    table = weights.blocks("emb.word", weights.n_tokens).rows(tokens).dequantised()
    places = weights.floats("emb.pos").reshape(-1, weights.hidden)[: len(tokens)]
    x = norm(weights, "emb.ln", table + places + weights.floats("emb.type")[: weights.hidden])
    for layer in (f"l{n}." for n in range(weights.n_layers)):
        x = norm(weights, layer + "aln", x + attention(weights, layer, x))
        x = norm(weights, layer + "oln", x + dense(weights, layer + "fo", gelu(dense(weights, layer + "fi", x))))
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_int8_graph_computes_bert(
    sentence: str, weights: Weights, tokenizer: Tokenizer, default_encoder: OnnxEncoder
) -> None:
    tokens = kept_pieces(weights)[tokenizer.encode("query: " + sentence).ids]
    assert default_encoder.encode_queries([sentence])[0] @ bert(weights, tokens) >= 0.995


def test_a_weight_is_its_nibble_less_eight_times_the_scale_of_its_block() -> None:
    nibbles = np.concatenate([np.full(32, 15), np.full(32, 0)]).astype(np.uint8)[None]
    blocks = Blocks(nibbles, np.array([[0.5, 2.0]], dtype=np.float32))
    assert blocks.dequantised()[0, [0, 31, 32, 63]].tolist() == [3.5, 3.5, -16, -16]
