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
from matcher.feedback import Example
from matcher.reranker import MANIFEST, PROJECTIONS, TABLES, TRAINED, Reranker
from matcher.tagger_files import TRAINED as TAGS
from matcher.tagger_files import save_tagger
from training.config import Config, load_config
from training.feedback import feedback_examples
from training.ranker import train_ranker
from training.release import CARD, Release, data_hashes, figures_of, write_release
from training.strategy import train_tagger

ROME = ZoneInfo("Europe/Rome")
_SYSTEMS = ("hybrid", "remix")


def build(
    config_file: Path, out: Path, *, install: bool, say: Callable[[str], None], decisions: Path | None = None
) -> Path:
    """Train what a configuration says and return the new folder under ``out``.

    ``install``: also put what was trained in place of what ships. ``decisions``: a file of ``remix decisions --out``,
    from which nothing is learned before there is enough. Raises ConfigError for a configuration
    that cannot be used, TaskError or CorporaError for data that cannot be read.
    """
    config = load_config(config_file)
    created = datetime.now(ROME)
    data, encoder = data_folder(), open_encoder(lambda _what, _done, _total: None)
    said = _said(decisions, say)
    trained = train_ranker(data, encoder, config.ranker, config.seed, say, said)
    say("measuring on dev")
    results = measured(config, data, encoder, trained.reranker)
    folder = out / f"{created:%Y%m%dT%H%M%S}"
    write_release(folder, trained, Release(created, encoder.id, config, data_hashes(data), figures_of(results)))
    if config.evaluate:
        (folder / "report").mkdir(exist_ok=True)
        write_results(results, folder / "report" / "results.json")
        write_report(results, folder / "report")
    if config.tags:
        say("strategy tags")
        tags = train_tagger(data, encoder, config.seed, lambda _what, _done, _total: None)
        for place in (folder / "tags", *([TAGS] if install else [])):
            save_tagger(tags.tagger, place, tags.manifest)
    if install:
        TRAINED.mkdir(parents=True, exist_ok=True)
        for name in (TABLES, PROJECTIONS, MANIFEST, CARD):
            shutil.copyfile(folder / name, TRAINED / name)
    return folder


def _said(decisions: Path | None, say: Callable[[str], None]) -> list[Example]:
    if decisions is None:
        return []
    found, so_far = feedback_examples(decisions)
    say(f"decisions of communes: {so_far}; {len(found)} examples")
    return found


def measured(config: Config, data: Path, encoder: Encoder, reranker: Reranker) -> Results:
    """Return the results of the tasks of a configuration, on dev, with the re-ranker given."""
    ran: list[Ran] = []
    for name in config.evaluate:
        task = load_task(name, data, "dev")
        if isinstance(task, Task):
            ran.append(run_task(task, _SYSTEMS, encoder, lambda *_: None, Clock(), reranker))
    return collected(ran, [], {"split": "dev", "encoder": encoder.id})
