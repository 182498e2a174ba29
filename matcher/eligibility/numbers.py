"""Italian numbers in running text: ``5.000``, ``15 mila``, ``cinquemila``, ``200.000,00 euro``, ``due milioni``."""

import re
from decimal import Decimal

_UNITS = {
    "un": 1,
    "uno": 1,
    "una": 1,
    "due": 2,
    "tre": 3,
    "quattro": 4,
    "cinque": 5,
    "sei": 6,
    "sette": 7,
    "otto": 8,
    "nove": 9,
    "dieci": 10,
    "dodici": 12,
    "quindici": 15,
    "venti": 20,
    "trenta": 30,
    "quaranta": 40,
    "cinquanta": 50,
    "sessanta": 60,
    "cento": 100,
    "duecento": 200,
    "duecentocinquanta": 250,
}
_WORDS = _UNITS | {"mille": 1_000} | {f"{word}mila": value * 1_000 for word, value in _UNITS.items() if value > 1}

NUMBER = (
    r"(?:\d{1,3}(?:[. ]\d{3})+(?:,\d{1,2})?|\d+(?:,\d{1,2})?|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")(?: ?(?:mila|milioni|milione|mln))?"
)
"""Pattern of a number (no groups), in small letters without accents."""

_SCALES = {"mila": 1_000, "milioni": 1_000_000, "milione": 1_000_000, "mln": 1_000_000}
_SCALE = re.compile(r" ?(mila|milioni|milione|mln)$")


def number(text: str) -> Decimal:
    """The value of a text that ``NUMBER`` matches; raises KeyError for any other word."""
    word = text.strip()
    if word in _WORDS:
        return Decimal(_WORDS[word])
    scale = _SCALE.search(word)
    digits = word[: scale.start()] if scale else word
    value = (
        Decimal(digits.replace(".", "").replace(" ", "").replace(",", "."))
        if digits[0].isdigit()
        else Decimal(_WORDS[digits])
    )
    return value * (_SCALES[scale.group(1)] if scale else 1)
