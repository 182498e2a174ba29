"""The Italian analyser of the lexical index: from a text to the stems that it is searched by.

    "L'efficientamento dell'edificio" ── fold ──► "l'efficientamento dell'edificio"
        ── words ──► efficientamento, edificio ── stem ──► efficient, edific

Elisions are split, accents folded, function words dropped (``matcher.stopwords``), words stemmed by Snowball's
Italian stemmer; families that Snowball leaves apart are joined by a small table.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from matcher.stopwords import STOP_WORDS

_WORD = re.compile(r"[a-z0-9]{2,}")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_READABLE_WORD = re.compile(r"[^\W_]{2,}")

# Everyday words of the field whose stems Snowball leaves apart; the first of each line stands for all.
_FAMILIES = """
riqualif riqualific
rifunzionalizz rifunzional
rigener rigenerazion
digital digitalizz digit
ciclabil ciclopedonal ciclopedon cicl bicicl pist
scuol scolast
bibliotec bibliotecar
muse museal
rifiut rif
forest forestal alber alberatur rimbosch
idric idr acquedott
energet energ
sismic antisism
turist turism turistic
abit abitat allogg cas resident
anzian anzi
cultur cultural
agricol agricoltur
strad stradal viabil
patrimon patrimonial
inclusion inclus
formazion format
giovan giovanil
bonif bonific
edific edif ediliz
sanitar san salut
"""
_CANONICAL = {stem: line.split()[0] for line in _FAMILIES.strip().splitlines() for stem in line.split()}

# Folding its accent would stem it like "comune", the commonest word of all.
_WHOLE_WORDS = {"comunita": "comunita"}


def fold(text: str) -> str:
    """Return the text in lower case and without accents: same meaning, one spelling."""
    lowered = text.lower()
    # Only one character in fifty can have an accent: the others are not looked at one by one.
    return _BEYOND_ASCII.sub(_without_accents, unicodedata.normalize("NFKD", lowered))


def _without_accents(match: re.Match[str]) -> str:
    return "".join(c for c in match.group() if not unicodedata.combining(c))


def name_key(name: str) -> str:
    """Return the form in which two writings of one name are equal: no accents, capitals, apostrophes or hyphens."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


class Analyser:
    """Turns texts into lists of stems; calls and queries pass through the same one, so that both speak alike."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("italian")
        self._stem = lru_cache(maxsize=200_000)(self._stem_word)

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text in reading order, function words left out."""
        return [self._stem(word) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]

    def words(self, text: str) -> dict[str, str]:
        """Return stem → the first word of the text that has it, as it stands there, for people to read."""
        found: dict[str, str] = {}
        for match in _READABLE_WORD.finditer(text):
            folded = fold(match.group())
            if folded not in STOP_WORDS and _WORD.fullmatch(folded):
                found.setdefault(self._stem(folded), match.group())
        return found

    def _stem_word(self, word: str) -> str:
        if word in _WHOLE_WORDS or word.isdigit():
            return word
        stem: str = self._stemmer.stemWord(word)
        return _CANONICAL.get(stem, stem)
