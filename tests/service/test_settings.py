"""Settings come from the environment or a ``.env`` file, and a wrong one is named."""

from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import DEVELOPMENT_KEY, Settings, load_settings


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


@pytest.mark.parametrize("key", ["", "short", "a" * 40, DEVELOPMENT_KEY])
def test_production_refuses_an_unsafe_secret_and_does_not_show_it(monkeypatch, key):
    monkeypatch.setenv("REMIX_MODE", "production")
    monkeypatch.setenv("REMIX_PUBLIC_URL", "https://remix.example")
    monkeypatch.setenv("REMIX_SECRET_KEY", key)
    with pytest.raises(SettingsError, match="REMIX_SECRET_KEY, value \\(secret\\)") as refused:
        load_settings()
    assert not key or key not in str(refused.value)


def test_production_refuses_the_secret_that_everybody_knows_and_an_address_without_https(monkeypatch):
    monkeypatch.setenv("REMIX_MODE", "production")
    with pytest.raises(SettingsError, match="REMIX_PUBLIC_URL"):
        load_settings()
    monkeypatch.setenv("REMIX_PUBLIC_URL", "https://remix.example/")
    with pytest.raises(SettingsError, match="REMIX_SECRET_KEY"):
        load_settings()
    monkeypatch.setenv("REMIX_SECRET_KEY", "Xk3vQz81mWn5Lr0TbYc7Hd2JfPs9GaEu")
    assert load_settings().public_url == "https://remix.example"
