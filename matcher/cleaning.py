"""What of a query says what it is about: its words without the street and the place where it is to be.

Streets are called after everything that projects are about ("via del Lavoro", "piazza Scuole"), and a commune's own
name finds whatever was done there.
"""

from re import IGNORECASE
from re import compile as pattern

from matcher.analyser import name_key
from matcher.records import Commune

_ADDRESS = pattern(
    r"\b(?:via|viale|piazza|piazzale|p\.?zza|corso|largo|vicolo|contrada|c\.da|loc\.?|localit[aà]'?|fraz(?:ione)?\.?)\s+"
    r"(?:(?:del|dei|delle|della|dell'|di|da|dal)\s*)?\w+(?:\s+(?:e\s+)?[A-ZÀ-Ù][\w']*)?(?:\s*,?\s*n?\.?\s*\d+\w?)?",
    IGNORECASE,
)
_LONGEST_NAME = 4
"""Letters up to which a word of a commune's name is kept: "Rho" goes with the whole name only."""


def without_place(text: str, commune: Commune) -> str:
    """Return the folded words of a text, without addresses and the names of the commune and its province.

    A text of nothing else is returned whole.
    """
    names = {w for w in name_key(f"{commune.name} {commune.province}").split() if len(w) >= _LONGEST_NAME}
    words = [word for word in name_key(_ADDRESS.sub(" ", text)).split() if word not in names]
    return " ".join(words) or text
