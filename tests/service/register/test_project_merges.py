"""One project in two sources: proposed to the incubator, merged, told apart, undone, and so still after imports."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from matcher.project_twins import Evidence
from matcher.records import Money
from service.audit.tables import AuditEventRow
from service.database import reading
from service.errors import ConflictError, ForbiddenError, InvalidError
from service.kinds import KIND_NAMED
from service.register.entries import RegisterFilters, list_entries, totals_of, visible_to
from service.register.folding import folded_into
from service.register.tenders import tenders_of
from service.register.twin_finding import find_again, is_stale
from service.register.twins import (
    list_project_merges,
    merge_projects,
    proposed_twins,
    restore_project_merge,
    withdraw_project_merge,
)
from service.work import distinctions, edits, merges
from tests.service.register.villages import (
    CONSULTANT,
    EVERYBODY,
    OF_GREZZAGO,
    OF_RHO,
    OWN,
    acting,
    bring,
    fill,
    nursery,
    square,
)
from tests.world import GREZZAGO, RHO

PNRR, SQUARE = nursery().id, square().id
PNC = "pnc:J61F22000330006:C.1"
TENDER = "pnrr-gare:J61F22000330006:M4C1I1.01.00:A1"


@pytest.fixture
def register(engine, tmp_path):
    fill(engine, tmp_path)
    bring(engine, tmp_path, nursery(id=PNC, source="pnc", measure="PNC-C.1"), name="pnc")
    tender = {"id": TENDER, "source": "pnrr-gare", "title": "Lavori dell'asilo di via Roma", "amount": None}
    bring(engine, tmp_path, nursery(**tender), name="pnrr-gare")
    find_again(engine)
    return engine


def as_staff(engine):
    return acting(engine, CONSULTANT)


def merged(engine, kept=PNRR, other=PNC):
    with as_staff(engine) as one:
        return merge_projects(one, kept, other)


def listed(engine, who=CONSULTANT):
    with reading(engine) as session:
        return {entry.id for entry in list_entries(session, visible_to(who), RegisterFilters()).entries}


def proposed(engine):
    with as_staff(engine) as one:
        return [(twin.leading.id, twin.other.id) for twin in proposed_twins(one)[0]]


def own(engine, who, entry_id, commune, **fields):
    with acting(engine, who) as one:
        data = {"id": entry_id, "title": "Nido", "text": "Testo.", "communes": [commune]} | fields
        edits.create(one, KIND_NAMED["projects"], data, commune)
    return entry_id


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who is not CONSULTANT])
def test_only_the_incubator_sees_and_merges(register, who):
    with acting(register, who) as one, pytest.raises(ForbiddenError):
        proposed_twins(one)
    with acting(register, who) as one, pytest.raises(ForbiddenError):
        merge_projects(one, PNRR, PNC)
    with acting(register, who) as one, pytest.raises(ForbiddenError):
        list_project_merges(one)


@pytest.mark.parametrize(
    ("kept", "other", "field"),
    [(PNRR, "nessuno", "merged_id"), ("nessuno", PNC, "kept_id"), (PNRR, PNRR, "merged_id"), (TENDER, PNRR, "kept_id"),
     (OWN, PNRR, "kept_id")],
)  # fmt: skip
def test_what_is_no_entry_or_would_hide_what_all_may_see_is_refused(register, kept, other, field):
    with as_staff(register) as one, pytest.raises(InvalidError) as refused:
        merge_projects(one, kept, other)
    assert refused.value.field == field


def test_what_two_communes_keep_stays_two(register):
    other = own(register, OF_GREZZAGO, "portal:nido", GREZZAGO.istat)
    with as_staff(register) as one, pytest.raises(InvalidError):
        merge_projects(one, OWN, other)


def test_a_proposal_says_why_and_lets_the_publishers_entry_lead(register):
    with as_staff(register) as one:
        (twin,), more = proposed_twins(one)
        assert more == ""
        assert {twin.leading.id, twin.other.id} == {PNC, PNRR}
        assert twin.evidence == (Evidence.SAME_CUP, Evidence.SAME_COMMUNE, Evidence.SAME_AMOUNT)
        assert [tender.id for tender in tenders_of(one.session, PNRR)] == [TENDER]
        assert tenders_of(one.session, PNC) == []
        assert twin.may_turn


def test_a_tender_belongs_to_its_project_and_is_never_proposed(engine, tmp_path):
    fill(engine, tmp_path)
    bring(engine, tmp_path, nursery(id=TENDER, source="pnrr-gare", title="Lavori del nido"), name="pnrr-gare")
    found = find_again(engine)
    assert (found.projects, found.tenders) == (0, 1)
    assert proposed(engine) == []
    with as_staff(engine) as one:
        assert [tender.subject for tender in tenders_of(one.session, PNRR)] == ["Lavori del nido"]


def test_a_merged_project_leaves_lists_and_totals_and_comes_back(register):
    before = listed(register)
    made = merged(register)
    assert listed(register) == before - {PNC}
    with reading(register) as session:
        assert totals_of(session, visible_to(CONSULTANT), RegisterFilters()).amount == Decimal("1550000.50")
        assert [entry.id for entry in folded_into(session, CONSULTANT, PNRR)] == [PNC]
    assert proposed(register) == []
    with as_staff(register) as one:
        withdraw_project_merge(one, made.id)
    assert listed(register) == before
    with as_staff(register) as one:
        restore_project_merge(one, made.id)
    assert listed(register) == before - {PNC}


def test_every_step_is_in_the_trail(register):
    made = merged(register)
    with as_staff(register) as one:
        withdraw_project_merge(one, made.id)
    with reading(register) as session:
        actions = set(session.scalars(select(AuditEventRow.action).where(AuditEventRow.object_id == made.id)))
    assert actions == {"project-merges.created", "project-merges.withdrawn"}


def test_a_merge_survives_every_import(register, tmp_path):
    merged(register)
    again = nursery(id=PNC, source="pnc", measure="PNC-C.1", amount=Money(Decimal(7)))
    bring(register, tmp_path, again, name="pnc")
    assert PNC not in listed(register)
    find_again(register)
    assert proposed(register) == []


def test_what_leads_takes_along_what_was_merged_into_it(register):
    merged(register, PNC, OWN)
    first = merged(register, PNRR, PNC)
    with reading(register) as session:
        assert [entry.id for entry in folded_into(session, CONSULTANT, PNRR)] == [PNC, OWN]
    with as_staff(register) as one, pytest.raises(ConflictError):
        merge_projects(one, PNC, SQUARE)
    with as_staff(register) as one:
        withdraw_project_merge(one, first.id)
    with reading(register) as session:
        assert [entry.id for entry in folded_into(session, CONSULTANT, PNC)] == [OWN]


def test_what_was_merged_into_a_project_comes_back_when_that_one_is_archived(register):
    other = own(register, OF_RHO, "portal:nido", RHO.istat)
    merged(register, other, OWN)
    assert OWN not in listed(register)
    kind = KIND_NAMED["projects"]
    with acting(register, OF_RHO) as one:
        edits.archive(one, edits.find(one, kind, other, for_change=True))
    assert OWN in listed(register)
    with acting(register, OF_RHO) as one:
        edits.restore(one, edits.find(one, kind, other, for_change=True))
    assert OWN not in listed(register)


def test_nobody_learns_through_a_merge_what_a_commune_keeps(register):
    merged(register, PNRR, OWN)
    with reading(register) as session:
        seen = {who.account_id: [e.id for e in folded_into(session, who, PNRR)] for who in EVERYBODY}
    assert seen == {"consultant": [OWN], "rho": [OWN], "grezzago": [], "reader": [], None: []}


def test_what_a_person_told_apart_is_not_proposed_until_that_is_taken_back(register):
    with as_staff(register) as one:
        said = distinctions.tell_apart(one, "register", PNC, [PNRR])
    find_again(register)
    assert proposed(register) == []
    with as_staff(register) as one, pytest.raises(ConflictError):
        merge_projects(one, PNRR, PNC)
    with as_staff(register) as one:
        distinctions.withdraw_distinction(one, said.id)
    assert len(proposed(register)) == 1


def test_the_merges_of_other_records_neither_show_these_nor_undo_them(register):
    made = merged(register)
    with as_staff(register) as one:
        assert merges.list_merges(one)[0] == []
        assert [entry.id for entry in list_project_merges(one)[0]] == [made.id]
        with pytest.raises(Exception, match="has this id"):
            merges.withdraw_merge(one, made.id)
    assert PNC not in listed(register)


def test_two_communes_projects_of_one_cup_are_not_proposed_to_be_merged(register):
    for who, commune in ((OF_RHO, RHO), (OF_GREZZAGO, GREZZAGO)):
        own(register, who, f"portal:{commune.istat}", commune.istat, cup="J61F22000339999", communes=[RHO.istat])
    find_again(register)
    assert all(not (a.startswith("portal:") and b.startswith("portal:")) for a, b in proposed(register))


def test_pages_of_proposals_hold_each_pair_once(register, tmp_path):
    for number in range(5):
        cup = f"J61F2200033100{number}"
        ids = (f"pnrr-progetti:{cup}:1", "pnrr-progetti"), (f"pnc:{cup}:C.1", "pnc")
        for entry_id, source in ids:
            bring(register, tmp_path, nursery(id=entry_id, source=source, cup=cup), name=source)
    find_again(register)
    seen, after = [], ""
    with as_staff(register) as one:
        while True:
            twins, after = proposed_twins(one, after=after, limit=2)
            seen += [(twin.leading.id, twin.other.id) for twin in twins]
            if not after:
                break
        with pytest.raises(InvalidError):
            proposed_twins(one, after="straniero")
    assert len(seen) == len(set(seen)) == 6


def test_new_records_make_what_was_found_old(register, tmp_path):
    with reading(register) as session:
        assert not is_stale(session)
    bring(register, tmp_path, nursery(title="Nido"))
    with reading(register) as session:
        assert is_stale(session)
        audited = session.scalar(select(func.count()).select_from(AuditEventRow))
    find_again(register)
    with reading(register) as session:
        assert not is_stale(session)
        assert session.scalar(select(func.count()).select_from(AuditEventRow)) == audited
