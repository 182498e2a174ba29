"""What a person may set, from the environment (``REMIX_HOME``…) or from a ``.env`` file in the working folder."""

from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import SettingsError

PREFIX = "REMIX_"
DATABASE_FILE = "remix.sqlite"


class Settings(BaseSettings):
    """The settings of one run; every one has a default that works on a fresh machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(Path(".remix"), description="folder of everything that the service writes")
    database_url: str = Field("", description="SQLAlchemy URL; empty means an SQLite file in the home folder")
    encoder: str = Field("default", description="'default', or the hub name or folder of a sentence-transformers model")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("remix"), description="folder of what can be built again"
    )
    language: Literal["it", "en"] = Field("it", description="language of what the command line prints")
    keep_artifacts_days: int = Field(
        7, ge=0, le=3650, description="days for which the indexes behind answers are kept, so that they can be repeated"
    )

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        return self.database_url or f"sqlite:///{self.home / DATABASE_FILE}"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` win over the environment. Raises SettingsError naming variable and value."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        variable = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{variable}, value {first['input']!r}: {first['msg']}; change or unset it") from error
