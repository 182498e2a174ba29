"""What a training leaves: a dated folder whose manifest says what it was made of and what it is worth.

<out>/<moment>/
    ranker.json      the tables (see ``matcher.reranker``)
    projections.npz  what is read from vectors (see ``matcher.projections``)
    manifest.json    hashes of files and data, encoder, configuration, seed, counts, ids learned from, figures
    MODEL_CARD.md    what it is for, what it was trained on, where it is weak
    report/          the evaluation on dev
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from evaluation.measures.ranking import MAIN
from evaluation.results import Results
from evaluation.tasks.data import CALLS
from matcher.reranker import MANIFEST, PROJECTIONS, TABLES
from training.config import Config
from training.ranker import TrainedRanker

CARD = "MODEL_CARD.md"
FILES = (*CALLS.values(), "bench_pnrr_queries.csv.gz", "pnrr_progetti_validati.csv.gz", "pnrr_gare_universo.csv.gz")
"""The official files that the training reads, in the data folder."""
_SYSTEM = "remix"


@dataclass(frozen=True, slots=True)
class Release:
    """What is written about a training; ``created``: an aware moment, ``figures``: task → nDCG@10 on dev."""

    created: datetime
    encoder: str
    config: Config
    data: Mapping[str, str]
    figures: Mapping[str, float]


def data_hashes(data: Path) -> dict[str, str]:
    """Return the sha256 of every official file that the training reads."""
    return {name: sha256((data / name).read_bytes()).hexdigest() for name in FILES if (data / name).is_file()}


def figures_of(results: Results) -> dict[str, float]:
    """Return the product's nDCG@10 on each task, to four digits."""
    found = [result for result in results.results if result.system == _SYSTEM and result.measure == MAIN]
    return {result.task: round(result.mean(), 4) for result in found}


def write_release(folder: Path, trained: TrainedRanker, release: Release) -> None:
    """Write tables, manifest and model card to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TABLES).write_text(trained.reranker.to_json(), encoding="utf-8")
    files = [TABLES]
    if trained.reranker.projections is not None:
        trained.reranker.projections.save(folder / PROJECTIONS)
        files.append(PROJECTIONS)
    manifest = {
        "created": release.created.isoformat(timespec="seconds"),
        "files": {name: sha256((folder / name).read_bytes()).hexdigest() for name in files},
        "encoder": release.encoder,
        "data": dict(release.data),
        "config": asdict(release.config),
        "counts": trained.counts,
        "figures": {"split": "dev", "measure": MAIN, "tasks": dict(release.figures)},
        "learned_from": list(trained.learned_from),
    }
    _write_json(folder / MANIFEST, manifest)
    (folder / CARD).write_text(model_card(trained, release), encoding="utf-8")


def _write_json(path: Path, found: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def model_card(trained: TrainedRanker, release: Release) -> str:
    """Return the model card, in Markdown."""
    counts = trained.counts
    rows = "\n".join(f"| {task} | {value:.3f} |" for task, value in release.figures.items())
    return _CARD.format(
        created=f"{release.created:%Y-%m-%d}", encoder=release.encoder, seed=release.config.seed, rows=rows, **counts
    )


_CARD = """# The re-ranker

Made on {created} by `remix train`, with the vectors of `{encoder}` and seed {seed}. What it was made of, to the hash of
every file, is in `manifest.json`.

**What it does.** It orders funding calls for what a commune describes. Each of some thirty named features adds or
takes away a number that is read from a table; the sum is the score. It says how likely a call is the right one among
those looked at, not whether the commune will win.

**What it was trained on.** {projects} projects that {measures} measures of the Italian PNRR have funded (train split of
the benchmark, open data of 2023), each asked twice: with what its measure has funded known, and with it hidden; and
{needs} needs of communes near Milan, judged by reading (dev split). No project or need of a test split was seen.

**What it reaches** (nDCG@10, dev split, chosen on it; the test split is in `docs/decisions/0006-ranker.md`):

| task | nDCG@10 |
|---|---|
{rows}

**Where it is weak.**
- New calls whose published text says nothing of what is paid for: milestones and targets only.
- Measures that fund the same kinds of works: the label names one of them, a reader would accept several.
- Anything but the PNRR teaches it little: regional calls, foundations and European programmes are ordered by what it
  learned on measures of one plan, and by few judged needs.
- Texts of projects are short and official; a need told at length is further from them.
- Languages other than Italian: words are stemmed as Italian, what was funded is Italian.

**What it must not be used for.** To decide who gets money, or to tell a commune that it will.
"""
