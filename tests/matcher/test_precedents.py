"""What a programme has funded before: found, shown, and never the query itself."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from matcher.catalogue import build_catalogue
from matcher.explanation import Recommendations
from matcher.precedents import BEST, build_precedents
from matcher.recommender import PRECEDENTS, Query, Recommender, Request
from matcher.records import Money, Precedent, QueryKind
from tests import world
from tests.fakes import HashingEncoder

MEASURE = world.MISURA_SENZA_DESTINATARI.programme


def _funded(number: int, title: str, measure: str = MEASURE, commune: str = "Rho") -> Precedent:
    return Precedent(
        id=f"world:{number}", source="world", title=title, cup=f"J{number:02}B21000000001", measure=measure,
        body=f"COMUNE DI {commune.upper()}", commune_names=(commune,), amount=Money(Decimal(100_000)), year=2021,
    )  # fmt: skip


MARKET = _funded(1, "Recupero del vecchio mercato coperto come casa delle associazioni")
SQUARE = _funded(2, "Nuova pavimentazione e alberi nella piazza della stazione")
BARN = _funded(3, "Restauro della cascina comunale per alloggi temporanei")
SCHOOL = _funded(4, "Cappotto termico della scuola media", measure="M4C1I3.03.00")
PROJECTS = (MARKET, SQUARE, BARN, SCHOOL)


def _ask(text: str, projects: tuple[Precedent, ...] = PROJECTS, **fields: str) -> Recommendations:
    encoder = HashingEncoder()
    precedents = build_precedents(projects, encoder.encode_queries)
    catalogue = build_catalogue(world.CALLS, encoder.encode_documents, {}, precedents=precedents)
    query = Query(text, world.RHO, QueryKind.PROJECT, **fields)
    return Recommender(catalogue, encoder).recommend(query, Request(k=12, judge_eligibility=False))


def _shown(answer: Recommendations, call: str = world.MISURA_SENZA_DESTINATARI.id) -> list[str]:
    return [match.precedent.id for item in answer.items if item.call.id == call for match in item.precedents]


def test_the_nearest_projects_of_the_programme_are_shown_first() -> None:
    answer = _ask("Recupero del mercato coperto per le associazioni del quartiere")
    assert _shown(answer)[0] == MARKET.id
    assert len(_shown(answer)) == PRECEDENTS
    assert SCHOOL.id not in _shown(answer)


def test_a_call_whose_programme_has_funded_nothing_has_no_precedents() -> None:
    assert _shown(_ask("Un asilo nido"), world.NIDI.id) == []


@pytest.mark.parametrize("known", [{"id": MARKET.id}, {"cup": MARKET.cup}, {}], ids=["by id", "by CUP", "by its words"])
def test_a_project_is_never_its_own_precedent(known: dict[str, str]) -> None:
    text = MARKET.title.upper() if not known else "Recupero del vecchio mercato coperto"
    assert MARKET.id not in _shown(_ask(text, **known))


def test_projects_that_differ_in_place_and_number_only_count_once() -> None:
    alike = [
        _funded(10 + n, f"Recupero del mercato di {name}, lotto {n}", commune=name)
        for n, name in enumerate(("Rho", "Nosate", "Grezzago"))
    ]
    index = build_precedents(alike, HashingEncoder().encode_queries)
    assert len(index.texts) == 1


def test_of_a_large_programme_the_same_projects_are_kept_in_whatever_order_they_come() -> None:
    words = ("piazza", "mercato", "cascina", "scuola", "museo", "teatro")
    many = [_funded(n, f"Recupero {word}") for n, word in enumerate(words)]
    first = build_precedents(many, HashingEncoder().encode_queries, cap=3)
    again = build_precedents(many[::-1], HashingEncoder().encode_queries, cap=3)
    assert first.texts == again.texts
    assert len(first.texts) == 3


def test_phrases_keep_a_programme_known_and_are_never_shown_as_projects() -> None:
    encoder = HashingEncoder()
    index = build_precedents([SQUARE], encoder.encode_queries, {MEASURE: "piste ciclabili; lampioni", "X": "fognature"})
    assert index.codes == (MEASURE, "X")
    found = index.neighbours("lampioni", encoder.encode_queries(["lampioni"])[0])
    assert [match.precedent for match in index.closest(MEASURE, found, 5)] == [SQUARE]
    assert index.closest("X", found, 5) == ()


def test_a_programme_with_few_projects_is_filled_up_with_the_lowest_value() -> None:
    index = build_precedents(PROJECTS, HashingEncoder().encode_queries)
    values = np.array([5.0, 3.0, 1.0, 2.0])
    best, mean = index.best_of_codes(values, np.zeros(4, dtype=np.bool_), -5.0)
    assert dict(zip(index.codes, best.tolist(), strict=True)) == {MEASURE: 3.0, "M4C1I3.03.00": 5.0}
    assert mean[index.codes.index(MEASURE)] == pytest.approx((3 + 2 + 1 - 5 * (BEST - 3)) / BEST)


def test_what_is_withheld_leaves_the_others_as_they_were() -> None:
    encoder = HashingEncoder()
    index = build_precedents(PROJECTS, encoder.encode_queries)
    less = index.without({MEASURE})
    assert less.codes == ("M4C1I3.03.00",)
    vector = encoder.encode_queries(["Cappotto termico"])[0]
    before = index.neighbours("Cappotto termico", vector).lexical[0]
    assert less.neighbours("Cappotto termico", vector).lexical[0] == pytest.approx(before)


def test_a_programme_without_a_call_recommends_nothing_and_is_left_out() -> None:
    index = build_precedents(PROJECTS, HashingEncoder().encode_queries, {"X": "fognature"}, codes={MEASURE})
    assert index.codes == (MEASURE,)


def test_a_project_without_any_code_is_nobodys_precedent() -> None:
    assert build_precedents([replace(MARKET, measure="")], HashingEncoder().encode_queries).texts == ()
