"""The 26 regional calls of which we have the whole text: who may apply, read from the text alone."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from applicants_at import CINISELLO, a_body, a_call, judged, verdict_on

from matcher.eligibility import extract_rules, judge
from matcher.records import ApplicantKind as Kind
from matcher.verdicts import Criterion, Verdict

# What the hand-assigned words stand for; the first kind must be admitted, or left open where the word is open.
WORDS = {
    "comuni": Kind.COMMUNE,
    "enti locali": Kind.COMMUNE,
    "province": Kind.PROVINCE,
    "città metropolitana": Kind.PROVINCE,
    "imprese": Kind.FIRM,
    "PMI": Kind.FIRM,
    "microimprese": Kind.FIRM,
    "nuove imprese": Kind.FIRM,
    "imprese agricole": Kind.FIRM,
    "imprese agroalimentari": Kind.FIRM,
    "associazioni di produttori": Kind.FIRM,
}


@pytest.fixture(scope="module")
def regional_calls(shared_data: Path) -> list[dict[str, Any]]:
    with gzip.open(shared_data / "rl_bandi_fulltext.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def agrees(row: dict[str, Any]) -> bool:
    """Whether the kinds read from the text are those of the hand-assigned words, communes above all."""
    rules = extract_rules(a_call(title=row["titolo"], text=row["testo"], issuer=row["ente"]))
    expected = {WORDS[word] for word in row["beneficiari"] if word in WORDS}
    verdicts = {
        kind: judge(rules, a_body(kind), None).criteria[0].verdict for kind in (Kind.COMMUNE, Kind.PROVINCE, Kind.FIRM)
    }
    named = all(verdicts[kind] is not Verdict.NOT_MET for kind in expected)
    others = (verdicts[Kind.COMMUNE] is not Verdict.NOT_MET) == (Kind.COMMUNE in expected)
    firms = (verdicts[Kind.FIRM] is Verdict.MET) == (Kind.FIRM in expected)
    return named and others and firms


def test_the_text_alone_says_who_may_apply(regional_calls: list[dict[str, Any]]) -> None:
    right = [row["id"] for row in regional_calls if agrees(row)]
    assert len(regional_calls) == 26
    assert len(right) >= 24, sorted({row["id"] for row in regional_calls} - set(right))


def test_every_quote_stands_in_the_text_that_it_was_read_from(regional_calls: list[dict[str, Any]]) -> None:
    for row in regional_calls:
        text = " ".join(row["testo"].split())
        eligibility = judged(a_call(title=row["titolo"], text=row["testo"]))
        for result in eligibility.criteria:
            if result.origin.startswith("text:"):
                assert result.quote
                assert result.quote in text
                assert int(result.origin.removeprefix("text:")) < len(row["testo"])


def test_a_size_of_commune_is_read_from_the_beneficiary_section(regional_calls: list[dict[str, Any]]) -> None:
    (row,) = (row for row in regional_calls if row["id"] == "rl-reload-cer")
    eligibility = judged(a_call(text=row["testo"], territory_text="Lombardia"))
    assert verdict_on(eligibility, Criterion.POPULATION) is Verdict.MET
    assert CINISELLO.population is not None


def test_most_calls_tell_their_dates(regional_calls: list[dict[str, Any]]) -> None:
    rules = [extract_rules(a_call(text=row["testo"])) for row in regional_calls]
    dated = [one for one in rules if any(rule.criterion is Criterion.DATES for rule in one)]
    assert len(dated) >= 24
