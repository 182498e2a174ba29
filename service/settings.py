"""What a person may set: by the environment (``REMIX_HOME``…), a ``.env`` file in the working folder, a secrets folder.

The secrets folder (``REMIX_SECRETS_DIR``, such as ``/run/secrets``) holds one file a setting, named as the variable in
small letters. The environment wins over ``.env``, and this over the folder.
"""

import os
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from limits import parse
from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import SettingsError

PREFIX = "REMIX_"
DATABASE_FILE = "remix.sqlite"
DEVELOPMENT_KEY = "known to everybody, for development only"


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
    mode: Literal["development", "production"] = Field(
        "development", description="in production an unsafe secret or address is refused"
    )
    public_url: str = Field(
        "http://localhost:8000", validate_default=True, description="the service's own address, as people open it"
    )
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_KEY),
        validate_default=True,
        description="at least 32 random characters, from which keys are derived",
    )
    smtp_host: str = Field("", description="mail server; empty means that no letters are sent, and links are shown")
    smtp_port: int = Field(587, ge=1, le=65535, description="port of the mail server")
    smtp_user: str = Field("", description="name at the mail server; empty means none is asked for")
    smtp_password: SecretStr = Field(SecretStr(""), description="password at the mail server")
    smtp_from: str = Field("remix@localhost", description="sender of every letter")
    smtp_starttls: bool = Field(True, description="refuse to send letters in clear text")
    digest_bounces_to: str = Field(
        "", description="address that reports of undelivered weekly e-mails go to; empty: the sender's"
    )
    digest_connections: int = Field(
        12, ge=1, le=50, description="connections to the mail server that weekly e-mails go out by"
    )
    digest_domain_rate: str = Field(
        "10/second", description="weekly e-mails to one domain; empty: as many as the mail server takes"
    )
    digest_pec_domains: str = Field(
        "", description="further domains of certified mail (PEC), which is never written to, with commas between"
    )
    digest_retry_seconds: float = Field(
        15, ge=0.05, le=3600, description="pause after the first temporary refusal of a weekly e-mail; later ones grow"
    )
    resolution_days: int = Field(
        7, ge=0, le=60, description="working days that a resolution of the giunta usually takes; 0: say nothing of it"
    )
    request_days: str = Field(
        "", description="working days within which each service is answered, as finanziamenti=5,tecnologia=15"
    )
    silence_days: int = Field(
        180, ge=1, le=3650, description="days without a word after which a funded project is shown as silent"
    )
    accessibility_statement_url: str = Field(
        "", description="address of the body's accessibility statement on AgID's form; every page links to it"
    )
    oidc_issuer: str = Field("", description="issuer of the body's OpenID provider; empty means none")
    oidc_client_id: str = Field("", description="what the provider calls this service")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="secret shared with the provider")
    oidc_strong: str = Field(
        "", description="values of acr or amr that count as second factor, with commas between, such as mfa,otp"
    )

    trusted_hosts: str = Field(
        "", description="names that are answered, with commas between; empty: that of public_url, in development any"
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="addresses of proxies whose word about client and scheme counts, with commas between"
    )
    upload_limit_kb: int = Field(2048, ge=1, le=1_000_000, description="largest body of a request, in KiB")
    import_limit_mb: int = Field(64, ge=1, le=4096, description="largest official file that may be uploaded, in MiB")
    list_limit: int = Field(1000, ge=1, le=100_000, description="most lines of an uploaded list of projects")
    rate_limit: str = Field(
        "1200/minute", description="requests of one account, or one address without account; empty: as many as it likes"
    )
    metrics_port: int = Field(0, ge=0, le=65535, description="port of the Prometheus metrics; 0 means none")
    metrics_host: str = Field("127.0.0.1", description="address that the metrics are served on")
    log_format: Literal["", "json", "text"] = Field(
        "", description="lines for programs or for people; empty: json in production, else text"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="the least that is logged")
    secrets_dir: Path | None = Field(None, description="folder that holds one file a setting, for secrets")

    @field_validator("rate_limit", "digest_domain_rate")
    @classmethod
    def _is_rate(cls, value: str) -> str:
        if value:
            parse(value)
        return value

    @field_validator("request_days")
    @classmethod
    def _is_terms(cls, value: str) -> str:
        if value:
            from service.requests.terms import terms_of

            terms_of(value)
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if info.data.get("mode") == "production" and (secret == DEVELOPMENT_KEY or len(set(secret)) < 12):
            raise ValueError("unsafe: set 32 random characters or more")
        if len(secret) < 32:
            raise ValueError("too short: set 32 random characters or more")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_https(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("mode") == "production" and not value.startswith("https://"):
            raise ValueError("in production people open the service over https")
        return value.rstrip("/")

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        return self.database_url or f"sqlite:///{self.home / DATABASE_FILE}"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` win over the environment. Raises SettingsError naming variable and value."""
    options = overrides | {"_secrets_dir": _secrets_folder(overrides)}
    try:
        return Settings(**options)
    except ValidationError as error:
        first = error.errors()[0]
        variable = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        shown = "(secret)" if variable.endswith(("KEY", "SECRET", "PASSWORD")) else repr(first["input"])
        raise SettingsError(f"{variable}, value {shown}: {first['msg']}; change or unset it") from None


def _secrets_folder(overrides: dict[str, Any]) -> Path | None:
    variable = f"{PREFIX}SECRETS_DIR"
    named = overrides.get("secrets_dir") or os.environ.get(variable) or dotenv_values(".env").get(variable)
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise SettingsError(f"{variable}, value {str(named)!r}: no such folder; change or unset it")
    return folder
