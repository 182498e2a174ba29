"""A call judged for all communes at once is judged as for each of them alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.eligibility import EligibilityTable, extract_rules, judge
from matcher.eligibility.communes import CommuneTable
from matcher.verdicts import Verdict, municipality
from tests import world

CODES = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}
TERRITORIES = ("Lombardia", "provincia di Milano", "Comune di Rho", "nazionale", "", "Nord Milano", "Mezzogiorno")
COMMUNES = (
    *world.COMMUNES,
    replace(world.RHO, istat="999991", name="Nulla", province="", region="", region_code="", population=None),
    replace(world.NOSATE, istat="999992", name="Cinquemila", population=4_999),
)


@pytest.mark.parametrize("call", world.CALLS, ids=lambda call: call.id)
@pytest.mark.parametrize("on", [world.TODAY, None])
def test_verdicts_are_those_of_each_commune_alone(call, on):
    rules = extract_rules(call)
    verdicts, _ = CommuneTable.build(COMMUNES).judge(rules, on)
    alone = [judge(rules, municipality(commune), on).verdict for commune in COMMUNES]
    if on is not None:
        assert verdicts.tolist() == [CODES[verdict] for verdict in alone]
    assert verdicts.tolist() == [
        int(EligibilityTable.build([rules]).verdicts(municipality(commune), on)[0]) for commune in COMMUNES
    ]


@given(
    territory=st.sampled_from(TERRITORIES),
    applicants=st.sampled_from(["Comuni", "Enti locali", "Imprese", "", "Comuni e altri soggetti"]),
    bound=st.integers(1, 2_000_000),
    words=st.sampled_from(["fino a {} abitanti", "superiore a {} abitanti", "{}"]),
)
def test_both_tables_agree_on_verdict_and_likelihood(territory, applicants, bound, words):
    title = f"Bando per i comuni con popolazione {words.format(bound)}"
    call = replace(world.NIDI, title=title, territory_text=territory, applicants_text=applicants)
    rules = extract_rules(call)
    verdicts, likelihoods = CommuneTable.build(COMMUNES).judge(rules, world.TODAY)
    table = EligibilityTable.build([rules])
    for commune, verdict, likelihood in zip(COMMUNES, verdicts, likelihoods, strict=True):
        assert verdict == table.verdicts(municipality(commune), world.TODAY)[0]
        assert np.isclose(likelihood, table.likelihoods(municipality(commune))[0])


@given(
    territories=st.lists(st.sampled_from(TERRITORIES), min_size=1, max_size=3),
    words=st.sampled_from(["fino a 5.000 abitanti", "superiore a 50.000 abitanti", "tra 3.000 e 75.000 abitanti", ""]),
    sizes=st.lists(st.one_of(st.none(), st.integers(2_800, 80_000)), min_size=2, max_size=6),
)
def test_communes_of_one_class_are_judged_alike_to_the_last_quote(territories, words, sizes):
    calls = [replace(world.NIDI, title=f"Bando {words}", territory_text=territory) for territory in territories]
    rules = [extract_rules(call) for call in calls]
    table = EligibilityTable.build(rules)
    judged = {}
    for commune in [*COMMUNES, *(replace(world.RHO, name=f"Rho {size}", population=size) for size in sizes)]:
        said = [judge(one, municipality(commune), world.TODAY) for one in rules]
        assert judged.setdefault(table.class_of(municipality(commune)), said) == said


def test_communes_that_no_call_tells_apart_are_of_one_class():
    table = EligibilityTable.build([extract_rules(world.FOTOVOLTAICO_LOMBARDIA), extract_rules(world.PICCOLI_COMUNI)])
    alike = {table.class_of(municipality(commune)) for commune in (world.RHO, world.MILANO, world.CINISELLO_BALSAMO)}
    assert len(alike) == 1
    assert table.class_of(municipality(world.NOSATE)) not in alike
    assert table.class_of(municipality(world.TORINO)) not in alike
