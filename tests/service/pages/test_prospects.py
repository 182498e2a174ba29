"""The whole catalogue seen from one commune: open to it, to be checked, ruled out and why."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from matcher.eligibility import judge
from matcher.verdicts import Criterion, Verdict, municipality
from service.accounts.tables import Role
from service.catalogue.prospects import Fact, prospects, verdict_counts
from service.moments import now
from tests.world import COMMUNES, GREZZAGO, MILANO, PICCOLI_COMUNI, RHO, TORINO

HOME = f"/comuni/{RHO.istat}"
DECIDING = (Criterion.APPLICANT, Criterion.TERRITORY, Criterion.POPULATION, Criterion.DATES)


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


@pytest.fixture
def serving(app):
    return app.state.remix.live.serving()


def ids(serving, positions):
    return {serving.catalogue.calls[position].id for position in positions.tolist()}


@pytest.mark.parametrize("commune", [*COMMUNES, replace(RHO, population=None, zone="")], ids=lambda one: one.name)
def test_every_call_is_in_one_group_and_the_one_that_judging_it_by_itself_gives(serving, commune):
    on = now()
    found = prospects(serving, commune, on)
    grouped = {}
    for name, positions in [("met", found.met), *found.missing.items(), *found.ruled_out.items()]:
        for id_ in ids(serving, positions):
            assert id_ not in grouped
            grouped[id_] = name
    for call, rules in zip(serving.catalogue.calls, serving.catalogue.rules, strict=True):
        judged = judge(rules, municipality(commune), on)
        by = {one.criterion: one for one in judged.criteria if one.criterion in DECIDING}
        refused = [name for name in DECIDING if name in by and by[name].verdict is Verdict.NOT_MET]
        if Criterion.DATES in refused and len(refused) > 1:
            assert call.id not in grouped
        elif refused:
            assert grouped[call.id] == refused[0]
        elif judged.verdict is Verdict.MET:
            assert grouped[call.id] == "met"
        else:
            unknown = [one for one in by.values() if one.verdict is Verdict.UNKNOWN]
            assert (grouped[call.id] is Fact.SEVERAL) == (len(unknown) > 1)


def test_what_waits_for_several_facts_is_under_each_of_them(serving):
    found = prospects(serving, replace(RHO, population=None), now())
    several = ids(serving, found.missing.get(Fact.SEVERAL, found.met[:0]))
    times = Counter(id_ for positions in found.missing_with_others.values() for id_ in ids(serving, positions))
    assert set(times) == several
    assert several
    assert min(times.values()) > 1


def test_a_fact_that_only_the_commune_knows_is_asked_of_the_commune(serving):
    known, unknown = (prospects(serving, one, now()).missing for one in (RHO, replace(RHO, population=None)))
    assert Fact.POPULATION not in known
    assert PICCOLI_COMUNI.id in ids(serving, unknown[Fact.POPULATION])


def test_the_counts_are_those_of_what_is_not_closed(serving):
    found = prospects(serving, GREZZAGO, now())
    counts = verdict_counts(found)
    closed = found.ruled_out.get(Criterion.DATES, [])
    assert counts[Verdict.NOT_MET] == sum(map(len, found.ruled_out.values())) - len(closed)
    assert sum(counts.values()) <= len(serving.catalogue.calls)


def test_a_commune_reads_what_rules_a_call_out_in_the_words_of_the_call(rho):
    shown = rho.get(f"{HOME}/requisiti").text
    assert "chiedono un altro numero di abitanti" in shown
    listed = rho.get(f"{HOME}/requisiti", params={"gruppo": "no-population"}).text
    card = re.search(rf"<article(?:(?!</article>).)*{re.escape(PICCOLI_COMUNI.title)}.*?</article>", listed, re.S)[0]
    assert "popolazione inferiore a 5.000 abitanti" in card


def test_what_is_missing_is_on_the_first_page_with_where_to_tell_it(app, as_somebody):
    torino = as_somebody(Role.COMMUNE, TORINO.istat)
    shown = torino.get(f"/comuni/{TORINO.istat}").text
    for address in re.findall(r'href="([^"]+/requisiti\?gruppo=[^"#]+)', shown):
        assert torino.get(address).status_code == 200


def test_a_group_is_searched_by_words(rho):
    address = f"{HOME}/requisiti"
    found = rho.get(address, params={"gruppo": "no-applicant", "q": "stabilimenti"}).text
    assert found.count("<article") == 1
    assert "Nessun bando di questo gruppo" in rho.get(address, params={"gruppo": "no-applicant", "q": "zzz"}).text


def test_a_group_that_there_is_not_is_no_page_and_an_empty_one_says_so(rho, as_somebody):
    assert rho.get(f"{HOME}/requisiti", params={"gruppo": "altro"}).status_code == 404
    milano = as_somebody(Role.COMMUNE, MILANO.istat).get(f"/comuni/{MILANO.istat}/requisiti?gruppo=zone")
    assert "non c’è più nessun bando" in milano.text


def test_no_other_commune_reads_it(as_somebody):
    assert as_somebody(Role.COMMUNE, GREZZAGO.istat).get(f"{HOME}/requisiti").status_code == 404
