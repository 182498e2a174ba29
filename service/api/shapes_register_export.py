"""What is asked of the register as a file over HTTP."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from service.api.shapes_register import AskedShape
from service.register.exports import Format, What


class RegisterExportQuery(AskedShape):
    """Which projects are taken along, and how."""

    format: Format = "csv"
    what: What = Field("projects", description="the projects, or what was said of them over time")


AskedExport = Annotated[RegisterExportQuery, Query()]
