"""What requests are answered from, kept true to the database while it serves.

every second: revision of the database ── another? ──► catalogue built from the one before ──► swapped ──► saved
                                                  └──► fails: logged, and what was there keeps serving

A request takes ``Live.serving()`` once and keeps it: what is swapped meanwhile is for those that come later.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.artifact import load_artifact, read_manifest, save_artifact
from matcher.catalogue import Catalogue
from matcher.eligibility import Rule
from matcher.eligibility.communes import CommuneTable
from matcher.eligibility.reviews import Review
from matcher.encoder import Encoder
from matcher.errors import ArtifactError
from matcher.recommender import Recommender
from matcher.records import Commune
from matcher.reviewing import parted_catalogue, reviewed_catalogue
from service import revisions
from service.artifacts import (
    current_artifact,
    fitting_artifact,
    input_version,
    new_folder,
    only_builder,
    put_in_use,
    same_basis,
)
from service.audit.tables import AnswerRow
from service.catalogue.drivers import IN_PASSING, CallDrivers
from service.catalogue.view import CatalogueView
from service.communes import CommuneFinder
from service.database import reading
from service.errors import NotReadyError, UnknownRecordError
from service.imports import load_records
from service.inputs import Inputs, reviews_at
from service.moments import now
from service.recommending import make_catalogue
from service.settings import Settings
from service.vectors import CachedEncoder
from service.work.distinctions import Apart, told_apart

POLL_S = 0.5
"""Seconds between two looks at the database."""
LONGEST_PAUSE_S = 60.0
"""Seconds after which a build that failed again and again is tried anew."""
FIRST_WAIT_S = 120.0
"""Seconds that whoever asks first waits where nobody started serving beforehand."""

LAST_WAIT_S = 10.0
"""Seconds that a build under way has to end when the process is told to stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Serving:
    """One state of the data, all of it: what a request is answered from.

    ``revision`` is that of the database (``revisions.current``), ``call_versions`` call id → version of its record,
    ``communes`` all of them in the order of their ISTAT codes, ``since`` the moment from which this was served,
    ``as_read`` the calls with their rules as they were read, before what people say was laid over them.
    """

    recommender: Recommender
    revision: str
    call_versions: Mapping[str, int]
    communes: tuple[Commune, ...]
    finder: CommuneFinder
    encoder: CachedEncoder
    since: datetime
    as_read: Catalogue

    def rules_as_read(self, call_id: str) -> tuple[Rule, ...]:
        """Return the rules of a call before people said anything; raises UnknownRecordError if it is not served."""
        return self.as_read.rules[self.position(call_id)]

    @cached_property
    def commune_by_istat(self) -> Mapping[str, Commune]:
        """The communes by their ISTAT codes."""
        return {commune.istat: commune for commune in self.communes}

    @cached_property
    def commune_table(self) -> CommuneTable:
        """The communes as columns, for judging one call for all of them."""
        return CommuneTable.build(self.communes)

    @property
    def catalogue(self) -> Catalogue:
        """The calls with the rules in force."""
        return self.recommender.catalogue

    @cached_property
    def view(self) -> CatalogueView:
        """The calls laid out for looking through them."""
        return CatalogueView(self.catalogue, self.call_versions)

    def position(self, call_id: str) -> int:
        """Return where a call stands in the catalogue; raises UnknownRecordError if it is not served."""
        found = self.catalogue.positions.get(call_id)
        if found is None:
            raise UnknownRecordError(f"{call_id}: no call has this id")
        return found

    def has(self, call_id: str) -> bool:
        """Whether a call is served."""
        return call_id in self.catalogue.positions


@dataclass(frozen=True, slots=True)
class _Made:
    """A catalogue as it was read, the version of what it was made of, and the folder that holds it or will."""

    catalogue: Catalogue
    version: str
    folder: Path
    saved: bool


@dataclass(frozen=True, slots=True)
class _Overlay:
    """What is not part of an artifact, as one look at the database saw it."""

    revision: str
    communes_revision: str
    communes: tuple[Commune, ...]
    finder: CommuneFinder
    reviews: Mapping[str, Sequence[Review]]
    apart: Apart


@dataclass(slots=True)
class Counts:
    """What has happened since the process began: for metrics."""

    swaps: int = 0
    failures: int = 0
    seconds_of_last_swap: float = 0.0


class Live:
    """Holds what is served; a thread of its own looks whether the database has changed."""

    def __init__(self, settings: Settings, engine: Engine, open_encoder: Callable[[], Encoder]) -> None:
        self._settings = settings
        self._engine = engine
        self._open_encoder = open_encoder
        self._encoder: CachedEncoder | None = None
        self._inputs = Inputs()
        self._overlay: _Overlay | None = None
        self._made: _Made | None = None
        self._serving: Serving | None = None
        self._first = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._refreshing = threading.Lock()
        self._drivers = CallDrivers()
        self.counts = Counts()
        self.failure = ""

    def start(self) -> None:
        """Begin to load, and to look for changes; returns at once."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread; a build that takes long is given up, and begun again at the next start."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(LAST_WAIT_S)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to answer from."""
        return self._serving is not None

    def serving(self) -> Serving:
        """Return what to answer from; raises NotReadyError while nothing was loaded yet."""
        if self._thread is None and self._serving is None:
            self.start()
            self._first.wait(FIRST_WAIT_S)
        serving = self._serving
        if serving is None:
            raise NotReadyError(f"the calls are being read; try again shortly{self.failure and ': ' + self.failure}")
        return serving

    def refresh(self) -> bool:
        """Look once whether the database has changed, and swap if so; returns whether it has."""
        with self._refreshing:
            with reading(self._engine) as session:
                revision = revisions.current(session)
            if self._serving is not None and revision == self._serving.revision:
                return False
            began = time.monotonic()
            self._swap()
            self.counts.swaps += 1
            self.counts.seconds_of_last_swap = time.monotonic() - began
            return True

    def _run(self) -> None:
        pause = POLL_S
        while not self._stop.is_set():
            try:
                self.refresh()
                self.failure, pause = "", 0.0 if self._read_on() else POLL_S
            except Exception as error:  # whatever it is, what was there keeps serving
                self.counts.failures += 1
                self.failure = str(error)
                pause = min(2 * pause, LONGEST_PAUSE_S)
                _log.exception("serving was not brought up to date", extra={"next_try_s": pause})
            self._first.set()
            self._stop.wait(pause)

    def _read_on(self) -> bool:
        """Read on beside serving what is not needed for it; returns whether there is more."""
        serving = self._serving
        return serving is not None and self._drivers.advance(serving.view, serving.encoder, self._engine)

    def _swap(self) -> None:
        encoder = self._cached_encoder()
        with reading(self._engine) as session:
            self._inputs.read(session)
            laid_over = self._read_overlay(session)
        version = input_version(self._inputs.revision, encoder.id)
        if self._made is not None and self._made.version == version:
            self._serve(self._made, laid_over)
        elif found := self._loaded(version):
            self._serve(found, laid_over)
        else:
            with only_builder(self._settings):
                # Another process may have built it meanwhile.
                made = self._loaded(version) or self._built(version)
                self._serve(made, laid_over)
                self._save(made)

    def _read_overlay(self, session: Session) -> _Overlay:
        communes_revision = revisions.current(session, ("communes",))
        if self._overlay is not None and self._overlay.communes_revision == communes_revision:
            finder, communes = self._overlay.finder, self._overlay.communes
        else:
            communes = tuple(load_records(session, Commune))
            finder = CommuneFinder(communes)
        revision, reviews = revisions.current(session), reviews_at(session, now())
        apart = told_apart(session, "calls")
        self._overlay = _Overlay(revision, communes_revision, communes, finder, reviews, apart)
        return self._overlay

    def _serve(self, made: _Made, laid_over: _Overlay) -> None:
        """Put a catalogue in use, with what people say laid over it."""
        catalogue = parted_catalogue(reviewed_catalogue(made.catalogue, laid_over.reviews), laid_over.apart)
        recommender = Recommender(catalogue, self._cached_encoder(), made.folder.name)
        _warm(recommender)
        self._made = made
        serving = Serving(
            recommender,
            laid_over.revision,
            self._inputs.versions,
            laid_over.communes,
            laid_over.finder,
            self._cached_encoder(),
            now(),
            made.catalogue,
        )
        self._drivers.advance(serving.view, serving.encoder, self._engine, IN_PASSING)
        self._serving = serving
        _set_aside()
        self._first.set()

    def _loaded(self, version: str) -> _Made | None:
        folder = fitting_artifact(self._settings, version)
        if folder is None:
            return None
        return _Made(load_artifact(folder, self._cached_encoder().id)[1], version, folder, saved=True)

    def _built(self, version: str) -> _Made:
        encoder = self._cached_encoder()
        previous = self._made.catalogue if self._made else self._earlier(encoder)
        catalogue = make_catalogue(self._inputs, encoder, previous)
        return _Made(catalogue, version, new_folder(self._settings, version, now()), saved=False)

    def _earlier(self, encoder: Encoder) -> Catalogue | None:
        """The catalogue of the artifact in use, if it differs from what is wanted by its data alone."""
        try:
            folder = current_artifact(self._settings)
            if folder is None or not same_basis(read_manifest(folder).data_version, encoder.id):
                return None
            return load_artifact(folder, encoder.id)[1]
        except ArtifactError:
            return None

    def _save(self, made: _Made) -> None:
        """Write what is served already, for the command line, other processes and the next start."""
        if made.saved:
            return
        created, encoder = now(), self._cached_encoder()
        save_artifact(
            made.folder, made.catalogue, created=created.isoformat(), encoder=encoder.id, data_version=made.version
        )
        self._made = replace(made, saved=True)
        put_in_use(self._settings, made.folder, self._referred(created))

    def _referred(self, at: datetime) -> frozenset[str]:
        """The artifacts that recent answers were made with: kept, so that these can be made again."""
        since = at - timedelta(days=self._settings.keep_artifacts_days)
        with reading(self._engine) as session:
            names = session.scalars(select(AnswerRow.artifact_version).where(AnswerRow.at >= since).distinct())
            return frozenset(names)

    def _cached_encoder(self) -> CachedEncoder:
        if self._encoder is None:
            self._encoder = CachedEncoder(self._open_encoder(), self._settings.home / "vectors.sqlite")
        return self._encoder


def serving_once(settings: Settings, engine: Engine, open_encoder: Callable[[], Encoder]) -> Serving:
    """Return what is served now, for a command that answers once; builds and saves what has changed first."""
    live = Live(settings, engine, open_encoder)
    live.refresh()
    return live.serving()


def _warm(recommender: Recommender) -> None:
    """Work out before it is served what the first request would have to wait for."""
    for name in (
        "groups",
        "positions",
        "eligibility",
        "call_of_passage",
        "length",
        "sources",
        "opening_days",
        "closed",
    ):
        getattr(recommender.catalogue, name)
    recommender.signals.warm_up()


def _set_aside() -> None:
    """Keep what is served for long out of the garbage collector's rounds: each looks at some million objects for none.

    What was served before is looked at once more, and let go.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
