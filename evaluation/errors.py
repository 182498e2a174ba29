"""The errors of the evaluation.

EvaluationError
└── RunError            a run file cannot be read, or a row of it does not hold together
"""


class EvaluationError(Exception):
    """Anything the evaluation refuses to do."""


class RunError(EvaluationError):
    """A run file cannot be used; the message names file, line, field and value."""
