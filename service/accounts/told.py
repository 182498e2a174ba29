"""Accounts, links and keys as the command line shows them (Italian, English)."""

from collections.abc import Iterable
from datetime import datetime

from rich.table import Table

from service.accounts.api_keys import MARK, ApiKey
from service.accounts.directory import Account
from service.accounts.invitations import SentLink
from service.moments import ROME
from service.reports import cell, plain_table

_ACCOUNTS = {
    "it": ("E-mail", "Nome", "Ruolo", "Comune", "Stato", "Secondo fattore", "Ultimo accesso"),
    "en": ("E-mail", "Name", "Role", "Commune", "State", "Second factor", "Last log-in"),
}
_KEYS = {
    "it": ("Codice", "Inizio", "Nome", "Può", "Scade", "Usata", "Revocata"),
    "en": ("Id", "Prefix", "Name", "May do", "Expires", "Used", "Revoked"),
}
_ROLES_IT = {
    "reader": "lettore", "commune": "comune", "consultant": "consulente", "administrator": "amministratore",
}  # fmt: skip
_STATES_IT = {"invited": "invitato", "active": "attivo", "disabled": "chiuso"}
_YES = {"it": "sì", "en": "yes"}
_MAILED = {"it": "Il link è stato inviato a {email}.", "en": "The link was sent to {email}."}
_BY_HAND = {
    "it": "Nessuna lettera è partita. Faccia avere questo link a {email} per una via sicura; vale una volta sola:",
    "en": "No letter was sent. Pass this link on to {email} by a safe way; it works once:",
}


def accounts_table(accounts: Iterable[Account], language: str = "it") -> Table:
    """Return accounts as a table."""
    table = plain_table(_ACCOUNTS[language])
    for one in accounts:
        role, state = one.role.value, one.state.value
        if language == "it":
            role, state = _ROLES_IT[role], _STATES_IT[state]
        second_factor = _YES[language] if one.second_factor else ""
        values = (one.email, one.name, role, one.commune_istat, state, second_factor, _day(one.last_login_at))
        table.add_row(*map(cell, values))
    return table


def api_keys_table(keys: Iterable[ApiKey], language: str = "it") -> Table:
    """Return API keys as a table, without their secrets."""
    table = plain_table(_KEYS[language])
    for key in keys:
        days = (_day(at) for at in (key.expires_at, key.last_used_at, key.revoked_at))
        table.add_row(*map(cell, (key.id, f"{MARK}_{key.prefix}", key.name, ", ".join(key.scopes), *days)))
    return table


def sent_link(made: SentLink, language: str = "it") -> list[str]:
    """Return what became of a link: sent, or the link itself to be passed on."""
    if made.address is None:
        return [_MAILED[language].format(email=made.account.email)]
    return [_BY_HAND[language].format(email=made.account.email), made.address]


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(ROME):%d/%m/%Y %H:%M}" if at else ""
