"""Whether the service is up, and whether it can answer (what load balancers and the national catalogue ask)."""

from datetime import datetime
from importlib.metadata import version

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import text

from service.database import HEAD, current_revision, reading
from service.errors import NotReadyError
from service.web.state import state_of

router = APIRouter(tags=["status"])


class Status(BaseModel):
    """How the service is."""

    status: str = Field(max_length=20, examples=["ok"])
    version: str = Field(max_length=40, description="of the program", examples=["0.1.0"])


class Readiness(Status):
    """What requests are answered from."""

    artifact: str = Field(max_length=100, description="name of the index in use")
    data_revision: str = Field(max_length=100, description="what the database held when the index was put in use")
    data_since: datetime = Field(description="since when these data are served")
    calls: int = Field(ge=0, le=10_000_000, description="how many calls are served")


@router.get("/status", operation_id="read_status")
def read_status(request: Request) -> Status:
    """Say whether the service is up: the process answers, and its database too."""
    with reading(state_of(request).engine) as session:
        session.execute(text("SELECT 1"))
    return Status(status="ok", version=version("remix"))


@router.get("/readiness", operation_id="read_readiness")
def read_readiness(request: Request) -> Readiness:
    """Say whether requests can be answered: the tables are those of this program, and the calls are read."""
    state = state_of(request)
    state.live.start()
    found = current_revision(state.engine)
    if found != HEAD:
        raise NotReadyError(f"the database stands at {found}, this program at {HEAD}: run `remix init`, or update it")
    if not state.live.is_ready:
        raise NotReadyError("the calls are being read")
    serving = state.live.serving()
    return Readiness(
        status="ok",
        version=version("remix"),
        artifact=serving.recommender.artifact_version,
        data_revision=serving.revision,
        data_since=serving.since,
        calls=len(serving.catalogue.calls),
    )


@router.get("/openapi.json", operation_id="read_contract", include_in_schema=False)
def read_contract(request: Request) -> Response:
    """Return the description of the API."""
    return Response(request.app.state.contract(), media_type="application/json")
