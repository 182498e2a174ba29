"""One task of some results: which system the report is about, and which it is held against."""

from dataclasses import dataclass

from evaluation.measures.ranking import MAIN
from evaluation.results import Result, Results, TaskInfo, Total

PRODUCT = "remix"


@dataclass(frozen=True, slots=True)
class Held:
    """A task with its systems; ``baseline`` is the best of the others, empty where there is no other."""

    results: Results
    task: TaskInfo
    systems: tuple[str, ...]
    subject: str
    baseline: str

    def has(self, measure: str) -> bool:
        """Whether a measure was taken of every system."""
        return measure in self.results.measures(self.task.name)

    def result(self, system: str, measure: str) -> Result:
        """Return the values of one measure."""
        return self.results.result(self.task.name, system, measure)

    def mean(self, system: str, measure: str = MAIN) -> float:
        """Return the mean of one measure over all queries."""
        return self.result(system, measure).mean()

    def totals(self) -> tuple[Total, ...]:
        """Return what was measured of whole runs."""
        return tuple(total for total in self.results.totals if total.task == self.task.name)

    def top(self, system: str, query_id: str, depth: int = 5) -> tuple[str, ...]:
        """Return the first calls of a query, none where the system has no ranking of it."""
        found = [r for r in self.results.rankings if (r.task, r.system) == (self.task.name, system)]
        return found[0].top.get(query_id, ())[:depth] if found else ()


def held(results: Results, task: TaskInfo) -> Held:
    """Choose what a task's section is about: the product where it ran, else the last system."""
    systems = results.systems(task.name)
    systems = systems or tuple(dict.fromkeys(t.system for t in results.totals if t.task == task.name))
    subject = PRODUCT if PRODUCT in systems or not systems else systems[-1]
    others = [system for system in systems if system != subject]
    if MAIN not in results.measures(task.name):
        return Held(results, task, systems, subject, "")
    baseline = max(others, key=lambda system: results.result(task.name, system, MAIN).mean(), default="")
    return Held(results, task, systems, subject, baseline)
