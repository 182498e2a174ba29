"""Writing the e-mails of a week: what each person was told, what is news, and the message into the outbox.

Each e-mail is one transaction: what it tells goes into the ledger together with the message.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.database import reading, writing_in_turn
from service.digests import ledger, outbox, planning
from service.digests.content import Digest, Editor, Mail, Quiet, Recipient, told_by
from service.digests.envelope import sealed
from service.digests.settling import Settlement, settle
from service.digests.tables import IssueRow, IssueState
from service.digests.weeks import Week
from service.moments import now
from service.settings import Settings

BATCH = 500
"""People whose news is worked out together."""
_ANOTHER_TRY = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """One person's e-mail, or None for the mail where there is nothing to tell and the person wants none then."""

    digest: Digest
    mail: Mail | None


class Writing:
    """One run's writing of one week's e-mails; ``open_editor`` is called when the first one is to be written."""

    def __init__(
        self, engine: Engine, settings: Settings, run_id: str, week: Week, open_editor: Callable[[], Editor]
    ) -> None:
        self._engine, self._settings, self._run_id, self._week = engine, settings, run_id, week
        self._open_editor = open_editor
        self._editor: Editor | None = None
        self.counts: Counter[str] = Counter()

    def run(self, report: Callable[[int], None]) -> None:
        """Write all e-mails that nobody else is writing; ``report`` is told how many are done."""
        while issues := self._claim():
            for issue_id, written in self._written(issues):
                if self._store(issue_id, written):
                    self.counts["skipped" if written.mail is None else "written"] += 1
                report(self.counts.total())

    def _claim(self) -> dict[str, str]:
        """The e-mails to be written next: the id of each person's."""
        with writing_in_turn(self._engine) as session:
            ids = outbox.claim(session, self._run_id, self._week, (IssueState.PLANNED,), now(), BATCH)
            rows = session.execute(select(IssueRow.subscription_id, IssueRow.id).where(IssueRow.id.in_(ids)))
            return {person_id: issue_id for person_id, issue_id in rows}

    def _written(self, issues: dict[str, str]) -> Iterator[tuple[str, Written]]:
        with reading(self._engine) as session:
            people = planning.recipients(session, list(issues))
            for gone in set(issues) - {person.person_id for person in people}:
                self._give_up(issues[gone], Settlement(IssueState.SUPPRESSED, "unsubscribed"))
            editor = self._editor = self._editor or self._open_editor()
            for digest in digests_of(session, editor, people, self._week):
                issue_id = issues[digest.recipient.person_id]
                try:
                    yield issue_id, written_by(editor, digest)
                except Exception as error:
                    # One e-mail that cannot be written keeps nobody else's back.
                    _log.exception("an e-mail cannot be written", extra={"issue": issue_id})
                    reason = f"cannot be written: {type(error).__name__}"
                    self._give_up(issue_id, Settlement(IssueState.PLANNED, reason, _ANOTHER_TRY))
                    self.counts["unwritten"] += 1

    def _store(self, issue_id: str, written: Written) -> bool:
        digest, mail = written.digest, written.mail
        with writing_in_turn(self._engine) as session:
            issue = session.get_one(IssueRow, issue_id)
            if mail is None:
                held = outbox.skip(session, self._run_id, issue_id, digest.at)
            else:
                message = sealed(mail, issue.message_id, digest.recipient.language, digest.at, self._settings)
                held = outbox.store(session, self._run_id, issue_id, message, digest.at)
            if held and mail is not None:
                ledger.enter(session, issue, told_by(digest))
        return held

    def _give_up(self, issue_id: str, settlement: Settlement) -> None:
        with writing_in_turn(self._engine) as session:
            settle(session, self._run_id, issue_id, settlement)


def digests_of(session: Session, editor: Editor, people: Sequence[Recipient], week: Week) -> Iterator[Digest]:
    """Yield what is news for each of these people, from what each was told last."""
    told = ledger.told(session, [person.person_id for person in people])
    return editor.gather(session, people, told, week, now())


def written_by(editor: Editor, digest: Digest) -> Written:
    """Return one person's e-mail, without a mail where there is nothing to tell and the person wants none then."""
    unwanted = digest.is_quiet and digest.recipient.quiet is Quiet.SKIP
    return Written(digest, None if unwanted else editor.compose(digest))
