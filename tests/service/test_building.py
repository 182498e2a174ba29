"""Building the artifact while others build, write, or have taken the folder away."""

import multiprocessing
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matcher.errors import ArtifactError
from service.database import open_database
from service.imports import import_source
from service.locks import only_one
from service.recommending import build, open_recommender
from service.settings import Settings
from tests.fakes import HashingEncoder
from tests.service.sources import ListedSource, call


def silent(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with twenty calls and no artifact."""
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache", database_url="")
    engine = open_database(settings, writing=True)
    (tmp_path / "bandi.csv").touch()
    calls = [call(number, title=f"Asili nido, lotto {number}") for number in range(20)]
    import_source(engine, ListedSource(*calls), tmp_path / "bandi.csv")
    engine.dispose()
    return settings


def opened(settings: Settings) -> tuple[str, int]:
    """Open the recommender: the artifact in use, and how many texts were encoded for it."""
    encoder = HashingEncoder()
    engine = open_database(settings)
    recommender = open_recommender(settings, engine, encoder, silent)
    engine.dispose()
    return recommender.artifact_version, len(encoder.encoded)


def artifacts(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.home / "artifacts").iterdir() if path.is_dir())


def test_two_builds_in_one_second_do_not_meet(settings: Settings) -> None:
    engine = open_database(settings)
    first, second = (build(settings, engine, HashingEncoder(), silent) for _ in range(2))
    engine.dispose()
    assert first.folder != second.folder
    assert artifacts(settings) == sorted([first.folder.name, second.folder.name])
    assert opened(settings)[0] == second.folder.name


def test_those_who_open_at_once_share_one_build(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(opened, [settings] * 4))
    assert {version for version, _ in found} == set(artifacts(settings))
    assert sorted(encoded for _, encoded in found) == [0, 0, 0, 20]


def hold(path: Path, held: "multiprocessing.synchronize.Event") -> None:
    with only_one(path):
        held.set()
        multiprocessing.Event().wait()


def test_a_builder_that_dies_holds_up_nobody(settings: Settings) -> None:
    processes = multiprocessing.get_context("spawn")
    held = processes.Event()
    builder = processes.Process(target=hold, args=(settings.home / "artifacts" / "building.lock", held))
    builder.start()
    assert held.wait(30)
    builder.kill()
    builder.join()
    assert opened(settings)[1] == 20


def test_a_build_that_fails_leaves_the_artifact_in_use_and_no_remains(settings: Settings, monkeypatch) -> None:
    version, _ = opened(settings)
    monkeypatch.setattr("matcher.lexical.LexicalIndex.save", interrupted)
    engine = open_database(settings)
    with pytest.raises(KeyboardInterrupt):
        build(settings, engine, HashingEncoder(), silent)
    engine.dispose()
    assert artifacts(settings) == [version]
    assert opened(settings) == (version, 0)


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_home_that_cannot_be_written_is_named(settings: Settings) -> None:
    (settings.home / "artifacts").touch()
    with pytest.raises(ArtifactError, match=r"artifacts: cannot be written .* set REMIX_HOME"):
        opened(settings)


def test_an_artifact_in_use_that_is_gone_is_named_and_a_build_helps(settings: Settings) -> None:
    version, _ = opened(settings)
    shutil.rmtree(settings.home / "artifacts" / version)
    with pytest.raises(ArtifactError, match=rf"{version}: no artifact here .* `remix build`"):
        opened(settings)
    engine = open_database(settings)
    build(settings, engine, HashingEncoder(), silent)
    engine.dispose()
    assert opened(settings)[1] == 0


def test_new_counts_of_funded_bodies_make_a_new_artifact(settings: Settings, tmp_path: Path, monkeypatch) -> None:
    version, _ = opened(settings)
    (tmp_path / "funded_bodies.csv").write_text("measure,kind,projects,bodies\n")
    monkeypatch.setattr("service.artifacts.PACKAGED", tmp_path)
    assert opened(settings)[0] != version


def test_an_artifact_of_another_version_of_the_program_is_built_again(settings: Settings) -> None:
    version, _ = opened(settings)
    manifest = settings.home / "artifacts" / version / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    assert opened(settings)[0] != version
