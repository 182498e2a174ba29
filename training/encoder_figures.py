"""What a trained update of the encoder would be worth: nDCG@10 on the dev splits without and with it.

    python -m training.encoder_figures [--set NAME]… [--centre C] [--penalty P] [--share S] [--task NAME]…

The update is trained on the official files, in a minute or two, measured and thrown away: the figures, and why the
product does without it, are in docs/decisions/0007.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluation.harness import Clock, collected, run_task
from evaluation.measures.ranking import MAIN
from evaluation.tasks import load_task
from evaluation.tasks.task import Task
from evaluation.workplace import data_folder, open_encoder
from matcher.encoder import Encoder
from training.encoder_pairs import read_pair_sets
from training.encoder_update import UpdateConfig, UpdatedEncoder, fit_update

TASKS = ("needs", "pnrr-cold", "pnrr-warm", "pnrr-procedures", "fr-tee", "fr-fonds-vert")
SYSTEMS = ("dense", "hybrid", "remix")
"""Similarity alone, with shared words, and the product with the weights that it has now."""
SEED = 1

Figures = dict[tuple[str, str], float]


def figures(encoder: Encoder, data: Path, tasks: Sequence[str]) -> Figures:
    """Return nDCG@10 on the dev split by (task, system); raises CorporaError for a file that cannot be read."""
    found: Figures = {}
    for name in tasks:
        task = load_task(name, data, "dev")
        if isinstance(task, Task):
            # The losses of texts written otherwise take many times longer, and have a task of their own to run in.
            ran = run_task(replace(task, trusted=False), SYSTEMS, encoder, lambda *_: None, Clock())
            results = collected([ran], [], {})
            found |= {(name, system): results.result(name, system, MAIN).mean() for system in SYSTEMS}
    return found


def table(base: Mapping[tuple[str, str], float], updated: Mapping[tuple[str, str], float]) -> Table:
    """Return both columns of figures side by side."""
    shown = Table("dev", "system", "base", "updated", "difference")
    for (task, system), value in base.items():
        other = updated[task, system]
        shown.add_row(task, system, f"{value:.3f}", f"{other:.3f}", f"{other - value:+.3f}")
    return shown


def main() -> None:
    """Train, measure and print."""
    defaults = UpdateConfig()
    parser = argparse.ArgumentParser(prog="python -m training.encoder_figures")
    parser.add_argument("--set", action="append", dest="sets", help="train on this set of pairs only; may be repeated")
    parser.add_argument("--task", action="append", dest="tasks", choices=TASKS, help="measure this task only")
    for name in ("centre", "penalty", "share"):
        parser.add_argument(f"--{name}", type=float, default=getattr(defaults, name))
    asked = parser.parse_args()
    config = replace(defaults, centre=asked.centre, penalty=asked.penalty, share=asked.share)
    data, base = data_folder(), open_encoder(lambda *_: None)
    sets = [one for one in read_pair_sets(data, config.per_document) if not asked.sets or one.name in asked.sets]
    if not sets:
        parser.error(f"--set {asked.sets[0]}: no such set of pairs")
    updated = UpdatedEncoder(base, fit_update(sets, base, config, SEED))
    tasks = asked.tasks or TASKS
    Console().print(table(figures(base, data, tasks), figures(updated, data, tasks)))


if __name__ == "__main__":
    main()
