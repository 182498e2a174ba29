"""Delivery: a few connections kept open, each e-mail committed once before the mail server gets it and once after.

    outbox ──► claim ──► Pacer (turns of the domains) ──► workers, one connection each
                                                            offer ─ hand_over committed ─ text ─ settle committed

Ends when nothing is left to do, or nothing within the patience; stopped or killed anywhere, another run goes on.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread

from sqlalchemy import Engine, select

from service.database import reading
from service.digests import outbox, planning
from service.digests.clerk import Clerk
from service.digests.conversation import (
    Conversation,
    NoAnswerError,
    NotHandedOverError,
    NotLetInError,
    RefusedError,
    UnreachableError,
)
from service.digests.envelope import addressed
from service.digests.outbox import Outgoing
from service.digests.pacing import Pacer
from service.digests.replies import Fate, Reply, fate_of, wait_after
from service.digests.settling import Settlement, settle
from service.digests.tables import IssueRow, IssueState
from service.digests.weeks import Week
from service.errors import NotReadyError
from service.mailer import MailServer
from service.moments import now

BATCH = 200
"""E-mails that one run takes in hand at once."""
_LOOK_AGAIN_S = 0.5
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How e-mails go out: ``sender`` is where bounces come back to, ``patience`` how long to wait for what is not due.

    ``interval_s`` lies between two e-mails to one domain; times for answers as in ``Conversation``.
    """

    server: MailServer
    sender: str
    connections: int = 12
    interval_s: float = 0.1
    retry_s: float = 15.0
    patience: timedelta = timedelta(minutes=10)
    answer_s: float = 60.0
    answer_to_text_s: float = 600.0


@dataclass(slots=True)
class Door:
    """Whether the mail server can be reached: shut for ever longer after each failure, open after the first success."""

    patience_s: float
    reason: str = ""
    failures: int = 0
    _shut_since: float = 0.0
    _opens_at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def shut(self, reason: str) -> None:
        """Leave the server alone for a while."""
        with self._lock:
            at = time.monotonic()
            self._shut_since = self._shut_since if self.failures else at
            if at >= self._opens_at:
                self.failures += 1
                self._opens_at = at + min(0.25 * 2.0**self.failures, _LONGEST_PAUSE_S)
            self.reason = reason

    def open(self) -> None:
        """Say that the server answers."""
        with self._lock:
            self.failures, self.reason, self._opens_at = 0, "", 0.0

    @property
    def wait_s(self) -> float:
        """Seconds for which nobody should try."""
        return max(self._opens_at - time.monotonic(), 0.0)

    @property
    def is_given_up(self) -> bool:
        """Whether the server has been away for longer than anybody waits."""
        return self.failures > 0 and time.monotonic() - self._shut_since > self.patience_s


def converse(manner: Manner) -> Conversation:
    """Return a conversation with the mail server, which opens its connection when it is needed."""
    return Conversation(manner.server, manner.answer_s, manner.answer_to_text_s)


class Delivery:
    """One run's delivery of one week; ``begin`` gives each connection its conversation."""

    def __init__(
        self,
        engine: Engine,
        run_id: str,
        week: Week,
        manner: Manner,
        begin: Callable[[Manner], Conversation] = converse,
    ) -> None:
        self._engine, self._run_id, self._week, self._manner = engine, run_id, week, manner
        self._begin, self._clerk = begin, Clerk(engine)
        self._pacer = Pacer(manner.interval_s)
        self._queue: Queue[Outgoing] = Queue(maxsize=2 * manner.connections)
        self._untried: Queue[Outgoing] = Queue()
        self._door = Door(manner.patience.total_seconds())
        self._stop = Event()
        self._failure: BaseException | None = None
        self._lock = Lock()
        self._claimed_at = 0.0
        self.counts: Counter[IssueState] = Counter()

    def share_with(self, runs: int) -> None:
        """Say how many runs send at the same time, this one counted: they share each domain's rate."""
        self._pacer.sharers = max(runs, 1)

    def stop(self, failure: BaseException | None = None) -> None:
        """End as soon as what is being handed over has been answered; ``failure`` is raised by ``run``."""
        self._failure = self._failure or failure
        self._stop.set()

    def run(self, report: Callable[[int], None]) -> None:
        """Deliver what there is; ``report`` is told how many e-mails are settled.

        Raises NotReadyError where the mail server cannot be reached or does not let us in.
        """
        workers = [Thread(target=self._work, name=f"smtp-{number}") for number in range(self._manner.connections)]
        for worker in workers:
            worker.start()
        try:
            self._give_out(report)
        finally:
            self._stop.set()
            for worker in workers:
                worker.join()
        if self._failure is not None:
            raise self._failure
        if self._door.is_given_up:
            raise NotReadyError(f"the mail server cannot be reached ({self._door.reason}); run this again later")

    def _give_out(self, report: Callable[[int], None]) -> None:
        while not self._stop.is_set() and not self._door.is_given_up:
            self._take_back()
            self._refill()
            letter = self._pacer.next(time.monotonic())
            if letter is not None:
                self._enqueue(letter)
            elif len(self._pacer):
                time.sleep(min(self._pacer.wait(time.monotonic()), 0.05))
            elif self._queue.unfinished_tasks or not self._untried.empty():
                time.sleep(0.01)
            elif not self._wait_for_more():
                break
            report(self.counts.total())

    def _take_back(self) -> None:
        while True:
            try:
                self._pacer.put_back(self._untried.get_nowait(), time.monotonic())
            except Empty:
                return

    def _enqueue(self, letter: Outgoing) -> None:
        while not self._stop.is_set():
            try:
                self._queue.put(letter, timeout=0.2)
                return
            except Full:
                continue

    def _refill(self) -> None:
        at = time.monotonic()
        if len(self._pacer) >= BATCH // 2 or at - self._claimed_at < _LOOK_AGAIN_S:
            return
        claim = partial(outbox.claim, run_id=self._run_id, week=self._week, states=outbox.READY, at=now(), most=BATCH)
        ids = self._clerk.do(claim)
        if len(ids) < BATCH:
            # So little is due that looking again and again would only keep others from writing.
            self._claimed_at = at
        for letter in self._read(ids):
            self._pacer.add(letter, at)

    def _read(self, ids: list[str]) -> list[Outgoing]:
        if not ids:
            return []
        with reading(self._engine) as session:
            people = list(session.scalars(select(IssueRow.subscription_id).where(IssueRow.id.in_(ids))))
            letters = outbox.read(session, self._run_id, ids, planning.addresses(session, people))
        for left_out in set(ids) - {letter.id for letter in letters}:
            self._settle(left_out, Settlement(IssueState.SUPPRESSED, "unsubscribed"))
        return letters

    def _wait_for_more(self) -> bool:
        """Wait a little for e-mails that are not due yet; returns whether any will be within the patience."""
        with reading(self._engine) as session:
            due = outbox.next_due(session, self._week, self._run_id, (*outbox.READY, IssueState.SENDING))
        if due is None or due - now() > self._manner.patience:
            return False
        self._stop.wait(min(max((due - now()).total_seconds(), 0.05), 1.0))
        self._claimed_at = 0.0
        return True

    def _work(self) -> None:
        try:
            with self._begin(self._manner) as conversation:
                while not self._stop.is_set():
                    try:
                        letter = self._queue.get(timeout=0.1)
                    except Empty:
                        continue
                    try:
                        self._deliver(conversation, letter)
                    finally:
                        self._queue.task_done()
        except BaseException as error:
            self.stop(error)

    def _deliver(self, conversation: Conversation, letter: Outgoing) -> None:
        if self._stop.wait(self._door.wait_s):
            return
        try:
            conversation.offer(self._manner.sender, letter.address)
        except UnreachableError as error:
            self._door.shut(str(error))
            self._untried.put(letter)
        except NotLetInError as error:
            self.stop(_not_let_in(str(error)))
        except NotHandedOverError as error:
            self._put_off(letter, str(error))
        except RefusedError as refused:
            self._door.open()
            self._after(letter, refused.reply)
        else:
            self._door.open()
            self._hand_over(conversation, letter)

    def _hand_over(self, conversation: Conversation, letter: Outgoing) -> None:
        if not self._clerk.do(partial(outbox.hand_over, run_id=self._run_id, issue_id=letter.id)):
            conversation.abandon()
            self._settle(letter.id, Settlement(IssueState.SUPPRESSED, "unsubscribed"))
            return
        try:
            reply = conversation.hand_over(addressed(letter.message, letter.address))
        except NotHandedOverError as error:
            self._put_off(letter, str(error))
        except NoAnswerError as error:
            self._settle(letter.id, Settlement(IssueState.UNCERTAIN, f"no answer after the text ({error})"))
        else:
            self._after(letter, reply)

    def _after(self, letter: Outgoing, reply: Reply) -> None:
        fate = fate_of(reply)
        if fate is Fate.NOT_LET_IN:
            self._settle(letter.id, Settlement(IssueState.RETRY, str(reply), timedelta(0)))
            self.stop(_not_let_in(str(reply)))
        elif fate is Fate.LATER:
            self._put_off(letter, str(reply))
        else:
            refused = letter.address if fate is Fate.ADDRESS_REFUSED else ""
            self._settle(letter.id, Settlement(_STATES[fate], str(reply), refused_address=refused))

    def _put_off(self, letter: Outgoing, reason: str) -> None:
        wait = wait_after(letter.attempts + 1, self._manner.retry_s)
        self._settle(letter.id, Settlement(IssueState.RETRY, reason, wait))

    def _settle(self, issue_id: str, settlement: Settlement) -> None:
        if self._clerk.do(partial(settle, run_id=self._run_id, issue_id=issue_id, settlement=settlement)):
            with self._lock:
                self.counts[settlement.state] += 1


_STATES: Mapping[Fate, IssueState] = {
    Fate.TAKEN: IssueState.SENT,
    Fate.UNKNOWN: IssueState.UNCERTAIN,
    Fate.REFUSED: IssueState.FAILED,
    Fate.ADDRESS_REFUSED: IssueState.FAILED,
}


def _not_let_in(reason: str) -> NotReadyError:
    return NotReadyError(
        f"the mail server does not let us in ({reason}); mend the REMIX_SMTP settings and run this again"
    )
