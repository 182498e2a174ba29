"""Opening the recommender: the artifact of today's database, built first if there is none or it is behind.

database ── revision ──► artifacts/<version> up to date? ── no ──► build (encode only what is new) ──► load
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from corpora.embedded import NAME as EMBEDDED
from corpora.funded_bodies import load_funded_bodies
from corpora.funded_themes import load_funded_themes
from matcher.artifact import load_artifact, save_artifact
from matcher.catalogue import Catalogue, build_catalogue
from matcher.encoder import Encoder
from matcher.precedents import build_precedents
from matcher.recommender import Recommender
from matcher.records import Commune
from matcher.reviewing import parted_catalogue, reviewed_catalogue
from service import revisions
from service.artifacts import fitting_artifact, input_version, new_folder, only_builder, put_in_use
from service.communes import CommuneFinder
from service.database import reading
from service.encoders import open_encoder
from service.errors import UsageError
from service.imports import load_records
from service.inputs import Inputs, reviews_at
from service.moments import now
from service.settings import Settings
from service.vectors import CachedEncoder
from service.work.distinctions import told_apart

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the artifact's folder, and how many passages were encoded anew."""

    folder: Path
    n_passages: int
    n_encoded: int


def open_recommender(settings: Settings, engine: Engine, encoder: Encoder, progress: Progress) -> Recommender:
    """Return the recommender of the database as it is now; builds the artifact if there is none that fits.

    What people say about criteria is laid over what was read.
    Raises ArtifactError if the artifact in use was changed on disk: it is never repaired in silence.
    """
    folder = fitting_artifact(settings, _version(engine, encoder))
    if folder is None:
        with only_builder(settings):
            # Another process may have built it meanwhile.
            folder = fitting_artifact(settings, _version(engine, encoder))
            folder = folder or _build(settings, engine, encoder, progress).folder
    manifest, catalogue = load_artifact(folder, encoder.id)
    with reading(engine) as session:
        reviews, apart = reviews_at(session, now()), told_apart(session, "calls")
    return Recommender(parted_catalogue(reviewed_catalogue(catalogue, reviews), apart), encoder, manifest.version)


def build(settings: Settings, engine: Engine, encoder: Encoder, progress: Progress) -> Built:
    """Build the artifact of the database as it is now and put it in use; waits while another process builds one.

    Raises ArtifactError if the home folder cannot be written.
    """
    with only_builder(settings):
        return _build(settings, engine, encoder, progress)


def make_catalogue(inputs: Inputs, encode: CachedEncoder, previous: Catalogue | None = None) -> Catalogue:
    """Read and index what the database holds; ``previous`` as in ``build_catalogue``."""
    funded, themes = load_funded_bodies(), load_funded_themes()
    precedents = inputs.precedents(
        lambda found, programmes: build_precedents(found, encode.encode_projects, themes, programmes)
    )
    return build_catalogue(inputs.calls, encode.encode_documents, funded, themes, previous, precedents)


def _build(settings: Settings, engine: Engine, encoder: Encoder, progress: Progress) -> Built:
    inputs = Inputs()
    with reading(engine) as session:
        inputs.read(session)
    cached = CachedEncoder(encoder, settings.home / "vectors.sqlite", partial(progress, "passages"))
    catalogue = make_catalogue(inputs, cached)
    version, created = input_version(inputs.revision, encoder.id), now()
    folder = new_folder(settings, version, created)
    save_artifact(folder, catalogue, created=created.isoformat(), encoder=encoder.id, data_version=version)
    put_in_use(settings, folder)
    return Built(folder, len(catalogue.passages), cached.encoded)


def _version(engine: Engine, encoder: Encoder) -> str:
    with reading(engine) as session:
        return input_version(revisions.current(session, revisions.BUILT_FROM), encoder.id)


def encoder_of(settings: Settings, progress: Progress) -> Encoder:
    """Return the encoder that the settings name, built first if it is the default one and not there yet."""
    return open_encoder(
        settings.encoder, settings.cache, lambda share, _what: progress("encoder", round(100 * share), 100)
    )


def communes(engine: Engine) -> CommuneFinder:
    """Return the communes of the database, ready to be found by code or name."""
    with reading(engine) as session:
        return CommuneFinder(load_records(session, Commune))


def sources_in_scope(recommender: Recommender, asked: Sequence[str]) -> frozenset[str]:
    """Return the sources whose calls may be recommended: those asked for, or all that were imported.

    The embedded calls step aside as soon as real ones are there: they speak for one past day. They can still be asked
    for by name. Raises UsageError for a source that has no calls, or if there are none at all.
    """
    known = frozenset(recommender.catalogue.sources.tolist())
    if not known:
        raise UsageError("there are no calls yet: run `remix init`, or `remix import SOURCE FILE` with official ones")
    if unknown := sorted(set(asked) - known):
        raise UsageError(f"--source {unknown[0]!r}: no calls of this source; there are: {', '.join(sorted(known))}")
    return frozenset(asked) or (known - {EMBEDDED}) or known
