"""Somebody acting in one transaction: who, in which request, and what of it goes into the audit trail."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.audit.trail import record
from service.errors import ForbiddenError, UnauthenticatedError, UnknownRecordError
from service.revisions import touch


@dataclass(frozen=True, slots=True)
class Acting:
    """A principal with the session of its request; every act is committed together with its audit event."""

    session: Session
    principal: Principal
    request_id: str = ""

    @property
    def account_id(self) -> str:
        """The account that acts; raises UnauthenticatedError for a visitor."""
        if self.principal.account_id is None:
            raise UnauthenticatedError("log in, or send an API key")
        return self.principal.account_id

    def saw(self, kind: str, object_id: str, commune_istat: str | None = None, /, **details: Any) -> None:
        """Record that something private was read."""
        self._record(f"{kind}.read", kind, object_id, commune_istat, details)

    def did(self, kind: str, verb: str, object_id: str, commune_istat: str | None = None, /, **details: Any) -> None:
        """Record an act on a thing of this kind."""
        self._record(f"{kind}.{verb}", kind, object_id, commune_istat, details)

    def changed(self, name: str) -> None:
        """Say to whoever serves the things of this name that they were written."""
        touch(self.session, name)

    def must_keep(self, istat: str | None, what: str) -> None:
        """Raise UnknownRecordError, as for a thing that does not exist, where this commune's things are not ours."""
        if not self.principal.keeps(istat):
            raise UnknownRecordError(what)

    def must_be_staff(self) -> None:
        """Raise ForbiddenError for anybody but the incubator's people."""
        if not self.principal.is_staff:
            raise ForbiddenError("only the incubator may do this")

    def _record(self, action: str, kind: str, object_id: str, commune: str | None, details: dict[str, Any]) -> None:
        record(self.session, self.principal, self.request_id, action, kind, object_id, commune, **details)
