"""``leaks``: what is asked of the product, held against what the product was made from; shared CUPs must be none.

pnrr     projects of a split × those whose phrases ``corpora.funded_themes`` counts, and × those of the other splits
needs    queries of a split × those of the other
ranker   both × the projects and needs that the re-ranker in use says it was trained on
"""

import json
from collections.abc import Iterable
from pathlib import Path

from corpora.funded_themes import read_precedents
from corpora.judged import load_queries
from evaluation.errors import TaskError
from evaluation.leakage import Item, leaks
from evaluation.results import PerQuery, QueryInfo, Result, TaskInfo, Total
from evaluation.tasks.data import read_rows
from evaluation.tasks.needs import LABELS
from evaluation.tasks.task import Checked
from matcher.reranker import MANIFEST, TRAINED

NAME = "leaks"
SYSTEM = "remix"
SHARED_CUP = "SharedCUP"
"""Share of what is asked whose CUP was known."""
NEAR_TEXT = "NearText"
"""Share of what is asked whose text, or one all but equal, was known."""


def load(data: Path, split: str) -> Checked:
    """Compare everything once; raises CorporaError for a file that cannot be read."""
    counted = (Item(one.id, f"{one.title}. {one.text}", one.cup) for one in read_precedents(data))
    projects = {name: benchmark(data, name) for name in ("train", "dev", "test")}
    elsewhere = [item for name, items in projects.items() if name != split for item in items]
    needs = {name: judged_needs(name) for name in ("dev", "test")}
    other = "test" if split == "dev" else "dev"
    learned = trained_on()
    taught = [item for items in (*projects.values(), *needs.values()) for item in items if item.id in learned]
    return _checked(
        (
            ("pnrr-counted", f"PNRR projects of {split} × those counted in funded_themes", projects[split], counted),
            ("pnrr-splits", f"PNRR projects of {split} × those of the other splits", projects[split], elsewhere),
            ("needs-splits", f"Judged needs of {split} × those of {other}", needs[split], needs[other]),
            ("ranker-projects", f"PNRR projects of {split} × what the re-ranker learned from", projects[split], taught),
            ("ranker-needs", f"Judged needs of {split} × what the re-ranker learned from", needs[split], taught),
        )
    )


def trained_on(folder: Path = TRAINED) -> frozenset[str]:
    """Return the ids that the manifest of a re-ranker names; raises TaskError if it names none."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())["learned_from"]
    except (OSError, ValueError, KeyError) as error:
        raise TaskError(
            f"{folder / MANIFEST}: does not say what was learned from ({error}); run `remix train`"
        ) from error
    return frozenset(found)


def benchmark(data: Path, split: str) -> list[Item]:
    """Return the projects of a split of the benchmark."""
    rows = read_rows(data / "bench_pnrr_queries.csv.gz")
    return [Item(row["qid"], row["testo"], row["cup"]) for row in rows if row["split"] == split]


def judged_needs(split: str, labels: Path = LABELS) -> list[Item]:
    """Return the judged queries of a split."""
    return [Item(query.query_id, query.text) for query in load_queries(labels) if query.split == split]


def _checked(pairs: Iterable[tuple[str, str, list[Item], Iterable[Item]]]) -> Checked:
    queries: list[QueryInfo] = []
    shares: dict[str, PerQuery] = {SHARED_CUP: {}, NEAR_TEXT: {}}
    for name, title, asked, known in pairs:
        found = leaks(asked, known)
        queries.append(QueryInfo(name, title))
        for measure, by in ((SHARED_CUP, "cup"), (NEAR_TEXT, "text")):
            shares[measure][name] = sum(leak.by == by for leak in found) / max(len(asked), 1)
    about = "Was an answer known beforehand? The share of what is asked that also stands in what was learned from."
    info = TaskInfo(NAME, "Fughe di dati", about, tuple(queries))
    results = tuple(Result(NAME, SYSTEM, measure, found) for measure, found in shares.items())
    worst = Total(NAME, SYSTEM, f"{SHARED_CUP}, worst", max(shares[SHARED_CUP].values()))
    return Checked(info, results, (worst,))
