"""The ids of what is made here: nobody can guess one from another."""

from uuid import uuid4


def new_id() -> str:
    """Return a new random id (UUID 4) as text, 36 characters."""
    return str(uuid4())
