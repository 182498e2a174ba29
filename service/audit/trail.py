"""The audit trail: who saw or changed what, written in the transaction of the act itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.audit.tables import AuditEventRow
from service.moments import now

LONGEST_DETAIL = 200
"""Characters of one detail: enough for a code, an id or a name of a field, too few for what somebody wrote."""


def record(
    session: Session,
    principal: Principal,
    request_id: str,
    action: str,
    object_kind: str,
    object_id: str,
    commune_istat: str | None = None,
    **details: Any,
) -> None:
    """Add one event to the trail; it is there if and only if the transaction is committed.

    ``action`` is ``<kind>.<verb>`` (``need.edited``), ``object_id`` the id of what was seen or changed. ``details`` are
    codes, ids, counts and names of fields. Raises ValueError for a detail that may be a text or an e-mail address.
    """
    _check(details)
    event = {
        "at": now(),
        "account_id": principal.account_id,
        "api_key_id": principal.api_key_id,
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "commune_istat": commune_istat,
        "request_id": request_id,
        "details": details,
    }
    session.execute(insert(AuditEventRow), [event])


def _check(value: object, name: str = "details") -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _check(inner, f"{name}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner, name)
    elif isinstance(value, str) and (len(value) > LONGEST_DETAIL or "@" in value):
        raise ValueError(f"{name}: a text or an address; the trail holds codes, ids, counts and names of fields")
    elif not isinstance(value, str | int | float | bool | None):
        raise ValueError(f"{name}: {type(value).__name__} is neither a text, a number, a truth value nor null")
