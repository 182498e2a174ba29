"""Real partnerships are found in the open data, and nothing of them leaks into what is asked."""

from dataclasses import replace

from evaluation.measures.roles import role_coverage
from evaluation.partner_outcomes import NEIGHBOURS, TOGETHER, Case, cases
from evaluation.partner_systems import PartnerSystems
from evaluation.partners import measure_outcomes
from matcher.partners import PartnerQuery
from matcher.records import Precedent
from tests.matcher.partners.village import COMMUNES, GESSATE, GORGONZOLA, INZAGO, MELZO, directory, funded

SHARED = replace(
    funded("COMUNE DI MELZO", "Rete di case per anziani a Melzo e Gessate", 100),
    communes=(MELZO.istat, GESSATE.istat),
)


def _cases(monkeypatch, *precedents: Precedent) -> list[Case]:
    monkeypatch.setattr("evaluation.partner_outcomes.read_communes", lambda _data: {c.istat: c for c in COMMUNES})
    return cases(None, directory(*precedents), list(precedents))  # type: ignore[arg-type]


def test_a_project_in_several_communes_is_a_partnership_of_the_one_that_carries_it_out(monkeypatch):
    (case,) = _cases(monkeypatch, SHARED)
    assert (case.sort, case.query.lead) == (TOGETHER, MELZO)
    assert case.partners == {f"comuni:{GESSATE.istat}"}


def test_the_names_of_the_places_are_not_in_the_question(monkeypatch):
    (case,) = _cases(monkeypatch, SHARED)
    assert "gessate" not in case.query.text.lower()
    assert "melzo" not in case.query.text.lower()


def test_the_project_and_all_of_its_measure_are_hidden(monkeypatch):
    (case,) = _cases(monkeypatch, SHARED)
    assert case.query.hidden.holds(SHARED)
    assert case.query.hidden.holds(replace(SHARED, id="another", cup=""))
    assert not case.query.hidden.holds(replace(SHARED, id="another", measure="M1C1I1.01.00"))


def test_a_project_of_communes_of_two_provinces_is_left_out(monkeypatch):
    assert _cases(monkeypatch, replace(SHARED, communes=(MELZO.istat, "019036"))) == []


def test_what_nearly_all_communes_got_makes_no_neighbours(monkeypatch):
    got = [
        replace(funded(f"COMUNE DI {c.name}", f"Sportello {c.name}", 10), communes=(c.istat,), procedure="P")
        for c in COMMUNES
    ]
    assert [case for case in _cases(monkeypatch, *got) if case.sort == NEIGHBOURS] == []


def test_a_case_counts_where_a_true_partner_is_among_the_first(monkeypatch):
    (case,) = _cases(monkeypatch, SHARED)
    measured = measure_outcomes(directory(), [case], "outcome", lambda _what: None)
    assert next(r for r in measured.results if (r.system, r.measure) == ("nearest", "hit@20")).mean() == 1.0


def test_the_nearest_communes_come_nearest_first_without_the_one_that_asks():
    ranked = PartnerSystems(directory()).nearest(PartnerQuery(text="x", lead=GORGONZOLA), 3)
    assert [body_id for body_id, _ in ranked] == [f"comuni:{c.istat}" for c in (GESSATE, MELZO, INZAGO)]


def test_roles_are_covered_by_good_bodies_among_the_first_ten_only():
    qrels = {"q": {"ets:anffas": 3, "enti-ipa:ic": 2, "comuni:015142": 1}}
    asked = {"q": frozenset({"disability", "first_school", "university"})}
    found = role_coverage({"q": [("ets:anffas", 1.0), ("comuni:015142", 0.5)]}, qrels, asked, directory())
    assert found == {"q": 0.5}
