"""What people have said, as e-mails heed it: calls refused, saved, applied for, recommended; requests answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.feedback import Decision, DecisionKind, hidden_for
from service.access.principal import STAFF
from service.accounts.tables import AccountRow
from service.digests.content import RequestNews
from service.requests.news import served
from service.tables import FundingCallRow
from service.work.feedback import decisions_in_force
from service.work.merged import shown_as
from service.work.tables import DecisionRow, PickRow, ReminderRow

PICKED = "picked"
_SETTLED = frozenset({DecisionKind.APPLIED, DecisionKind.FUNDED, DecisionKind.REJECTED})
"""After these nobody needs to be told that a call closes."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the incubator's people did for a commune; ``account_id`` did it."""

    commune_istat: str
    account_id: str
    news: RequestNews


@dataclass(frozen=True, slots=True)
class Said:
    """What holds now, by commune (``reminded``: by account and commune); acts of the incubator, oldest first."""

    decisions: Mapping[str, Sequence[Decision]]
    reminded: Mapping[tuple[str, str], frozenset[str]]
    acts: Mapping[str, Sequence[Act]]

    @classmethod
    def read(cls, session: Session, since: datetime) -> "Said":
        """Read what people say; acts of the incubator only after ``since``."""
        decisions: dict[str, list[Decision]] = {}
        for decision in decisions_in_force(session):
            decisions.setdefault(decision.commune_istat, []).append(decision)
        acts: dict[str, list[Act]] = {}
        found = (*_picks(session, since), *_decided(session, since), *_served(session, since))
        for act in sorted(found, key=lambda act: act.news.at):
            acts.setdefault(act.commune_istat, []).append(act)
        return cls(decisions, _reminders(session), acts)

    def refused(self, istat: str, item_id: str) -> frozenset[str]:
        """Return the calls that a commune does not want to see, at all or for one item."""
        own = self.decisions.get(istat)
        return hidden_for(own, istat, item_id) if own else frozenset()

    def saved(self, istat: str) -> frozenset[str]:
        """Return the calls that a commune keeps in mind."""
        return self._of_kinds(istat, frozenset({DecisionKind.SAVED}))

    def settled(self, istat: str) -> frozenset[str]:
        """Return the calls that a commune has applied to."""
        return self._of_kinds(istat, _SETTLED)

    def _of_kinds(self, istat: str, kinds: frozenset[DecisionKind]) -> frozenset[str]:
        return frozenset(one.call_id for one in self.decisions.get(istat, ()) if one.kind in kinds)


def _reminders(session: Session) -> dict[tuple[str, str], frozenset[str]]:
    shown = shown_as(session, "calls")
    found: dict[tuple[str, str], set[str]] = {}
    columns = ReminderRow.account_id, ReminderRow.commune_istat, ReminderRow.call_id
    for account_id, istat, call_id in session.execute(select(*columns).where(ReminderRow.withdrawn_at.is_(None))):
        found.setdefault((account_id, istat), set()).add(shown.get(call_id, call_id))
    return {key: frozenset(calls) for key, calls in found.items()}


def _picks(session: Session, since: datetime) -> list[Act]:
    rows = session.execute(
        select(PickRow, FundingCallRow.title)
        .join(FundingCallRow, FundingCallRow.id == PickRow.call_id)
        .where(PickRow.at > since, PickRow.withdrawn_at.is_(None))
    )
    return [
        Act(
            row.commune_istat,
            row.account_id,
            RequestNews(row.call_id, title, row.at, PICKED, row.commune_istat, row.why),
        )
        for row, title in rows
    ]


def _decided(session: Session, since: datetime) -> list[Act]:
    """What the incubator wrote down for a commune; its notes are for itself."""
    rows = session.execute(
        select(DecisionRow, FundingCallRow.title)
        .join(FundingCallRow, FundingCallRow.id == DecisionRow.call_id)
        .join(AccountRow, AccountRow.id == DecisionRow.account_id)
        .where(DecisionRow.at > since, DecisionRow.withdrawn_at.is_(None), AccountRow.role.in_(sorted(STAFF)))
    )
    return [
        Act(
            row.commune_istat,
            row.account_id,
            RequestNews(row.call_id, title, row.at, row.kind.value, row.commune_istat),
        )
        for row, title in rows
    ]


def _served(session: Session, since: datetime) -> list[Act]:
    """What the incubator did on the services that communes asked for."""
    return [
        Act(
            one.commune_istat,
            one.account_id,
            RequestNews("", "", one.at, one.state.value, service=one.service.value, path=one.path),
        )
        for one in served(session, since)
    ]
