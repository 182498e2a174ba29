"""The tasks on real data: what they ask, what they withhold, and that no answer is given away."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import SourceError
from evaluation import tasks
from evaluation.errors import TaskError
from evaluation.leakage import Item, shared_cups
from evaluation.tasks import load_task
from evaluation.tasks.data import read_calls, read_rows
from evaluation.tasks.pnrr import FOLDS, PER_MEASURE, stratified
from evaluation.tasks.pnrr_procedures import FIRST_NEW, procedures
from evaluation.tasks.task import Checked, Task, best_calls, sample, strata_of_calls
from tests.world import CALLS, MISURA_SENZA_DESTINATARI, NIDI

IDS = st.lists(st.text("abcdef", min_size=1, max_size=6), unique=True, max_size=30)


def test_a_task_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(TaskError, match=r"--task 'wishes'.*needs.*pnrr-cold"):
        tasks.chosen(("wishes",))
    with pytest.raises(TaskError, match=r"--split 'train': choose one of dev, test"):
        load_task("needs", Path(), "train")
    with pytest.raises(TaskError, match=r"--source 'eu'.*regione-lombardia"):
        read_calls(Path(), ["eu"])


def test_a_file_that_is_missing_is_refused_by_name(tmp_path: Path) -> None:
    for name in ("fr-tee", "fr-fonds-vert", "padigitale-bodies", "needs"):
        with pytest.raises(SourceError, match=str(tmp_path)):
            load_task(name, tmp_path, "dev")


def test_names_stand_for_tasks_in_order_and_none_for_all_but_the_gates_own() -> None:
    assert tasks.chosen(("pnrr",)) == ("pnrr-warm", "pnrr-cold")
    assert tasks.chosen(("fr-tee", "needs")) == ("needs", "fr-tee")
    assert set(tasks.chosen(())) == set(tasks.NAMES) - {"needs-small"}
    assert tasks.chosen(("needs-small",)) == ("needs-small",)


@given(ids=IDS, n=st.integers(0, 35), order=st.randoms())
def test_a_sample_is_of_the_ids_and_the_same_for_any_order(ids: list[str], n: int, order) -> None:
    shuffled = ids.copy()
    order.shuffle(shuffled)
    assert sample(ids, n, "seed") == sample(shuffled, n, "seed")
    assert len(sample(ids, n, "seed")) == min(n, len(ids))
    assert set(sample(ids, n, "seed")) <= set(ids)


@given(
    groups=st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 9)), per=st.integers(1, 5), most=st.integers(1, 12)
)
def test_a_stratified_sample_keeps_its_bounds(groups: dict[str, int], per: int, most: int) -> None:
    pairs = [(f"{group}{n}", group) for group, size in groups.items() for n in range(size)]
    chosen = stratified(pairs, per, most, "seed")
    counts = Counter(one[0] for one in chosen)
    assert len(chosen) == min(most, sum(min(per, size) for size in groups.values()))
    assert max(counts.values(), default=0) <= per


def test_the_best_calls_of_a_query_give_it_its_strata() -> None:
    assert best_calls({"a": 1, "b": 3, "c": 3}) == ("b", "c")
    assert best_calls({"a": 0}) == best_calls({}) == ()
    calls = {call.id: call for call in CALLS}
    found = strata_of_calls((NIDI.id, MISURA_SENZA_DESTINATARI.id), calls, {MISURA_SENZA_DESTINATARI.programme: "x"})
    assert found == {"source": ("world",), "level": ("national",), "precedents": ("cold", "warm")}


def test_a_procedure_of_two_measures_is_one_call_with_both_names() -> None:
    row = {
        "cod_procedura": "7",
        "titolo_procedura": " Avviso  pubblico ",
        "amministrazione": "MIN",
        "submisura": "Reti",
    }
    rows = [{**row, "cod_submisura": "M2C2I2.01.00"}, {**row, "submisura": "Porti", "cod_submisura": "M2C2I2.02.00"}]
    (call,) = procedures([*rows, {**row, "cod_procedura": "8", "titolo_procedura": "", "cod_submisura": ""}])
    assert (call.title, call.summary, call.programme) == ("Avviso pubblico", "Reti\n\nPorti", "M2C2I2.01.00")


def loaded(name: str, data: Path, split: str = "dev") -> Task:
    task = load_task(name, data, split)
    assert isinstance(task, Task)
    ids = [query.id for query in task.queries]
    assert len(ids) == len(set(ids)) > 0
    known = {call.id for call in task.folds[0].material.calls}
    assert set(ids) <= set(task.qrels)
    # A label may outlive its call; nearly all must be there.
    named = [call for grades in task.qrels.values() for call in grades]
    assert sum(call in known for call in named) >= 0.99 * len(named)
    return task


def test_the_french_tasks_ask_what_is_known_of_them(shared_data: Path) -> None:
    vert, tee = loaded("fr-fonds-vert", shared_data), loaded("fr-tee", shared_data)
    assert (len(vert.queries), len(vert.folds[0].material.calls)) == (1_000, 14)
    assert (len(tee.queries), len(tee.folds[0].material.calls)) == (91, 260)
    # Of the 1,323 links three stand twice.
    assert sum(map(len, tee.qrels.values())) == 1_320
    assert not vert.request.judge_eligibility


@pytest.mark.slow
def test_cold_means_that_nothing_is_known_of_what_the_right_measure_funded(shared_data: Path) -> None:
    warm, cold = loaded("pnrr-warm", shared_data), loaded("pnrr-cold", shared_data)
    assert {query.id: query.text for query in warm.queries} == {query.id: query.text for query in cold.queries}
    assert len(cold.folds) == FOLDS
    everything = set(warm.folds[0].material.themes)
    assert {value for strata in warm.strata.values() for value in strata["precedents"]} == {"warm", "cold"}
    for fold in cold.folds:
        answers = {next(iter(cold.qrels[query.id])).partition(":")[2] for query in fold.queries}
        assert not answers & (set(fold.material.themes) | set(fold.material.funded))
        assert len(fold.material.themes) > 0.7 * len(everything)
    counts = Counter(next(iter(grades)) for grades in warm.qrels.values())
    assert max(counts.values()) <= PER_MEASURE


@pytest.mark.slow
def test_the_needs_are_asked_of_all_five_sources_as_the_product_is_asked(shared_data: Path) -> None:
    dev, test = loaded("needs", shared_data), loaded("needs", shared_data, "test")
    assert not {query.id for query in dev.queries} & {query.id for query in test.queries}
    assert dev.request.judge_eligibility
    assert dev.request.on is None
    assert len({call.source for call in dev.folds[0].material.calls}) == 5
    assert {"kind", "style", "split", "size", "source", "level", "precedents"} == set(dev.strata[dev.queries[0].id])


@pytest.mark.slow
def test_new_procedures_are_asked_with_what_older_ones_alone_have_funded(shared_data: Path) -> None:
    dev, test = loaded("pnrr-procedures", shared_data), loaded("pnrr-procedures", shared_data, "test")
    assert not {query.id for query in dev.queries} & {query.id for query in test.queries}
    answers = {call.partition(":")[2] for grades in dev.qrels.values() for call in grades}
    assert min(answers) >= FIRST_NEW
    asked = [Item(query.id, query.text, query.id.split(":")[1]) for query in dev.queries]
    rows = read_rows(shared_data / "pnrr_progetti_validati.csv.gz")
    older = [Item(row["codice_locale"], "", row["cup"]) for row in rows if row["cod_procedura"] < FIRST_NEW]
    assert list(shared_cups(asked, older)) == []


@pytest.mark.slow
@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_project_that_is_asked_about_was_counted_or_stands_in_another_split(shared_data: Path, split: str) -> None:
    found = load_task("leaks", shared_data, split)
    assert isinstance(found, Checked)
    shares = {result.measure: result.per_query for result in found.results}
    assert set(shares["SharedCUP"].values()) == {0.0}
    assert shares["NearText"]["needs-splits"] == 0.0
    if split == "dev":
        # The judged needs of dev are what the tables of needs are fitted on; those of test nobody learns from.
        assert shares["NearText"].pop("ranker-needs") == 1.0
    # The words of a form that thousands fill in; a leak of precedents would be far above.
    assert max(shares["NearText"].values()) < 0.15
