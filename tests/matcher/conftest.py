import pytest
from tokenizers import Tokenizer

from matcher.e5.source import find_weights, read_weights
from matcher.e5.tokens import kept_pieces, write_tokenizer
from matcher.e5.weights import Weights


@pytest.fixture(scope="session")
def weights() -> Weights:
    """The real weights of multilingual-e5-small, at 4 bits."""
    return Weights(read_weights(find_weights()))


@pytest.fixture(scope="session")
def tokenizer(weights: Weights) -> Tokenizer:
    """The tokenizer of the default encoder."""
    return write_tokenizer(weights, kept_pieces(weights))
