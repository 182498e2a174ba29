import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.e5.build import build_encoder
from matcher.e5.folder import verified
from matcher.e5.source import FILE
from matcher.errors import EncoderError


def ignore(_share: float, _what: str) -> None:
    pass


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    wrong = tmp_path / FILE
    wrong.write_bytes(b"E5S1")
    with pytest.raises(EncoderError, match="sha256"):
        build_encoder(tmp_path / "built" / "encoder", ignore, wrong)
    assert list((tmp_path / "built").iterdir()) == []


def test_building_again_gives_the_same_bytes_and_says_how_far_it_is(
    tmp_path: Path, default_encoder_folder: Path
) -> None:
    told: list[tuple[float, str]] = []
    build_encoder(tmp_path / "encoder", lambda share, what: told.append((share, what)))
    assert verified(tmp_path / "encoder") == verified(default_encoder_folder)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]


def test_a_builder_that_ends_second_leaves_the_first_ones_folder(tmp_path: Path, default_encoder_folder: Path) -> None:
    place = tmp_path / "encoder"
    shutil.copytree(default_encoder_folder, place)
    before = (place / "manifest.json").stat().st_ino
    build_encoder(place, ignore)
    assert (place / "manifest.json").stat().st_ino == before


def test_something_else_in_the_folders_place_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "notes.txt").write_text("mine")
    with pytest.raises(EncoderError, match="encoder: holds other files than an encoder's; move them away"):
        build_encoder(tmp_path / "encoder", ignore)
    assert [path.name for path in (tmp_path / "encoder").iterdir()] == ["notes.txt"]


def test_a_cache_that_cannot_be_written_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(EncoderError, match=r"cache/encoder: cannot be written .* set REMIX_CACHE"):
        build_encoder(tmp_path / "cache" / "encoder", ignore)


@pytest.mark.slow
def test_two_processes_that_build_at_once_both_succeed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from matcher.e5.build import build_encoder; "
        "build_encoder(Path(sys.argv[1]), lambda share, what: None)"
    )
    place = tmp_path / "encoder"
    both = [subprocess.Popen([sys.executable, "-c", script, str(place)]) for _ in range(2)]  # noqa: S603
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert verified(place).files
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]
