"""The words that the table of who may do what is written in: roles, scopes of API keys, rules."""

from dataclasses import dataclass

from service.accounts.tables import Role

PUBLIC, READER, COMMUNE = Role.PUBLIC, Role.READER, Role.COMMUNE
CONSULTANT, ADMINISTRATOR = Role.CONSULTANT, Role.ADMINISTRATOR

Roles = frozenset[Role]

EVERYBODY = frozenset(Role)
ACCOUNTS = EVERYBODY - {PUBLIC}
KEEPERS = frozenset({COMMUNE, CONSULTANT, ADMINISTRATOR})
STAFF = frozenset({CONSULTANT, ADMINISTRATOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route; ``scope`` is what an API key must hold besides ("" where no key may call it)."""

    roles: Roles
    scope: str = ""
    own: bool = False


CATALOGUE_READ = "catalogue:read"
RECOMMEND = "recommendations:create"
ITEMS_READ, ITEMS_WRITE = "items:read", "items:write"
WORK_READ, WORK_WRITE = "work:read", "work:write"
REVIEW = "reviews:write"
OPERATION_READ, AUDIT_READ = "operation:read", "audit:read"
SCOPES = (
    *(CATALOGUE_READ, RECOMMEND, ITEMS_READ, ITEMS_WRITE, WORK_READ, WORK_WRITE, REVIEW),
    *(OPERATION_READ, AUDIT_READ),
)
"""What an API key can be allowed to do, each within the rights of its account."""
