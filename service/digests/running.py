"""One week's e-mails from beginning to end: planned, written, delivered; any number of processes may do it at once.

Ended anywhere, by hand, by the power or by the mail server, the next run does what is left and nothing twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from sqlalchemy import Engine

from service.access.principal import COMMAND_LINE
from service.accounts.configuration import post_of
from service.audit.trail import record
from service.database import open_lasting, reading, writing_in_turn
from service.digests import outbox
from service.digests.content import Editor
from service.digests.delivery import Delivery, Manner
from service.digests.envelope import sender_domain, sender_of
from service.digests.pacing import interval_of
from service.digests.planning import Plan, plan
from service.digests.tables import IssueState
from service.digests.weeks import Week
from service.digests.writing import Writing
from service.errors import DatabaseError, UsageError
from service.moments import now
from service.progress import Report
from service.settings import Settings

BEAT_S = 4.0
"""Between two signs of life: a fifth of the lease, so that a busy database does not make a living run look dead."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run did, and how the whole week stands after it."""

    week: Week
    plan: Plan
    written: Counter[str]
    delivered: Counter[IssueState]
    interrupted: int
    states: dict[IssueState, int] = field(default_factory=dict)


def plan_week(engine: Engine, settings: Settings, week: Week, *, dry_run: bool = False) -> Plan:
    """Plan this week's e-mails; a week that is over has nothing to plan any more. Raises UsageError for one to come.

    ``dry_run``: only count, and leave everything as it is.
    """
    at = now()
    if week < Week.of(at):
        return Plan(0, 0, 0)
    with writing_in_turn(engine) as session:
        made = plan(session, week, at, sender_domain(settings), pec_domains(settings))
        if dry_run:
            session.rollback()
        elif made.new or made.suppressed or made.expired:
            figures = {"new": made.new, "suppressed": made.suppressed, "expired": made.expired}
            record(session, COMMAND_LINE, "digest", "digest.planned", "digest", str(week), None, **figures)
    return made


def send_week(
    engine: Engine,
    settings: Settings,
    week: Week,
    open_editor: Callable[[], Editor],
    report: Report,
    patience: timedelta = timedelta(minutes=10),
) -> Ran:
    """Do all that is left to do for one week's e-mails; ``patience``: how long to wait for what is to be tried again.

    Raises UsageError without a mail server, NotReadyError where it cannot be reached or does not let us in.
    """
    manner = manner_of(settings, patience)
    made = plan_week(engine, settings, week)
    with _lasting(settings) as lasting, _taking_part(engine, week) as run:
        writing = Writing(engine, settings, run.id, week, open_editor)
        run.writing = writing.counts
        while True:
            n_planned = _number(engine, week, (IssueState.PLANNED,)) + writing.counts.total()
            writing.run(partial(_tell, report, "letters", n_planned))
            run.deliver(Delivery(lasting, run.id, week, manner), _number(engine, week, outbox.READY), report)
            if not _more_to_write(engine, week, run.id, patience):
                break
    with reading(engine) as session:
        states = outbox.counts(session, week)
    return Ran(week, made, writing.counts, run.delivered, run.interrupted, states)


def manner_of(settings: Settings, patience: timedelta) -> Manner:
    """Return how e-mails go out by these settings; raises UsageError if they name no mail server."""
    server = post_of(settings).server
    if server is None:
        raise UsageError("no mail server is known: set REMIX_SMTP_HOST")
    return Manner(
        server,
        sender_of(settings),
        settings.digest_connections,
        interval_of(settings.digest_domain_rate),
        settings.digest_retry_seconds,
        patience,
    )


def pec_domains(settings: Settings) -> frozenset[str]:
    """Return the domains of certified mail that the settings add."""
    return frozenset(name.strip().lower() for name in settings.digest_pec_domains.split(",") if name.strip())


@dataclass(slots=True)
class _Run:
    id: str
    delivery: Delivery | None = None
    delivered: Counter[IssueState] = field(default_factory=Counter)
    writing: Counter[str] = field(default_factory=Counter)
    interrupted: int = 0
    failure: Exception | None = None

    def deliver(self, delivery: Delivery, total: int, report: Report) -> None:
        """Deliver what is written; raises what kept the run from saying that it is alive: it holds nothing then."""
        self.delivery = delivery
        if self.failure is not None:
            raise self.failure
        try:
            delivery.run(partial(_tell, report, "delivery", total))
        finally:
            self.delivered += delivery.counts

    @property
    def figures(self) -> dict[str, int]:
        """What the run did, for the table of runs."""
        return dict(self.writing) | {state.value: count for state, count in self.delivered.items()}


@contextmanager
def _lasting(settings: Settings) -> Iterator[Engine]:
    """The database for delivery: what a mail server was given may not be forgotten, whatever becomes of the machine."""
    engine = open_lasting(settings)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _taking_part(engine: Engine, week: Week) -> Iterator[_Run]:
    """Be one of those at work: alive while it lasts, and holding nothing afterwards."""
    with writing_in_turn(engine) as session:
        run = _Run(outbox.start(session, week, now()))
        run.interrupted = outbox.mark_interrupted(session, now())
    ended = Event()
    heart = Thread(target=_beat, args=(engine, run, ended), name="digest-alive", daemon=True)
    heart.start()
    try:
        yield run
    finally:
        ended.set()
        heart.join()
        with writing_in_turn(engine) as session:
            outbox.finish(session, run.id, now(), run.figures)
            record(session, COMMAND_LINE, "digest", "digest.sent", "digest", str(week), None, **run.figures)


def _beat(engine: Engine, run: _Run, ended: Event) -> None:
    while not ended.wait(BEAT_S):
        try:
            with writing_in_turn(engine) as session:
                runs = outbox.keep_alive(session, run.id, now())
                run.interrupted += outbox.mark_interrupted(session, now())
        except DatabaseError as error:
            run.failure = error
            if run.delivery is not None:
                run.delivery.stop(error)
            return
        if run.delivery is not None:
            run.delivery.share_with(runs)


def _tell(report: Report, what: str, total: int, done: int) -> None:
    report(what, min(done, total), total)


def _more_to_write(engine: Engine, week: Week, run_id: str, patience: timedelta) -> bool:
    """Wait for e-mails that a run left unwritten which may have died; returns whether there are any within patience."""
    with reading(engine) as session:
        due = outbox.next_due(session, week, run_id, (IssueState.PLANNED,))
    if due is None or due - now() > patience:
        return False
    time.sleep(min(max((due - now()).total_seconds(), 0.05), BEAT_S))
    return True


def _number(engine: Engine, week: Week, states: tuple[IssueState, ...]) -> int:
    with reading(engine) as session:
        found = outbox.counts(session, week)
    return sum(found.get(state, 0) for state in states)
