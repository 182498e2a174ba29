"""What the matrix needs and a request cannot wait for, made beside serving by a thread of its own.

records, model, sayings ──► stored tags, a slice at a time ──► open calls and needs in sight ──► picture
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from matcher.encoder import Encoder
from matcher.tagger import Tagger
from service import revisions
from service.database import reading
from service.frame.filling import FOLLOWED, TagFilling
from service.frame.open_calls import OpenCall, open_calls
from service.frame.reading import model_for
from service.frame.unmet import NeedsInSight, SeenNeed
from service.live import Live, Serving
from service.moments import now

POLL_S = 1.0
"""Seconds between two looks whether something has changed."""
BREATH_S = 0.05
"""Seconds left to others between two slices."""
LONGEST_PAUSE_S = 60.0
LAST_WAIT_S = 10.0
"""Seconds that a slice has to end when the process is told to stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """The calls that are open and the needs as they stood at a moment; ``key`` is another one when they may differ."""

    at: datetime
    key: str
    calls: tuple[OpenCall, ...]
    needs: tuple[SeenNeed, ...]


class FrameKeeper:
    """Keeps stored tags and picture up to date while it runs; where it does not, whoever asks does it on the way."""

    def __init__(self, engine: Engine, live: Live, model: Callable[[Encoder], Tagger | None] = model_for) -> None:
        self._engine = engine
        self._live = live
        self._filling = TagFilling(model)
        self._needs = NeedsInSight()
        self._picture: Picture | None = None
        self._ending = threading.Event()
        self._working = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def left(self) -> int:
        """How many records are still to be read for their tags."""
        return self._filling.left

    def start(self) -> None:
        """Begin to look for changes; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="frame", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; what was not read yet is read after the next start."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(LAST_WAIT_S)

    def picture(self) -> Picture | None:
        """Return the newest picture; None where the thread has not made one yet."""
        if self._thread is None:
            self.refresh()
        return self._picture

    def refresh(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        """Bring everything up to date and return; for processes without the thread.

        ``progress`` is told how many records were read and how many there are to read.
        """
        with self._working:
            serving, total = self._live.serving(), 0
            while self._filling.advance(self._engine, serving.encoder):
                total = max(total, self._filling.left)
                progress(total - self._filling.left, total)
            self._look(serving)

    def _run(self) -> None:
        pause = POLL_S
        while not self._ending.is_set():
            try:
                pause = BREATH_S if self._live.is_ready and self._step() else POLL_S
            except Exception:  # whatever it is, the next look may go well
                pause = min(2 * max(pause, POLL_S), LONGEST_PAUSE_S)
                _log.exception("the strategic frame was not brought up to date", extra={"next_try_s": pause})
            self._ending.wait(pause)

    def _step(self) -> bool:
        """Do the next piece of work; returns whether there is more."""
        with self._working:
            serving = self._live.serving()
            more = self._filling.advance(self._engine, serving.encoder)
            if not self._filling.waits_for_few:
                self._look(serving)
            return more

    def _look(self, serving: Serving) -> None:
        on = now()
        with reading(self._engine) as session:
            key = f"{serving.revision} {serving.view.epoch(on)} {revisions.current(session, FOLLOWED)}"
            if self._picture is not None and self._picture.key == key:
                return
            needs = self._needs.look(session, serving, on, self._ending.is_set)
            self._picture = Picture(on, key, open_calls(session, serving, on), needs)
