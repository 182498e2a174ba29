"""The person or program that a request comes from, and what it may see."""

from dataclasses import dataclass

from service.accounts.tables import Role

STAFF = frozenset({Role.CONSULTANT, Role.ADMINISTRATOR})
"""The roles of the incubator itself: they see every commune's items."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. ``scopes`` narrows an API key's rights (None: all of the role's)."""

    role: Role = Role.PUBLIC
    account_id: str | None = None
    commune_istat: str | None = None
    language: str = "it"
    api_key_id: str | None = None
    session_hash: str | None = None
    scopes: frozenset[str] | None = None

    @property
    def is_staff(self) -> bool:
        """Whether every commune's items may be seen."""
        return self.role in STAFF

    def keeps(self, istat: str | None) -> bool:
        """Whether this commune's own items may be seen and written: its own account's, or the incubator's."""
        return self.is_staff or (self.role is Role.COMMUNE and istat is not None and istat == self.commune_istat)


VISITOR = Principal()
"""Somebody without an account."""

COMMAND_LINE = Principal(role=Role.ADMINISTRATOR)
"""Whoever runs commands on the machine of the service: may do all, and has no account."""
