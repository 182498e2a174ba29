"""What one process serves from, opened once when it starts."""

from dataclasses import dataclass, field
from typing import cast

from fastapi import FastAPI, Request
from sqlalchemy import Engine

from service.assets.register import Register
from service.frame.keeping import FrameKeeper
from service.jobs.runner import Runner
from service.live import Live
from service.maps.kept import Kept
from service.partners.bodies import Bodies
from service.settings import Settings


@dataclass(slots=True)
class State:
    """The things that requests share; ``app.state.remix`` holds it."""

    settings: Settings
    engine: Engine
    live: Live
    jobs: Runner
    frame: FrameKeeper
    assets: Register = field(default_factory=Register)
    bodies: Bodies = field(default_factory=Bodies)
    maps: Kept = field(default_factory=Kept)


def attach(app: FastAPI, state: State) -> None:
    """Give an application its state."""
    app.state.remix = state


def state_of(request: Request) -> State:
    """Return the state of the application that a request came to."""
    return cast(State, request.app.state.remix)
