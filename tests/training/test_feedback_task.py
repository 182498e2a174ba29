"""What communes said becomes queries with answers: kept calls are right, refused ones wrong."""

from evaluation.tasks.task import Material
from matcher.feedback import Example
from matcher.records import Commune, QueryKind
from training.feedback import feedback_task

RHO = Commune(istat="015182", name="Rho")
MATERIAL = Material(())


def example(text: str, call: str, label: bool, weight: float = 1.0, commune: str = RHO.istat) -> Example:
    return Example(text, QueryKind.NEED, commune, call, label, weight)


def made(*examples: Example):
    return feedback_task(examples, MATERIAL, {RHO.istat: RHO})


def test_kept_calls_are_the_right_answers_and_refused_ones_are_not() -> None:
    task, weights = made(example("cappotto", "a:1", True), example("cappotto", "a:2", False, 0.5))
    (query,) = task.queries
    assert (query.text, query.commune) == ("cappotto", RHO)
    assert task.qrels == {query.id: {"a:1": 1}}
    assert weights == {query.id: 0.75}


def test_a_text_of_which_everything_was_refused_teaches_nothing() -> None:
    assert made(example("cappotto", "a:1", False))[0].queries == ()


def test_a_commune_that_is_not_known_is_left_out() -> None:
    assert made(example("cappotto", "a:1", True, commune="999999"))[0].queries == ()


def test_the_same_decisions_in_another_order_are_the_same_task() -> None:
    examples = [example("cappotto", "a:1", True), example("asilo", "a:2", True), example("asilo", "a:3", False)]
    assert made(*examples) == made(*reversed(examples))
