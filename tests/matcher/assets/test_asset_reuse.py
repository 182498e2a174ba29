"""Similar assets that were reused, and an asset as a question to the recommender of calls."""

import dataclasses

import numpy as np
import pytest

from matcher.assets.places import distances_km, place_of
from matcher.assets.queries import CONFISCATED, REUSE, REUSE_OF_GROUND, REUSE_OF_HERITAGE, asset_query
from matcher.assets.reuse import similar_reused
from matcher.assets.words import PlaceKind, place_kind
from matcher.errors import QueryError
from matcher.precedents import NO_PRECEDENTS, build_precedents
from matcher.records import Commune, Need, Precedent, PublicAsset, QueryKind
from tests.fakes import HashingEncoder

RHO = Commune(istat="015182", name="Rho", lat=45.53, lon=9.04)
SCHOOL = PublicAsset(id="a", title="Ex scuola", text="Aule vuote.", commune_istat=RHO.istat, kind="ex scuola")


def funded(key: str, title: str, commune: str = "015182") -> Precedent:
    return Precedent(id=f"p:{key}", source="p", title=title, measure="M5", communes=(commune,))


PROJECTS = [
    funded("1", "Recupero della ex scuola elementare come centro civico"),
    funded("2", "Ristrutturazione ex scuola per alloggi", "015171"),
    funded("3", "Nuova scuola media"),
    funded("4", "Recupero della ex caserma", "015146"),
]


def reused(asset: PublicAsset, k: int = 5) -> list[str]:
    encoder = HashingEncoder()
    index = build_precedents(PROJECTS, encoder.encode_queries, {}, {"M5"})
    return [one.precedent.id for one in similar_reused(index, asset, encoder.encode_queries(["scuola"])[0], k)]


def test_nothing_is_alike_where_nothing_was_funded_or_the_kind_is_not_known() -> None:
    vector = np.ones(4, dtype=np.float32)
    assert similar_reused(NO_PRECEDENTS, SCHOOL, vector) == ()
    assert reused(dataclasses.replace(SCHOOL, kind="cosa", title="Bene")) == []


def test_only_reuse_of_the_same_sort_of_place_is_alike() -> None:
    assert sorted(reused(SCHOOL)) == ["p:1", "p:2"]
    assert reused(dataclasses.replace(SCHOOL, kind="ex caserma")) == ["p:4"]


def test_no_more_than_asked_for() -> None:
    assert len(reused(SCHOOL, k=1)) == 1


def test_an_asset_is_asked_about_in_the_words_of_works() -> None:
    alone = asset_query(SCHOOL, RHO)
    assert alone.text.startswith(REUSE)
    assert (alone.kind, alone.id) == (QueryKind.ASSET, "a")
    ground = asset_query(dataclasses.replace(SCHOOL, kind="terreno", title="Area"), RHO)
    assert ground.text.startswith(REUSE_OF_GROUND)


def test_with_a_need_the_need_comes_first() -> None:
    need = Need(id="n", commune_istat=RHO.istat, title="Nuovo nido", text="Sessanta bambini in attesa.")
    assert asset_query(SCHOOL, RHO, need).text == f"Nuovo nido. Sessanta bambini in attesa. {REUSE}."
    protected = dataclasses.replace(SCHOOL, heritage=True, state="confiscato")
    assert asset_query(protected, RHO, need).text.endswith(f"{REUSE_OF_HERITAGE}, {CONFISCATED}.")


def test_a_text_that_cannot_be_matched_is_refused() -> None:
    with pytest.raises(QueryError, match="NUL"):
        asset_query(dataclasses.replace(SCHOOL, text="a\0b"), RHO)


def test_distances_are_nan_where_a_place_is_not_known() -> None:
    assert np.isnan(distances_km((None, None), [(45.0, 9.0)]))[0]
    assert distances_km((45.0, 9.0), [(45.0, 9.0), (46.0, 9.0)]).round(1).tolist() == [0.0, 111.2]
    assert place_of(SCHOOL, None) == (None, None)


@pytest.mark.parametrize(
    ("kind", "title", "expected"),
    [
        ("ex asilo", "", PlaceKind.NURSERY),
        ("Appartamento in condominio", "", PlaceKind.FLAT),
        ("Terreno agricolo", "", PlaceKind.FARMLAND),
        ("", "Ex convento delle Grazie", PlaceKind.CLOISTER),
        ("", "", PlaceKind.UNKNOWN),
    ],
)
def test_the_sort_of_place_is_read_from_the_kind_and_else_from_the_title(kind, title, expected) -> None:
    assert place_kind(kind, title) is expected
