"""What is sealed opens only for the same purpose, with the same key, unchanged and in time."""

from base64 import urlsafe_b64decode
from datetime import timedelta

import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from service.accounts.vault import Vault
from service.moments import now

KEY = "a secret key of thirty-two characters"
VAULT = Vault(KEY)


@settings(deadline=None, max_examples=30)
@given(st.text(), st.text(max_size=20))
def test_what_was_sealed_comes_back(text, purpose):
    sealed = VAULT.seal(purpose, text)
    assert VAULT.unseal(purpose, sealed) == text
    assert not text or text not in sealed or len(text) < 4


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.characters(codec="ascii", categories=["L", "N"]))
def test_one_changed_letter_opens_nothing(place, letter):
    sealed = VAULT.seal("x", "a text")
    place %= len(sealed) - 2
    changed = sealed[:place] + letter + sealed[place + 1 :]
    # The last letter stands for fewer bits than it has: another one there may say the same.
    is_same = urlsafe_b64decode(changed) == urlsafe_b64decode(sealed)
    assert VAULT.unseal("x", changed) == ("a text" if is_same else None)


def test_another_purpose_and_another_key_open_nothing():
    sealed = VAULT.seal("second factor", "a text")
    assert VAULT.unseal("oidc departure", sealed) is None
    assert Vault(KEY + "!").unseal("second factor", sealed) is None
    assert VAULT.unseal("second factor", "") is None
    assert VAULT.unseal("second factor", "è no") is None


def test_what_has_a_term_opens_until_then():
    sealed = VAULT.seal("x", "a text")
    with time_machine.travel(now() + timedelta(seconds=59)):
        assert VAULT.unseal("x", sealed, 60) == "a text"
    with time_machine.travel(now() + timedelta(seconds=62)):
        assert VAULT.unseal("x", sealed, 60) is None
        assert VAULT.unseal("x", sealed) == "a text"


def test_marks_depend_on_key_purpose_and_text():
    marks = {VAULT.mark("a", "x"), VAULT.mark("a", "y"), VAULT.mark("b", "x"), Vault(KEY + "!").mark("a", "x")}
    assert len(marks) == 4
    assert VAULT.mark("a", "x") in marks
