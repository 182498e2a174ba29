"""``pnrr-procedures``: the text of a funded project → the exact call (activation procedure) that funded it.

The split is by time. The day in the file of projects is that of its last update, days apart for nearly all, and says
nothing; the procedures' codes are given in the order of registration (rank correlation with the dates that 215 of
their titles name: 0.72). Procedures from ``FIRST_NEW`` on are new: their projects are the queries, and what measures
have funded before is counted anew from the projects of the older procedures alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from corpora.funded_bodies import count_funded_bodies
from corpora.funded_themes import choose_themes, count_phrases, place_words
from evaluation.measures.coverage import size_class
from evaluation.tasks.data import read_communes, read_precedents, read_rows
from evaluation.tasks.pnrr import PER_MEASURE, stratified
from evaluation.tasks.task import COLD, NOWHERE, WARM, Fold, Material, Task
from matcher.precedents import chosen_precedents
from matcher.recommender import Query
from matcher.records import Commune, FundingCall, Level, Precedent, QueryKind

NAME = "pnrr-procedures"
FIRST_NEW = "1000000146"
"""The first procedure that is new: about half of those with projects come before it, half after."""
MOST = 1_000
SHORTEST = 30
"""Characters: a shorter text is a file number or "to be defined"."""
_TEST_SHARE = 0.4
_SOURCE = "pnrr-procedure"
# What names the answer instead of describing the project: codes of measures, CUPs, and the plan's own name.
_GIVEAWAY = re.compile(
    r"\bM\d\s?C\d(?:\s?[-–.]?\s?[IR]\d?[\d.]*)?|\b[A-Z]\d{2}[A-Z]\d{11}\b|\bPNRR\b|"
    r"\b(?:missione|componente|misura|investimento|avviso|bando)\s+[\d.]+|next\s?generation\s?eu",
    re.IGNORECASE,
)
# Titles of PA digitale begin with the measure's number and go on with the body's name, cut.
_NUMBERED = re.compile(r"\d\.\d")


@dataclass(frozen=True, slots=True)
class _Projects:
    """The funded projects on both sides of the cut."""

    before: tuple[Precedent, ...]
    after: tuple[Precedent, ...]


def load(data: Path, split: str) -> Task:
    """Load the projects of the new procedures, those of a split; raises CorporaError for an unreadable file."""
    calls = {call.id: call for call in procedures(read_rows(data / "pnrr_procedure_attivazione.csv"))}
    communes = read_communes(data)
    projects = _projects(data)
    themes = choose_themes(count_phrases(projects.before, place_words(communes.values())))
    material = Material(
        tuple(calls.values()),
        count_funded_bodies(projects.before),
        {measure: "; ".join(phrase for phrase, _ in found) for measure, found in themes.items()},
        tuple(chosen_precedents(projects.before, {call.programme for call in calls.values()})),
    )
    splits = {row["cup"]: row["split"] for row in read_rows(data / "bench_pnrr_queries.csv.gz")}
    known = {
        one.id: one
        for one in projects.after
        if _split_of(one.cup, splits) == split and f"{_SOURCE}:{one.procedure}" in calls and len(_text(one)) >= SHORTEST
    }
    chosen = stratified(((one.id, one.procedure) for one in known.values()), PER_MEASURE, MOST, NAME)
    asked = [known[one] for one in chosen]
    return Task(
        name=NAME,
        title="Progetti finanziati dal PNRR e il loro avviso",
        about=f"Which of {len(calls)} activation procedures funded this project? The procedures asked for are new: "
        "only what older ones have funded is known.",
        folds=(Fold(material, tuple(_query(one, communes) for one in asked)),),
        qrels={one.id: {f"{_SOURCE}:{one.procedure}": 1} for one in asked},
        strata={one.id: _strata(one, split, communes, material) for one in asked},
    )


def procedures(rows: Iterable[dict[str, str]]) -> Iterator[FundingCall]:
    """Yield the activation procedures as calls; one that serves several measures is a call with all their names."""
    found: dict[str, FundingCall] = {}
    for row in rows:
        code, title = row["cod_procedura"], " ".join(row["titolo_procedura"].split())
        if code in found:
            found[code] = replace(found[code], summary=f"{found[code].summary}\n\n{row['submisura']}")
        elif title:
            found[code] = FundingCall(
                id=f"{_SOURCE}:{code}",
                source=_SOURCE,
                title=title,
                issuer=row["amministrazione"],
                summary=row["submisura"],
                level=Level.NATIONAL,
                programme=row["cod_submisura"],
            )
    yield from found.values()


def _projects(data: Path) -> _Projects:
    before: list[Precedent] = []
    after: list[Precedent] = []
    for one in read_precedents(data, "pnrr-progetti", "pnrr_progetti_validati.csv.gz"):
        (before if one.procedure < FIRST_NEW else after).append(one)
    seen = {one.cup for one in before}
    return _Projects(tuple(before), tuple(one for one in after if one.cup not in seen))


def _split_of(cup: str, splits: dict[str, str]) -> str:
    """Return a project's split: its benchmark's where it has one (train is for choosing, too), else by its CUP."""
    if cup in splits:
        return "test" if splits[cup] == "test" else "dev"
    share = int.from_bytes(sha256(cup.encode()).digest()[:4], "big") / 2**32
    return "test" if share < _TEST_SHARE else "dev"


def _text(one: Precedent) -> str:
    says_nothing = one.title in one.text or one.title == "Da definire" or _NUMBERED.match(one.title)
    text = one.text if says_nothing else f"{one.title}. {one.text}"
    return " ".join(_GIVEAWAY.sub(" ", text).split())


def _query(one: Precedent, communes: dict[str, Commune]) -> Query:
    place = communes.get(one.communes[0]) if one.communes else None
    return Query(_text(one), place or NOWHERE, QueryKind.PROJECT, one.id, one.cup)


def _strata(one: Precedent, split: str, communes: dict[str, Commune], material: Material) -> dict[str, tuple[str, ...]]:
    place = communes.get(one.communes[0]) if one.communes else None
    return {
        "split": (split,),
        "size": (size_class(place.population if place else None),),
        "mission": (one.measure[:2],),
        "precedents": (WARM if material.themes.get(one.measure) else COLD,),
    }
