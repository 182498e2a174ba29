"""What a call says of an applicant, criterion by criterion and overall."""

import pytest
from applicants_at import CINISELLO, NOSATE, TARANTO, a_body, a_call, judged, verdict_on

from matcher.eligibility import ApplicantRule, extract_rules, judge, notices_by_programme
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune
from matcher.verdicts import Applicant, Criterion, Verdict, municipality


def test_a_call_for_communes_of_the_region_is_met() -> None:
    eligibility = judged(a_call(applicants_text="Comuni", territory_text="Lombardia"))
    assert (eligibility.verdict, eligibility.likelihood) == (Verdict.MET, 1.0)


def test_a_commune_of_another_region_is_ruled_out() -> None:
    eligibility = judged(a_call(applicants_text="Comuni", territory_text="Lombardia"), TARANTO)
    assert (eligibility.verdict, eligibility.likelihood) == (Verdict.NOT_MET, 0.0)


def test_a_call_for_firms_rules_a_commune_out_with_its_own_words() -> None:
    eligibility = judged(a_call(applicants_text="Piccole e medie imprese", territory_text="Lombardia"))
    who = eligibility.criteria[0]
    assert (who.criterion, who.verdict) == (Criterion.APPLICANT, Verdict.NOT_MET)
    assert (who.quote, who.origin) == ("Piccole e medie imprese", "applicants_text")
    assert ("admitted", "firm") in who.facts


def test_a_call_that_says_nothing_is_unknown_and_names_what_is_missing() -> None:
    eligibility = judge((), municipality(CINISELLO), None)
    assert eligibility.verdict is Verdict.UNKNOWN
    assert [result.missing for result in eligibility.criteria] == ["applicants", "territory", "closing_date"]
    assert 0 < eligibility.likelihood < 1


def test_criteria_come_in_a_fixed_order() -> None:
    text = "Partenariato di almeno 5 partner. Contributo a fondo perduto pari al 50% delle spese."
    call = a_call(text=text, applicants_text="Comuni fino a 5.000 abitanti", territory_text="Lombardia")
    criteria = [result.criterion for result in judged(call).criteria]
    assert criteria == sorted(criteria, key=list(Criterion).index)
    assert Criterion.POPULATION in criteria


def test_a_body_of_uncertain_kind_is_met_only_if_every_kind_is_admitted() -> None:
    rules = extract_rules(a_call(applicants_text="Comuni; Scuole", territory_text="nazionale"))
    both = Applicant(frozenset({Kind.COMMUNE, Kind.SCHOOL}), CINISELLO)
    mixed = Applicant(frozenset({Kind.COMMUNE, Kind.FIRM}), CINISELLO)
    neither = Applicant(frozenset({Kind.FIRM, Kind.PERSON}), CINISELLO)
    assert judge(rules, both, None).verdict is Verdict.MET
    assert judge(rules, mixed, None).verdict is Verdict.UNKNOWN
    assert judge(rules, mixed, None).criteria[0].missing == "applicant_kind"
    assert judge(rules, neither, None).verdict is Verdict.NOT_MET


def test_an_applicant_of_unknown_commune_leaves_the_territory_open() -> None:
    rules = extract_rules(a_call(applicants_text="Comuni", territory_text="Lombardia"))
    eligibility = judge(rules, Applicant(frozenset({Kind.COMMUNE}), None), None)
    assert eligibility.verdict is Verdict.UNKNOWN
    assert eligibility.criteria[1].missing == "commune"


@pytest.mark.parametrize(
    ("population", "verdict"),
    [(4_000, Verdict.MET), (6_000, Verdict.NOT_MET), (5_060, Verdict.UNKNOWN), (None, Verdict.UNKNOWN)],
)
def test_population_is_compared_with_the_threshold(population: int | None, verdict: Verdict) -> None:
    call = a_call(applicants_text="Comuni con popolazione inferiore a 5.000 abitanti", territory_text="Lombardia")
    commune = Commune(istat="015000", name="X", province="Milano", region="Lombardia", population=population)
    eligibility = judged(call, commune)
    assert verdict_on(eligibility, Criterion.POPULATION) is verdict
    assert eligibility.verdict is verdict


def test_a_size_asked_of_communes_does_not_rule_a_school_out() -> None:
    call = a_call(applicants_text="Comuni fino a 5.000 abitanti; Scuole", territory_text="Lombardia")
    eligibility = judge(extract_rules(call), a_body(Kind.SCHOOL), None)
    assert eligibility.verdict is Verdict.UNKNOWN


def test_reforms_finance_no_applicants_project() -> None:
    call = a_call(title="Riforma della PA", programme="M1C1R2.02.00", extra=(("tipo", "Riforma"),))
    for kind in (Kind.COMMUNE, Kind.FIRM, Kind.SCHOOL):
        assert judge(extract_rules(call), a_body(kind), None).verdict is Verdict.NOT_MET
    assert judge(extract_rules(call), a_body(Kind.CENTRAL), None).verdict is Verdict.UNKNOWN


def test_a_reform_that_has_funded_many_bodies_is_judged_by_them() -> None:
    call = a_call(title="Riforma degli alloggi per studenti", programme="M4C1R1.07.00")
    rules = extract_rules(call, {Kind.UNIVERSITY: 60, Kind.PUBLIC_BODY: 20})
    assert judge(rules, a_body(Kind.COMMUNE), None).verdict is Verdict.UNKNOWN


def test_bodies_funded_before_are_evidence_with_their_figures() -> None:
    call = a_call(title="Piano di interventi", programme="M9C9I1.01.00")
    rule = extract_rules(call, {Kind.COMMUNE: 498, Kind.UNION: 43})[0]
    assert isinstance(rule, ApplicantRule)
    assert rule.quote == "M9C9I1.01.00: 541 progetti finanziati, 498 di comuni, 43 di unioni di comuni"
    eligibility = judge([rule], municipality(NOSATE), None)
    assert eligibility.criteria[0].verdict is Verdict.UNKNOWN
    assert eligibility.criteria[0].origin == "funded_bodies"


def test_a_title_that_excludes_communes_narrows_an_open_list() -> None:
    call = a_call(
        title="Identità digitale - amministrazioni diverse da Comuni", applicants_text="Regioni; altri soggetti"
    )
    assert judged(call).verdict is Verdict.NOT_MET


def test_a_section_shuts_out_whom_it_does_not_name() -> None:
    text = "A.1 Finalità\nSi rigenerano i comuni.\n\nA.3 Soggetti beneficiari\nPossono presentare domanda le imprese.\n"
    assert judged(a_call(text=text)).verdict is Verdict.NOT_MET


def test_a_sentence_in_passing_shuts_nobody_out() -> None:
    assert judged(a_call(text="Possono partecipare anche le imprese del territorio.")).verdict is Verdict.UNKNOWN


def test_a_sentence_that_says_only_shuts_the_others_out() -> None:
    assert judged(a_call(text="Possono partecipare soltanto le imprese agricole.")).verdict is Verdict.NOT_MET


def test_a_silent_measure_is_judged_by_its_notices() -> None:
    measure = a_call(title="Piano di interventi", programme="M9C9I1.01.00")
    notice = a_call(id="test:2", title="Avviso 1", programme="M9C9I1.01.00", applicants_text="Comuni")
    rules = extract_rules(measure, None, notices_by_programme([measure, notice])["M9C9I1.01.00"])
    who = judge(rules, municipality(CINISELLO), None).criteria[0]
    assert (who.verdict, who.quote, who.origin) == (Verdict.UNKNOWN, "Avviso 1: Comuni", "test:2")
    alone = judge(extract_rules(measure), a_body(Kind.COMMUNE), None).likelihood
    assert judge(rules, a_body(Kind.COMMUNE), None).likelihood > alone
    assert (
        judge(rules, a_body(Kind.FIRM), None).likelihood
        < judge(extract_rules(measure), a_body(Kind.FIRM), None).likelihood
    )


def test_a_size_that_only_the_objectives_name_is_a_hint() -> None:
    call = a_call(
        title="Comunità energetiche", programme="M9C9I1.02.00", summary="Impianti in comuni con meno di 5 000 abitanti."
    )
    assert verdict_on(judged(call, NOSATE), Criterion.POPULATION) is Verdict.MET
    outside = judged(call)
    assert verdict_on(outside, Criterion.POPULATION) is Verdict.UNKNOWN
    assert outside.likelihood < judged(call, NOSATE).likelihood


def test_small_communes_are_those_of_the_law() -> None:
    call = a_call(title="Contributi ai piccoli comuni", applicants_text="Comuni", territory_text="Lombardia")
    assert judged(call, NOSATE).verdict is Verdict.MET
    assert judged(call).verdict is Verdict.NOT_MET


def test_a_title_that_names_public_owners_keeps_them_in() -> None:
    call = a_call(title="Energia nei teatri, pubblici e privati", applicants_text="impresa", territory_text="nazionale")
    assert judged(call).verdict is Verdict.UNKNOWN


def test_the_section_on_beneficiaries_counts_before_a_field_that_sums_it_up() -> None:
    section = "A.2 Soggetti beneficiari\nPossono presentare domanda i Comuni e le Unioni di Comuni.\n"
    call = a_call(applicants_text="comuni;enti pubblici", text=f"Premesse.\n\n{section}")
    for kind, verdict in (
        (Kind.COMMUNE, Verdict.MET),
        (Kind.UNION, Verdict.MET),
        (Kind.SCHOOL, Verdict.NOT_MET),
    ):
        result = judge(extract_rules(call), a_body(kind), None).criteria[0]
        assert result.verdict is verdict, kind
        assert result.quote in " ".join(call.text.split())


def test_a_sentence_in_passing_does_not_overrule_the_field() -> None:
    call = a_call(
        applicants_text="Imprese", text="Possono partecipare i Comuni come sostenitori. Le spese sono rese note."
    )
    assert judge(extract_rules(call), a_body(Kind.COMMUNE), None).criteria[0].verdict is Verdict.NOT_MET


def test_partnerships_whose_money_no_public_body_may_have_rule_it_out() -> None:
    section = (
        "3. SOGGETTI BENEFICIARI\nI beneficiari sono:\n- partenariati pubblico/privati che individuano un capofila.\n"
    )
    call = a_call(applicants_text="partenariati;comuni", text=f"{section}I soggetti pubblici non possono beneficiare.")
    assert judge(extract_rules(call), a_body(Kind.COMMUNE), None).criteria[0].verdict is Verdict.NOT_MET
