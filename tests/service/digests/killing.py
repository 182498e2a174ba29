"""A week's e-mails sent by processes that are killed at random moments, until one comes to its end."""

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context

from service.database import open_database, reading, writing
from service.digests import outbox, running
from service.digests.running import send_week
from service.digests.tables import IssueRow, IssueState, SubscriptionRow
from service.digests.uncertain import message_ids_in, send_again, settle_by_log
from service.moments import now
from tests.service.digests.mailserver import is_unknown
from tests.service.digests.readers import PlainEditor, taken

PATIENCE = timedelta(seconds=60)


@dataclass
class Account:
    """What became of every reader's e-mail: what we say against what the mail server took.

    ``none``: got none, though neither refused nor uncertain; ``wrong``: sent, and not taken, or the other way round.
    """

    states: Counter = field(default_factory=Counter)
    twice: list = field(default_factory=list)
    none: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    uncertain_taken: int = 0
    uncertain_not_taken: int = 0
    other_ids: int = 0

    @property
    def is_right(self):
        return not (self.twice or self.none or self.wrong or self.other_ids)


def send_under_fire(settings, week, kills, seed, *, pause_s=0.7, at_once=1):
    """Send a week's e-mails, killing a process ``kills`` times; returns the kills, the processes and the seconds."""
    chance, context = random.Random(seed), get_context("fork")  # noqa: S311 - chance that can be repeated
    began, n_kills, n_runs = time.monotonic(), 0, 0
    alive = []
    while True:
        while len(alive) < at_once:
            alive.append(context.Process(target=_run, args=(settings, week)))
            alive[-1].start()
            n_runs += 1
        if n_kills >= kills:
            break
        time.sleep(chance.uniform(0.0, pause_s))
        victim = alive.pop(chance.randrange(len(alive)))
        if victim.is_alive():
            os.kill(victim.pid, signal.SIGKILL)
            n_kills += 1
        victim.join()
    for process in alive:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"a run that nobody killed ended with {process.exitcode}")
    return n_kills, n_runs, time.monotonic() - began


def _run(settings, week):
    # Where every process dies after half a second, nobody waits twenty for its lease.
    outbox.LEASE, running.BEAT_S = timedelta(seconds=2), 0.3
    engine = open_database(settings)
    try:
        send_week(engine, settings, week, PlainEditor, lambda *_: None, PATIENCE)
    finally:
        engine.dispose()


def account_of(settings, week, log, unknown_share=0.0):
    """Compare the outbox with what the mail server took."""
    engine = open_database(settings)
    with reading(engine) as session:
        issues = session.query(IssueRow, SubscriptionRow.email).join(
            SubscriptionRow, SubscriptionRow.id == IssueRow.subscription_id
        )
        rows = [(email, issue.state, issue.message_id) for issue, email in issues.filter(IssueRow.week == str(week))]
    engine.dispose()
    got = taken(log)
    times = Counter(address for address, _ in got)
    ids = dict(got)
    found = Account(states=Counter(state for _, state, _ in rows))
    for email, state, message_id in rows:
        found.twice += [email] if times[email] > 1 else []
        found.other_ids += times[email] > 0 and ids[email] != message_id
        if state is IssueState.UNCERTAIN:
            found.uncertain_taken += times[email] == 1
            found.uncertain_not_taken += times[email] == 0
        elif times[email] != (state is IssueState.SENT):
            found.wrong.append((email, state, times[email]))
        elif times[email] == 0 and not is_unknown(email, unknown_share):
            found.none.append(email)
    return found


def settle_uncertain(settings, week, log):
    """Settle by the mail server's log, and send again what is not in it, until nothing is uncertain; returns rounds."""
    rounds = 0
    while True:
        engine = open_database(settings)
        with log.open() as lines, writing(engine) as session:
            settle_by_log(session, week, message_ids_in(lines), now())
            left = send_again(session, week, now())
        engine.dispose()
        if not left:
            return rounds
        rounds += 1
        process = get_context("fork").Process(target=_run, args=(settings, week))
        process.start()
        process.join()
        if process.exitcode:
            raise RuntimeError(f"a run that nobody killed ended with {process.exitcode}")
