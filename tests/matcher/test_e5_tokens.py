import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from matcher.e5.tokens import kept_pieces, write_tokenizer
from matcher.e5.weights import Weights


def test_an_italian_sentence_is_cut_into_the_pieces_of_xlm_roberta(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("query: Riqualificazione dell’edificio scolastico").tokens == (
        ["<s>", "▁que", "ry", ":", "▁Ri", "qual", "ificazione", "▁dell", "’", "edifici", "o", "▁scolastico", "</s>"]
    )


@pytest.mark.parametrize(
    ("as_written", "as_meant"),
    [
        ("scuola\tprimaria\r\n di\u00a0Opera ", "scuola primaria di Opera"),
        ("  scuola   primaria", "scuola primaria"),
        ("eﬃcienza energetica", "efficienza energetica"),
        ("citta\u0300", "città"),
        ("scuola\u0007 primaria", "scuola primaria"),
        ("50 ㎡", "50 m2"),
    ],
)
def test_layout_and_typography_do_not_change_the_tokens(as_written: str, as_meant: str, tokenizer: Tokenizer) -> None:
    assert tokenizer.encode(as_written).ids == tokenizer.encode(as_meant).ids


def test_a_long_text_is_cut_at_512_tokens_and_still_ends_with_the_end(tokenizer: Tokenizer) -> None:
    tokens = tokenizer.encode("asilo nido " * 1000).tokens
    assert len(tokens) == 512
    assert tokens[-1] == "</s>"


def test_letters_of_other_scripts_are_unknown_and_the_rest_is_read(tokenizer: Tokenizer) -> None:
    unknown = tokenizer.token_to_id("<unk>")
    assert unknown in tokenizer.encode("scuola школа").ids
    assert tokenizer.encode("scuola школа").tokens[:2] == ["<s>", "▁scuola"]
    assert unknown not in tokenizer.encode("scuola: 1.000 € – già «avviata», Σ µ ½ → è").ids


def test_italian_english_and_french_are_cut_exactly_as_with_all_pieces(
    shared_data: Path, weights: Weights, tokenizer: Tokenizer
) -> None:
    whole = write_tokenizer(weights, np.arange(len(weights.pieces)))
    kept = kept_pieces(weights)
    texts = real_texts(shared_data)
    assert len(texts) > 1000
    for ours, all_ in zip(tokenizer.encode_batch(texts), whole.encode_batch(texts), strict=True):
        assert kept[ours.ids].tolist() == all_.ids


def real_texts(folder: Path) -> list[str]:
    with gzip.open(folder / "rl_bandi_fulltext.jsonl.gz", "rt", encoding="utf-8") as stream:
        values = [value for line in stream for value in json.loads(line).values() if isinstance(value, str)]
    texts = [line for value in values for line in value.splitlines()]
    with (folder / "fr_tee_programs.jsonl").open(encoding="utf-8") as stream:
        texts += [line.strip() for line in stream]
    with (folder / "eu_ft_topics_titles.csv").open(encoding="utf-8", newline="") as stream:
        texts += [" ".join(row) for row in csv.reader(stream)][:1000]
    return texts
