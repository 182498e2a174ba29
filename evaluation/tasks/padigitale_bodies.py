"""``padigitale-bodies``: bodies that a call has really funded; the gate that rules one of them out is wrong.

77,000 funded candidatures of PA digitale 2026, each judged by the call that funded it, dates aside.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpora.sources.padigitale import call_id
from evaluation.measures.eligibility import FALSE_EXCLUSIONS
from evaluation.results import QueryInfo, Result, TaskInfo, Total
from evaluation.tasks.data import read_calls, read_rows
from evaluation.tasks.task import Checked
from matcher.bodies import public_body_kind
from matcher.eligibility import extract_rules, judge
from matcher.records import ApplicantKind, Commune, FundingCall
from matcher.verdicts import Applicant, Verdict

NAME = "padigitale-bodies"
SYSTEM = "remix"
RECOGNISED = "Recognised"
"""Share of the funded bodies of which the rules say outright that they may apply."""
_FILE = "padigitale_candidature_finanziate.csv.gz"
# The register's classes; "Altri Enti" is told by the name of the body.
_CLASSES = {
    "Comune": ApplicantKind.COMMUNE,
    "Comuni": ApplicantKind.COMMUNE,
    "Scuole": ApplicantKind.SCHOOL,
    "ASL": ApplicantKind.HEALTH,
}


@dataclass(frozen=True, slots=True)
class FundedBody:
    """A body that a call has funded."""

    call: str
    kind: ApplicantKind
    commune: Commune


def load(data: Path, _split: str) -> Checked:
    """Judge all funded bodies; raises CorporaError for a file that cannot be read."""
    calls = {call.id: call for call in read_calls(data, ["padigitale"])}
    counts = count_verdicts(funded_bodies(data, calls), calls)
    queries = tuple(
        QueryInfo(call, calls[call].title, _kinds(counts, call)) for call in sorted({c for c, _, _ in counts})
    )
    about = (
        f"{counts.total()} bodies that calls of PA digitale have funded, one query per call: how many are ruled out?"
    )
    info = TaskInfo(NAME, "Enti finanziati da PA digitale 2026", about, queries)
    by_call = {query.query_id: _verdicts(counts, call=query.query_id) for query in queries}
    results = tuple(
        Result(NAME, SYSTEM, measure, {call: found[verdict] / found.total() for call, found in by_call.items()})
        for measure, verdict in _MEASURES.items()
    )
    overall = _verdicts(counts)
    totals = tuple(
        Total(NAME, SYSTEM, measure, overall[verdict] / overall.total()) for measure, verdict in _MEASURES.items()
    )
    return Checked(info, results, totals)


_MEASURES = {FALSE_EXCLUSIONS: Verdict.NOT_MET, RECOGNISED: Verdict.MET}
Counts = Counter[tuple[str, ApplicantKind, Verdict]]
"""How many funded bodies of a kind a call has, by what our rules say of them."""


def funded_bodies(data: Path, calls: Mapping[str, FundingCall]) -> Iterator[FundedBody]:
    """Yield the funded bodies in file order; raises SourceError for a file that cannot be read."""
    for row in read_rows(data / _FILE):
        kind = _CLASSES.get(row["tipologia_ente"]) or public_body_kind(row["ente"])
        commune = Commune(istat=row["istat"], name=row["comune"], province=row["provincia"], region=row["regione"])
        yield FundedBody(_call_of(row["avviso"], calls), kind, commune)


def count_verdicts(bodies: Iterator[FundedBody], calls: Mapping[str, FundingCall]) -> Counts:
    """Judge each body by the call that funded it, and count the verdicts."""
    rules = {one: extract_rules(call) for one, call in calls.items()}

    @cache
    def verdict(call: str, kind: ApplicantKind, commune: Commune) -> Verdict:
        return judge(rules[call], Applicant(frozenset({kind}), commune), None).verdict

    return Counter((body.call, body.kind, verdict(body.call, body.kind, body.commune)) for body in bodies)


def _call_of(title: str, calls: Mapping[str, FundingCall]) -> str:
    """Return the id of the call of that title; two were published in one notice, with a quota each."""
    whole = call_id(title)
    return whole if whole in calls else call_id(title.split(" (quota")[0])


def _verdicts(counts: Counts, call: str = "") -> Counter[Verdict]:
    found: Counter[Verdict] = Counter()
    for (one, _, verdict), number in counts.items():
        if call in ("", one):
            found[verdict] += number
    return found


def _kinds(counts: Counts, call: str) -> dict[str, tuple[str, ...]]:
    return {"body": tuple(sorted({kind.value for one, kind, _ in counts if one == call}))}
