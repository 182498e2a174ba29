"""What is read of a call's conditions against what a reader found: the measure by hand, then the real calls."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from corpora.eligibility_facts import EligibilityFact, Location, anchored, load_calls, load_facts
from corpora.errors import CorporaError
from evaluation.errors import EvaluationError
from evaluation.extraction import Count, ExtractionMeasure, measure_extraction, read_atoms
from matcher.eligibility import ApplicantRule, ConditionRule, DatesRule, PopulationRule, Rule, TerritoryRule
from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind, FundingCall, Moment
from matcher.serialization import ROME
from matcher.verdicts import Criterion

FACTS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "eligibility"
CALL = FundingCall(id="s:1", source="s", title="Bando per i Comuni fino a 5.000 abitanti")
HERE = Location("title", 0, 5, "Bando")
FLOORS = {
    Criterion.APPLICANT: (0.99, 0.98),
    Criterion.TERRITORY: (0.98, 0.92),
    Criterion.POPULATION: (1.0, 1.0),
    Criterion.DATES: (0.97, 0.97),
    Criterion.PARTNERSHIP: (1.0, 0.66),
    Criterion.ASSET: (1.0, 1.0),
    Criterion.AMOUNT: (0.98, 0.95),
    Criterion.COFINANCING: (0.95, 0.75),
}
"""Precision and recall per criterion, a little below what was measured."""


def _fact(criterion: Criterion, value: dict[str, tuple[str, ...]], *ungraded: str) -> EligibilityFact:
    return EligibilityFact(
        call_id=CALL.id,
        file="calls.csv",
        criterion=criterion,
        value=value,
        ungraded=frozenset(ungraded),
        at=(HERE,) if value else (),
        judge="reader",
        date=date(2026, 11, 22),
    )


def _measure(fact: EligibilityFact, *rules: Rule) -> ExtractionMeasure:
    return measure_extraction([fact], {("calls.csv", CALL.id): CALL}, lambda _call: rules)


def _applicants(*, admitted: Sequence[ApplicantKind] = (), excluded: Sequence[ApplicantKind] = ()) -> ApplicantRule:
    chances = tuple(1.0 if kind in admitted else 0.0 if kind in excluded else 0.4 for kind in KINDS)
    return ApplicantRule(chances=chances, quote="", origin="title")


def _condition(of: Criterion, *facts: tuple[str, str]) -> ConditionRule:
    return ConditionRule(of=of, facts=facts, missing="", quote="", origin="title")


def test_a_call_that_no_one_gave_is_named() -> None:
    with pytest.raises(EvaluationError, match=r"'s:1' of calls\.csv"):
        measure_extraction([_fact(Criterion.AMOUNT, {})], {})


def test_certain_kinds_count_and_open_ones_do_not() -> None:
    fact = _fact(Criterion.APPLICANT, {"admitted": ("commune", "union"), "excluded": ("firm", "person")})
    rule = _applicants(
        admitted=[ApplicantKind.COMMUNE, ApplicantKind.FIRM], excluded=[ApplicantKind.PERSON, ApplicantKind.UNION]
    )
    measure = _measure(fact, rule)
    assert measure.criteria[Criterion.APPLICANT] == Count(stated=4, read=4, correct=2)
    assert measure.parameters[Criterion.APPLICANT, "admitted"] == Count(stated=2, read=2, correct=1)
    (mistake,) = measure.mistakes
    assert set(mistake.wrong) == {("admitted", "firm"), ("excluded", "union")}
    assert set(mistake.missed) == {("admitted", "union"), ("excluded", "firm")}


def test_being_certain_of_a_kind_that_the_words_leave_open_is_a_mistake() -> None:
    fact = _fact(Criterion.APPLICANT, {"admitted": ("commune",)})
    both = _applicants(admitted=[ApplicantKind.COMMUNE, ApplicantKind.SCHOOL])
    assert _measure(fact, both).criteria[Criterion.APPLICANT].precision == 0.5


def test_what_the_reader_could_not_settle_counts_for_nothing() -> None:
    fact = _fact(Criterion.APPLICANT, {"admitted": ("commune",)}, "school")
    both = _applicants(admitted=[ApplicantKind.COMMUNE, ApplicantKind.SCHOOL])
    assert _measure(fact, both).criteria[Criterion.APPLICANT] == Count(stated=1, read=1, correct=1)


def test_chances_that_rest_on_evidence_are_no_reading() -> None:
    fact = _fact(Criterion.APPLICANT, {})
    guess = ApplicantRule(chances=(1.0,) * len(KINDS), quote="", origin="funded_bodies", read=False)
    assert _measure(fact, guess).criteria[Criterion.APPLICANT] == Count()


def test_reading_where_the_source_is_silent_lowers_precision() -> None:
    measure = _measure(_fact(Criterion.AMOUNT, {}), _condition(Criterion.AMOUNT, ("max_award", "300")))
    assert measure.criteria[Criterion.AMOUNT] == Count(stated=0, read=1, correct=0)
    assert measure.criteria[Criterion.AMOUNT].precision == 0


def test_not_reading_what_is_stated_lowers_recall_alone() -> None:
    count = _measure(_fact(Criterion.COFINANCING, {"covered": ("0.8",)})).criteria[Criterion.COFINANCING]
    assert count.recall == 0
    assert count.read == 0


@pytest.mark.parametrize(("read", "right"), [("0.50", True), ("0.7", True), ("0.6", False), ("5", False)])
def test_one_of_two_right_answers_is_enough_however_the_number_is_written(read: str, right: bool) -> None:
    fact = _fact(Criterion.COFINANCING, {"covered": ("0.5|0.7",)})
    count = _measure(fact, _condition(Criterion.COFINANCING, ("covered", read))).criteria[Criterion.COFINANCING]
    assert count.correct == right


def test_a_deadline_without_its_hour_is_not_the_same_deadline() -> None:
    fact = _fact(Criterion.DATES, {"closes": ("2025-06-19T12:00",)})
    noon = datetime(2025, 6, 19, 12, tzinfo=ROME)
    for hour_known, correct in ((True, 1), (False, 0)):
        rule = DatesRule(closes=Moment(noon, hour_known), quote="", origin="closes")
        assert _measure(fact, rule).criteria[Criterion.DATES].correct == correct


def test_a_province_says_its_region_and_no_place_says_the_nation() -> None:
    bergamo = TerritoryRule(provinces=frozenset({"BERGAMO"}), quote="", origin="issuer")
    assert list(read_atoms(bergamo)) == [("regions", "03"), ("provinces", "BERGAMO")]
    assert list(read_atoms(TerritoryRule(quote="", origin="issuer"))) == [("nation", "true")]
    some = TerritoryRule(regions=frozenset({"03"}), share=0.2, quote="", origin="title")
    assert list(read_atoms(some)) == [("regions", "03"), ("partial", "true")]


def test_only_the_bounds_that_are_set_are_read() -> None:
    assert list(read_atoms(PopulationRule(maximum=4999, quote="", origin="title"))) == [("max_population", "4999")]


ROW = {
    "call_id": "s:1",
    "file": "calls.csv",
    "criterion": "population",
    "value": {"max_population": "5000"},
    "ungraded": [],
    "at": [{"field": "title", "start": 0, "end": 41, "anchor": "Bando per i Comuni fino"}],
    "judge": "reader",
    "date": "2026-11-22",
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as facts.jsonl and give the folder."""

    def written(*rows: dict[str, object]) -> Path:
        (tmp_path / "facts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return tmp_path

    return written


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"call_id": "1"}, "'call_id': '1' must be <source>"),
        ({"file": "../calls.csv"}, "'file': '../calls.csv' must be a path inside"),
        ({"criterion": "size"}, "'criterion': 'size' must be one of"),
        ({"value": {"max_award": "5000"}}, "'value': 'max_award' must be one of min_population"),
        ({"value": {"max_population": "5.000"}}, "'value.max_population': '5.000' is no value"),
        ({"value": {"max_population": 5000}}, "'value.max_population': 5000 is no value"),
        ({"value": {"max_population": []}}, "must hold one value or more"),
        ({"value": "5000"}, "'value': '5000' must be an object"),
        ({"criterion": "dates", "value": {"closes": "2025-13-01"}}, "'value.closes': '2025-13-01' is no value"),
        ({"criterion": "cofinancing", "value": {"covered": "0.5|1.5"}}, "'value.covered': '0.5|1.5' is no value"),
        ({"criterion": "territory", "value": {"communes": "Milano"}}, "'value.communes': 'Milano' is no value"),
        (
            {"criterion": "applicant", "value": {"admitted": ["firm"], "excluded": ["firm"]}},
            "cannot be admitted and excluded at once",
        ),
        ({"ungraded": ["firm"]}, "'ungraded': 'firm' must be one of"),
        ({"at": []}, "'at': \\[\\] must tell where"),
        ({"value": {}}, "be empty for one that is absent"),
        ({"at": [{**ROW["at"][0], "field": "body"}]}, "'at.field': 'body' must be one of"),  # type: ignore[index]
        ({"at": [{**ROW["at"][0], "end": 0}]}, "'at.start': \\(0, 0\\) must be offsets"),  # type: ignore[index]
        ({"at": [{**ROW["at"][0], "anchor": "Bando per i Comuni fino a"}]}, "5 at most"),  # type: ignore[index]
        ({"judge": ""}, "'judge': '' must be a text"),
        ({"date": "today"}, "'date': 'today' must be a day"),
    ],
)
def test_a_fact_that_does_not_hold_together_is_refused_by_line_and_field(
    write: Callable[..., Path], changed: dict[str, object], says: str
) -> None:
    with pytest.raises(CorporaError, match=f"facts.jsonl, line 2, field .*{says}|line 2.*{says}"):
        load_facts(write({**ROW, "call_id": "s:0"}, {**ROW, **changed}))


def test_a_criterion_is_read_once_by_each_reader(write: Callable[..., Path]) -> None:
    with pytest.raises(CorporaError, match="'population' of s:1 is on line 1 already"):
        load_facts(write(ROW, ROW))
    assert len(load_facts(write(ROW, {**ROW, "judge": "another"}))) == 2


def test_an_anchor_tells_whether_the_call_is_still_the_one_that_was_read(write: Callable[..., Path]) -> None:
    (fact,) = load_facts(write(ROW))
    assert anchored(CALL, fact.at[0])
    assert not anchored(FundingCall(id="s:1", source="s", title="Nuovo bando per i Comuni"), fact.at[0])
    assert not anchored(CALL, Location("closes", 0, 0, ""))


def test_every_fact_stands_where_it_says_in_the_real_calls(shared_data: Path) -> None:
    facts = load_facts(FACTS)
    calls = load_calls(facts, shared_data)
    assert [fact.call_id for fact in facts for at in fact.at if not anchored(calls[fact.file, fact.call_id], at)] == []
    assert sum(not fact.absent for fact in facts) >= 180
    assert {(call_id, criterion) for _, call_id in calls for criterion in Criterion} == {
        (fact.call_id, fact.criterion) for fact in facts
    }


def test_a_fact_about_a_call_that_its_file_does_not_have_is_refused(shared_data: Path) -> None:
    fact = _fact(Criterion.AMOUNT, {})
    there = {name: getattr(fact, name) for name in EligibilityFact.__slots__}
    gone = EligibilityFact(**{**there, "call_id": "padigitale:nowhere", "file": "padigitale_avvisi.csv"})
    with pytest.raises(CorporaError, match="has no call 'padigitale:nowhere'"):
        load_calls([gone], shared_data)


def test_eligibility_is_read_from_real_calls_at_least_this_well(shared_data: Path) -> None:
    facts = load_facts(FACTS)
    measure = measure_extraction(facts, load_calls(facts, shared_data))
    below = {
        criterion.value: (count.precision, count.recall)
        for criterion, count in measure.criteria.items()
        if count.precision < FLOORS[criterion][0] or count.recall < FLOORS[criterion][1]
    }
    assert below == {}
