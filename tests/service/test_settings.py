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


def test_a_folder_of_secrets_is_read_and_the_environment_wins_over_it(empty_folder, monkeypatch):
    folder = empty_folder / "secrets"
    folder.mkdir()
    (folder / "remix_secret_key").write_text("from a file, 0123456789abcdefghijkl\n")
    (folder / "remix_smtp_password").write_text("of the file")
    monkeypatch.setenv("REMIX_SECRETS_DIR", str(folder))
    monkeypatch.setenv("REMIX_SMTP_PASSWORD", "of the environment")
    settings = load_settings()
    assert settings.secret_key.get_secret_value() == "from a file, 0123456789abcdefghijkl"
    assert settings.smtp_password.get_secret_value() == "of the environment"


def test_a_folder_of_secrets_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("REMIX_SECRETS_DIR", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="REMIX_SECRETS_DIR, value '/nowhere/at/all': no such folder"):
        load_settings()


def test_a_rate_that_is_none_is_named(monkeypatch):
    monkeypatch.setenv("REMIX_RATE_LIMIT", "often")
    with pytest.raises(SettingsError, match="REMIX_RATE_LIMIT, value 'often'"):
        load_settings()


@pytest.mark.parametrize(
    "unsafe", ["", "short", "known to everybody, for development only", "change me change me change me change me"]
)
def test_production_refuses_an_unsafe_secret_without_showing_it(monkeypatch, unsafe):
    monkeypatch.setenv("REMIX_MODE", "production")
    monkeypatch.setenv("REMIX_PUBLIC_URL", "https://remix.example")
    monkeypatch.setenv("REMIX_SECRET_KEY", unsafe)
    with pytest.raises(SettingsError, match=r"REMIX_SECRET_KEY, value \(secret\): .*(unsafe|too short)"):
        load_settings()


def test_production_refuses_an_address_without_https(monkeypatch):
    monkeypatch.setenv("REMIX_MODE", "production")
    monkeypatch.setenv("REMIX_SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
    with pytest.raises(SettingsError, match=r"REMIX_PUBLIC_URL, value 'http://localhost:8000': .*https"):
        load_settings()
