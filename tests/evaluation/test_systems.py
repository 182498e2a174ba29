"""Every system keeps the same promises, and each baseline does what its name says."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.errors import TaskError
from evaluation.systems import SYSTEMS, Bench, chosen
from matcher.catalogue import build_catalogue
from matcher.recommender import Query, Recommender, Request
from matcher.records import ApplicantKind
from tests.fakes import HashingEncoder
from tests.world import CALLS, DOTTORATI, ENERGIA_IMPRESE, GREZZAGO, MILANO, NIDI, PICCOLI_COMUNI

OTHERS = tuple(replace(call, id=f"other:{n}", source="other") for n, call in enumerate(CALLS))
FUNDED = {"M5C2I2.01.00": {ApplicantKind.COMMUNE: 480}}
THEMES = {"M5C2I2.01.00": "asilo nido; posti nido; ampliamento nido; piste ciclabili; cappotto termico"}
QUERIES = (
    Query("Servono nuovi posti all'asilo nido comunale", MILANO, id="nido"),
    Query("Cappotto termico per la scuola elementare", GREZZAGO, id="scuola"),
    Query("Zampogne xilofoni ukulele", GREZZAGO, id="nothing like it"),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    encoder = HashingEncoder()
    catalogue = build_catalogue([*CALLS, *OTHERS], encoder.encode_documents, FUNDED, THEMES)
    return Bench(catalogue, encoder, FUNDED)


@pytest.fixture(params=list(SYSTEMS))
def system(request: pytest.FixtureRequest, bench: Bench):
    return SYSTEMS[request.param](bench)


@given(k=st.integers(1, 40))
@settings(max_examples=10)
def test_every_system_gives_at_most_k_calls_best_first_and_none_twice(bench: Bench, k: int) -> None:
    for name in SYSTEMS:
        for found in SYSTEMS[name](bench).rank(QUERIES, Request(k=k)).values():
            assert len(found) <= k
            assert len({call for call, _ in found}) == len(found)
            scores = [score for _, score in found]
            assert all(np.isfinite(scores))
            assert all(high >= low - 1e-9 for high, low in itertools.pairwise(scores))


def test_a_system_answers_every_query_and_no_other(system) -> None:
    assert list(system.rank(QUERIES, Request())) == [query.id for query in QUERIES]
    assert system.rank((), Request()) == {}


def test_a_system_gives_the_same_answer_twice_alone_and_among_others(system) -> None:
    first = system.rank(QUERIES, Request())
    assert system.rank(QUERIES, Request()) == first
    alone = system.rank(QUERIES[1:2], Request())["scuola"]
    assert [call for call, _ in alone] == [call for call, _ in first["scuola"]]


def test_a_system_shows_only_calls_of_the_sources_asked_for(system) -> None:
    run = system.rank(QUERIES, Request(k=50, sources=frozenset({"other"})))
    assert {call.partition(":")[0] for found in run.values() for call, _ in found} == {"other"}


def test_the_name_of_a_system_is_that_of_the_registry(system) -> None:
    assert SYSTEMS[system.name](system.bench).name == system.name


def first(bench: Bench, name: str, query: Query, n: int = 1) -> list[str]:
    run = SYSTEMS[name](bench).rank([query], Request(k=n, sources=frozenset({"world"})))
    return [call for call, _ in run[query.id]]


def test_chance_is_another_for_another_query(bench: Bench) -> None:
    assert first(bench, "random", QUERIES[0], 12) != first(bench, "random", QUERIES[1], 12)


def test_the_newest_is_the_call_that_opens_or_closes_last_and_undated_ones_come_last(bench: Bench) -> None:
    order = first(bench, "newest", QUERIES[0], 12)
    assert order.index(ENERGIA_IMPRESE.id) < order.index(PICCOLI_COMUNI.id) < order.index(NIDI.id)
    assert order.index(DOTTORATI.id) > order.index(NIDI.id)


def test_the_most_funded_is_what_has_funded_most_whoever_asks(bench: Bench) -> None:
    assert (
        first(bench, "most-funded", QUERIES[0])
        == first(bench, "most-funded", QUERIES[2])
        == ["world:misura-rigenerazione"]
    )


def test_bm25_shows_nothing_where_no_word_is_shared_and_dense_and_hybrid_always_show_something(bench: Bench) -> None:
    assert first(bench, "bm25", QUERIES[2]) == []
    assert first(bench, "dense", QUERIES[2])
    assert first(bench, "hybrid", QUERIES[2])


def test_the_baselines_do_not_know_what_was_funded_before(bench: Bench) -> None:
    for name in ("bm25", "dense", "hybrid"):
        bare = build_catalogue(CALLS, bench.encoder.encode_documents, {})
        # Inverse document frequencies see every passage: the same index, with and without phrases of another call.
        with_themes = first(bench, name, QUERIES[0])
        assert with_themes == first(Bench(bare, bench.encoder), name, QUERIES[0]) == [NIDI.id]


def test_the_baselines_do_not_ask_who_may_apply_and_the_product_does(bench: Bench) -> None:
    firms = Query("Cappotto termico, nuovi impianti e fotovoltaico negli stabilimenti", GREZZAGO, id="q")
    assert first(bench, "hybrid", firms) == [ENERGIA_IMPRESE.id]
    assert ENERGIA_IMPRESE.id not in first(bench, "remix", firms, 12)


def test_the_product_is_the_one_data_path(bench: Bench) -> None:
    answers = Recommender(bench.catalogue, bench.encoder).recommend_many(QUERIES, Request(grouped=False))
    expected = {a.query_id: [(item.call.id, item.score) for item in a.items] for a in answers}
    assert SYSTEMS["remix"](bench).rank(QUERIES, Request()) == expected


def test_dense_search_by_system_is_the_brute_force_over_passages_of_the_calls_own_words(bench: Bench) -> None:
    catalogue = bench.catalogue
    (vector,) = bench.encoder.encode_queries([QUERIES[1].text])
    best: dict[str, float] = {}
    for row, passage in enumerate(catalogue.passages):
        call = catalogue.calls[catalogue.call_of_passage[row]].id
        if passage.field != "funded_before":
            best[call] = max(best.get(call, -1.0), float(catalogue.dense.vectors[row] @ vector))
    found = SYSTEMS["dense"](bench).rank(QUERIES[1:2], Request(k=len(catalogue.calls)))["scuola"]
    assert dict(found) == pytest.approx(best, abs=1e-6)


def test_an_unknown_system_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TaskError, match=r"--system 'magic'.*bm25.*remix"):
        chosen(["bm25", "magic"])


def test_systems_come_in_the_order_of_the_registry_and_all_without_a_name() -> None:
    assert chosen(["remix", "bm25"]) == ("bm25", "remix")
    assert chosen([]) == tuple(SYSTEMS)
