"""The labelled assets: what the files must hold, and how well two readings agree."""

import json
from pathlib import Path

import pytest

from corpora.errors import CorporaError
from corpora.judged import QRELS, agreement, load_judgments, load_queries, qrels
from corpora.judged_assets import ASSETS, NEEDS, load_places, pair_of

FOLDERS = [Path(__file__).parents[2] / "corpora" / "judgments" / name for name in ("asset-needs", "asset-calls")]
ASSET = {"id": "asset:a", "commune_istat": "015182", "title": "Ex scuola", "text": "Chiusa.", "split": "dev"}
NEED = {"id": "need:n", "commune_istat": "015182", "title": "Nido", "text": "", "split": "dev"}


def written(folder: Path, asset: object = ASSET, need: object = NEED) -> Path:
    (folder / ASSETS).write_text(json.dumps(asset) + "\n")
    (folder / NEEDS).write_text(json.dumps(need) + "\n")
    return folder


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"split": "train"}, "split"),
        ({"id": "a"}, "id"),
        ({"commune_istat": "15182"}, "commune_istat"),
        ({"colour": "red"}, "colour"),
        ({"id": "need:n"}, "id"),
    ],
)
def test_a_record_that_does_not_hold_together_is_named(tmp_path: Path, change: dict[str, str], field: str) -> None:
    written(tmp_path, asset=ASSET | change)
    with pytest.raises(CorporaError, match=field):
        load_places(tmp_path)


def test_a_query_of_calls_names_a_place_and_a_need() -> None:
    assert pair_of("an01-N01") == ("asset:an01", "need:N01")
    with pytest.raises(CorporaError, match="hyphen"):
        pair_of("an01")


def test_assets_and_needs_of_the_splits_are_apart() -> None:
    places = load_places(FOLDERS[0])
    communes = {
        split: {one.commune_istat for one in (*places.assets_of(split), *places.needs_of(split))}
        for split in ("dev", "test")
    }
    assert not communes["dev"] & communes["test"]
    assert len(places.assets_of("dev")) == len(places.assets_of("test")) == 16


def test_at_least_forty_queries_are_labelled() -> None:
    assert sum(len(load_queries(folder)) for folder in FOLDERS) >= 40


def test_every_query_has_its_records_and_every_judgment_its_need() -> None:
    places = load_places(FOLDERS[0])
    assert all(f"asset:{query.query_id}" in places.assets for query in load_queries(FOLDERS[0]))
    assert {one.call_id for one in load_judgments(FOLDERS[0])} <= set(places.needs)
    for query in load_queries(FOLDERS[1]):
        asset, need = pair_of(query.query_id)
        assert places.assets[asset].commune_istat == query.commune
        assert places.split[asset] == places.split[need] == query.split


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_qrels_are_made_of_the_judgments(folder: Path) -> None:
    for name, usable in QRELS.items():
        rows = [line.split("\t") for line in (folder / name).read_text().splitlines()[1:]]
        found: dict[str, dict[str, int]] = {}
        for query, candidate, grade in rows:
            found.setdefault(query, {})[candidate] = int(grade)
        assert found == qrels(load_judgments(folder), usable)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_quarter_was_read_again(folder: Path) -> None:
    first, second = load_judgments(folder), load_judgments(folder, "second_reading.tsv")
    found = agreement(first, second)
    assert found.pairs >= len(first) / 4
    assert found.usable_kappa >= 0.8
