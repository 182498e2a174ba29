"""Whether the service is up, and whether it can answer."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from service.database import current_revision
from service.web.state import state_of

router = APIRouter(tags=["status"])


class Status(BaseModel):
    """How the service is."""

    status: str = Field(max_length=20, examples=["ok"])


@router.get("/status", operation_id="read_status")
def read_status() -> Status:
    """Say that the process is up."""
    return Status(status="ok")


@router.get("/readiness", operation_id="read_readiness")
def read_readiness(request: Request) -> Status:
    """Say whether requests can be answered: the database is there."""
    current_revision(state_of(request).engine)
    return Status(status="ok")
