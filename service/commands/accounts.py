"""``remix user``: accounts kept by whoever runs the service; the first administrator is invited here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.language import either

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from service.accounts.directory import Account
    from service.accounts.invitations import SentLink
    from service.settings import Settings

EMAIL = typer.Argument(
    help=either("L'indirizzo e-mail dell'accesso.", "The account's e-mail address."), show_default=False
)
NAME = typer.Argument(help=either("Il nome con cui mostrarlo.", "The name to show."), show_default=False)
ROLE_WORDS = "reader, commune, consultant, administrator"
ROLE = typer.Argument(help=either(f"Il nuovo ruolo: {ROLE_WORDS}.", f"The new role: {ROLE_WORDS}."), show_default=False)
AS_ROLE = typer.Option("--role", help=either(f"Il ruolo: {ROLE_WORDS}.", f"The role: {ROLE_WORDS}."))
OF_ROLE = typer.Option("--role", help=either("Solo gli accessi con questo ruolo.", "Only accounts of this role."))
COMMUNE = typer.Option(
    "--commune", help=either("Per il ruolo commune: nome o codice ISTAT.", "For the role commune: name or ISTAT code.")
)
LANGUAGE = typer.Option("--language", help=either("Lingua delle lettere: it o en.", "Language of letters: it or en."))
SECOND_FACTOR = typer.Option(
    "--second-factor",
    help=either("Toglie anche il secondo fattore (telefono perso).", "Also take the second factor (lost telephone)."),
)
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    users = typer.Typer(no_args_is_help=True, help=either("Gli accessi delle persone.", "People's accounts."))
    users.command("list", help=either("Elenca gli accessi.", "List the accounts."))(list_)
    users.command(
        "invite",
        help=either(
            "Apre un accesso e invia il link per entrarvi (senza server di posta lo stampa).",
            "Open an account and send the link to it (without a mail server it is printed).",
        ),
    )(invite)
    users.command("disable", help=either("Chiude un accesso.", "Close an account."))(disable)
    users.command("enable", help=either("Riapre un accesso.", "Open an account again."))(enable)
    users.command(
        "reset",
        help=either("Invia il link per una nuova password, o di nuovo l'invito.", "Send the link to a new password."),
    )(reset)
    users.command("role", help=either("Cambia il ruolo di un accesso.", "Change the role of an account."))(role)
    app.add_typer(users, name="user")


def list_(role: Annotated[str, OF_ROLE] = "", as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Print every account, without its secrets."""
    from dataclasses import asdict

    from service.accounts.administration import AccountFilter, list_accounts
    from service.accounts.told import accounts_table
    from service.database import reading
    from service.progress import console, print_json

    with opened() as (settings, engine), reading(engine) as session:
        accounts, total = list_accounts(session, AccountFilter(role=_role(role) if role else None), limit=100_000)
    if as_json:
        print_json({"accounts": [plain(asdict(account)) for account in accounts], "total": total})
    else:
        console().print(accounts_table(accounts, settings.language))


def invite(
    email: Annotated[str, EMAIL],
    name: Annotated[str, NAME],
    role: Annotated[str, AS_ROLE] = "commune",
    commune: Annotated[str, COMMUNE] = "",
    language: Annotated[str, LANGUAGE] = "it",
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Make an account and send its link, or print it."""
    from service.accounts.configuration import post_of
    from service.accounts.invitations import NewAccount
    from service.accounts.invitations import invite as invite_account

    with opened(filled=True) as (settings, engine):
        wanted = NewAccount(email, name, _role(role), _istat(engine, commune), language)
        made = invite_account(engine, post_of(settings), *actor(), wanted)
    _print_link(made, settings, as_json)


def disable(email: Annotated[str, EMAIL]) -> None:
    """Close an account; its sessions end."""
    from service.accounts.tables import AccountState

    _change(email, lambda _engine: {"state": AccountState.DISABLED})


def enable(email: Annotated[str, EMAIL]) -> None:
    """Open an account again that was closed."""
    from service.accounts.tables import AccountState

    _change(email, lambda _engine: {"state": AccountState.ACTIVE})


def role(email: Annotated[str, EMAIL], role: Annotated[str, ROLE], commune: Annotated[str, COMMUNE] = "") -> None:
    """Change what an account may do; its sessions end."""
    _change(email, lambda engine: {"role": _role(role), "commune_istat": _istat(engine, commune)})


def reset(
    email: Annotated[str, EMAIL],
    second_factor: Annotated[bool, SECOND_FACTOR] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Send the link to a new password (an invited account gets its invitation again), or print it."""
    from service.accounts.administration import reset_second_factor
    from service.accounts.configuration import post_of
    from service.accounts.invitations import send_link
    from service.database import writing

    with opened() as (settings, engine):
        with writing(engine) as session:
            account_id = account_with(session, email).id
            if second_factor:
                reset_second_factor(session, *actor(), account_id)
        made = send_link(engine, post_of(settings), *actor(), account_id)
    _print_link(made, settings, as_json)


def _change(email: str, changes: Callable[[Engine], dict[str, Any]]) -> None:
    from service.accounts.administration import change_account
    from service.accounts.told import accounts_table
    from service.database import writing
    from service.progress import console

    with opened() as (settings, engine):
        wanted = changes(engine)
        with writing(engine) as session:
            account = account_with(session, email)
            changed = change_account(session, *actor(), account.id, account.version, wanted)
    console().print(accounts_table([changed], settings.language))


def account_with(session: Session, email: str) -> Account:
    """Return the account of an e-mail address; raises UnknownRecordError if there is none."""
    from service.accounts.directory import account_of, find_account
    from service.errors import UnknownRecordError

    row = find_account(session, email)
    if row is None:
        raise UnknownRecordError(f"{email}: no account has this address; `remix user list` shows them all")
    return account_of(row)


def _role(word: str) -> Any:
    from service.accounts.tables import Role
    from service.errors import UsageError

    if word not in ROLE_WORDS.split(", "):
        raise UsageError(f"role {word!r}: one of {ROLE_WORDS}")
    return Role(word)


def _istat(engine: Engine, commune: str) -> str | None:
    from service.recommending import communes

    return communes(engine).find(commune).istat if commune else None


def actor() -> tuple[Any, str]:
    """Return who acts at the command line of the machine, and the id of this run for the trail."""
    from service.access.principal import COMMAND_LINE
    from service.ids import new_id

    return COMMAND_LINE, f"cli-{new_id()}"


@contextmanager
def opened(*, filled: bool = False) -> Iterator[tuple[Settings, Engine]]:
    """Hold the database of the settings; ``filled``: make it first where there is none yet."""
    from service.database import open_database
    from service.initial import open_filled
    from service.settings import load_settings

    settings = load_settings()
    engine = open_filled(settings) if filled else open_database(settings)
    try:
        yield settings, engine
    finally:
        engine.dispose()


def _print_link(made: SentLink, settings: Settings, as_json: bool) -> None:
    from dataclasses import asdict

    from service.accounts.told import sent_link
    from service.progress import console, print_json

    if as_json:
        print_json({"account": plain(asdict(made.account)), "mailed": made.mailed, "link": made.address})
    else:
        for line in sent_link(made, settings.language):
            console().print(line, markup=False, highlight=False, soft_wrap=True)


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a dataclass as JSON holds them: moments as text."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in data.items()}
