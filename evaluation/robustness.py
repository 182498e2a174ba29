"""The same need written otherwise: how much is lost when a text comes in capitals, with typos, as keywords.

Person and computer mean the same by all of them; a loss is the system's, not the question's.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.results import PerQuery, Qrels, Run
from matcher.analyser import fold
from matcher.recommender import Query
from matcher.stopwords import STOP_WORDS

TYPO_EVERY = 6
"""One word in so many is mistyped: about what people send from a phone without correction."""
KEYWORDS = 12
_WORD = re.compile(r"[^\W\d_]{5,}")
_KEYWORD = re.compile(r"[^\W_]{3,}")


def capitals(text: str) -> str:
    """Return the text in capitals."""
    return text.upper()


def no_accents(text: str) -> str:
    """Return the text without accents, as from a foreign keyboard."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def typos(text: str) -> str:
    """Return the text with one word of five letters or more in TYPO_EVERY mistyped, at least one: the same ones always.

    Two neighbouring letters inside the word change places, or one is left out, or one is typed twice.
    """
    words = list(_WORD.finditer(text))
    # The text is its own seed: a query is mistyped alike alone and among others.
    dice = random.Random(sha256(text.encode()).digest())  # noqa: S311 - nothing here is secret
    for match in sorted(dice.sample(words, -(-len(words) // TYPO_EVERY)), key=lambda m: -m.start()):
        text = text[: match.start()] + _mistyped(match.group(), dice) + text[match.end() :]
    return text


def _mistyped(word: str, dice: random.Random) -> str:
    swaps = [i for i in range(1, len(word) - 2) if word[i] != word[i + 1]]
    kind = dice.choice(("swap", "drop", "double")) if swaps else dice.choice(("drop", "double"))
    if kind == "swap":
        at = dice.choice(swaps)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :] if kind == "drop" else word[:at] + word[at] + word[at:]


def question(text: str) -> str:
    """Return the text as a question for money."""
    stripped = text.strip().rstrip(".!?…;: ")
    return f"Quali bandi o contributi ci sono per questo: {stripped}?"


def keywords(text: str) -> str:
    """Return the first KEYWORDS different content words of the text in one line, as typed into a search box."""
    found: dict[str, str] = {}
    for match in _KEYWORD.finditer(text):
        folded = fold(match.group())
        if folded not in STOP_WORDS:
            found.setdefault(folded, match.group().lower())
    return " ".join(list(found.values())[:KEYWORDS]) or text


TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = {
    "capitals": capitals,
    "no accents": no_accents,
    "typos": typos,
    "question": question,
    "keywords": keywords,
}
"""Name → the same text written otherwise."""


def transformed(queries: Sequence[Query], name: str) -> list[Query]:
    """Return the queries with their texts written otherwise; ids, kinds and communes stay."""
    return [replace(query, text=TRANSFORMATIONS[name](query.text)) for query in queries]


def losses(rank: Callable[[Sequence[Query]], Run], queries: Sequence[Query], qrels: Qrels) -> dict[str, PerQuery]:
    """Return what each way of writing costs: ``Loss(<name>) nDCG@10`` → query id → nDCG@10 as written − otherwise.

    ``rank`` answers queries as one system does. Negative where a query gains.
    """
    asked = {query.id: qrels[query.id] for query in queries if query.id in qrels}
    plain = ranking_measures(rank(queries), asked)[MAIN]
    found = {}
    for name in TRANSFORMATIONS:
        other = ranking_measures(rank(transformed(queries, name)), asked)[MAIN]
        found[f"Loss({name}) {MAIN}"] = {query_id: plain[query_id] - other[query_id] for query_id in plain}
    return found
