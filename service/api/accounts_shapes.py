"""What the routes of accounts take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.accounts.directory import LONGEST_EMAIL, Account
from service.accounts.passwords import LONGEST
from service.accounts.sessions import SecondFactor
from service.accounts.tables import AccountState, Role

Email = Annotated[str, Field(min_length=3, max_length=LONGEST_EMAIL, examples=["nome@comune.example"])]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["otto gatti sul campanile"])]
Secret = Annotated[str, Field(min_length=1, max_length=200, description="the secret of the link, as it was sent")]
Name = Annotated[str, Field(min_length=1, max_length=200, examples=["Ufficio tecnico"])]


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
