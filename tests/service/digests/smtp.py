"""A mail server in memory: it remembers what it took, and does at each step what a schedule says."""

from collections import Counter
from threading import Lock

from service.digests.conversation import NoAnswerError, NotHandedOverError, RefusedError, UnreachableError
from service.digests.replies import Phase, Reply

GOOD = "good"
OFFERS = (GOOD, "unreachable", "broken", "later", "sender later", "unknown", "policy", "killed")
TEXTS = (GOOD, "broken", "later", "half", "policy", "mute", "vanish", "killed before", "killed after")


class KilledError(BaseException):
    """The process ended here: nothing of it goes on, and nothing is tidied up."""


class Server:
    """What it took is kept for good; each offer and each text takes the next word of its schedule, then all is good."""

    def __init__(self, offers=(), texts=()):
        self.offers, self.texts = list(offers), list(texts)
        self.taken = Counter()
        self.messages = {}
        self.refused = set()
        self._lock = Lock()

    def next(self, schedule):
        with self._lock:
            return schedule.pop(0) if schedule else GOOD

    def take(self, address, message):
        with self._lock:
            self.taken[address] += 1
            self.messages[address] = message

    def converse(self, _manner):
        return _Conversation(self)


class _Conversation:
    def __init__(self, server):
        self.server, self.address = server, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def offer(self, _sender, address):
        word = self.server.next(self.server.offers)
        if address in self.server.refused:
            word = "unknown"
        if word == "killed":
            raise KilledError
        if word == "unreachable":
            raise UnreachableError("no route")
        if word == "broken":
            raise NotHandedOverError("reset by peer")
        if word == "unknown":
            self.server.refused.add(address)
        answers = {
            "later": Reply(Phase.ADDRESS, 451, "4.7.1 greylisted"),
            "sender later": Reply(Phase.SENDER, 421, "busy"),
            "unknown": Reply(Phase.ADDRESS, 550, f"5.1.1 <{address}> unknown"),
            "policy": Reply(Phase.ADDRESS, 554, "5.7.1 not today"),
        }
        if word in answers:
            raise RefusedError(answers[word])
        self.address = address

    def hand_over(self, message):
        word = self.server.next(self.server.texts)
        if word == "killed before":
            raise KilledError
        if word == "broken":
            raise NotHandedOverError("reset by peer")
        if word == "vanish":
            raise NoAnswerError("connection lost")
        if word == "later":
            return Reply(Phase.END, 452, "4.3.1 no room")
        if word == "policy":
            return Reply(Phase.END, 554, "5.6.0 no")
        self.server.take(self.address, message)
        if word == "killed after":
            raise KilledError
        if word == "mute":
            raise NoAnswerError("connection lost")
        return Reply(Phase.END, 25, "") if word == "half" else Reply(Phase.END, 250, "taken")

    def abandon(self):
        self.address = None
