"""Assets and needs on the labels: the product stands above its floors and above every baseline."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluation.asset_needs import OWN, AssetSet, assets_of_needs, measured, needs_of_assets, read_set
from evaluation.gate import check, load_floors
from evaluation.harness import collected
from evaluation.results import Results, Run, TaskInfo
from evaluation.tasks import chosen
from evaluation.tasks.data import read_communes
from evaluation.tasks.task import Checked
from matcher.onnx_encoder import OnnxEncoder
from matcher.records import Commune


@pytest.fixture(scope="module")
def asked() -> AssetSet:
    return read_set("test")


@pytest.fixture(scope="module")
def communes(shared_data: Path) -> dict[str, Commune]:
    return read_communes(shared_data)


@pytest.fixture(scope="module")
def runs(asked: AssetSet, communes: dict[str, Commune], default_encoder: OnnxEncoder) -> Mapping[str, Run]:
    return needs_of_assets(asked, communes, default_encoder)


def results(task: str, runs: Mapping[str, Run], asked: AssetSet) -> Results:
    grades = asked.grades if task == "asset-needs" else asked.transposed
    info = TaskInfo(task, task, "", (), grades)
    return collected([], [Checked(info, measured(task, runs, grades), ())], {})


def fallen(task: str, found: Results) -> list[str]:
    return [one.sentence for one in check(found, [floor for floor in load_floors() if floor.task == task])]


def test_the_product_stands_above_its_floor_and_above_every_baseline(asked: AssetSet, runs: Mapping[str, Run]) -> None:
    found = results("asset-needs", runs, asked)
    assert fallen("asset-needs", found) == []
    means = {name: found.result("asset-needs", name, "nDCG@10").mean() for name in runs}
    assert means.pop(OWN) > max(means.values())


def test_the_other_way_round_it_stands_above_its_floor_too(
    asked: AssetSet, communes: dict[str, Commune], default_encoder: OnnxEncoder
) -> None:
    found = results("need-assets", assets_of_needs(asked, communes, default_encoder), asked)
    assert fallen("need-assets", found) == []


def test_a_ranking_upside_down_is_caught(asked: AssetSet, runs: Mapping[str, Run]) -> None:
    upside_down = {query: list(reversed(found)) for query, found in runs[OWN].items()}
    assert fallen("asset-needs", results("asset-needs", {OWN: upside_down}, asked))


def test_nothing_beyond_reach_is_ever_shown(asked: AssetSet, runs: Mapping[str, Run]) -> None:
    judged = {(asset, need) for asset, grades in asked.grades.items() for need in grades}
    assert all((asset, need) in judged for asset, found in runs[OWN].items() for need, _ in found)


def test_the_three_tasks_have_one_name_together() -> None:
    assert set(chosen(("assets",))) == {"asset-needs", "need-assets", "asset-calls"}
