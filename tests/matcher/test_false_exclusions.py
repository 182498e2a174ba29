"""Bodies that were really funded, judged by the call that funded them: hardly any may be ruled out."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from corpora.rows import Read, Repairs
from corpora.sources import get_source
from corpora.sources.padigitale import call_id
from matcher.bodies import public_body_kind
from matcher.eligibility import extract_rules, judge
from matcher.records import ApplicantKind, Commune, FundingCall
from matcher.verdicts import Applicant, Verdict

# The register's classes; "Altri Enti" is told by the name of the body.
CLASSES = {
    "Comune": ApplicantKind.COMMUNE,
    "Comuni": ApplicantKind.COMMUNE,
    "Scuole": ApplicantKind.SCHOOL,
    "ASL": ApplicantKind.HEALTH,
}
LARGEST_SHARE = 0.005


@pytest.fixture(scope="module")
def calls(shared_data: Path) -> dict[str, FundingCall]:
    outcomes = get_source("padigitale").read(shared_data / "padigitale_avvisi.csv", Repairs())
    return {o.record.id: o.record for o in outcomes if isinstance(o, Read) and isinstance(o.record, FundingCall)}


def funded(shared_data: Path) -> Iterator[dict[str, str]]:
    with gzip.open(
        shared_data / "padigitale_candidature_finanziate.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        yield from csv.DictReader(file)


def call_of(row: dict[str, str], calls: dict[str, FundingCall]) -> str:
    """The id of the call that funded a row; two were published in one notice, with a quota each."""
    whole = call_id(row["avviso"])
    return whole if whole in calls else call_id(row["avviso"].split(" (quota")[0])


def test_bodies_that_were_funded_are_not_ruled_out(shared_data: Path, calls: dict[str, FundingCall]) -> None:
    rules = {one: extract_rules(call) for one, call in calls.items()}

    @cache
    def verdict(call: str, kind: ApplicantKind, istat: str, name: str, province: str, region: str) -> Verdict:
        commune = Commune(istat=istat, name=name, province=province, region=region)
        return judge(rules[call], Applicant(frozenset({kind}), commune), None).verdict

    counts = Counter(
        verdict(
            call_of(row, calls),
            CLASSES.get(row["tipologia_ente"]) or public_body_kind(row["ente"]),
            row["istat"],
            row["comune"],
            row["provincia"],
            row["regione"],
        )
        for row in funded(shared_data)
    )
    assert counts.total() > 77_000
    assert counts[Verdict.NOT_MET] / counts.total() <= LARGEST_SHARE
    assert counts[Verdict.MET] / counts.total() >= 1 - LARGEST_SHARE
