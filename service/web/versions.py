"""Versions as ETags: reads that answer 304, edits that say which version they change."""

from typing import Annotated

from fastapi import Depends, Header, Request, Response

from service.errors import InvalidError, MissingVersionError


def etag(version: int | str) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def asked_version(if_match: str) -> int:
    """Return the version that an edit was made on; raises InvalidError for anything but one ETag of ours."""
    words = if_match.strip().removeprefix("W/").strip('"')
    if not words.isdecimal() or len(words) > 9:
        raise InvalidError("If-Match", f'{if_match!r}: send the ETag of the version that was edited, such as "3"')
    return int(words)


def _edited_version(
    if_match: Annotated[
        str, Header(alias="If-Match", max_length=100, description='the version that was edited, as in its ETag: `"3"`')
    ] = "",
) -> int:
    if not if_match:
        raise MissingVersionError('send If-Match with the ETag of the version that was edited, such as "3"')
    return asked_version(if_match)


EditedVersion = Annotated[int, Depends(_edited_version)]
"""The version that an edit was made on; a request without it is answered 428."""


def not_modified(request: Request, response: Response, tag: str) -> Response | None:
    """Return a 304 answer if the client has this version already; else set the ETag of the answer to come."""
    sent = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if tag in sent or "*" in sent:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return None
