"""The errors of the evaluation.

EvaluationError
├── RunError            a run file cannot be read, or a row of it does not hold together
├── ResultsError        a results file cannot be read, or does not hold what is asked of it
├── MeasureError        a measure is asked of values that it is not defined for
├── FloorError          the file of floors is not one, or names what the results do not have
├── LabelError          a judge or a judgment cannot be taken down
└── TaskError           a task, a system, or a file of queries or qrels cannot be used as it stands
"""


class EvaluationError(Exception):
    """Anything the evaluation refuses to do."""


class RunError(EvaluationError):
    """A run file cannot be used; the message names file, line, field and value."""


class ResultsError(EvaluationError):
    """Results cannot be used; the message names the file, or what is missing and what there is."""


class MeasureError(EvaluationError):
    """A measure cannot be taken; the message names the measure and what it needs."""


class FloorError(EvaluationError):
    """The file of floors cannot be used; the message names file, entry, field and value."""


class TaskError(EvaluationError):
    """A task cannot be run; the message names the option, or the file, line, field and value, and what to do."""


class LabelError(EvaluationError):
    """A judge or a judgment cannot be taken down; ``code`` names the reason, for pages that say it in other words."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code
