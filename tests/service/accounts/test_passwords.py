"""Passwords: common ones are refused, and only hashes are kept."""

import pytest
from argon2 import PasswordHasher

from service.accounts.passwords import LONGEST, check_password, hash_password, needs_rehash, verify
from service.errors import InvalidError

EMAIL = "anna.bianchi@comune.rho.example"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "corta",
        "undicilette",
        "a" * 20,
        "123456789012",
        "012345678901234567",
        "Password1234!",
        "P4ssw0rd-2025-",
        "qwertyuiop123",
        "Amministratore1",
        "anna.bianchi@comune.rho.example",
        "Anna.Bianchi2025",
        "comune.rho.example",
        "x" * (LONGEST + 1),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password):
    with pytest.raises(InvalidError) as refused:
        check_password(password, EMAIL)
    assert refused.value.field == "password"
    assert len(password) < 6 or password not in str(refused.value)


@pytest.mark.parametrize(
    "password", ["otto gatti sul campanile", "Zk9#fq2L!vbn", "perché piove sempre qui", "日本語のパスワードです長い"]
)
def test_a_short_sentence_in_any_alphabet_will_do(password):
    check_password(password, EMAIL)


def test_a_hash_knows_its_password_and_no_other():
    kept = hash_password("otto gatti sul campanile")
    assert kept.startswith("$argon2id$")
    assert verify(kept, "otto gatti sul campanile")
    assert not verify(kept, "otto gatti sul campanile ")
    assert not verify(None, "the password of nobody")
    assert not verify("not a hash", "not a hash")


def test_letters_composed_in_two_ways_are_one_password():
    assert verify(hash_password("perche\u0301 piove sempre"), "perch\u00e9 piove sempre")


def test_a_hash_of_other_parameters_is_made_anew():
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not needs_rehash(hash_password("x"))
