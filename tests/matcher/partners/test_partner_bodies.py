from dataclasses import replace

from matcher.partners import Basis, Confidence, PartnerBody, assemble
from matcher.records import ApplicantKind as Kind
from matcher.records import Organisation
from tests.matcher.partners.village import BRIDGE, COMMUNES, FLATS, GESSATE, SCHOOL, bodies, funded


def _by_id(found: list[PartnerBody]) -> dict[str, PartnerBody]:
    return {body.id: body for body in found}


def test_a_body_of_the_register_is_surely_what_its_category_says():
    identity = _by_id(bodies())["enti-ipa:ic"].identity
    assert (identity.confidence, identity.kind_basis) == (Confidence.SURE, Basis.REGISTER)


def test_a_name_that_tells_the_trade_makes_a_third_sector_body_likely():
    identity = _by_id(bodies())["ets:anffas"].identity
    assert (identity.confidence, identity.work_basis) == (Confidence.LIKELY, Basis.NAME)


def test_a_name_that_tells_no_trade_leaves_what_a_body_does_unsure():
    identity = _by_id(bodies())["ets:sole"].identity
    assert (identity.confidence, identity.work_basis) == (Confidence.UNSURE, Basis.NOTHING)


def test_what_a_third_sector_body_was_funded_for_settles_what_it_does():
    found = _by_id(bodies(funded("Il Sole società cooperativa sociale", "Centro diurno", 100)))
    assert found["ets:sole"].identity.confidence is Confidence.SURE
    assert found["ets:sole"].identity.work_basis is Basis.FUNDED


def test_a_body_being_wound_up_is_no_partner():
    assert "ets:fine" not in _by_id(bodies())


def test_a_body_without_a_known_seat_is_left_out():
    lost = Organisation(id="ets:lost", name="SENZA SEDE", kind=Kind.THIRD_SECTOR, commune_istat="999999")
    assert "ets:lost" not in _by_id(assemble(COMMUNES, [lost], []))


def test_projects_are_told_apart_by_region_where_bodies_share_a_name():
    elsewhere = funded("Comune di Gessate", "Lavori altrove", 100, region="SICILIA")
    assert _by_id(bodies(elsewhere))[f"comuni:{GESSATE.istat}"].funded == ()


def test_a_bodys_projects_come_largest_first():
    assert _by_id(bodies(FLATS, BRIDGE))["comuni:015142"].funded == (BRIDGE, FLATS)


def test_a_body_of_the_register_is_not_listed_again_by_the_third_sectors_list():
    twice = Organisation(
        id="ets:again", name="ISTITUTO COMPRENSIVO DI GESSATE", kind=Kind.THIRD_SECTOR, commune_istat=GESSATE.istat
    )
    register = replace(SCHOOL, name="Istituto comprensivo di Gessate")
    assert [b.id for b in assemble([GESSATE], [twice, register], []) if b.kind is not Kind.COMMUNE] == ["enti-ipa:ic"]
