"""A catalogue made from an earlier one is the one that would be made from nothing."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.catalogue import Catalogue, build_catalogue
from matcher.records import FundingCall
from tests import world
from tests.fakes import HashingEncoder

MEASURE = world.MISURA_SENZA_DESTINATARI
NOTICE = replace(world.NIDI, id="world:avviso", programme=MEASURE.programme)
EDITS = st.sampled_from(["as it is", "gone", "retitled", "longer", "of the measure"])


def built(calls: list[FundingCall], previous: Catalogue | None = None) -> tuple[Catalogue, list[str]]:
    encoder = HashingEncoder()
    return build_catalogue(calls, encoder.encode_documents, {}, {}, previous), encoder.encoded


def edited(call: FundingCall, edit: str) -> list[FundingCall]:
    changed = {
        "as it is": call,
        "gone": None,
        "retitled": replace(call, title=f"{call.title}, riapertura"),
        "longer": replace(call, text=f"{call.text} Possono partecipare le province."),
        "of the measure": replace(call, programme=MEASURE.programme),
    }[edit]
    return [changed] if changed else []


def same(one: Catalogue, other: Catalogue) -> bool:
    words = "scuole e piste ciclabili"
    return (
        (one.calls, one.rules, one.passages) == (other.calls, other.rules, other.passages)
        and np.array_equal(one.first_passage, other.first_passage)
        and np.array_equal(one.dense.vectors, other.dense.vectors)
        and np.array_equal(one.lexical.scores([words]), other.lexical.scores([words]))
    )


@settings(deadline=None)  # the machine of the tests may be busy
@given(before=st.lists(EDITS, min_size=12, max_size=12), after=st.lists(EDITS, min_size=12, max_size=12))
def test_a_catalogue_made_from_an_earlier_one_is_the_one_made_from_nothing(before, after):
    first, second = (
        [new for call, edit in zip(world.CALLS, edits, strict=True) for new in edited(call, edit)] or [world.NIDI]
        for edits in (before, after)
    )
    from_nothing, _ = built(second)
    again, _ = built(second, built(first)[0])
    assert same(again, from_nothing)


def test_only_what_changed_is_encoded():
    earlier, _ = built(list(world.CALLS))
    changed = replace(world.NIDI, title="Asili nido aperti la sera")
    _, encoded = built([changed if call is world.NIDI else call for call in world.CALLS], earlier)
    assert encoded
    assert all(text.startswith("Asili nido aperti la sera") for text in encoded)


def test_a_new_notice_changes_who_may_apply_for_its_measure():
    earlier, _ = built([MEASURE])
    again, encoded = built([MEASURE, NOTICE], earlier)
    position = again.calls.index(MEASURE)
    assert again.rules[position] != earlier.rules[0]
    assert not any(text.startswith(MEASURE.title) for text in encoded)
