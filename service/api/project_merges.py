"""Projects of two sources that are one, over HTTP: what the matcher proposes, and what the incubator says."""

from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from matcher.project_twins import Evidence
from service.api.acting import Looking, Writing
from service.api.shapes_items import AuthorShape, RecordId, Text
from service.api.shapes_work import Body, Prose, SaidShape, WithdrawnFilter
from service.register import twins
from service.register.tables import RegisterEntryRow
from service.register.twins import ProjectMerge, ProposedTwin
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.work.texts import Code

router = APIRouter(prefix="/api/v1", tags=["duplicates"])


class TwinEntryShape(BaseModel):
    """One entry of a project, as its source gives it; what is empty or null the source does not say."""

    id: Text = Field(examples=["pnc:F50J21000020001:C.3.0.0"])
    source: Text = Field(examples=["pnc"])
    title: Prose
    cup: Text = Field(examples=["F50J21000020001"])
    body: Prose
    amount: Text | None = Field(examples=["92405360"], description="euro")
    year: int | None = Field(None, ge=1900, le=2200)

    @classmethod
    def of(cls, entry: RegisterEntryRow) -> Self:
        """Return the shape of an entry."""
        return cls(
            id=entry.id,
            source=entry.source,
            title=entry.title,
            cup=entry.cup,
            body=entry.body,
            amount=None if entry.amount is None else str(entry.amount),
            year=entry.year,
        )


class ProjectTwinShape(BaseModel):
    """Two entries that are probably one project; the first would rather be kept."""

    leading: TwinEntryShape
    other: TwinEntryShape
    evidence: list[Evidence] = Field(max_length=len(Evidence), examples=[["same_cup", "same_commune"]])
    likeness: float = Field(ge=0, le=1, description="1 for one CUP, else the share of the title that both say")

    @classmethod
    def of(cls, twin: ProposedTwin) -> Self:
        """Return the shape of a proposal."""
        return cls(
            leading=TwinEntryShape.of(twin.leading),
            other=TwinEntryShape.of(twin.other),
            evidence=list(twin.evidence),
            likeness=twin.likeness,
        )


class NewProjectMerge(Body):
    """Two entries that are one project."""

    kept_id: Code = Field(description="the entry that is shown", examples=["pnrr-progetti:F50J21000020001:1"])
    merged_id: Code = Field(description="the entry that is shown as the other", examples=["pnc:F50J21000020001:C.3"])


class ProjectMergeShape(SaidShape):
    """Two entries that a person says are one project."""

    kept_id: Text
    merged_id: Text

    @classmethod
    def of(cls, merge: ProjectMerge) -> Self:
        """Return the shape of a merge."""
        return cls(
            id=merge.id,
            author=AuthorShape.of(merge.author),
            at=merge.at,
            withdrawn_at=merge.withdrawn_at,
            kept_id=merge.kept_id,
            merged_id=merge.merged_id,
        )


@router.get("/project-twins", operation_id="list_project_twins")
def list_project_twins(acting: Looking, limit: Limit = 20, cursor: Cursor = "") -> Page[ProjectTwinShape]:
    """List the projects that are probably one and that nobody has merged or told apart.

    To tell two apart, send them to `/api/v1/distinctions` with the kind `register`.
    """
    found, last = twins.proposed_twins(acting, after=decode_cursor(cursor), limit=limit)
    return Page(items=[ProjectTwinShape.of(twin) for twin in found], next_cursor=encode_cursor(last), total=None)


@router.get("/project-merges", operation_id="list_project_merges")
def list_project_merges(
    acting: Looking,
    record: Annotated[str, Query(max_length=300, description="only with this project, on either side")] = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[ProjectMergeShape]:
    """List what people said is one project, newest first."""
    found, last = twins.list_project_merges(
        acting, record_id=record, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[ProjectMergeShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("/project-merges", operation_id="create_project_merge", status_code=201)
def create_project_merge(acting: Writing, body: NewProjectMerge, response: Response) -> ProjectMergeShape:
    """Say that two entries are one project: the one that is kept is listed and counted, through every import."""
    made = twins.merge_projects(acting, body.kept_id, body.merged_id)
    response.headers["Location"] = f"{router.prefix}/project-merges/{made.id}"
    return ProjectMergeShape.of(made)


@router.get("/project-merges/{merge_id}", operation_id="read_project_merge")
def read_project_merge(acting: Looking, merge_id: RecordId) -> ProjectMergeShape:
    """Read one merge."""
    return ProjectMergeShape.of(twins.read_project_merge(acting, merge_id))


@router.delete("/project-merges/{merge_id}", operation_id="withdraw_project_merge", status_code=204)
def withdraw_project_merge(acting: Writing, merge_id: RecordId) -> None:
    """Take a merge back: both projects are listed and counted again."""
    twins.withdraw_project_merge(acting, merge_id)


@router.post("/project-merges/{merge_id}/restorations", operation_id="restore_project_merge")
def restore_project_merge(acting: Writing, merge_id: RecordId) -> ProjectMergeShape:
    """Let a merge hold again that was taken back."""
    return ProjectMergeShape.of(twins.restore_project_merge(acting, merge_id))
