"""One training from its configuration to its folder: train, measure on dev, write, and put in place if asked."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evaluation.harness import Clock, Ran, collected, run_task
from evaluation.report import write_report
from evaluation.results import Results, write_results
from evaluation.tasks import load_task
from evaluation.tasks.task import Task
from evaluation.workplace import data_folder, open_encoder
from matcher.encoder import Encoder
from matcher.reranker import MANIFEST, TABLES, TRAINED, Reranker
from training.config import Config, load_config
from training.ranker import train_ranker
from training.release import CARD, Release, data_hashes, figures_of, write_release

ROME = ZoneInfo("Europe/Rome")
_SYSTEMS = ("hybrid", "remix")


def build(config_file: Path, out: Path, *, install: bool, say: Callable[[str], None]) -> Path:
    """Train what a configuration says and return the new folder under ``out``.

    ``install``: also put tables, manifest and card in place of those that ship. Raises ConfigError for a configuration
    that cannot be used, TaskError or CorporaError for data that cannot be read.
    """
    config = load_config(config_file)
    created = datetime.now(ROME)
    data, encoder = data_folder(), open_encoder(lambda _what, _done, _total: None)
    trained = train_ranker(data, encoder, config.ranker, config.seed, say)
    say("measuring on dev")
    results = measured(config, data, encoder, trained.reranker)
    folder = out / f"{created:%Y%m%dT%H%M%S}"
    write_release(folder, trained, Release(created, encoder.id, config, data_hashes(data), figures_of(results)))
    (folder / "report").mkdir(exist_ok=True)
    write_results(results, folder / "report" / "results.json")
    write_report(results, folder / "report")
    if install:
        TRAINED.mkdir(parents=True, exist_ok=True)
        for name in (TABLES, MANIFEST, CARD):
            shutil.copyfile(folder / name, TRAINED / name)
    return folder


def measured(config: Config, data: Path, encoder: Encoder, reranker: Reranker) -> Results:
    """Return the results of the tasks of a configuration, on dev, with the re-ranker given."""
    ran: list[Ran] = []
    for name in config.evaluate:
        task = load_task(name, data, "dev")
        if isinstance(task, Task):
            ran.append(run_task(task, _SYSTEMS, encoder, lambda *_: None, Clock(), reranker))
    return collected(ran, [], {"split": "dev", "encoder": encoder.id})
