"""Who judges, by role: labels are public, so they never carry the name of a person."""

import re

from evaluation.errors import LabelError

ROLES = frozenset(
    "reviewer reader clerk officer secretary engineer architect planner surveyor accountant manager mayor councillor "
    "expert consultant researcher volunteer student citizen revisore revisora lettore lettrice funzionario funzionaria "
    "segretario segretaria ingegnere ingegnera architetto architetta tecnico tecnica geometra ragioniere ragioniera "
    "sindaco sindaca assessore assessora esperto esperta consulente ricercatore ricercatrice volontario volontaria "
    "studente studentessa cittadino cittadina model-reading".split()
)
"""What somebody is."""
QUALIFIERS = frozenset(
    "municipal metropolitan regional provincial external internal senior junior first second third grants european "
    "projects budget social technical works heritage comunale metropolitano metropolitana regionale provinciale "
    "esterno esterna interno interna bandi europeo europea progetti bilancio sociale lavori".split()
)
"""What may stand before or after it."""
_WORDS = "|".join(sorted(QUALIFIERS))
_JUDGE = re.compile(rf"(?:(?:{_WORDS})-)*(?:{'|'.join(sorted(ROLES))})(?:-(?:{_WORDS}))*(?:-[0-9]{{1,2}})?")


def role(value: str) -> str:
    """Return a judge as labels write it: small letters, words joined by hyphens, at most a number behind.

    Raises LabelError for anything that is not made of known roles, for it may be somebody's name.
    """
    judge = "-".join(value.casefold().split())
    if not _JUDGE.fullmatch(judge):
        raise LabelError(
            f"--judge {value!r}: must be a role, because labels are public and carry no personal data; such as "
            "reviewer, municipal-clerk, funzionario-comunale, reviewer-2 (words: evaluation/labelling/judges.py)"
        )
    return judge
