"""Which roles a list of partners covers: nDCG rewards ten neighbours, where a project needs a school, too."""

from collections.abc import Mapping

from evaluation.results import PerQuery, Qrels, Run
from matcher.partners.directory import Directory
from matcher.partners.roles import CODES, ROLES, RoleSort

NAME = "roles@10"
DEPTH = 10
GOOD = 2
"""The lowest grade that fills a role."""
_FORMS = frozenset(role.code for role in ROLES if role.sort is RoleSort.FORM)


def role_coverage(run: Run, qrels: Qrels, asked: Mapping[str, frozenset[str]], directory: Directory) -> PerQuery:
    """Return the share of the roles asked for that a good body among the first ten fills: query id → value in [0, 1].

    ``asked``: query id → codes of roles; legal forms do not count, nor do roles that no good body fills. Queries
    without any such role are left out.
    """
    found: PerQuery = {}
    for query_id, grades in qrels.items():
        good = {body_id for body_id, grade in grades.items() if grade >= GOOD}
        possible = _filled(good, asked.get(query_id, frozenset()) - _FORMS, directory)
        first = {body_id for body_id, _ in list(run.get(query_id, ()))[:DEPTH]}
        if possible:
            found[query_id] = len(_filled(good & first, possible, directory)) / len(possible)
    return found


def _filled(bodies: set[str], roles: frozenset[str], directory: Directory) -> frozenset[str]:
    at = [directory.positions[body_id] for body_id in bodies if body_id in directory.positions]
    return frozenset(code for code in roles if directory.plays[at, CODES.index(code)].any())
