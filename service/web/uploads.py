"""A file sent by a form: received only from whoever may send it, and on disk as soon as it is large."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

MOST_FIELDS = 20
LONGEST_FIELD = 10_000
"""Bytes of a field beside the file."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent: its fields, and the file (None where none was chosen) with the name that it had there."""

    fields: Mapping[str, str]
    name: str
    content: BinaryIO | None


async def _received(request: Request) -> AsyncIterator[Sent]:
    # Read here and not as a parameter of the route: those are read before anybody has asked who sends them.
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        file = next((value for value in form.values() if isinstance(value, UploadFile) and value.filename), None)
        yield Sent(fields, (file.filename or "") if file else "", file.file if file else None)


SentForm = Annotated[Sent, Depends(_received)]
"""The form that was sent, with its file."""
