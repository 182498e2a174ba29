"""Readers by the thousand, an editor who writes plain e-mails, and a mail server to send them to."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert

from matcher.records import Moment
from matcher.verdicts import Verdict
from service.database import write_transaction
from service.digests.content import Audience, CommuneSection, Digest, Entry, Figures, Follow, FollowKind, Mail, Reason
from service.digests.tables import FollowRow, SubscriptionRow
from service.initial import init_database
from service.moments import now
from service.settings import Settings

RHO = "015182"
FAULTS = {
    "busy": 0.01,
    "later": 0.05,
    "unknown": 0.01,
    "reject": 0.02,
    "slow": 0.02,
    "vanish": 0.003,
    "mute": 0.003,
    "midline": 0.003,
}
"""How often a mail server that misbehaves does so, in each way."""
TREE = Path(__file__).parents[3]
_HTML = "<!doctype html><html lang=it><body>" + "<p>Perché no? Più alberi in città.</p>" * 400 + "</body></html>"


class PlainEditor:
    """Tells every reader the same calls of the corpus; ``calls`` maps their ids to versions."""

    def __init__(self, calls=None, reason=Reason.NEW):
        self.calls, self.reason = calls or {}, reason
        self.told = {}

    def gather(self, session, recipients, told, week, at):
        self.told |= {person.person_id: told.get(person.person_id) for person in recipients}
        for person in recipients:
            entries = tuple(self._entry(*call) for call in self.calls.items())
            section = CommuneSection(Follow(FollowKind.COMMUNE, RHO), "Rho", RHO, entries)
            yield Digest(person, week, at, Figures(214, at), sections=(section,))

    def compose(self, digest):
        return Mail(
            "Novità per Rho", _HTML, "Novità: più alberi.\n", f"https://remix.example/d/{digest.recipient.token}"
        )

    def _entry(self, call_id, version):
        return Entry(call_id, version, self.reason, 1, "Un bando", "", "", Verdict.MET, closes=Moment(now()))


def home_with_readers(settings, number):
    """Make a database with confirmed readers of Rho at as many domains as communes have."""
    engine = init_database(settings)[0]
    at = now()
    ids = [f"reader-{count:05d}" for count in range(number)]
    with write_transaction(engine) as connection:
        connection.execute(
            insert(SubscriptionRow),
            [
                {
                    "id": id_,
                    "email": f"ufficio@{id_}.example",
                    "audience": Audience.COMMUNE,
                    "language": "it",
                    "quiet": "say_so",
                    "muted": [],
                    "state": "active",
                    "token": f"token-{id_}",
                    "created_at": at,
                    "confirmed_at": at,
                    "version": 1,
                }
                for id_ in ids
            ],
        )
        connection.execute(
            insert(FollowRow), [{"subscription_id": id_, "kind": "commune", "record_id": RHO} for id_ in ids]
        )
    return engine


def settings_for(home, port, **others):
    """Settings of a run against a mail server of the test."""
    return Settings(
        home=home,
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_starttls=False,
        smtp_from="Remix <remix@incubatore.example>",
        digest_retry_seconds=0.05,
        **others,
    )


@contextmanager
def mail_server(log, seed=0, **shares):
    """Run the misbehaving mail server; yields its port."""
    words = [f"{name}={share}" for name, share in shares.items()]
    command = [sys.executable, "-m", "tests.service.digests.mailserver", "0", str(log), str(seed), *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=TREE, text=True, **pipes) as server:  # noqa: S603 - our own module
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def taken(log):
    """The (address, Message-ID) of every e-mail that the mail server took, in order."""
    return [tuple(line.split()) for line in Path(log).read_text().splitlines()] if Path(log).exists() else []
