"""A week's e-mails sent by processes that are killed at random moments, until one comes to its end."""

import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context

from service.database import open_database, reading
from service.digests import outbox, running
from service.digests.running import send_week
from service.digests.tables import IssueRow, IssueState, SubscriptionRow
from tests.service.digests.mailserver import is_unknown
from tests.service.digests.readers import PlainEditor, taken

PATIENCE = timedelta(seconds=60)


@dataclass
class Account:
    """What became of every reader's e-mail: what we say against what the mail server took."""

    kills: int = 0
    runs: int = 0
    seconds: float = 0.0
    states: Counter = field(default_factory=Counter)
    twice: list = field(default_factory=list)
    none: list = field(default_factory=list)
    not_uncertain: list = field(default_factory=list)
    uncertain_taken: int = 0
    uncertain_not_taken: int = 0
    other_ids: int = 0


def send_under_fire(settings, week, kills, seed, *, pause_s=0.7, at_once=1):
    """Send a week's e-mails, killing a process ``kills`` times; returns how often, and how many runs it took."""
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
    sys.stdout.flush()


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
            found.not_uncertain.append((email, state, times[email]))
        elif times[email] == 0 and not is_unknown(email, unknown_share):
            found.none.append(email)
    return found
