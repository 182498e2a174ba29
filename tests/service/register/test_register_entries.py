"""The register looked through: filters, pages, totals, and who sees what."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from matcher.records import Project
from service.access.principal import COMMAND_LINE, VISITOR, Principal
from service.accounts.tables import Role
from service.database import reading, write_transaction
from service.errors import InvalidError, UnknownRecordError
from service.register.entries import (
    Order,
    RegisterFilters,
    Totals,
    find_entry,
    list_entries,
    public,
    totals_of,
    visible_to,
)
from service.register.filters import PARAMETERS, STATES, filters_in, pairs_of
from service.register.tables import RegisterEntryRow
from tests.service.register.register_world import MILAN, NAPLES, RHO, euros, precedent, store

RECORDS = (
    precedent("nido", title="Asilo nido", communes=(RHO, MILAN), amount=euros("100.10"), year=2022),
    precedent("pui", measure="M5C2I2.02.03", communes=(MILAN,), amount=euros("200.20"), year=2021),
    precedent("sud", measure="M5C2I2.02.03", communes=(NAPLES,), amount=None),
    precedent("case", measure="M5C2I2.03.00", communes=(MILAN,), amount=euros("300")),
    precedent("pnc", source="pnc", measure="PNC-C.2.1.2", communes=()),
    precedent("fsc", source="opencoesione", measure="PSCLAZIO2021", state="Concluso"),
    precedent("strano", source="opencoesione", measure="X", state="mai visto"),
    Project(id="hand:1", title="Borgo", text="Case", state="postponed", axis="axis:pon-metro-4", communes=(MILAN,)),
)


@pytest.fixture
def filled(engine):
    store(engine, *RECORDS)
    return engine


def found(engine, seen=None, order=Order.TITLE, **filters):
    with reading(engine) as session:
        page = list_entries(session, public() if seen is None else seen, RegisterFilters(**filters), order)
        assert page.total == len(page.entries)
        return {entry.id.rpartition(":")[2] for entry in page.entries}


def keep_to(engine, istat, record_id="hand:1"):
    with write_transaction(engine) as connection:
        connection.execute(update(RegisterEntryRow).where(RegisterEntryRow.id == record_id).values(owner_istat=istat))


def test_what_a_commune_keeps_is_seen_by_it_and_the_incubator_alone(filled):
    keep_to(filled, RHO)
    rho = Principal(role=Role.COMMUNE, account_id="a", commune_istat=RHO)
    sees = {name: "1" in found(filled, visible_to(who)) for name, who in {"rho": rho, "us": COMMAND_LINE}.items()}
    assert sees == {"rho": True, "us": True}
    for other in (VISITOR, replace(rho, commune_istat=MILAN), replace(rho, role=Role.READER), Principal()):
        assert "1" not in found(filled, visible_to(other))
        seen = visible_to(other)
        with reading(filled) as session, pytest.raises(UnknownRecordError):
            find_entry(session, seen, "hand:1")


def test_archived_and_merged_projects_are_in_no_list_and_no_total(filled):
    with write_transaction(filled) as connection:
        gone = update(RegisterEntryRow).where(RegisterEntryRow.id == "pnrr-progetti:nido")
        connection.execute(gone.values(merged_into="pnrr-progetti:case"))
    assert "nido" not in found(filled, visible_to(COMMAND_LINE))
    with reading(filled) as session:
        assert totals_of(session, public(), RegisterFilters()).amount == Decimal("500.20")


def test_a_project_belongs_to_the_programme_that_its_codes_name(filled):
    assert found(filled, programme="programme:pnrr") == {"nido", "pui", "sud", "case"}
    assert found(filled, programme="programme:pui") == {"pui", "sud"}
    assert found(filled, programme="programme:piani-urbani-integrati") == {"pui"}
    assert found(filled, programme="programme:pinqua") == {"case"}
    assert found(filled, programme="programme:pon-metro-milano") == {"1"}
    assert found(filled, programme="programme:pnc") == found(filled, programme="PNC-C.2") == {"pnc"}
    assert found(filled, programme="M5C2I2.02") == {"pui", "sud"}
    assert found(filled, programme="programme:unheard-of") == set()


def test_official_states_are_ours_and_one_that_we_do_not_know_stays_unknown(filled):
    assert found(filled, state="completed") == {"fsc"}
    assert found(filled, state="postponed") == {"1"}
    assert "strano" in found(filled, state="unknown")


def test_who_states_no_amount_is_outside_of_any_bound(filled):
    assert found(filled, least_amount=Decimal("100.10"), most_amount=Decimal("200.20")) == {"nido", "pui"}
    assert found(filled, least_amount=Decimal("100.11"), most_amount=Decimal("200.19")) == set()


def test_a_project_of_two_communes_is_in_both_and_once_in_the_total(filled):
    assert "nido" in found(filled, commune=RHO)
    assert "nido" in found(filled, commune=MILAN)
    with reading(filled) as session:
        assert totals_of(session, public(), RegisterFilters(text="ASILO nido")) == Totals(1, 1, Decimal("100.10"))


@pytest.mark.parametrize("order", list(Order))
def test_pages_follow_each_other_without_gap_or_repetition(filled, order):
    with reading(filled) as session:
        ids, cursor = [], ""
        while True:
            page = list_entries(session, public(), RegisterFilters(), order, cursor=cursor, limit=3)
            ids += [entry.id for entry in page.entries]
            cursor = page.next_cursor
            if not cursor:
                break
    assert sorted(ids) == sorted(record.id for record in RECORDS)


def test_a_cursor_of_another_order_is_refused(filled):
    with reading(filled) as session:
        cursor = list_entries(session, public(), RegisterFilters(), Order.TITLE, limit=1).next_cursor
        seen, filters = public(), RegisterFilters()
        with pytest.raises(InvalidError, match="cursor"):
            list_entries(session, seen, filters, Order.AMOUNT, cursor=cursor)


@given(
    st.builds(
        RegisterFilters,
        text=st.text("abc è", max_size=9).map(str.strip),
        programme=st.sampled_from(["", "programme:pnrr", "M5C2"]),
        state=st.sampled_from(["", "unknown", *STATES]),
        year=st.none() | st.integers(1900, 2200),
        least_amount=st.none() | st.decimals(0, 10**12, places=2),
        most_amount=st.none() | st.decimals(0, 10**12, places=2),
        late=st.booleans(),
    )
)
def test_filters_come_back_from_the_address_that_they_make(filters):
    assert filters_in(pairs_of(filters)) == (filters, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [("stato", "mezzo fatto"), ("anno", "duemila"), ("da", "-1"), ("a", "NaN"), ("cerca", "x" * 300)],
)
def test_what_cannot_be_read_is_named_and_filters_nothing(name, value):
    assert filters_in([(name, value)]) == (RegisterFilters(), name)


def test_parameters_of_others_are_passed_over():
    assert set(PARAMETERS.values()) == set(RegisterFilters.__dataclass_fields__)
    assert filters_in([("ordine", "x"), ("comune", " ")]) == (RegisterFilters(), "")
