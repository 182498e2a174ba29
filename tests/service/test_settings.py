"""Settings come from the environment or a ``.env`` file, and a wrong one is named."""

from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(f"REMIX_{field.upper()}", raising=False)
    return tmp_path


def test_without_any_setting_everything_has_a_place():
    settings = load_settings()
    assert settings.database == "sqlite:///.remix/remix.sqlite"
    assert (settings.encoder, settings.language) == ("default", "it")
    assert settings.cache.name == "remix"


def test_the_environment_wins_over_the_file(empty_folder, monkeypatch):
    (empty_folder / ".env").write_text("REMIX_HOME=/srv/remix\nREMIX_LANGUAGE=en\nANOTHER_PROGRAM=1\n")
    monkeypatch.setenv("REMIX_LANGUAGE", "it")
    assert (load_settings().home, load_settings().language) == (Path("/srv/remix"), "it")


def test_a_database_url_is_taken_as_it_is(monkeypatch):
    monkeypatch.setenv("REMIX_DATABASE_URL", "postgresql://localhost/remix")
    assert load_settings().database == "postgresql://localhost/remix"


def test_a_wrong_value_names_its_variable(monkeypatch):
    monkeypatch.setenv("REMIX_LANGUAGE", "fr")
    with pytest.raises(SettingsError, match="REMIX_LANGUAGE, value 'fr'"):
        load_settings()
