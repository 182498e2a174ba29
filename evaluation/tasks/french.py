"""``fr-tee`` and ``fr-fonds-vert``: French projects → the programmes that people linked to them, or that paid for them.

They say how much of the product is Italian: its stems and its way of reading calls are, its encoder is not.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpora.errors import SourceError
from evaluation.results import Qrels
from evaluation.tasks.data import read_rows
from evaluation.tasks.task import NOWHERE, Fold, Material, Strata, Task, sample
from matcher.recommender import Query
from matcher.records import FundingCall, Level, Precedent, QueryKind

TEE, FONDS_VERT = "fr-tee", "fr-fonds-vert"
PROJECTS = 1_000
FOLDS = 5


def load_tee(data: Path, _split: str) -> Task:
    """Load the 91 kinds of project and the 260 programmes that editors linked to them; nothing was tuned on either.

    Each fifth of the projects is asked while the links of the others are known: they are what the programmes have
    funded. Raises SourceError for a file that cannot be read.
    """
    calls = tuple(_programme(row) for row in _json_rows(data / "fr_tee_programs.jsonl"))
    queries = {query.id: query for query in map(_kind_of_project, _json_rows(data / "fr_tee_projects.jsonl"))}
    qrels: dict[str, dict[str, int]] = {}
    for row in read_rows(data / "fr_tee_qrels.csv"):
        qrels.setdefault(f"{TEE}-{row['project_id']}", {})[f"{TEE}:{row['program_id']}"] = 1
    asked = sorted(query for query in queries if query in qrels)
    folds = []
    for number in range(FOLDS):
        known = [
            _linked(queries[query], call)
            for query in asked
            if query not in asked[number::FOLDS]
            for call in qrels[query]
        ]
        folds.append(
            Fold(Material(calls, precedents=tuple(known)), tuple(queries[one] for one in asked[number::FOLDS]))
        )
    strata: Strata = {query: {"programmes": (_how_many(len(qrels[query])),)} for query in asked}
    return Task(
        name=TEE,
        title="Transition écologique des entreprises",
        about="Which programmes did the editors of a French state service link to this kind of project? "
        f"The links of the other {FOLDS - 1} fifths are known. Retrieval only; a pair without a link was not read.",
        folds=tuple(folds),
        qrels=qrels,
        strata=strata,
        language="fr",
    )


def load_fonds_vert(data: Path, _split: str) -> Task:
    """Load 1,000 projects that the Fonds vert paid for in 2023, and the names of its 14 measures, all there is of them.

    Raises SourceError for a file that cannot be read.
    """
    rows = {row["numero_dossier_ds"]: row for row in read_rows(data / "fr_fonds_vert_2023.csv.gz")}
    named = {dossier: row for dossier, row in rows.items() if row["nom_du_projet"].strip()}
    names = {row["numero_demarche_ds"]: row["nom_demarche_ds"] for row in rows.values()}
    calls = tuple(FundingCall(id=f"{FONDS_VERT}:{code}", source=FONDS_VERT, title=name) for code, name in names.items())
    chosen = sample([*named], PROJECTS, FONDS_VERT)
    qrels: Qrels = {f"{FONDS_VERT}-{one}": {f"{FONDS_VERT}:{named[one]['numero_demarche_ds']}": 1} for one in chosen}
    queries = tuple(
        Query(named[one]["nom_du_projet"], NOWHERE, QueryKind.PROJECT, f"{FONDS_VERT}-{one}") for one in chosen
    )
    strata: Strata = {f"{FONDS_VERT}-{one}": {"measure": (named[one]["nom_demarche_ds"],)} for one in chosen}
    return Task(
        name=FONDS_VERT,
        title="Fonds vert 2023",
        about=f"Which of {len(calls)} measures paid for this project, by the measures' names alone? Retrieval only.",
        folds=(Fold(Material(calls), queries),),
        qrels=qrels,
        strata=strata,
        language="fr",
    )


def _programme(row: dict[str, Any]) -> FundingCall:
    return FundingCall(
        id=f"{TEE}:{row['id']}",
        source=TEE,
        title=row["titre"],
        issuer=row["operateur"] or "",
        summary=row["promesse"] or "",
        text=row["description"] or "",
        level=Level.UNKNOWN,
        programme=f"{TEE}:{row['id']}",
    )


def _linked(query: Query, call: str) -> Precedent:
    """Return a project that editors linked to a programme, as one that it has funded."""
    return Precedent(id=f"{query.id}>{call}", source=TEE, title=query.text, measure=call)


def _kind_of_project(row: dict[str, Any]) -> Query:
    text = ". ".join(filter(None, (row["title"], row["short"], row["description"])))
    return Query(text, NOWHERE, QueryKind.PROJECT, f"{TEE}-{row['id']}")


def _how_many(links: int) -> str:
    return "1 to 4" if links < 5 else "5 to 19" if links < 20 else "20 and more"


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        # Not splitlines: the texts hold signs that it takes for the ends of lines.
        for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
            yield json.loads(line)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}; fetch it again") from error
