"""The editor of the weekly e-mail, opened over the database as it is now."""

from functools import partial

from sqlalchemy import Engine

from matcher.records import Commune
from service.database import reading
from service.digests.composing import Composer
from service.digests.editor import WeeklyEditor
from service.digests.links import Links
from service.imports import load_records
from service.recommending import Progress, encoder_of, open_recommender
from service.settings import Settings


def links_of(settings: Settings) -> Links:
    """Return the maker and reader of the links of e-mails."""
    return Links(settings.secret_key.get_secret_value(), settings.public_url)


def open_editor(settings: Settings, engine: Engine, progress: Progress) -> WeeklyEditor:
    """Return the editor over today's calls; builds the index first where it is behind.

    ``progress`` is told what is being done, how much of it, and how much there is. Raises as ``open_recommender`` does,
    and UsageError where there are no calls at all.
    """
    recommender = open_recommender(settings, engine, encoder_of(settings, progress), progress)
    with reading(engine) as session:
        communes = {commune.istat: commune for commune in load_records(session, Commune)}
    return WeeklyEditor(
        recommender,
        communes,
        Composer(links_of(settings), settings.resolution_days),
        resolution_days=settings.resolution_days,
        progress=partial(progress, "ranking"),
    )
