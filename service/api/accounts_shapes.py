"""What the routes of accounts take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.accounts.api_keys import LONGEST_LIFE, ApiKey
from service.accounts.directory import LONGEST_EMAIL, LONGEST_NAME, Account
from service.accounts.passwords import LONGEST
from service.accounts.second_factor import RECOVERY_CODES
from service.accounts.sessions import LiveSession, SecondFactor
from service.accounts.tables import AccountState, Role
from service.work.texts import plain_text

Email = Annotated[
    str, Field(min_length=3, max_length=LONGEST_EMAIL, examples=["nome@comune.example"]), AfterValidator(plain_text)
]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["otto gatti sul campanile"])]
Secret = Annotated[str, Field(min_length=1, max_length=200, description="the secret of the link, as it was sent")]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["Ufficio tecnico"])]


Istat = Annotated[str, Field(pattern=r"^[0-9]{6}$", max_length=6, examples=["015182"])]
Language = Annotated[str, Field(pattern=r"^(it|en)$", max_length=2, examples=["it"])]
Code = Annotated[str, Field(min_length=6, max_length=20, examples=["123456"])]
Scope = Annotated[str, Field(max_length=50, examples=["catalogue:read"])]


class Sent(BaseModel):
    """What a client sends: a field that we do not know is a mistake that it should hear of."""

    model_config = ConfigDict(extra="forbid")


class LogIn(Sent):
    """E-mail address and password."""

    email: Email
    password: Password


class AccountShape(BaseModel):
    """An account without its secrets."""

    id: str = Field(max_length=36, examples=["3f0c4a52-4f0a-4e0e-9f57-0a2b7f1c9d11"])
    email: Email
    name: Name
    role: Role
    commune_istat: str | None = Field(max_length=6, description="the commune of an account with the role commune")
    state: AccountState
    language: str = Field(max_length=2, examples=["it"])
    second_factor: bool = Field(description="whether a second factor is set up")
    created_at: datetime
    last_login_at: datetime | None
    version: int = Field(ge=1, le=2**31 - 1)

    @classmethod
    def of(cls, account: Account) -> "AccountShape":
        """Return the shape of an account."""
        return cls(**{name: getattr(account, name) for name in cls.model_fields})


class SessionShape(BaseModel):
    """A session that was opened: its cookie is in the answer, its CSRF token goes into the header ``CSRF-Token``."""

    csrf_token: str = Field(max_length=100)
    expires_at: datetime
    needed: SecondFactor = Field(description="what the session still lacks before it counts")
    account: AccountShape


class PasswordChange(Sent):
    """The present password and the one that takes its place."""

    present: Password
    wanted: Password


class ChosenPassword(Sent):
    """The secret of a link, and the password that its owner chose."""

    token: Secret
    password: Password


class ResetWish(Sent):
    """The address to which the link to a new password goes, if it has an account."""

    email: Email


class SentCode(Sent):
    """A code of the second factor."""

    code: Code


class OwnChange(Sent):
    """What changes of one's own account; what is left out stays."""

    name: Name | None = Field(None, examples=["Ufficio tecnico"])
    language: Language | None = None


class Invitation(Sent):
    """Whom to invite, and as what."""

    email: Email
    name: Name
    role: Role
    commune_istat: Istat | None = Field(None, description="for the role commune: which one")
    language: Language = "it"


class AccountChange(Sent):
    """What an administrator changes of an account; what is left out stays."""

    name: Name | None = Field(None, examples=["Ufficio tecnico"])
    language: Language | None = None
    role: Role | None = None
    commune_istat: Istat | None = None
    state: AccountState | None = Field(None, description="`disabled`, or `active` to enable again")


class SentLinkShape(BaseModel):
    """An account and the link to it; ``link`` is given, this once, only where no letter could be sent."""

    account: AccountShape
    mailed: bool
    link: str | None = Field(max_length=500, description="pass it on by a safe way: whoever has it can come in")


class SetUpShape(BaseModel):
    """What an app needs to make codes."""

    secret: str = Field(max_length=64)
    uri: str = Field(max_length=1000, examples=["otpauth://totp/Remix:nome%40comune.example?secret=…&issuer=Remix"])
    qr_svg: str = Field(max_length=50_000)


class RecoveryCodes(BaseModel):
    """Codes that each replace the second factor once; shown this once."""

    recovery_codes: list[Annotated[str, Field(max_length=20)]] = Field(max_length=RECOVERY_CODES)


class SecondFactorSetUp(SessionShape, RecoveryCodes):
    """The session that counts from now on, and the recovery codes."""


class LiveSessionShape(BaseModel):
    """Where an account is logged in."""

    id: str = Field(max_length=24)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, session: LiveSession) -> "LiveSessionShape":
        """Return the shape of a session."""
        return cls(**{name: getattr(session, name) for name in cls.model_fields})


class NewApiKey(Sent):
    """Which key to make."""

    name: Annotated[
        str, Field(min_length=1, max_length=100, examples=["Portale dei bandi"]), AfterValidator(plain_text)
    ]
    scopes: list[Scope] = Field(min_length=1, max_length=20)
    days: int = Field(90, ge=1, le=LONGEST_LIFE.days, description="how long it lives")


class ApiKeyShape(BaseModel):
    """An API key without its secret."""

    id: str = Field(max_length=36)
    prefix: str = Field(max_length=20, description="how the key begins, after `rmx_`")
    name: str = Field(max_length=100)
    scopes: list[Scope] = Field(max_length=20)
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyShape":
        """Return the shape of a key."""
        return cls(**{name: getattr(key, name) for name in cls.model_fields})


class MadeApiKey(ApiKeyShape):
    """A key just made, with the text that a program sends; shown this once."""

    key: str = Field(max_length=200, examples=["rmx_0123456789ab_…"])
