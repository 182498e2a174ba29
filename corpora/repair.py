"""Repairs without loss, each one counted: text encoded twice, markers of absence, spaces around a cell."""

import re

from ftfy import TextFixerConfig, fix_encoding

from corpora.rows import Repairs

ABSENT = frozenset(
    [
        "N/D",
        "n/d",
        "N/A",
        "n/a",
        "N.D.",
        "n.d.",
        "N.A.",
        "n.a.",
        "#N/D",
        "#N/A",
        "-",
        "--",
        "NULL",
        "null",
        "None",
        "nan",
    ]
)
"""What publishers write where they have nothing to say; ``NA`` is not among them, it is the province of Napoli."""

_LONGEST_MARKER = max(map(len, ABSENT))

# A cheap sieve: only what it lets through is looked at by ftfy, which judges whether it is damage at all.
_SUSPECT = re.compile("[ÃÂâïð][^A-Za-z]|Ã$|[\x80-\x9f]")

# Publishers turn the second byte of "à" (A0) into a space or strip it as one; it is the only letter of Italian that can
# be lost so. Before a sign other than a space it is certain only in words in -tà.
_LOST_FINAL_ACCENT = re.compile(r"(?<=[^\W\d_])Ã(?=\s|$)|(?<=[^\W\d_][Tt])Ã(?!\w)")

# Spreadsheets write the control character U+0002 so; in the official texts it stands where a hyphen stood.
_ESCAPED_HYPHEN = "_x0002_"

# fix_encoding leaves quotes, widths and line ends as published; lossy sequences would be guesses.
_ENCODING_ONLY = TextFixerConfig(replace_lossy_sequences=False)


def repair_encoding(text: str, repairs: Repairs) -> str:
    """Undo accents that were encoded twice ("attivitÃ\xa0" → "attività"); counts one repair per text changed."""
    if text.isascii() or not _SUSPECT.search(text):
        return text
    fixed: str = fix_encoding(text, _ENCODING_ONLY)
    fixed = _LOST_FINAL_ACCENT.sub(lambda found: "À" if fixed[found.start() - 1].isupper() else "à", fixed)
    if fixed != text:
        repairs.add("double-encoded text")
    return fixed


def tidy_cell(text: str, repairs: Repairs) -> str:
    """A cell with its encoding repaired and without the spaces around it."""
    if not text.isascii():
        text = repair_encoding(text, repairs)
    if _ESCAPED_HYPHEN in text:
        text = text.replace(_ESCAPED_HYPHEN, "-")
        repairs.add("escaped hyphen")
    stripped = text.strip()
    if len(stripped) != len(text):
        repairs.add("spaces around a cell")
    return stripped


def clean_cell(text: str, repairs: Repairs) -> str:
    """A cell as it was meant: tidied, and a marker of absence turned into ``""``."""
    stripped = tidy_cell(text, repairs)
    if len(stripped) <= _LONGEST_MARKER and stripped in ABSENT:
        repairs.add("marker of absence")
        return ""
    return stripped
