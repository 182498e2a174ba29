"""When the incubator last spoke with each commune, and what of it stands on the worklist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from service.tables import RecordChangeRow
from service.work.acting import Acting
from service.work.tables import WorkItemRow, WorkNoteRow, WorkState
from service.work.worklist import KIND


@dataclass(slots=True)
class Standing:
    """Where the incubator is with one commune: how many calls stand in each state, and the last contact, None if never.

    A contact is a note on the worklist, or a call that went on to another state than ``to_call``.
    """

    states: dict[WorkState, int] = field(default_factory=dict)
    last_contact: datetime | None = None

    def _spoke(self, at: datetime) -> None:
        self.last_contact = at if self.last_contact is None else max(self.last_contact, at)


def standings(acting: Acting) -> Mapping[str, Standing]:
    """Return the standing of each commune on the worklist or spoken with, by ISTAT code; for the incubator only."""
    acting.must_be_staff()
    found: dict[str, Standing] = {}
    on_list = (
        select(WorkItemRow.commune_istat, WorkItemRow.state, func.count())
        .where(WorkItemRow.archived_at.is_(None))
        .group_by(WorkItemRow.commune_istat, WorkItemRow.state)
    )
    for istat, state, count in acting.session.execute(on_list):
        found.setdefault(istat, Standing()).states[state] = count
    noted = (
        select(WorkItemRow.commune_istat, func.max(WorkNoteRow.at))
        .join(WorkNoteRow, WorkNoteRow.work_item_id == WorkItemRow.id)
        .group_by(WorkItemRow.commune_istat)
    )
    for istat, at in acting.session.execute(noted):
        found.setdefault(istat, Standing())._spoke(at)
    new_state = RecordChangeRow.changes["state"][1].as_string()
    moved = (
        select(WorkItemRow.commune_istat, func.max(RecordChangeRow.at))
        .join(RecordChangeRow, RecordChangeRow.record_id == WorkItemRow.id)
        .where(RecordChangeRow.kind == KIND, new_state.is_not(None), new_state != WorkState.TO_CALL.value)
        .group_by(WorkItemRow.commune_istat)
    )
    for istat, at in acting.session.execute(moved):
        found.setdefault(istat, Standing())._spoke(at)
    return found
