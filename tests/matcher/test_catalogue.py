"""A catalogue made from an earlier one is the one that would be made from nothing."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.catalogue import MOST_NOTICES, Catalogue, build_catalogue, notices_of_measures
from matcher.records import ApplicantKind, FundingCall
from tests import world
from tests.fakes import HashingEncoder

MEASURE = world.MISURA_SENZA_DESTINATARI
ITSELF = replace(MEASURE, id=f"world:{MEASURE.programme}")
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


def test_a_measure_speaks_with_the_words_of_its_notices_and_a_notice_with_its_own():
    catalogue, _ = built([ITSELF, NOTICE, replace(NOTICE, id="world:avviso-2")])
    measure, notice = (catalogue.calls[catalogue.positions[call.id]] for call in (ITSELF, NOTICE))
    assert measure.notices == f"{NOTICE.title}. {NOTICE.applicants_text.rstrip('.')}"
    assert notice.notices == ""
    assert "notices" in {passage.field for passage in catalogue.passages}


def test_a_measure_with_hundreds_of_notices_reads_a_dozen_of_them():
    many = [replace(NOTICE, id=f"world:avviso-{n:03}", title=f"Avviso {n}") for n in range(300)]
    said = notices_of_measures([*many[::-1], ITSELF])
    assert [line.partition(".")[0] for line in said[ITSELF.id].split("\n\n")] == [
        f"Avviso {n}" for n in range(MOST_NOTICES)
    ]


def test_the_projects_of_communes_are_counted_by_programme():
    funded = {MEASURE.programme: {ApplicantKind.COMMUNE: 7, ApplicantKind.SCHOOL: 90}}
    calls = sorted([MEASURE, world.NIDI], key=lambda call: call.id)
    catalogue = build_catalogue(calls, HashingEncoder().encode_documents, funded)
    assert catalogue.awards.tolist() == [7 if call is MEASURE else 0 for call in calls]
