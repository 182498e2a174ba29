"""The path of an asset: a suggestion with its criteria, where the record says enough, and none where it does not."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assets.path import ASKED, OF_PATH, Path, PathCriterion, PathSuggestion, suggest_path
from matcher.assets.places import PilotArea, pilot_area
from matcher.records import Commune, Need, PublicAsset
from matcher.verdicts import Verdict

BARE = PublicAsset(id="a", title="Bene 12", text="", commune_istat="015182")
VERIFIED = Commune(istat="015118", name="Legnano", zone="Alto Milanese", zone_verified=True)
UNVERIFIED = Commune(istat="015209", name="Sesto San Giovanni", zone="Nord Milano", zone_verified=False)
ELSEWHERE = Commune(istat="015182", name="Rho", zone="Nord Ovest", zone_verified=False)


def verdict(suggestion: PathSuggestion, criterion: PathCriterion) -> Verdict:
    return next(one.verdict for one in suggestion.criteria if one.criterion is criterion)


def test_a_record_that_says_nothing_gets_no_suggestion_and_no_verdict() -> None:
    found = suggest_path(BARE, None)
    assert found.suggested is Path.UNDECIDED
    assert {one.verdict for one in found.criteria} == {Verdict.UNKNOWN}


def test_every_criterion_is_there_once_with_the_documents_words() -> None:
    found = suggest_path(BARE, None)
    assert [one.criterion for one in found.criteria] == list(PathCriterion)
    assert all(one.asked == ASKED[one.criterion] for one in found.criteria)


def test_social_and_market_use_with_partners_speak_for_a_concession() -> None:
    asset = dataclasses.replace(BARE, text="Associazioni pronte a gestire caffetteria e doposcuola.", heritage=True)
    assert suggest_path(asset, None).suggested is Path.CONCESSION


def test_what_is_free_of_constraints_and_of_value_to_the_public_may_be_sold() -> None:
    asset = dataclasses.replace(BARE, text="Adatto a laboratori.", heritage=False, path="sale")
    found = suggest_path(asset, None)
    assert found.suggested is Path.SALE
    assert verdict(found, PathCriterion.OWNER_KEEPS) is Verdict.NOT_MET
    assert found.stated == "sale"


def test_heritage_and_confiscated_assets_are_not_freely_sold() -> None:
    protected = dataclasses.replace(BARE, heritage=True)
    seized = dataclasses.replace(BARE, state="confiscato, non ancora assegnato")
    for asset in (protected, seized):
        assert verdict(suggest_path(asset, None), PathCriterion.MAY_BE_SOLD) is Verdict.NOT_MET


def test_the_quality_of_proposals_is_never_known_beforehand() -> None:
    asset = dataclasses.replace(BARE, text="Bellissimo progetto di qualità", path="sale")
    assert verdict(suggest_path(asset, None), PathCriterion.QUALITY) is Verdict.UNKNOWN


def test_a_need_that_it_could_serve_is_the_benefit() -> None:
    need = Need(id="n", commune_istat="015182", title="Nuovo nido", text="")
    found = suggest_path(BARE, None, [need])
    assert verdict(found, PathCriterion.BENEFIT) is Verdict.MET
    assert verdict(found, PathCriterion.SOCIAL_USE) is Verdict.MET


@pytest.mark.parametrize(
    ("commune", "expected"), [(VERIFIED, Verdict.MET), (UNVERIFIED, Verdict.UNKNOWN), (ELSEWHERE, Verdict.NOT_MET)]
)
def test_a_pilot_area_counts_as_met_only_where_its_list_was_verified(commune: Commune, expected: Verdict) -> None:
    assert verdict(suggest_path(BARE, commune), PathCriterion.PILOT) is expected


def test_the_area_that_a_record_states_stands_before_its_communes_zone() -> None:
    stated = pilot_area(dataclasses.replace(BARE, pilot_area="pilot-area:sud-est"), VERIFIED)
    assert stated is not None
    assert (stated.area, stated.stated) == (PilotArea.SUD_EST, True)
    assert pilot_area(BARE, None) is None


@given(
    text=st.text(max_size=60),
    state=st.sampled_from(["", "in uso", "in abbandono", "confiscato"]),
    heritage=st.none() | st.booleans(),
    path=st.sampled_from(["", "sale", "concession", "undecided"]),
)
def test_a_path_of_which_nothing_is_met_is_never_suggested(text, state, heritage, path) -> None:
    found = suggest_path(dataclasses.replace(BARE, text=text, state=state, heritage=heritage, path=path), None)
    if found.suggested is not Path.UNDECIDED:
        assert any(one.verdict is Verdict.MET for one in found.of(found.suggested))
    assert {one.criterion for path in (Path.SALE, Path.CONCESSION) for one in found.of(path)} == set(OF_PATH)
