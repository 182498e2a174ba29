"""Groups and precedents on the terminal and in the JSON: shown where they are, a few at a time, else not a word."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from matcher.explanation import PrecedentMatch, Recommendation, Recommendations, Variant, VariantKind
from matcher.records import ApplicantKind, Precedent, QueryKind
from matcher.verdicts import Eligibility, Verdict
from service import presentation
from tests import world

MET, NOT_MET = (Eligibility(verdict, (), 1.0) for verdict in (Verdict.MET, Verdict.NOT_MET))
PATH = Precedent(id="world:p1", source="world", title="Ciclabile lungo il canale", body="Comune di Rho", year=2023)
FOUND = Recommendation(
    rank=1, call=world.CICLABILI, score=1.0, eligibility=MET, contributions=(), passages=(),
    variants=(Variant(world.CICLABILI_CHIUSO, VariantKind.EDITION, NOT_MET),),
    precedents=(PrecedentMatch(PATH, 0.95),),
)  # fmt: skip


def answer(found: Recommendation) -> Recommendations:
    return Recommendations("q", QueryKind.NEED, "Una ciclabile", "015182", (found,), (), 12, 3, "a1", n_hidden=2)


def shown(found: Recommendation, language: str = "it") -> str:
    console = Console(file=StringIO(), width=400)
    console.print(presentation.table(answer(found), world.TODAY, language))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_closed_edition_stands_beneath_the_open_one_with_its_own_verdict_and_date() -> None:
    assert (
        "↳ altra edizione: Piste ciclabili e mobilità dolce, edizione 2024 · ✘ non ammissibile · scaduto il"
        in shown(FOUND)
    )
    assert "another edition" in shown(FOUND, "en")


@pytest.mark.parametrize(("kind", "words"), [(VariantKind.SAME_NOTICE, "lo stesso avviso, altrove"),
                                            (VariantKind.NOTICE, "avviso della misura"),
                                            (VariantKind.MEASURE, "misura dell'avviso")])  # fmt: skip
def test_why_a_call_stands_beneath_another_is_said(kind: VariantKind, words: str) -> None:
    assert words in shown(replace(FOUND, variants=(replace(FOUND.variants[0], kind=kind),)))


def test_of_many_variants_a_few_are_shown_and_the_rest_counted_while_programs_get_all() -> None:
    many = replace(FOUND, variants=FOUND.variants * 30)
    assert shown(many).count("altra edizione") == presentation.MOST_VARIANTS
    assert f"e altri {30 - presentation.MOST_VARIANTS}" in shown(many)
    assert len(presentation.as_data(answer(many))["recommendations"][0]["variants"]) == 30


def test_precedents_are_shown_with_their_source_and_given_to_programs_as_facts() -> None:
    assert "un progetto quasi uguale al vostro è stato finanziato da questa misura: Comune di Rho, 2023" in shown(FOUND)
    (item,) = presentation.as_data(answer(FOUND))["recommendations"]
    assert item["precedents"] == [
        {"id": "world:p1", "title": "Ciclabile lungo il canale", "body": "Comune di Rho", "communes": [], "year": 2023,
         "amount": None, "currency": None, "similarity": 0.95, "source": "world"}
    ]  # fmt: skip


def test_a_private_persons_name_reaches_neither_people_nor_programs() -> None:
    private = replace(PATH, body="Bianchi Anna", beneficiary=ApplicantKind.PERSON)
    found = replace(FOUND, precedents=(PrecedentMatch(private, 0.95),))
    assert "Bianchi" not in shown(found) + str(presentation.as_data(answer(found)))


def test_without_groups_and_precedents_nothing_is_said_of_them() -> None:
    bare = replace(FOUND, variants=(), precedents=())
    assert "↳" not in shown(bare)
    assert "finanziato" not in shown(bare)
    data = presentation.as_data(answer(bare))
    assert (data["recommendations"][0]["variants"], data["hidden"]) == ([], 2)
