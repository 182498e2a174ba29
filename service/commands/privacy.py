"""``remix privacy`` and ``remix tidy``: what is kept about people, told, erased, and removed after its term."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.accounts import AS_JSON, EMAIL, actor, opened
from service.language import either

YES = typer.Option("--yes", help=either("Senza chiedere conferma.", "Without asking again."))
_SURE = {
    "it": "Cancellare per sempre chi è {email}? Quanto ha fatto resta, senza nome.",
    "en": "Erase for good who {email} is? What they did stays, without a name.",
}
_ERASED = {
    "it": "Fatto: l'accesso {id} non ha più né indirizzo né nome. Le copie fatte prima li contengono ancora.",
    "en": "Done: account {id} has neither address nor name any more. Copies made before still hold them.",
}
_TIDIED = {"it": "Righe rimosse: ", "en": "Rows removed: "}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    privacy = typer.Typer(no_args_is_help=True, help=either("I dati delle persone.", "People's data."))
    privacy.command(
        "export",
        help=either(
            "Stampa in JSON quanto si conserva di un accesso.", "Print as JSON all that is kept of an account."
        ),
    )(export)
    privacy.command(
        "erase",
        help=either(
            "Chiude un accesso e ne cancella indirizzo, nome e segreti, per sempre.",
            "Close an account and erase its address, name and secrets, for good.",
        ),
    )(erase)
    app.add_typer(privacy, name="privacy")
    app.command(
        "tidy",
        help=either(
            "Rimuove ciò che ha superato il suo termine (docs/retention.md); da eseguire ogni giorno.",
            "Remove what has outlived its term (docs/retention.md); to be run every day.",
        ),
    )(tidy)


def export(email: Annotated[str, EMAIL]) -> None:
    """Print all rows that name an account, without secrets."""
    from service.accounts.directory import find_account
    from service.accounts.privacy import export_account, export_reader
    from service.database import writing
    from service.progress import print_json

    with opened() as (_, engine), writing(engine) as session:
        account = find_account(session, email)
        if account is not None:
            kept = export_account(session, *actor(), account.id)
        else:
            kept = export_reader(session, *actor(), email)
    print_json(kept)


def erase(email: Annotated[str, EMAIL], yes: Annotated[bool, YES] = False) -> None:
    """Take from an account everything that says whose it was."""
    from service.accounts.directory import find_account
    from service.accounts.privacy import erase_account, erase_reader
    from service.database import writing
    from service.progress import console

    with opened() as (settings, engine):
        if not yes:
            typer.confirm(_SURE[settings.language].format(email=email), abort=True)
        with writing(engine) as session:
            account = find_account(session, email)
            if account is not None:
                erased = erase_account(session, *actor(), account.id).id
            else:
                erased = erase_reader(session, *actor(), email)
    console().print(_ERASED[settings.language].format(id=erased), markup=False, highlight=False, soft_wrap=True)


def tidy(as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Remove what has outlived its term."""
    from service.database import writing
    from service.progress import console, print_json
    from service.retention import tidy as remove

    with opened() as (settings, engine), writing(engine) as session:
        removed = remove(session, *actor())
    if as_json:
        print_json({"removed": dict(removed)})
        return
    counts = ", ".join(f"{name} {count}" for name, count in removed.items())
    console().print(_TIDIED[settings.language] + counts, markup=False, highlight=False, soft_wrap=True)
