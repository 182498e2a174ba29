"""The shapes of long work over HTTP: what is asked for, how far it is, what came of each project."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from matcher.verdicts import Verdict
from service.api.shapes_answers import Count, Id, Line, Url, Word
from service.api.shapes_work import Body
from service.jobs.results import Outcome
from service.jobs.states import Failure, LineProblem
from service.jobs.tables import JobKind, JobState

MOST_PROJECTS = 1000
MOST_K = 10
Short = Annotated[str, StringConstraints(max_length=300)]


class ListedProject(Body):
    """One project; what cannot be asked is set apart with its reason, and stops none of the others."""

    title: Short = ""
    text: str = Field("", max_length=20_000)
    commune: Short = Field("", description="name or ISTAT code; an account of a commune may leave it out")
    kind: Literal["", "need", "project", "asset"] = Field("", description="empty for a project")
    cost: Annotated[str, StringConstraints(max_length=100)] = Field("", description="in euro")
    code: Word = Field("", description="your own name of it, given back with its calls")


class NewJob(Body):
    """Projects to be matched with the calls, all at once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "projects": [
                        {"code": "P1", "title": "Cappotto termico della scuola", "commune": "015182", "cost": "350000"},
                        {"code": "P2", "title": "Pista ciclabile", "text": "Fino alla stazione.", "commune": "Rho"},
                    ],
                    "k": 5,
                }
            ]
        },
    )

    projects: list[ListedProject] = Field(min_length=1, max_length=MOST_PROJECTS)
    k: int = Field(5, ge=1, le=MOST_K, description="how many calls for each")


class JobShape(BaseModel):
    """Long work and how far it is."""

    model_config = ConfigDict(from_attributes=True)

    id: Word
    kind: JobKind
    state: JobState
    is_stopping: bool = Field(description="whether somebody asked it to stop")
    commune_istat: Word | None
    file_name: Line
    done: Count
    total: Count = Field(description="0 where it is not known; of an import how many rows the last one had")
    apart: Count = Field(description="projects that cannot be asked")
    problem: Failure | Literal[""] = Field(description="why it failed")
    detail: Annotated[str, StringConstraints(max_length=4000)]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class FoundCallShape(BaseModel):
    """A call for a project, in short; the answer holds the reasons."""

    rank: Count
    call_id: Id
    title: Line
    issuer: Line
    url: Url
    closes: datetime | None
    eligibility: Verdict

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        """Return the shape of a recommendation as it was answered."""
        call = {name: found["call"][name] for name in ("title", "issuer", "url", "closes")}
        return cls.model_validate(
            call | {"rank": found["rank"], "call_id": found["call"]["id"], "eligibility": found["eligibility"]}
        )


class JobLineShape(BaseModel):
    """One project of a list: its calls, or why there are none."""

    line: Count = Field(description="its place in what was sent, from 1; of an uploaded file the line")
    code: Word
    title: Line
    commune_istat: Word
    problem: LineProblem | Literal[""] = Field(description="why it was set apart")
    field: Line = Field(description="the field that is at fault")
    value: Line
    answer_id: Word | None = Field(description="under which the answer with its reasons is kept")
    calls: list[FoundCallShape] = Field(max_length=MOST_K)

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Return the shape of what came of a line."""
        line, answered = outcome.line, outcome.answered
        return cls(
            line=line.number,
            code=line.asked["code"],
            title=line.asked["title"][:2000],
            commune_istat=line.asked["commune"],
            problem=LineProblem(line.problem) if line.problem else "",
            field=line.field,
            value=line.value,
            answer_id=line.answer_id,
            calls=[FoundCallShape.of(found) for found in answered["recommendations"]] if answered else [],
        )
