"""The tokenizer of multilingual-e5-small, written for the ``tokenizers`` library.

    controls dropped, layout made spaces ─► NFKC ─► single spaces ─► ends stripped ─► "▁" for a space ─► unigram pieces

Written from the vocabulary and the character map in the weights file.
"""

import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from matcher.e5.weights import Weights

BEGIN, PADDING, END, UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"

_SCRIPTS = ("LATIN", "GREEK", "MODIFIER LETTER")


def kept_pieces(weights: Weights) -> NDArray[np.int64]:
    """Ids of the pieces whose letters are Latin or Greek, ascending: 120,732 of 250,002.

    A piece with a letter of another script never occurs in a text without such letters, so Italian, English and French
    are cut exactly as with all pieces; it halves the time and memory of loading. Other scripts become unknown.
    """
    return np.array([id_ for id_, piece in enumerate(weights.pieces) if _is_european(piece)], dtype=np.int64)


def write_tokenizer(weights: Weights, kept: NDArray[np.int64]) -> Tokenizer:
    """The tokenizer over the ``kept`` pieces (renumbered from 0): ``<s> … </s>``, at most 512 tokens."""
    pieces = [(weights.pieces[id_], float(weights.scores[id_])) for id_ in kept]
    ids = {piece: id_ for id_, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(Unigram(pieces, unk_id=ids[UNKNOWN], byte_fallback=False))
    tokenizer.normalizer = _normalizer(weights.characters)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(BEGIN, ids[BEGIN]), (END, ids[END])]
    )
    tokenizer.enable_truncation(weights.max_tokens)
    return tokenizer


def _is_european(piece: str) -> bool:
    return all(not char.isalpha() or unicodedata.name(char, "").startswith(_SCRIPTS) for char in piece)


def _normalizer(characters: dict[str, str]) -> normalizers.Normalizer:
    # The file's map is NFKC of single characters, except for controls (dropped) and for marks of layout (spaces).
    dropped = [char for char, becomes in characters.items() if becomes == ""]
    spaces = [char for char, becomes in characters.items() if becomes == " "]
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(_any_of(dropped)), ""),
            normalizers.Replace(Regex(_any_of(spaces)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )


def _any_of(characters: Iterable[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(char):x}}}" for char in characters) + "]"
