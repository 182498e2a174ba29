"""The web application put together: state, policy, routes, errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from service.access.enforcement import authorised
from service.database import open_database
from service.settings import Settings
from service.web import status
from service.web.problems import add_handlers
from service.web.state import State, attach


def create_app(settings: Settings) -> FastAPI:
    """Return the application of these settings; it opens its database when it starts and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_database(settings)
        attach(app, State(settings, engine))
        try:
            yield
        finally:
            engine.dispose()

    app = FastAPI(title="Remix", version="1.0.0", lifespan=lifespan, dependencies=[Depends(authorised)])
    add_handlers(app)
    app.include_router(status.router)
    return app
