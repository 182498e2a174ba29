"""``remix apikey``: the keys by which programs come in, each for an account and for some of what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.accounts import AS_JSON, EMAIL, account_with, actor, opened, plain
from service.language import either

if TYPE_CHECKING:
    from service.accounts.api_keys import ApiKey

NAME = typer.Argument(help=either("Il nome con cui riconoscerla.", "The name to know it by."), show_default=False)
SCOPE = typer.Option(
    "--scope",
    help=either(
        "Che cosa può fare, come catalogue:read; si può ripetere.",
        "What it may do, as catalogue:read; may be repeated.",
    ),
)
DAYS = typer.Option("--days", min=1, max=366, help=either("Per quanti giorni vale.", "For how many days it is valid."))
KEY = typer.Argument(help=either("Il codice o l'inizio della chiave.", "The key's id or prefix."), show_default=False)
OF_EMAIL = typer.Option("--email", help=either("Solo le chiavi di questo accesso.", "Only the keys of this account."))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    keys = typer.Typer(no_args_is_help=True, help=either("Le chiavi dei programmi.", "The keys of programs."))
    keys.command(
        "create", help=either("Crea una chiave e la stampa, questa volta sola.", "Make a key and print it, this once.")
    )(create)
    keys.command("list", help=either("Elenca le chiavi.", "List the keys."))(list_)
    keys.command("revoke", help=either("Revoca una chiave per sempre.", "Revoke a key for good."))(revoke)
    app.add_typer(keys, name="apikey")


def create(
    email: Annotated[str, EMAIL],
    name: Annotated[str, NAME],
    scope: Annotated[list[str], SCOPE],
    days: Annotated[int, DAYS] = 90,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Make a key for an account and print its text."""
    from datetime import timedelta

    from service.accounts.api_keys import create_api_key
    from service.accounts.directory import account_row
    from service.audit.trail import record
    from service.database import writing
    from service.progress import console, print_json

    with opened() as (_, engine), writing(engine) as session:
        account = account_row(session, account_with(session, email).id)
        key, text = create_api_key(session, account, name, scope, timedelta(days=days))
        record(session, *actor(), "api_key.created", "api_key", key.id, scopes=list(key.scopes))
    if as_json:
        print_json({"api_key": _data(key), "key": text})
    else:
        console().print(text, markup=False, highlight=False, soft_wrap=True)


def list_(email: Annotated[str, OF_EMAIL] = "", as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Print the keys, without their secrets."""
    from service.accounts.api_keys import list_api_keys
    from service.accounts.told import api_keys_table
    from service.database import reading
    from service.progress import console, print_json

    with opened() as (settings, engine), reading(engine) as session:
        found = list_api_keys(session, account_with(session, email).id if email else None)
    if as_json:
        print_json({"api_keys": [_data(key) for key in found]})
    else:
        console().print(api_keys_table(found, settings.language))


def revoke(key: Annotated[str, KEY]) -> None:
    """Revoke a key by its id or prefix."""
    from service.accounts.api_keys import MARK, list_api_keys, revoke_api_key
    from service.accounts.told import api_keys_table
    from service.audit.trail import record
    from service.database import writing
    from service.progress import console

    asked = key.removeprefix(f"{MARK}_").partition("_")[0]
    with opened() as (settings, engine), writing(engine) as session:
        chosen = next((one.id for one in list_api_keys(session) if asked in (one.prefix, one.id)), asked)
        revoked = revoke_api_key(session, chosen)
        record(session, *actor(), "api_key.revoked", "api_key", revoked.id)
    console().print(api_keys_table([revoked], settings.language))


def _data(key: ApiKey) -> dict[str, object]:
    from dataclasses import asdict

    return plain(asdict(key))
