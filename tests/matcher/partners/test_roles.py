import pytest

from matcher.partners import ROLES, RoleSort, asked_roles, roles_of
from matcher.records import ApplicantKind as Kind


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("cooperativa o associazione per persone con disabilità", "disability"),
        ("l'azienda socio sanitaria dell'area", "health_authority"),
        ("due comuni confinanti", "commune"),
        ("la Città metropolitana come soggetto attuatore", "province"),
        ("un ente parco", "park"),
        ("il politecnico per il piano", "university"),
    ],
)
def test_a_text_asks_for_the_roles_that_it_names(text: str, role: str):
    assert role in asked_roles(text)


def test_a_text_about_nothing_of_the_kind_asks_for_nobody():
    assert asked_roles("acquisto di sedie") == frozenset()


@pytest.mark.parametrize(
    ("kind", "name", "role"),
    [
        (Kind.THIRD_SECTOR, "ANFFAS MARTESANA", "disability"),
        (Kind.PUBLIC_BODY, "Consorzio di Bonifica Est Ticino Villoresi", "water_consortium"),
        (Kind.HEALTH, "Asst Rhodense", "health_authority"),
        (Kind.THIRD_SECTOR, "A.S.D. CALCIO RAGAZZI", "sport"),
    ],
)
def test_a_body_plays_the_roles_that_its_kind_and_name_tell(kind: Kind, name: str, role: str):
    assert role in {one.code for one in roles_of(kind, name)}


def test_letters_in_the_middle_of_a_word_tell_no_role():
    assert "green_care" not in {one.code for one in roles_of(Kind.THIRD_SECTOR, "SPORTIVA TURBIGO")}


def test_a_commune_is_no_association_whatever_its_name():
    assert {one.code for one in roles_of(Kind.COMMUNE, "Comune di Musica e Teatro")} == {"commune"}


def test_every_role_has_a_code_of_its_own_and_trades_are_told_by_names():
    assert len({role.code for role in ROLES}) == len(ROLES)
    assert all(role.named is not None for role in ROLES if role.sort is not RoleSort.KIND)
