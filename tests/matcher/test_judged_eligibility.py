"""Pairs of a commune and a call that a reader judged by hand: who may apply, by our rules and by the reader."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from corpora.embedded import load
from corpora.funded_bodies import load_funded_bodies
from corpora.judged import Judgment, load_judgments, load_queries
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from matcher.eligibility import extract_rules, judge, notices_by_programme
from matcher.records import Commune, FundingCall
from matcher.verdicts import Eligibility, Verdict, municipality

JUDGED = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "needs"
FILES = {
    "pnrr-misure": "pnrr_misure.csv",
    "pnrr-avvisi": "pnrr_bandi_avvisi.csv",
    "padigitale": "padigitale_avvisi.csv",
    "regione-lombardia": "rl_bandi_fulltext.jsonl.gz",
    "incentivi": "it_incentivi_catalogo.csv.gz",
}


def records(source: str, path: Path) -> list[object]:
    return [o.record for o in get_source(source).read(path, Repairs()) if isinstance(o, Read)]


@pytest.fixture(scope="module")
def pairs(shared_data: Path) -> list[tuple[Judgment, Eligibility]]:
    """Every judged pair of the development queries with what the rules say of it, dates aside."""
    found = [record for source, file in FILES.items() for record in records(source, shared_data / file)]
    found += [record for record in load() if isinstance(record, FundingCall)]
    calls = {record.id: record for record in found if isinstance(record, FundingCall)}
    communes = {c.id: c for c in records("comuni", shared_data / "comuni_italiani.csv.gz") if isinstance(c, Commune)}
    queries = {query.query_id: query for query in load_queries(JUDGED) if query.split == "dev"}
    funded, notices = load_funded_bodies(), notices_by_programme(calls.values())
    rules = {
        one: extract_rules(call, funded.get(call.programme), notices.get(call.programme, ()))
        for one, call in calls.items()
    }
    return [
        (judgment, judge(rules[judgment.call_id], municipality(communes[queries[judgment.query_id].commune]), None))
        for judgment in load_judgments(JUDGED)
        if judgment.query_id in queries and judgment.call_id in rules
    ]


@pytest.mark.slow
def test_hardly_any_call_that_a_reader_admits_is_ruled_out(pairs: list[tuple[Judgment, Eligibility]]) -> None:
    admitted = [eligibility for judgment, eligibility in pairs if judgment.may_apply == "yes"]
    ruled_out = [eligibility for eligibility in admitted if eligibility.verdict is Verdict.NOT_MET]
    assert len(admitted) > 200
    assert len(ruled_out) / len(admitted) <= 0.005


@pytest.mark.slow
def test_likelihood_orders_pairs_as_the_reader_does(pairs: list[tuple[Judgment, Eligibility]]) -> None:
    told = [(j.may_apply == "yes", e.likelihood) for j, e in pairs if j.may_apply != "unknown"]
    admits, likelihoods = (np.array(column) for column in zip(*told, strict=True))
    assert roc_auc_score(admits, likelihoods) > 0.95
    assert admits[likelihoods > 0.8].mean() > 0.85
    assert admits[likelihoods < 0.05].mean() < 0.05
