"""How often what is known of a call's deadline was written: the sequence numbers of calendar files."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.audit.tables import AuditEventRow
from service.work.tables import CriterionReviewRow

_WRITTEN = ("criterion_reviews.created", "criterion_reviews.withdrawn", "criterion_reviews.restored")


def sequences(session: Session, call_versions: Mapping[str, int], call_ids: Collection[str]) -> dict[str, int]:
    """Return for each call a number that only grows: a new version of its record, or a person's word on its conditions.

    The trail counts these words, because they can be taken back and a sequence cannot.
    """
    rows = session.execute(
        select(CriterionReviewRow.call_id, func.count())
        .join(AuditEventRow, AuditEventRow.object_id == CriterionReviewRow.id)
        .where(AuditEventRow.action.in_(_WRITTEN))
        .group_by(CriterionReviewRow.call_id)
    )
    said = {call_id: count for call_id, count in rows}
    return {id_: call_versions.get(id_, 1) - 1 + said.get(id_, 0) for id_ in call_ids}
