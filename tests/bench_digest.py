"""The bars of the weekly e-mail, against a real mail server on this machine.

    python tests/bench_digest.py --recipients 10000 --kills 100

1. How many e-mails a second go out to a server that behaves.
2. The same week against one that does not, the sending processes killed with SIGKILL at random moments: nobody gets
   two, nobody gets none. What is uncertain is counted, then settled by the mail server's log, and sent to the rest.
"""

import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from service.digests.running import send_week
from service.digests.tables import IssueState
from service.digests.weeks import Week
from service.moments import now
from tests.service.digests.killing import account_of, send_under_fire, settle_uncertain
from tests.service.digests.readers import FAULTS, PlainEditor, home_with_readers, mail_server, settings_for, taken

E_MAILS_A_SECOND = 120
"""About what a process that is killed again and again gets done."""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--recipients", type=int, default=10_000)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--at-once", type=int, default=1, help="processes that send at the same time")
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    measure_speed(min(asked.recipients, 10_000))
    sys.exit(not survive(asked.recipients, asked.kills, asked.at_once, asked.seed))


def measure_speed(number):
    with tempfile.TemporaryDirectory() as folder, mail_server(Path(folder) / "log") as port:
        settings = settings_for(Path(folder) / "home", port, digest_domain_rate="")
        engine = home_with_readers(settings, number)
        times = {}

        def note(what, done, _total):
            times.setdefault(what, [time.monotonic(), 0.0, 0])[1:] = [time.monotonic(), done]

        send_week(engine, settings, Week.of(now()), PlainEditor, note, timedelta(seconds=60))
        engine.dispose()
        got = taken(Path(folder) / "log")
    began, ended, done = times["delivery"]
    seconds = ended - began
    print(f"delivery: {done} e-mails in {seconds:.1f} s, {done / seconds:.0f}/s; taken once: {len(set(got))}")


def survive(number, kills, at_once, seed):
    with tempfile.TemporaryDirectory() as folder, mail_server(Path(folder) / "log", seed, **FAULTS) as port:
        log, week = Path(folder) / "log", Week.of(now())
        settings = settings_for(Path(folder) / "home", port)
        home_with_readers(settings, number).dispose()
        # So that the kills are spread over the whole of it, and not all at its beginning.
        pause_s = 2.0 * number / max(kills, 1) / E_MAILS_A_SECOND
        n_kills, n_runs, seconds = send_under_fire(settings, week, kills, seed, pause_s=pause_s, at_once=at_once)
        found = account_of(settings, week, log, FAULTS["unknown"])
        print(f"{number} recipients, {n_kills} kills, {n_runs} processes, {at_once} at once, {seconds:.0f} s; {FAULTS}")
        told(found)
        rounds = settle_uncertain(settings, week, log)
        last = account_of(settings, week, log, FAULTS["unknown"])
        print(f"after settling the uncertain ones by the mail server's log, in {rounds} rounds:")
        told(last)
    return found.is_right and last.is_right and not last.states[IssueState.UNCERTAIN]


def told(found):
    print("  " + ", ".join(f"{state} {count}" for state, count in sorted(found.states.items())))
    print(f"  got two: {len(found.twice)}; got none without being uncertain or refused: {len(found.none)}")
    print(f"  said otherwise than it was: {len(found.wrong)}; under another Message-ID: {found.other_ids}")
    print(f"  uncertain: {found.uncertain_taken} arrived, {found.uncertain_not_taken} did not")


if __name__ == "__main__":
    main()
