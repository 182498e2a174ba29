"""Steps of several threads, those that wait at the same moment committed together: one write to the disk for all.

Whoever comes first carries out what has gathered meanwhile; the others find theirs done.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.database import writing_in_turn

Result = TypeVar("Result")


class Clerk:
    """Carries out steps that do not depend on each other; where one fails, each is done again by itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: list[tuple[Callable[[Session], Any], Future[Any]]] = []
        self._guard, self._turn = Lock(), Lock()

    def do(self, step: Callable[[Session], Result]) -> Result:
        """Carry out a step and return what it returns, once it is committed; raises what it raises."""
        mine: Future[Result] = Future()
        with self._guard:
            self._waiting.append((step, mine))
        with self._turn:
            if not mine.done():
                with self._guard:
                    gathered, self._waiting = self._waiting, []
                self._carry_out(gathered)
        return mine.result()

    def _carry_out(self, gathered: list[tuple[Callable[[Session], Any], Future[Any]]]) -> None:
        try:
            with writing_in_turn(self._engine) as session:
                results = [step(session) for step, _ in gathered]
        except Exception as error:
            if len(gathered) == 1:
                gathered[0][1].set_exception(error)
                return
            for one in gathered:
                self._carry_out([one])
            return
        for (_, future), result in zip(gathered, results, strict=True):
            future.set_result(result)
