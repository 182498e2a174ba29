"""What roles and states of accounts are called on pages."""

from service.accounts.tables import AccountState, Role
from service.pages.translations import translations


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_ROLES = {
    Role.COMMUNE: _("comune"),
    Role.CONSULTANT: _("consulente dell’incubatore"),
    Role.ADMINISTRATOR: _("amministrazione"),
    Role.READER: _("sola lettura"),
}
ROLES = tuple(_ROLES)
"""The roles that an account can have."""
_STATES = {
    AccountState.INVITED: _("invitato"),
    AccountState.ACTIVE: _("attivo"),
    AccountState.DISABLED: _("disattivato"),
}


def role_name(role: Role, language: str) -> str:
    """Return what a role is called."""
    return translations(language).gettext(_ROLES[role])


def account_state_name(state: AccountState, language: str) -> str:
    """Return what a state of an account is called."""
    return translations(language).gettext(_STATES[state])
