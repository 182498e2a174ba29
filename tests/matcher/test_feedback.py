"""What communes decide: hidden at once, doubted by people, learnt from only together and only when enough."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.feedback import (
    ENOUGH,
    ENOUGH_COMMUNES,
    MOST_PER_COMMUNE,
    MOST_TOGETHER,
    Decision,
    DecisionKind,
    Progress,
    Reason,
    examples,
    for_review,
    hidden_for,
    progress,
)

MONDAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SILENT = [reason for reason in Reason if reason is not Reason.NOT_RELEVANT]


def said(kind: str, call: str = "s:1", commune: str = "015182", hours: int = 0, **fields: object) -> Decision:
    base = {"reason": Reason.NOT_RELEVANT if kind == "not_for_us" else None, "text": "Un asilo nido"}
    at = MONDAY + timedelta(hours=hours)
    return Decision(commune, call, DecisionKind(kind), at, **(base | fields))  # type: ignore[arg-type]


def many(kind: str = "saved", communes: int = ENOUGH_COMMUNES, n: int = ENOUGH) -> list[Decision]:
    return [said(kind, f"s:{i}", f"{i % communes:06d}") for i in range(n)]


def test_a_call_that_is_not_for_us_is_hidden_from_us_alone() -> None:
    decisions = [said("not_for_us"), said("saved", "s:2"), said("not_for_us", "s:3", commune="015146")]
    assert hidden_for(decisions, "015182") == {"s:1"}
    assert hidden_for(decisions, "015110") == frozenset()


@pytest.mark.parametrize("reason", list(Reason))
def test_whatever_the_reason_the_call_leaves_the_list(reason: Reason) -> None:
    assert hidden_for([said("not_for_us", reason=reason)], "015182") == {"s:1"}


def test_the_latest_word_counts_in_whichever_order_it_is_told() -> None:
    no, then_yes = said("not_for_us"), said("saved", hours=1)
    assert hidden_for([then_yes, no], "015182") == frozenset()
    assert hidden_for([no, replace(then_yes, at=MONDAY - timedelta(hours=1))], "015182") == {"s:1"}


def test_what_is_not_for_one_project_stays_in_the_list_of_another() -> None:
    decisions = [said("not_for_us", item_id="nido"), said("not_for_us", "s:2")]
    assert hidden_for(decisions, "015182", "scuola") == {"s:2"}
    assert hidden_for(decisions, "015182", "nido") == {"s:1", "s:2"}


def test_not_eligible_goes_to_the_review_desk_newest_first_and_to_nobody_else() -> None:
    doubts = [said("not_for_us", f"s:{n}", hours=n, reason=Reason.NOT_ELIGIBLE) for n in range(3)]
    assert [d.call_id for d in for_review([*doubts, said("not_for_us")])] == ["s:2", "s:1", "s:0"]
    assert progress(doubts).decisions == 0


@pytest.mark.parametrize("reason", SILENT)
def test_a_reason_that_says_nothing_of_the_purpose_teaches_nothing(reason: Reason) -> None:
    told = [*many(), said("not_for_us", "s:extra", reason=reason)]
    assert "s:extra" not in {example.call_id for example in examples(told)}


@pytest.mark.parametrize(
    ("decisions", "communes"), [(ENOUGH - 1, ENOUGH_COMMUNES), (ENOUGH, ENOUGH_COMMUNES - 1), (0, 0)]
)
def test_before_there_is_enough_nothing_may_be_learnt(decisions: int, communes: int) -> None:
    told = many(communes=max(communes, 1), n=decisions)
    assert examples(told) == []
    assert not progress(told).enough


def test_enough_decisions_of_enough_communes_become_examples() -> None:
    found = examples([*many(), said("not_for_us", "s:no", "999999", text="Una piazza")])
    assert len(found) == ENOUGH + 1
    assert [e.label for e in found if e.call_id == "s:no"] == [False]


def test_how_much_is_missing_is_said_in_words() -> None:
    told = many(communes=3, n=12)
    assert str(progress(told)) == f"12 of {ENOUGH} decisions, 3 of {ENOUGH_COMMUNES} communes so far"
    assert str(Progress(ENOUGH + 5, ENOUGH_COMMUNES)).startswith(f"{ENOUGH} of {ENOUGH} decisions")


def test_work_says_more_than_a_click() -> None:
    kinds = {
        kind: examples([*many(), said(kind, "s:x", "999999")])[-1].weight for kind in ("saved", "applied", "funded")
    }
    assert kinds["saved"] < kinds["applied"] < kinds["funded"]


def test_a_change_of_mind_leaves_one_example_with_the_last_word() -> None:
    changed = [said("saved", "s:x", "999999"), said("not_for_us", "s:x", "999999", hours=2)]
    (last,) = [e for e in examples([*many(), *changed]) if e.call_id == "s:x"]
    assert last.label is False
    (back,) = [
        e for e in examples([*many(), *changed, said("applied", "s:x", "999999", hours=3)]) if e.call_id == "s:x"
    ]
    assert back.label is True


def test_a_decision_without_a_text_is_about_no_purpose() -> None:
    assert progress([said("saved", text="  "), said("applied", text="")]).decisions == 0


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from([*DecisionKind]), st.integers(0, 5), st.integers(0, 900)), max_size=60))
def test_no_commune_outweighs_the_others_and_the_order_does_not_matter(drawn) -> None:
    loud = [
        said(str(kind), f"s:{call}", "000000", text=f"Bisogno {call}", hours=n)
        for n, (kind, _, call) in enumerate(drawn)
    ]
    told = [*many(), *loud]
    found = examples(told)
    totals: dict[str, float] = {}
    for example in found:
        assert 0 < example.weight <= 1
        totals[example.commune_istat] = totals.get(example.commune_istat, 0.0) + example.weight
    assert max(totals.values()) <= MOST_PER_COMMUNE + 1e-9
    assert sum(totals.values()) <= MOST_TOGETHER + 1e-9
    assert examples(told[::-1]) == found
