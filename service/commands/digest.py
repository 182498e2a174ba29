"""``remix digest``: the weekly e-mail, planned, looked at, sent, and looked after; run by a timer, never by the web."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.accounts import AS_JSON, EMAIL, actor, opened
from service.language import either

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.digests.content import Mail
    from service.digests.weeks import Week

WEEK = typer.Option(
    "--week",
    help=either("La settimana, come 2026-W48; ora: questa.", "The week, as 2026-W48; now: this one."),
)
DRY_RUN = typer.Option(
    "--dry-run",
    help=either("Dice che cosa accadrebbe, e nulla di più.", "Say what would happen, and do nothing."),
)
WAIT = typer.Option(
    "--wait",
    min=0,
    max=1440,
    help=either(
        "Minuti per cui attendere i messaggi da ritentare.", "Minutes to wait for e-mails that are to be tried again."
    ),
)
MAILBOX = typer.Argument(
    help=either("Maildir, cartella di messaggi o file mbox.", "A Maildir, a folder of messages or an mbox file."),
    show_default=False,
)
HTML = typer.Option("--html", help=either("Scrive la parte HTML in questo file.", "Write the HTML part to this file."))
LOG = typer.Option(
    "--log",
    help=either(
        "Registro del server di posta: ciò che vi compare è stato inviato.",
        "A log of the mail server: what stands there was sent.",
    ),
)
AGAIN = typer.Option("--again", help=either("Il prossimo invio li ripete.", "The next run sends them again."))
SENT = typer.Option("--sent", help=either("Si considerano inviati.", "They count as sent."))
_SAY = {
    "it": {
        "planned": "Settimana {week}: {new} messaggi da scrivere, {suppressed} persone a cui non si scrive, "
        "{expired} messaggi superati.",
        "dry": "Settimana {week}: {new} messaggi ancora da scrivere, {suppressed} persone a cui non si scrive; nulla è "
        "stato scritto o inviato.",
        "nobody": "{email}: nessuno che riceva il messaggio settimanale ha questo indirizzo",
        "bounces": "Messaggi letti: {figures}.",
        "allowed": "Si scrive di nuovo a questo indirizzo.",
        "not_barred": "A questo indirizzo si scriveva già.",
        "decided": "{found} inviati secondo il registro, {changed} decisi, {left} ancora incerti.",
    },
    "en": {
        "planned": "Week {week}: {new} e-mails to be written, {suppressed} people who are not written to, "
        "{expired} e-mails told by this week's.",
        "dry": "Week {week}: {new} e-mails still to be written, {suppressed} people who are not written to; nothing "
        "was written or sent.",
        "nobody": "{email}: nobody who gets the weekly e-mail has this address",
        "bounces": "Messages read: {figures}.",
        "allowed": "This address is written to again.",
        "not_barred": "This address was written to all the time.",
        "decided": "{found} sent by the log, {changed} decided, {left} still uncertain.",
    },
}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    digest = typer.Typer(no_args_is_help=True, help=either("Il messaggio settimanale.", "The weekly e-mail."))
    digest.command("plan", help=either("Stabilisce chi lo riceve.", "Settle who gets it."))(plan)
    digest.command(
        "preview", help=either("Mostra il messaggio di una persona, senza inviarlo.", "Show somebody's, unsent.")
    )(preview)
    digest.command(
        "send",
        help=either(
            "Stabilisce chi lo riceve, lo scrive e lo invia; interrotto, si riprende ripetendo il comando.",
            "Settle who gets it, write and send it; interrupted, run it again.",
        ),
    )(send)
    digest.command("status", help=either("A che punto è la settimana.", "How the week stands."))(status)
    digest.command(
        "bounces", help=either("Legge gli avvisi di mancata consegna.", "Read the reports of undelivered e-mails.")
    )(bounces)
    digest.command(
        "uncertain",
        help=either(
            "Decide dei messaggi di cui non si sa se siano arrivati.",
            "Decide about e-mails that may have arrived or not.",
        ),
    )(uncertain)
    digest.command(
        "allow", help=either("Torna a scrivere a un indirizzo sospeso.", "Write to a suppressed address again.")
    )(allow)
    app.add_typer(digest, name="digest")


def plan(week: Annotated[str, WEEK] = "", as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Put a row into the outbox for everybody who gets the e-mail."""
    from dataclasses import asdict

    from service.digests.running import plan_week

    with opened() as (settings, engine):
        wanted = _week(week)
        made = plan_week(engine, settings, wanted)
    _show(settings.language, "planned", as_json, week=str(wanted), **asdict(made))


def preview(
    email: Annotated[str, EMAIL],
    week: Annotated[str, WEEK] = "",
    html: Annotated[Path | None, HTML] = None,
) -> None:
    """Write somebody's e-mail and show its text part; nothing is kept."""
    from service.digests.previewing import preview_of
    from service.errors import UnknownRecordError
    from service.progress import console, progress_bar

    with opened() as (settings, engine):
        with progress_bar(settings.language) as progress:
            found = preview_of(engine, settings, email, _week(week), progress)
        if found is None:
            raise UnknownRecordError(_SAY[settings.language]["nobody"].format(email=email))
    _write_html(found, html)
    for line in (found.subject, "", *found.text.splitlines()):
        console().print(line, markup=False, highlight=False, soft_wrap=True)


def send(
    week: Annotated[str, WEEK] = "",
    dry_run: Annotated[bool, DRY_RUN] = False,
    wait: Annotated[int, WAIT] = 10,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Do all that is left to do for one week; ends with 1 where an e-mail could not be written."""
    from dataclasses import asdict
    from datetime import timedelta
    from functools import partial

    from service.digests.opening import open_editor
    from service.digests.running import plan_week, send_week
    from service.digests.telling import tell_administrators
    from service.digests.told import ran_data, ran_lines
    from service.progress import progress_bar

    with opened() as (settings, engine):
        wanted = _week(week)
        if dry_run:
            made = plan_week(engine, settings, wanted, dry_run=True)
            _show(settings.language, "dry", as_json, week=str(wanted), **asdict(made))
            return
        with _ending_well(), progress_bar(settings.language) as progress:
            editor = partial(open_editor, settings, engine, progress)
            ran = send_week(engine, settings, wanted, editor, progress, timedelta(minutes=wait))
        tell_administrators(engine, settings)
    _print(ran_data(ran), ran_lines(ran, settings.language), as_json)
    if ran.written["unwritten"]:
        raise typer.Exit(1)


def status(week: Annotated[str, WEEK] = "", as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Print how a week stands."""
    from service.database import reading
    from service.digests.told import as_lines, standing, standing_data

    with opened() as (settings, engine), reading(engine) as session:
        found = standing(session, _week(week))
        _print(standing_data(found), as_lines(found, settings.language), as_json)


def bounces(path: Annotated[Path, MAILBOX], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Read a mailbox and write no more to addresses that do not exist."""
    from service.audit.trail import record
    from service.database import writing
    from service.digests.bounces import apply_all
    from service.digests.telling import tell_administrators

    with opened() as (settings, engine):
        with writing(engine) as session:
            figures = {outcome.value: count for outcome, count in apply_all(session, path).items()}
            record(session, *actor(), "digest.bounces_read", "digest", "", counts=figures)
        tell_administrators(engine, settings)
    shown = ", ".join(f"{name} {count}" for name, count in sorted(figures.items())) or "0"
    _print(figures, [_SAY[settings.language]["bounces"].format(figures=shown)], as_json)


def uncertain(
    week: Annotated[str, WEEK] = "",
    log: Annotated[Path | None, LOG] = None,
    again: Annotated[bool, AGAIN] = False,
    sent: Annotated[bool, SENT] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Settle e-mails whose delivery is uncertain, by the mail server's log or on a person's word."""
    from service.audit.trail import record
    from service.database import writing
    from service.digests.uncertain import uncertain_ones
    from service.errors import UsageError

    if again and sent:
        raise UsageError("--again and --sent contradict each other: choose one")
    with opened() as (settings, engine), writing(engine) as session:
        wanted = _week(week)
        found, changed = _decide(session, wanted, log, again, sent)
        left = len(uncertain_ones(session, wanted))
        figures = {"found": found, "changed": changed, "left": left}
        if found or changed:
            record(session, *actor(), "digest.uncertain_settled", "digest", str(wanted), counts=figures, again=again)
    _show(settings.language, "decided", as_json, **figures)


def allow(email: Annotated[str, EMAIL]) -> None:
    """Take an address from the list of those that are written to no more."""
    from service.audit.trail import record
    from service.database import writing
    from service.digests.addresses import allow_again

    with opened() as (settings, engine), writing(engine) as session:
        was_barred = allow_again(session, email)
        if was_barred:
            record(session, *actor(), "digest.address_allowed", "digest", "")
    _show(settings.language, "allowed" if was_barred else "not_barred", as_json=False)


def _decide(session: Session, week: Week, log: Path | None, again: bool, sent: bool) -> tuple[int, int]:
    from service.digests.uncertain import call_sent, message_ids_in, send_again, settle_by_log
    from service.moments import now

    found = changed = 0
    if log is not None:
        with log.open(encoding="utf-8", errors="replace") as lines:
            found = settle_by_log(session, week, message_ids_in(lines), now())
    if again:
        changed = send_again(session, week, now())
    elif sent:
        changed = call_sent(session, week, now())
    return found, changed


def _week(text: str) -> Week:
    from service.digests.weeks import Week
    from service.moments import now

    return Week.read(text) if text else Week.of(now())


@contextmanager
def _ending_well() -> Iterator[None]:
    """Let a service manager's request to end do what Ctrl-C does: what is being handed over is answered first."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _write_html(found: Mail, html: Path | None) -> None:
    if html is not None:
        html.write_text(found.html, encoding="utf-8")


def _show(language: str, words: str, as_json: bool, **figures: Any) -> None:
    _print(figures, [_SAY[language][words].format(**figures)], as_json)


def _print(data: dict[str, Any], lines: Any, as_json: bool) -> None:
    from service.progress import console, print_json

    if as_json:
        print_json(data)
        return
    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)
