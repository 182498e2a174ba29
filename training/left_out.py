"""What the ranking is worth on measures that it was never trained on, and with fewer precedents.

    python -m training.left_out [--split dev|test]…

A fifth of the measures (the same on every machine, by the hash of their codes) is left out whole: no project of theirs
is trained on, not even as a feature of another's, and nothing of what they funded is known when their projects are
asked. ``pnrr-cold`` is kinder: it withholds what a measure has funded, but its tables have seen its projects. The
others keep all, some or none of their precedents; the packaged phrases stay, as they do where nothing is imported.
"""

import argparse
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from rich.console import Console

from evaluation.harness import Clock, measures_of, run_task
from evaluation.measures.ranking import MAIN
from evaluation.tasks.pnrr import FundedProject, funded_projects, known_material, load_warm
from evaluation.tasks.task import Fold, Material, Task
from evaluation.workplace import data_folder, open_encoder
from matcher.encoder import Encoder
from matcher.reranker import Reranker, default_reranker
from training.config import load_config
from training.projections import train_projections
from training.ranker import RankerConfig, project_tables

CONFIG = Path(__file__).parent / "configs" / "default.toml"
PARTS = 5
"""One measure in so many is left out."""
SHARES = (0.0, 0.1, 0.3, 1.0)
"""Of the precedents of the other measures."""
SYSTEMS = ("hybrid", "remix")

Row = tuple[str, float, str, float, float]
"""Split, share of precedents, system, nDCG@10 on measures that are known and on those left out."""


def left_out(measures: Collection[str]) -> frozenset[str]:
    """Return the fifth of some measures that is left out."""
    return frozenset(one for one in measures if _number(one) % PARTS == 0)


def thinned(material: Material, share: float) -> Material:
    """Return the same with a share of the precedents, chosen by the hash of their ids: more of them hold the fewer."""
    kept = tuple(one for one in material.precedents if _number(one.id) % 1000 < share * 1000)
    return replace(material, precedents=kept)


def trained(
    material: Material, projects: Sequence[FundedProject], encoder: Encoder, config: RankerConfig, seed: int
) -> Reranker:
    """Return what ships, with the tables of projects trained on these projects and this material only."""
    shipped = default_reranker()
    projections = shipped.projections or train_projections(data_folder(), encoder)
    tables, affinity = project_tables(material, projects, encoder, projections, config, seed, lambda _: None)
    return replace(shipped, projects=tables, affinity=affinity, projections=projections)


def rows(data: Path, encoder: Encoder, splits: Sequence[str]) -> Iterator[Row]:
    """Yield the figures; raises CorporaError for a file that cannot be read."""
    config = load_config(CONFIG)
    material = known_material(data)
    new = left_out({call.programme for call in material.calls if call.is_measure})
    known = material.without(new)
    projects = funded_projects(data, "train", config.ranker.per_measure, most=1_000_000)
    asked = [one for one in projects if one.measure not in new]
    reranker = trained(known, asked, encoder, config.ranker, config.seed)
    for split in splits:
        of_new = {one.query.id for one in funded_projects(data, split) if one.measure in new}
        whole = load_warm(data, split)
        for share in SHARES:
            for system, others, new_ones in _measured(whole, thinned(known, share), of_new, encoder, reranker):
                yield split, share, system, others, new_ones


def _measured(
    whole: Task, material: Material, of_new: Collection[str], encoder: Encoder, reranker: Reranker
) -> Iterator[tuple[str, float, float]]:
    task = replace(whole, folds=(Fold(material, whole.queries),))
    ran = run_task(task, SYSTEMS, encoder, lambda *_: None, Clock(), reranker)
    for system in SYSTEMS:
        found = measures_of(task, ran.runs[system])[MAIN]
        parts = [[value for query, value in found.items() if (query in of_new) is is_new] for is_new in (False, True)]
        of_known, of_left_out = (sum(part) / max(len(part), 1) for part in parts)
        yield system, of_known, of_left_out


def _number(name: str) -> int:
    return int.from_bytes(sha256(f"left out\0{name}".encode()).digest()[:8], "big")


def main() -> None:
    """Train, measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m training.left_out")
    parser.add_argument(
        "--split", action="append", dest="splits", choices=("dev", "test"), help="dev alone by default; may be repeated"
    )
    splits = parser.parse_args().splits or ("dev",)
    console = Console(soft_wrap=True)
    console.print("| split | precedents | system | measures that are known | measures left out whole |")
    console.print("|---|---|---|---|---|")
    for split, share, system, known, new in rows(data_folder(), open_encoder(lambda *_: None), splits):
        console.print(f"| {split} | {share:.0%} | {system} | {known:.3f} | {new:.3f} |")


if __name__ == "__main__":
    main()
