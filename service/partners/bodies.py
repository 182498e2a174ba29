"""The bodies of the database laid out for finding partners: read at the first question, and again when any changed.

communes, organisations, funded projects ──assemble──► Directory ──► PartnerFinder, kept while nothing changes
"""

import logging
import threading

from sqlalchemy import Engine

from matcher.partners import Directory, PartnerFinder, assemble
from matcher.records import Commune, Organisation, Precedent
from service import revisions
from service.database import reading
from service.imports import load_records

READ_FROM = ("communes", "organisations", "precedents")
_log = logging.getLogger(__name__)


class Bodies:
    """Holds the finder of one process; while it is made anew, what was there keeps answering."""

    def __init__(self) -> None:
        self._made: tuple[str, PartnerFinder] | None = None
        self._making = threading.Lock()

    def finder(self, engine: Engine) -> PartnerFinder:
        """Return the finder of the bodies as the database has them, or had them a moment ago."""
        with reading(engine) as session:
            revision = revisions.current(session, READ_FROM)
        made = self._made
        if made is not None and made[0] == revision:
            return made[1]
        if made is not None:
            threading.Thread(target=self._again, args=(engine,), name="bodies", daemon=True).start()
            return made[1]
        with self._making:
            return self._made[1] if self._made is not None else self._make(engine)

    def _again(self, engine: Engine) -> None:
        # Whoever finds it being made has no need to make it once more.
        if not self._making.acquire(blocking=False):
            return
        try:
            self._make(engine)
        except Exception:  # whatever it is, what was there keeps answering
            _log.exception("the bodies were not brought up to date")
        finally:
            self._making.release()

    def _make(self, engine: Engine) -> PartnerFinder:
        with reading(engine) as session:
            revision = revisions.current(session, READ_FROM)
            # Records are read as they are asked for: all of them while the session lasts.
            communes, organisations = load_records(session, Commune), load_records(session, Organisation)
            bodies = assemble(communes, organisations, load_records(session, Precedent))
        finder = PartnerFinder(Directory.build(bodies))
        # Worked out before anybody waits for it.
        _ = finder.directory.plays, finder.directory.positions
        self._made = (revision, finder)
        return finder
