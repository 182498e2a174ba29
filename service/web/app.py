"""The web application put together: state, policy, routes, errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import Depends, FastAPI

from matcher.encoder import Encoder
from service.access.enforcement import authorised
from service.api import (
    accounts,
    asset_register,
    audit,
    call_communes,
    calls,
    events,
    frame,
    interests,
    jobs,
    map_areas,
    observations,
    partners,
    recommendations,
    register,
    register_words,
    service_requests,
    sources,
    work,
)
from service.database import open_database
from service.frame.keeping import FrameKeeper
from service.jobs.runner import Runner, Tools
from service.live import Live
from service.metrics import Metrics
from service.pages.portal import add_pages
from service.recommending import encoder_of
from service.settings import Settings
from service.web import status
from service.web.contract import attach_contract
from service.web.edge import edge
from service.web.guard import attach_limiter, guarded
from service.web.problems import add_handlers
from service.web.state import State, attach

API_VERSION = "1.0.0"


def create_app(settings: Settings, encoder: Encoder | None = None, *, eager: bool = False) -> FastAPI:
    """Return the application of these settings; it opens its database when it starts and closes it when it ends.

    ``encoder``: in place of the one that the settings name. ``eager``: read the calls at once and not when somebody
    first asks for them.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_database(settings)
        live = Live(settings, engine, partial(_opened, settings, encoder))
        jobs = Runner(Tools(settings, engine, live))
        frame = FrameKeeper(engine, live)
        attach(app, State(settings, engine, live, jobs, frame))
        metrics.watch(live)
        if settings.metrics_port:
            metrics.start(settings.metrics_host, settings.metrics_port)
        if eager:
            live.start()
            jobs.start()
            frame.start()
        try:
            yield
        finally:
            frame.stop()
            jobs.stop()
            live.stop()
            metrics.stop()
            engine.dispose()

    metrics = Metrics()
    app = FastAPI(
        title="Remix",
        version=API_VERSION,
        lifespan=lifespan,
        dependencies=[Depends(guarded), Depends(authorised)],
        middleware=edge(settings, metrics),
        openapi_url=None,
        redirect_slashes=False,
    )
    attach_limiter(app, settings)
    attach_contract(app, settings)
    add_handlers(app)
    app.include_router(status.router)
    app.include_router(accounts.router)
    app.include_router(recommendations.router)
    app.include_router(calls.router)
    app.include_router(call_communes.router)
    app.include_router(jobs.router)
    app.include_router(sources.router)
    app.include_router(audit.router)
    app.include_router(work.router)
    app.include_router(asset_register.router)
    app.include_router(map_areas.router)
    app.include_router(register.router)
    app.include_router(register_words.router)
    app.include_router(partners.router)
    app.include_router(interests.router)
    app.include_router(observations.router)
    app.include_router(frame.router)
    app.include_router(events.router)
    app.include_router(service_requests.router)
    add_pages(app)
    return app


def _opened(settings: Settings, encoder: Encoder | None) -> Encoder:
    return encoder or encoder_of(settings, lambda _what, _done, _total: None)
