"""How well calls are found, as it was measured when the ranker was made; the figures ship with it."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import matcher

_TRAINED = Path(matcher.__file__).parent / "trained"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one task, from 0 to 1: Remix with its 95% interval, and a search by words where there is one."""

    task: str
    measure: str
    mean: float
    low: float | None
    high: float | None
    by_words: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of the ``split`` that training never saw; ``is_of_ranker``: measured with the ranker that ships."""

    split: str
    encoder: str
    is_of_ranker: bool
    figures: tuple[Figure, ...]


@cache
def measured() -> Quality:
    """Return the figures that ship."""
    data = json.loads((_TRAINED / "evaluation.json").read_text(encoding="utf-8"))
    ranker = sha256((_TRAINED / "ranker" / "ranker.json").read_bytes()).hexdigest()
    figures = (
        Figure(
            task,
            measure,
            systems["remix"]["mean"],
            systems["remix"].get("low"),
            systems["remix"].get("high"),
            systems["bm25"]["mean"] if "bm25" in systems else None,
        )
        for task, measures in data["figures"].items()
        for measure, systems in measures.items()
    )
    return Quality(data["split"], data["encoder"], ranker == data["ranker"], tuple(figures))
