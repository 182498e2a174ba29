"""Errors as ``application/problem+json`` (RFC 9457): one shape for everything that can go wrong.

error ──► status, title ──► {"type", "title", "status", "detail", "instance", …}
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from corpora.errors import CorporaError
from matcher.errors import MatcherError
from service import errors

_log = logging.getLogger("remix.errors")
MEDIA_TYPE = "application/problem+json"
STATUS_OF: Mapping[type[Exception], int] = {
    errors.InvalidError: 422,
    errors.UsageError: 422,
    errors.UnknownCommuneError: 422,
    errors.BadQueriesError: 422,
    MatcherError: 422,
    CorporaError: 422,
    errors.UnauthenticatedError: 401,
    errors.ForbiddenError: 403,
    errors.UnknownRecordError: 404,
    errors.ConflictError: 409,
    errors.StaleError: 412,
    errors.MissingVersionError: 428,
    errors.TooManyError: 429,
    errors.NotReadyError: 503,
    errors.DatabaseError: 503,
    errors.ServiceError: 500,
}


Pair = Annotated[list[Any], Field(min_length=2, max_length=2)]


class FieldProblem(BaseModel):
    """One field that cannot be accepted."""

    field: str = Field(max_length=200, examples=["/text"])
    message: str = Field(max_length=2000)


class Problem(BaseModel):
    """What went wrong, and what to do."""

    type: str = Field("about:blank", max_length=200)
    title: str = Field(max_length=200, examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field("", max_length=4000)
    instance: str = Field("", max_length=500, description="the id of the request, as in the log")
    errors: list[FieldProblem] = Field(default_factory=list, max_length=100)
    difference: dict[str, Pair] | None = Field(
        None, description="412 only: each field that differs, as stored and as sent"
    )


def tell_by(app: FastAPI, wanted: Callable[[Request], bool], told: Callable[[Request, int], Response]) -> None:
    """Let those who want a page be told of problems by one."""
    app.state.told_by = (wanted, told)


def problem(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Return a problem as a response, or as a page to those who asked for a page."""
    told_by = getattr(request.app.state, "told_by", None)
    if told_by is not None and told_by[0](request):
        page: Response = told_by[1](request, status)
        page.headers.update(dict(headers or {}))
        return page
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=_request_id(request),
        **more,
    )
    content = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Turn every error that is foreseen into a problem; the others end at the gates."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (errors.ServiceError, MatcherError, CorporaError):
        app.add_exception_handler(kind, _ours)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette hands over what was registered
    return problem(request, error.status_code, str(error.detail), error.headers)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [
        FieldProblem(field="/" + "/".join(str(part) for part in one["loc"][1:]), message=one["msg"])
        for one in error.errors()[:100]
    ]
    return problem(request, 422, "what was sent cannot be accepted; see errors", errors=found)


def _ours(request: Request, error: Exception) -> Response:
    status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, errors.InvalidError):
        more["errors"] = [FieldProblem(field=f"/{error.field}", message=str(error))]
    if isinstance(error, errors.StaleError):
        more["difference"] = {name: list(pair) for name, pair in error.difference.items()}
        headers["ETag"] = f'"{error.version}"'
    if isinstance(error, errors.TooManyError):
        headers["Retry-After"] = str(error.retry_after)
    if status == 503:
        headers["Retry-After"] = "5"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(request, status, _detail(request, error, status), headers, **more)


def _detail(request: Request, error: Exception, status: int) -> str:
    """Return what a client may read: a database's own words name its address, and may hold what people wrote."""
    if isinstance(error, errors.DatabaseError):
        cause = type(error.__cause__).__name__ if error.__cause__ else type(error).__name__
        _log.error("the database did not answer", extra={"cause": cause, "request_id": _request_id(request)})
        return "the database cannot answer now; try again shortly"
    return str(error) if status != 500 else "an error of ours; it is in the log"


def _request_id(request: Request) -> str:
    found: str = getattr(request.state, "request_id", "")
    return found
