"""One person's e-mail as it would be written now, without keeping anything."""

from sqlalchemy import Engine, or_, select

from service.accounts.directory import normal_email
from service.accounts.tables import AccountRow
from service.database import reading
from service.digests import opening
from service.digests.content import Mail
from service.digests.planning import recipients
from service.digests.tables import SubscriptionRow
from service.digests.weeks import Week
from service.digests.writing import digests_of
from service.progress import Report
from service.settings import Settings


def preview_of(engine: Engine, settings: Settings, email: str, week: Week, report: Report) -> Mail | None:
    """Return the e-mail of the person with this address; None if nobody who gets it has that address."""
    address = normal_email(email)
    with reading(engine) as session:
        ids = session.scalars(
            select(SubscriptionRow.id)
            .outerjoin(AccountRow, AccountRow.id == SubscriptionRow.account_id)
            .where(or_(SubscriptionRow.email == address, AccountRow.email == address))
        )
        people = recipients(session, list(ids))[:1]
        if not people:
            return None
        editor = opening.open_editor(settings, engine, report)
        return editor.compose(next(digests_of(session, editor, people, week)))
