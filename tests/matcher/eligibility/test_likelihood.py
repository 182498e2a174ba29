"""How well words and bodies funded before tell who may apply, checked on notices whose recipients are published."""

from pathlib import Path

import numpy as np
import pytest
from applicants_at import CINISELLO, a_call
from sklearn.metrics import roc_auc_score

from corpora.funded_bodies import load_funded_bodies
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from matcher.eligibility import applicant_kinds, extract_rules, judge
from matcher.eligibility.likelihood import LEAST, MOST, with_funded, word_chances
from matcher.records import ApplicantKind as Kind
from matcher.records import FundingCall
from matcher.verdicts import municipality


def likelihood(call: FundingCall, funded: dict[Kind, int] | None = None) -> float:
    return judge(extract_rules(call, funded), municipality(CINISELLO), None).likelihood


def test_words_order_measures_as_a_reader_would() -> None:
    titles = [
        "Piano per asili nido e scuole dell'infanzia",
        "Efficienza energetica nei cinema, teatri e musei",
        "Rafforzamento della ricerca biomedica del SSN",
    ]
    chances = [word_chances(title, "", "")[Kind.COMMUNE] for title in titles]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.7
    assert chances[-1] < 0.05


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Borse di dottorato innovativo", Kind.UNIVERSITY),
        ("Ammodernamento del parco tecnologico ospedaliero", Kind.HEALTH),
        ("Formazione del personale scolastico e dei docenti", Kind.SCHOOL),
        ("Credito d'imposta per beni strumentali delle imprese", Kind.FIRM),
        ("Digitalizzazione del Consiglio di Stato", Kind.CENTRAL),
    ],
)
def test_a_title_speaks_for_the_kind_that_it_is_about(title: str, kind: Kind) -> None:
    chances = word_chances(title, "", "")
    assert max(chances, key=chances.__getitem__) in {kind, Kind.REGION}
    assert chances[Kind.COMMUNE] < 0.1


def test_more_communes_funded_make_a_commune_likelier() -> None:
    call = a_call(title="Piano di interventi", territory_text="nazionale")
    chances = [likelihood(call, {Kind.COMMUNE: n, Kind.REGION: 100 - n}) for n in (0, 3, 20, 80)]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    assert chances[-1] > 0.8


def test_a_single_body_among_hundreds_is_not_a_precedent() -> None:
    prior = dict.fromkeys(Kind, 0.3)
    assert with_funded(prior, {Kind.UNIVERSITY: 1_000, Kind.COMMUNE: 1})[Kind.COMMUNE] < 0.05


def test_evidence_is_never_certainty() -> None:
    prior = dict.fromkeys(Kind, 0.5)
    counted = with_funded(prior, {Kind.COMMUNE: 100_000})
    assert counted[Kind.COMMUNE] == MOST
    assert counted[Kind.FIRM] == LEAST


@pytest.fixture(scope="module")
def notices(shared_data: Path) -> list[FundingCall]:
    outcomes = get_source("pnrr-avvisi").read(shared_data / "pnrr_bandi_avvisi.csv", Repairs())
    return [o.record for o in outcomes if isinstance(o, Read) and isinstance(o.record, FundingCall)]


def test_words_alone_tell_the_notices_that_admit_communes(notices: list[FundingCall]) -> None:
    read = [applicant_kinds(call.applicants_text) for call in notices]
    admits = [Kind.COMMUNE in one.kinds | one.possible for one in read]
    chances = [word_chances(call.title, call.summary, call.issuer)[Kind.COMMUNE] for call in notices]
    assert roc_auc_score(admits, chances) > 0.9


def test_measures_that_funded_communes_come_before_those_that_did_not(shared_data: Path) -> None:
    outcomes = get_source("pnrr-misure").read(shared_data / "pnrr_misure.csv", Repairs())
    calls = [o.record for o in outcomes if isinstance(o, Read) and isinstance(o.record, FundingCall)]
    funded = load_funded_bodies()
    known = [call for call in calls if sum(funded.get(call.programme, {}).values()) >= 5]
    shares = np.array([funded[c.programme].get(Kind.COMMUNE, 0) / sum(funded[c.programme].values()) for c in known])
    words_only = [likelihood(call) for call in known]
    assert roc_auc_score(shares > 0.03, words_only) > 0.9


FOR_COMMUNES = ("M2C4I2.02.00", "M4C1I1.01.00", "M5C2I2.01.00", "M2C3I1.01.00", "M5C2I2.03.01")
FOR_OTHERS = (
    "M1C1I1.06.03",
    "M1C2I1.01.01",
    "M3C1I1.04.00",
    "M4C1I4.01.00",
    "M4C2I1.01.00",
    "M6C1I1.01.00",
    "M6C2I1.01.02",
    "M7C1I04.1.00",
)


def test_measures_for_communes_and_for_others_are_far_apart(shared_data: Path) -> None:
    outcomes = get_source("pnrr-misure").read(shared_data / "pnrr_misure.csv", Repairs())
    calls = {
        o.record.programme: o.record for o in outcomes if isinstance(o, Read) and isinstance(o.record, FundingCall)
    }
    funded = load_funded_bodies()
    assert min(likelihood(calls[code], funded.get(code)) for code in FOR_COMMUNES) > 0.85
    assert max(likelihood(calls[code], funded.get(code)) for code in FOR_OTHERS) < 0.05
