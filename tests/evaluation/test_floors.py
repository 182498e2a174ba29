"""Floors: what falls is named with its amount and the command that shows why, and no floor is lowered."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from evaluation.errors import FloorError, ResultsError
from evaluation.gate import Entry, Floor, check, load_floors
from evaluation.results import QueryInfo, Result, Results, TaskInfo, Total

QUERIES = (QueryInfo("q1", "Un nido", {"size": ("small",)}), QueryInfo("q2", "Una piazza", {"size": ("large",)}))
RESULTS = Results(
    context={},
    tasks=(TaskInfo("needs", "Judged needs", "", QUERIES),),
    results=(
        Result("needs", "remix", "nDCG@10", {"q1": 0.2, "q2": 0.6}),
        Result("needs", "remix", "Ineligible@10", {"q1": 0.1, "q2": 0.3}),
    ),
    totals=(Total("needs", "remix", "ECE", 0.08),),
)
FLOOR = Floor(
    "needs", "remix", "nDCG@10", "at least", (Entry(date(2026, 11, 22), 0.45, 0.47),), command="remix evaluate"
)
CEILING = Floor("needs", "remix", "Ineligible@10", "at most", (Entry(date(2026, 11, 22), 0.15, 0.12),), command="x")


def test_what_fell_is_said_with_its_amount_and_the_command_that_shows_why() -> None:
    (found,) = check(RESULTS, [FLOOR])
    assert found.sentence == (
        "nDCG@10 of remix on needs fell to 0.400, 0.050 beyond at least 0.450 (set 2026-11-22 from 0.470). "
        "To see why: remix evaluate"
    )


def test_what_should_stay_low_and_rose_is_said_so() -> None:
    (found,) = check(RESULTS, [CEILING])
    assert "Ineligible@10 of remix on needs rose to 0.200, 0.050 beyond at most 0.150" in found.sentence


def test_what_holds_is_not_named() -> None:
    assert check(RESULTS, [dataclasses.replace(FLOOR, history=(Entry(date(2026, 11, 22), 0.4, 0.4),))]) == []


def test_a_stratum_is_held_to_its_own_floor_while_the_mean_holds() -> None:
    high = dataclasses.replace(FLOOR, history=(Entry(date(2026, 11, 22), 0.3, 0.4),))
    small = dataclasses.replace(high, stratum="size", value="small")
    (found,) = check(RESULTS, [high, small])
    assert "for size = small fell to 0.200" in found.sentence


def test_a_stratum_without_a_query_does_not_pass_and_comes_first() -> None:
    gone = dataclasses.replace(FLOOR, stratum="size", value="tiny")
    found = check(RESULTS, [FLOOR, gone])
    assert found[0].floor == gone
    assert "size = tiny was not measured" in found[0].sentence


def test_a_value_of_a_whole_run_has_a_floor_too() -> None:
    calibration = dataclasses.replace(CEILING, measure="ECE")
    assert check(RESULTS, [calibration]) == []
    (found,) = check(dataclasses.replace(RESULTS, totals=(Total("needs", "remix", "ECE", 0.4),)), [calibration])
    assert found.measured == 0.4


def test_a_floor_on_what_was_not_measured_is_an_error() -> None:
    with pytest.raises(ResultsError, match="needs/remix/RR"):
        check(RESULTS, [dataclasses.replace(FLOOR, measure="RR")])


ENTRY = "{ on = 2026-11-22, bound = 0.45, measured = 0.47 }"
COMMAND = '[command]\nneeds = "remix evaluate"\n'


def floor(history: str = f"[{ENTRY}]", direction: str = "at least", more: str = "") -> str:
    named = 'task = "needs"\nsystem = "remix"\nmeasure = "nDCG@10"'
    return f'[[floor]]\n{named}\ndirection = "{direction}"\nhistory = {history}\n{more}\n'


def higher(bound: float, on: str = "2026-12-01", measured: float = 0.99) -> str:
    return f"[{ENTRY}, {{ on = {on}, bound = {bound}, measured = {measured} }}]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("floor = [", "TOML"),
        ("", r"no \[\[floor\]\]"),
        (floor(), r"'needs' has no command"),
        (COMMAND + floor(direction="above"), "'above' must be"),
        (COMMAND + floor(more='colour = "red"'), "not known .'colour'"),
        (COMMAND + floor(more='stratum = "size"'), "both stratum and value"),
        (COMMAND + floor("[]"), "is empty"),
        (COMMAND + floor("[{ on = 2026-11-22, bound = 0.4 }]"), "must have on, bound, measured"),
        (COMMAND + floor('[{ on = "today", bound = 0.4, measured = 0.5 }]'), "the first a day"),
        (COMMAND + floor("[{ on = 2026-11-22, bound = 0.5, measured = 0.4 }]"), r"measured 0\.4 does not reach 0\.5"),
        (COMMAND + floor(higher(0.44)), r"0\.44 after 0\.45; a floor only rises"),
        (COMMAND + floor(higher(0.5, on="2026-11-01")), "a floor only rises"),
        (COMMAND + floor() + floor(), "two floors for nDCG@10 of remix on needs"),
    ],
)
def test_floors_that_do_not_hold_together_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "floor.toml"
    path.write_text(text)
    with pytest.raises(FloorError, match=said):
        load_floors(path)


def test_a_ceiling_only_sinks(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text(COMMAND + floor("[{ on = 2026-11-22, bound = 0.2, measured = 0.1 }]", "at most"))
    assert load_floors(path)[0].bound == 0.2
    path.write_text(
        COMMAND
        + floor(
            "[{ on = 2026-11-22, bound = 0.2, measured = 0.1 }, { on = 2026-11-23, bound = 0.3, measured = 0.1 }]",
            "at most",
        )
    )
    with pytest.raises(FloorError, match=r"0\.3 after 0\.2"):
        load_floors(path)


def test_the_last_entry_is_in_force(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text(COMMAND + floor(higher(0.5)))
    (found,) = load_floors(path)
    assert (found.bound, found.history[0].bound, found.command) == (0.5, 0.45, "remix evaluate")


def test_every_floor_in_force_has_a_day_and_a_measured_value() -> None:
    floors = load_floors()
    assert len(floors) >= 10
    assert all(0 <= entry.measured <= 1 and entry.on.year >= 2026 for found in floors for entry in found.history)
