from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.eligibility import extract_rules
from matcher.errors import ArtifactError
from matcher.partners import Directory, Hidden, PartnerFinder, PartnerQuery, PartnerRecommendations, load_partner_ranker
from matcher.records import FundingCall
from matcher.verdicts import Verdict
from tests.matcher.partners.village import BRIDGE, FLATS, GORGONZOLA, directory

TEXT = "Due appartamenti per adulti con disabilità che lasciano la famiglia"
WANTED = "associazione per persone con disabilità; azienda socio sanitaria; comuni vicini"
VALLEY = directory(FLATS, BRIDGE)


def _found(valley: Directory = VALLEY, k: int = 10, **fields: object) -> PartnerRecommendations:
    query = PartnerQuery(text=TEXT, lead=GORGONZOLA, **({"wanted": WANTED} | fields))  # type: ignore[arg-type]
    return PartnerFinder(valley).recommend(query, k)


def _ids(found: PartnerRecommendations) -> list[str]:
    return [item.body.id for item in found.items]


def test_the_commune_that_asks_is_not_its_own_partner():
    assert "comuni:015108" not in _ids(_found())


def test_a_body_of_another_province_beyond_reach_is_not_suggested():
    assert "ets:cremona" not in _ids(_found())


def test_contributions_add_up_to_the_score():
    for item in _found().items:
        assert sum(one.contribution for one in item.contributions) == pytest.approx(item.score)


def test_who_works_with_disabled_people_comes_before_a_cooperative_whose_name_tells_nothing():
    ids = _ids(_found())
    assert ids.index("ets:anffas") < ids.index("ets:sole")


def test_a_recommendation_names_the_roles_that_the_body_would_fill_those_asked_for_first():
    anffas = next(item for item in _found().items if item.body.id == "ets:anffas")
    assert (anffas.roles[0].code, anffas.roles[0].asked) == ("disability", True)


def test_what_a_body_carried_out_is_shown_the_most_alike_first():
    melzo = next(item for item in _found().items if item.body.id == "comuni:015142")
    assert [match.precedent for match in melzo.precedents] == [FLATS, BRIDGE]
    assert melzo.precedents[0].similarity > 0 == melzo.precedents[1].similarity


def test_a_hidden_project_speaks_for_nobody():
    hidden = Hidden(programmes=frozenset({FLATS.measure}))
    melzo = next(item for item in _found(hidden=hidden).items if item.body.id == "comuni:015142")
    assert [match.precedent for match in melzo.precedents] == [BRIDGE]
    assert melzo.n_precedents == 1


def test_hiding_a_project_is_the_same_as_never_having_heard_of_it():
    unheard = _found(directory(BRIDGE), hidden=Hidden(projects=frozenset({FLATS.id})))
    hidden = _found(VALLEY, hidden=Hidden(projects=frozenset({FLATS.id})))
    assert _ids(unheard) == _ids(hidden)


def test_a_role_that_somebody_present_plays_is_asked_for_no_more():
    found = _found(present=frozenset({"ets:anffas"}))
    assert "disability" not in found.asked
    assert "ets:anffas" not in _ids(found)


def test_of_communes_there_may_always_be_more():
    assert "commune" in _found(present=frozenset({"comuni:015142"})).asked


def test_for_a_role_that_no_item_fills_the_best_body_stands_beside_the_list():
    found = _found(k=1, wanted="comuni vicini; istituto comprensivo")
    filled = {role.code for item in found.items for role in item.roles}
    assert "first_school" not in filled
    assert [item.body.id for item in found.besides] == ["enti-ipa:ic"]
    assert found.besides[0].rank == 2


def test_a_role_that_nobody_within_reach_plays_is_said_to_be_missing():
    assert "university" in _found(wanted="università").unfilled


def test_a_body_that_the_call_does_not_admit_is_shown_with_its_verdict():
    call = FundingCall(id="x:1", source="x", title="Avviso", applicants_text="Comuni")
    found = _found(rules=extract_rules(call))
    verdicts = {item.body.id: item.eligibility.verdict for item in found.items}
    assert verdicts["ets:anffas"] is Verdict.NOT_MET


def test_interest_in_the_same_call_is_a_reason_of_its_own():
    query = PartnerQuery(text=TEXT, lead=GORGONZOLA, wanted=WANTED)
    finder = PartnerFinder(VALLEY)
    plain = {item.body.id: item for item in finder.recommend(query).items}
    told = finder.recommend(query, interested={"ets:sole"}, on=datetime(2026, 1, 1, tzinfo=UTC))
    sole = next(item for item in told.items if item.body.id == "ets:sole")
    assert sole.interested
    assert not plain["ets:sole"].interested
    assert next(one for one in sole.contributions if one.feature == "interested").contribution > 0


def test_a_distance_that_is_not_known_is_not_told():
    nowhere = replace(GORGONZOLA, lat=None, lon=None)
    found = PartnerFinder(VALLEY).recommend(PartnerQuery(text=TEXT, lead=nowhere, wanted=WANTED))
    assert found.items
    assert {item.km for item in found.items} == {None}


def test_an_empty_directory_answers_with_nobody():
    assert _found(Directory.build([])).items == ()


@given(k=st.integers(1, 8), wanted=st.sampled_from(["", WANTED, "scuola", "comuni"]))
def test_a_shorter_list_is_the_beginning_of_a_longer_one(k: int, wanted: str):
    assert _ids(_found(k=k, wanted=wanted)) == _ids(_found(k=8, wanted=wanted))[:k]


def test_tables_of_other_features_are_refused(tmp_path):
    path = tmp_path / "partners.json"
    path.write_text('{"format": 1, "base": [0, 0, 0], "crowding": 1, "room": 1, "tables": []}', encoding="utf-8")
    with pytest.raises(ArtifactError, match="not those of this version"):
        load_partner_ranker(path)
