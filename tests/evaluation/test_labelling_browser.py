"""The page in a real browser: the keys alone, no script at all, narrow windows, and axe's rules."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora.judged import load_judgments
from tests.evaluation.labels import PAIRS, labels_folder, reading, serving, sheets_file
from tests.service.pages.chromium import NARROWEST, chromium, overflow, violations

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    first = [reading(pair, 2, "model-reading-1") for pair in PAIRS]
    return labels_folder(tmp_path / "labels", first, [reading(pair, 1, "model-reading-2") for pair in PAIRS])


@pytest.fixture
def address(tmp_path: Path, folder: Path) -> Iterator[str]:
    sheets = sheets_file(tmp_path / "sheets.jsonl")
    with serving(sheets, folder, "--disagreements", "second_reading.tsv") as (_, address):
        yield address


def own(folder: Path) -> list[tuple[str, int, str, str]]:
    """What the reviewer judged: call id, purpose, may apply, why."""
    rows = [row for row in load_judgments(folder) if row.judge == "reviewer"]
    return [(row.call_id, row.purpose, row.may_apply, row.why) for row in rows]


def shows(page: Any, text: str) -> None:
    page.get_by_text(text).first.wait_for(timeout=10_000)
    page.wait_for_load_state("load")


def test_keys_alone_judge_skip_and_undo(browser, address, folder):
    page = browser.new_page(locale="it-IT")
    page.goto(address)
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.keyboard.press("s")
    page.keyboard.press("w")
    page.keyboard.type("0 n z k")
    page.keyboard.press("Enter")
    shows(page, "Giudicate: 1")
    assert own(folder) == [("s:a", 2, "yes", "0 n z k")]
    page.keyboard.press("k")
    shows(page, "saltate: 1")
    page.keyboard.press("z")
    shows(page, "Giudizio annullato")
    assert own(folder) == []
    page.keyboard.press("u")
    page.keyboard.press("w")
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    shows(page, "Giudicate: 1")
    assert own(folder) == [("s:a", 0, "unknown", "0 n z k")]


def test_enter_saves_nothing_before_both_questions_are_answered(browser, address, folder):
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "may_apply"
    assert own(folder) == []


def test_keys_can_be_switched_off_and_stay_off(browser, address):
    page = browser.new_page()
    for _ in range(2):
        page.goto(address)
        if page.locator("#shortcuts").is_checked():
            page.locator("#shortcuts").click()
        page.keyboard.press("3")
        assert page.locator("input[name=purpose]:checked").count() == 0


def test_it_works_without_scripts(browser, address, folder):
    page = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    page.goto(address)
    assert not page.locator("#shortcuts").is_visible()
    page.get_by_text("same field, but it pays for something else").click()
    page.get_by_text("a text rules it out").click()
    page.get_by_role("button", name="Save").click()
    shows(page, "Judged: 1")
    assert own(folder) == [("s:a", 1, "no", "no reason given")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows_in_a_narrow_window(browser, address, scheme):
    page = browser.new_context(color_scheme=scheme, viewport={"width": NARROWEST, "height": 640}).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/guide"):
        page.goto(f"{address}{path}")
        assert (violations(page), overflow(page)) == ([], 0)
    assert said == []
