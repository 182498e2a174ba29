"""Programmes as groups: their totals, their parts, their measures and their communes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records import Commune, FrameItem, Project
from service.database import reading
from service.errors import UnknownRecordError
from service.register.belonging import above, measure_in, with_those_below
from service.register.entries import RegisterFilters, list_entries, public
from service.register.programmes import below, list_programmes, read_programme
from tests.service.register.register_world import MILAN, NAPLES, RHO, euros, precedent, store

RECORDS = (
    Commune(istat=MILAN, name="Milano", province_code="015"),
    Commune(istat=RHO, name="Rho", province_code="015", zone="Nord Ovest"),
    Commune(istat=NAPLES, name="Napoli", province_code="063"),
    FrameItem(id="programme:pnrr", kind="programme", code="PNRR", label="Il piano", description="Che cos'è"),
    FrameItem(id="driver:1", kind="driver", code="1", label="Non è un programma"),
    precedent("nido", communes=(RHO, MILAN), amount=euros("100.10"), programme="Asili"),
    precedent("pui", measure="M5C2I2.02.03", communes=(MILAN,), amount=euros("200"), programme="Piani"),
    precedent("sud", measure="M5C2I2.02.03", communes=(NAPLES,), amount=euros("50"), programme="Piani"),
    precedent("nuvola", measure="M1C1I1.02.00", communes=(), programme="Cloud"),
    precedent("bus", source="pnc", measure="PNC-C.1.0", communes=(RHO,), programme="Autobus"),
    precedent("aree", source="pnc", measure="PNC-C.12.1", communes=(RHO,), programme="Aree interne"),
    Project(id="hand:lavori", title="Borgo", text="-", programme="programme:bando-periferie", communes=(RHO,)),
    Project(id="hand:aiuto", title="Aiuto", text="-", programme="programme:bando-periferie", paired_with="hand:lavori"),
    Project(id="hand:misura", title="Scuola", text="-", programme="PNRR M5C2 2.1", communes=(RHO,)),
    Project(id="hand:altro", title="Altro", text="-", programme="fondi nostri"),
)


@pytest.fixture
def filled(engine):
    store(engine, *RECORDS)
    return engine


def view(engine, programme_id, language="it"):
    with reading(engine) as session:
        return read_programme(session, public(), programme_id, language)


def test_a_programme_counts_what_is_in_its_parts_too_and_each_project_once(filled):
    with reading(filled) as session:
        found = {one.id: one for one in list_programmes(session, public())}
    plan = found["programme:pnrr"]
    assert (plan.label, plan.totals.projects, plan.totals.amount) == ("Il piano", 5, Decimal("350.10"))
    assert plan.communes == 3
    assert found["programme:pui"].whole == "programme:pnrr"
    assert found["programme:pui"].totals.projects == 2
    assert found["programme:piani-urbani-integrati"].totals.projects == 1


def test_each_part_stands_behind_its_whole(filled):
    with reading(filled) as session:
        ids = [one.id for one in list_programmes(session, public())]
    for one in ids:
        if whole := above(one):
            assert ids.index(whole) < ids.index(one)


def test_the_measures_of_the_plan_are_found_level_by_level(filled):
    plan = view(filled, "programme:pnrr")
    assert [(one.id, one.kind, one.totals.projects) for one in plan.measures] == [
        ("M5", "mission", 4),
        ("M1", "mission", 1),
    ]
    mission = view(filled, "M5")
    assert mission.path == (("programme:pnrr", "Il piano"),)
    assert [one.id for one in mission.measures] == ["M5C2"]
    component = view(filled, "M5C2")
    assert {one.id: one.label for one in component.measures}["M5C2I2.02.03"] == "Piani"
    assert [one for one, _ in view(filled, "M5C2I2.02.03").path] == ["programme:pnrr", "M5", "M5C2"]


def test_a_code_that_begins_like_another_is_not_a_part_of_it(filled):
    assert view(filled, "PNC-C.1").programme.totals.projects == 1
    assert [one.id for one in view(filled, "programme:pnc").measures] == ["PNC-C.12", "PNC-C.1"]


def test_a_measure_that_a_person_writes_puts_the_project_into_its_programme(filled):
    assert view(filled, "M5C2I2.01.00").programme.totals.projects == 2
    with reading(filled) as session:
        found = list_entries(session, public(), RegisterFilters(text="Altro")).entries
    assert [entry.programme for entry in found] == ["fondi nostri"]


def test_a_programme_says_how_many_of_its_communes_the_register_does_not_know(filled):
    periphery = view(filled, "programme:bando-periferie")
    assert (len(periphery.communes), periphery.expected_communes, periphery.without_place) == (1, 31, 1)
    assert [(one.name, one.zone, one.projects) for one in periphery.communes] == [("Rho", "Nord Ovest", 1)]


def test_both_projects_of_a_pair_count_as_paired_whoever_of_them_says_so(filled):
    assert view(filled, "programme:bando-periferie").programme.totals.paired == 2


def test_a_project_of_two_communes_is_in_the_share_of_each_with_all_its_money(filled):
    shares = {one.istat: one.amount for one in view(filled, "M5C2").communes}
    assert shares == {RHO: Decimal("100.10"), MILAN: Decimal("300.10")}


def test_what_is_no_programme_and_no_code_is_unknown(filled):
    for unknown in ("programme:mai-visto", "M7", "driver:1"):
        with pytest.raises(UnknownRecordError):
            view(filled, unknown)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("PNRR M5C2 2.1", "M5C2I2.01.00"),
        ("M5C2I2.02.03", "M5C2I2.02.03"),
        ("M1C1 I1.4.1", "M1C1I1.04.01"),
        ("M5C3 R1.2", "M5C3R1.02.00"),
        ("fondi nostri", ""),
        ("", ""),
    ],
)
def test_a_measure_is_read_as_people_write_it(written, code):
    assert measure_in(written) == code


@given(st.sampled_from(["programme:pnrr", "programme:pui", "programme:pon-metro-milano", "axis:pon-metro-1", "x"]))
def test_what_is_below_a_programme_leads_back_up_to_it(programme):
    for part in with_those_below(programme) - {programme}:
        steps = [part]
        while above(steps[-1]):
            steps.append(above(steps[-1]))
        assert programme in steps


@given(st.sampled_from(["programme:pnrr", "M5", "M5C2", "programme:pnc"]), st.from_regex(r"M5C2I[1-3]\.0[1-9]\.0[0-9]"))
def test_the_group_of_a_measure_is_a_beginning_of_its_code(base, measure):
    assert measure.startswith(below(base, measure))
