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
