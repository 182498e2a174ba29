"""What people say about calls and records: said once at a time, withdrawn and never deleted, said again.

say ──► holds (active_key) ──withdraw──► kept with the moment (no key) ──restore──► holds again
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from service.errors import ConflictError, InvalidError, UnknownRecordError
from service.moments import now
from service.work.acting import Acting
from service.work.tables import Holding

R = TypeVar("R", bound=Holding)


def _nothing(_acting: Acting, _row: Any) -> None:
    """Accept whatever is said."""


@dataclass(frozen=True, slots=True)
class Sayings(Generic[R]):
    """One kind of saying.

    ``key`` names what a row says, so that it holds once; ``commune`` is the one that it concerns, if any. ``readable``
    and ``writable`` say who may; ``served`` names what recommendations depend on; ``agrees`` raises ConflictError for
    a row that contradicts others.
    """

    kind: str
    table: type[R]
    key: Callable[[R], str]
    commune: Callable[[R], str | None]
    readable: Callable[[Acting, R], bool]
    writable: Callable[[Acting, R], bool]
    details: Callable[[R], dict[str, Any]]
    served: str = ""
    agrees: Callable[[Acting, R], None] = _nothing

    def say(self, acting: Acting, row: R) -> R:
        """Keep a new row; raises ConflictError if the same holds already, or if it contradicts what holds."""
        self._take_turn(acting)
        self.agrees(acting, row)
        row.active_key = self.key(row)
        if (same := self.holding(acting, row.active_key)) is not None:
            raise ConflictError(f"{same.id} says this already: withdraw it first")
        acting.session.add(row)
        self._settle(acting, row, "created")
        return row

    def holding(self, acting: Acting, key: str) -> R | None:
        """Return the row that says this now."""
        return acting.session.scalars(select(self.table).where(self.table.active_key == key)).one_or_none()

    def read(self, acting: Acting, row_id: str) -> R:
        """Return one row; raises UnknownRecordError if there is none that may be seen."""
        row = acting.session.get(self.table, row_id)
        if row is None or not self.readable(acting, row):
            raise self._unknown(row_id)
        if commune := self.commune(row):
            acting.saw(self.kind, row_id, commune)
        return row

    def withdraw(self, acting: Acting, row_id: str) -> R:
        """Let a row hold no longer; it is kept with the moment."""
        row = self._to_change(acting, row_id)
        if row.withdrawn_at is None:
            self._take_turn(acting)
            row.withdrawn_at, row.active_key = now(), None
            self._settle(acting, row, "withdrawn")
        return row

    def restore(self, acting: Acting, row_id: str) -> R:
        """Let a withdrawn row hold again; raises ConflictError if something else says so now, or contradicts it."""
        row = self._to_change(acting, row_id)
        if row.withdrawn_at is not None:
            self._take_turn(acting)
            self.agrees(acting, row)
            if (same := self.holding(acting, self.key(row))) is not None:
                raise ConflictError(f"{same.id} says this already: withdraw it first")
            row.withdrawn_at, row.active_key = None, self.key(row)
            self._settle(acting, row, "restored")
        return row

    def newest(
        self, acting: Acting, *wanted: ColumnElement[bool], withdrawn: bool = False, after: str = "", limit: int = 20
    ) -> tuple[list[R], str]:
        """Return one page of rows, newest first, and where the next one begins (empty at the end)."""
        table = self.table
        holds = table.withdrawn_at.is_not(None) if withdrawn else table.withdrawn_at.is_(None)
        query = select(table).where(holds, *wanted).order_by(table.at.desc(), table.id.desc()).limit(limit + 1)
        if after:
            at, row_id = _position(after)
            query = query.where(or_(table.at < at, and_(table.at == at, table.id < row_id)))
        rows = list(acting.session.scalars(query))
        return rows[:limit], f"{rows[limit - 1].at.isoformat()}\n{rows[limit - 1].id}" if len(rows) > limit else ""

    def _to_change(self, acting: Acting, row_id: str) -> R:
        row = acting.session.get(self.table, row_id, with_for_update=True)
        if row is None or not self.readable(acting, row) or not self.writable(acting, row):
            raise self._unknown(row_id)
        return row

    def _take_turn(self, acting: Acting) -> None:
        """Say that something served changes; whoever else says so waits until this is committed, and sees it then."""
        if self.served:
            acting.changed(self.served)

    def _settle(self, acting: Acting, row: R, verb: str) -> None:
        try:
            acting.session.flush()
            acting.session.refresh(row)
        except IntegrityError as error:
            raise ConflictError("somebody else has just said this: look again") from error
        acting.did(self.kind, verb, row.id, self.commune(row), **self.details(row))

    def _unknown(self, row_id: str) -> UnknownRecordError:
        return UnknownRecordError(f"{row_id}: none of the {self.kind} that you may see has this id")


def seen(
    acting: Acting,
    commune: InstrumentedAttribute[str],
    call: InstrumentedAttribute[str],
    commune_istat: str = "",
    call_id: str = "",
) -> list[ColumnElement[bool]]:
    """Return which rows of a table whoever acts may see: the incubator all of them, a commune its own.

    ``commune`` and ``call`` are its columns; only what concerns one commune, or one call, if that is named.
    """
    wanted = [true() if acting.principal.is_staff else commune == acting.principal.commune_istat]
    if commune_istat:
        wanted.append(commune == commune_istat)
    if call_id:
        wanted.append(call == call_id)
    return wanted


def _position(after: str) -> tuple[datetime, str]:
    at, _, row_id = after.partition("\n")
    try:
        return datetime.fromisoformat(at), row_id
    except ValueError as error:
        raise InvalidError("cursor", "not a cursor of this list; start again without one") from error
