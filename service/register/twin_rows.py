"""The pairs of projects that are probably one, as they were found last; made anew from the records, never edited."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base


class ProjectTwinRow(Base):
    """Two records, ``first_id`` sorting first, and why they are probably one project, in codes of ``matcher``.

    ``is_tender``: one of them is a tender of the other, which is shown beside it and never merged.
    """

    __tablename__ = "project_twins"

    first_id: Mapped[str] = mapped_column(primary_key=True)
    second_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    evidence: Mapped[list[Any]] = mapped_column(JSON)
    likeness: Mapped[float]
    is_tender: Mapped[bool]
