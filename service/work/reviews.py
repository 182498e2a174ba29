"""What people say about the criteria of calls: confirmed, removed, replaced, added; kept through every import.

rules as they were read ──► criteria with their keys ──► review of one of them ──► rules in force when served
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from matcher.eligibility import Rule
from matcher.eligibility.reviews import ReviewAction, reviewed_rules, rule_key, stale_reviews
from matcher.eligibility.rules import rule_data
from service.errors import InvalidError, UnknownRecordError
from service.ids import new_id
from service.moments import now
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.sayings import Sayings
from service.work.subjects import call_titles, shown_call
from service.work.tables import CriterionReviewRow

RulesOf = Callable[[str], Sequence[Rule]]
"""The rules of a call as they were read; raises UnknownRecordError for a call that is not served."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as it is shown; ``rule`` is what a person wrote, ``stale`` tells that the words it is about are gone."""

    id: str
    call_id: str
    call_title: str
    rule_key: str
    action: ReviewAction
    rule: dict[str, Any] | None
    note: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion of a call: as it was read or written, whether it is in force, and what a person said about it."""

    key: str
    rule: Rule
    in_force: bool
    review: Reviewed | None


@dataclass(frozen=True, slots=True)
class CallCriteria:
    """All criteria of a call, and the reviews whose words it no longer says."""

    call_id: str
    criteria: tuple[CriterionShown, ...]
    stale: tuple[Reviewed, ...]


def call_criteria(acting: Acting, rules_of: RulesOf, call_id: str) -> CallCriteria:
    """Return the criteria of a call; raises UnknownRecordError if it is not served."""
    read = tuple(rules_of(call_id))
    rows = _active(acting, CriterionReviewRow.call_id == call_id)
    reviews = {row.id: row.review for row in rows}
    in_force = {(rule_key(rule), rule) for rule in map(_unreviewed, reviewed_rules(read, reviews.values()))}
    stale = set(stale_reviews(read, reviews.values()))
    shown = {one.id: replace(one, stale=reviews[one.id] in stale) for one in _shown(acting, rows)}
    about_read = {one.rule_key: one for one in shown.values() if one.action is not ReviewAction.ADDED}
    criteria = [
        CriterionShown(key, rule, (key, rule) in in_force, about_read.get(key))
        for key, rule in ((rule_key(rule), rule) for rule in read)
    ]
    criteria += [
        CriterionShown(rule_key(review.rule), review.rule, (rule_key(review.rule), review.rule) in in_force, shown[id_])
        for id_, review in reviews.items()
        if review.rule is not None
    ]
    return CallCriteria(call_id, tuple(criteria), tuple(one for one in shown.values() if one.stale))


def review_criterion(
    acting: Acting,
    rules_of: RulesOf,
    call_id: str,
    action: ReviewAction,
    *,
    key: str = "",
    rule: Rule | None = None,
    note: str = "",
) -> Reviewed:
    """Keep what a person says about a criterion.

    ``key`` names the criterion that was read (all but added), ``rule`` is what holds instead (replaced, added).
    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if something is said about this criterion already.
    """
    acting.must_be_staff()
    call = shown_call(acting, call_id)
    read = {rule_key(one): one for one in rules_of(call)}
    _check(action, key, rule, read)
    row = CriterionReviewRow(
        id=new_id(), call_id=call, rule_key=key or f"{rule.criterion.value if rule else ''}:added", action=action,
        rule=rule_data(rule) if rule else None, note=note, account_id=acting.account_id, at=now(),
    )  # fmt: skip
    return _shown(acting, [REVIEWS.say(acting, row)])[0]


def list_reviews(
    acting: Acting, *, call_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[Reviewed], str]:
    """Return one page of reviews, newest first, and where the next begins."""
    wanted = [CriterionReviewRow.call_id == call_id] if call_id else []
    rows, last = REVIEWS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _shown(acting, rows), last


def list_stale(acting: Acting, rules_of: RulesOf, *, limit: int = 100) -> list[Reviewed]:
    """Return the reviews whose words their call no longer says, oldest first: somebody should look at them again."""
    by_call: dict[str, list[CriterionReviewRow]] = {}
    for row in _active(acting):
        by_call.setdefault(row.call_id, []).append(row)
    found: list[CriterionReviewRow] = []
    for call_id, rows in by_call.items():
        try:
            stale = set(stale_reviews(rules_of(call_id), [row.review for row in rows]))
        except UnknownRecordError:
            # A call that is archived or merged has no criteria to look at.
            continue
        found += [row for row in rows if row.review in stale]
    found.sort(key=lambda row: (row.at, row.id))
    return [replace(one, stale=True) for one in _shown(acting, found[:limit])]


def read_review(acting: Acting, review_id: str) -> Reviewed:
    """Return one review; raises UnknownRecordError if there is none."""
    return _shown(acting, [REVIEWS.read(acting, review_id)])[0]


def withdraw_review(acting: Acting, review_id: str) -> None:
    """Take a review back: the criterion is again as it was read."""
    REVIEWS.withdraw(acting, review_id)


def restore_review(acting: Acting, review_id: str) -> Reviewed:
    """Let a withdrawn review hold again; raises ConflictError if another one was made meanwhile."""
    return _shown(acting, [REVIEWS.restore(acting, review_id)])[0]


def _check(action: ReviewAction, key: str, rule: Rule | None, read: dict[str, Rule]) -> None:
    writes = action in (ReviewAction.REPLACED, ReviewAction.ADDED)
    if writes is (rule is None):
        raise InvalidError("rule", "goes with replaced and added, and with nothing else")
    if action is ReviewAction.ADDED:
        if key:
            raise InvalidError("rule_key", "what is added was not read: leave the key out")
        if rule is not None and rule.criterion in {one.criterion for one in read.values()}:
            raise InvalidError("action", f"{rule.criterion.value} was read in this call: replace it")
        return
    if key not in read:
        raise InvalidError("rule_key", f"{key!r}: no criterion that was read in this call has this key")
    if rule is not None and rule.criterion is not read[key].criterion:
        raise InvalidError("rule", f"{rule.criterion.value} cannot stand for {read[key].criterion.value}")


def _active(acting: Acting, *wanted: ColumnElement[bool]) -> Sequence[CriterionReviewRow]:
    query = select(CriterionReviewRow).where(CriterionReviewRow.withdrawn_at.is_(None), *wanted)
    return acting.session.scalars(query.order_by(CriterionReviewRow.at, CriterionReviewRow.id)).all()


def _unreviewed(rule: Rule) -> Rule:
    return replace(rule, reviewed_on=None)


def _shown(acting: Acting, rows: Sequence[CriterionReviewRow]) -> list[Reviewed]:
    known, titles = authors(acting, (row.account_id for row in rows)), call_titles(acting, (r.call_id for r in rows))
    return [
        Reviewed(
            row.id, row.call_id, titles[row.call_id], row.rule_key, row.action, row.rule,
            row.note if acting.principal.is_staff else "",
            known[row.account_id], row.at, row.withdrawn_at,
        )
        for row in rows
    ]  # fmt: skip


REVIEWS = Sayings(
    kind="criterion_reviews",
    table=CriterionReviewRow,
    key=lambda row: f"{row.call_id}|{row.rule_key}",
    commune=lambda _row: None,
    readable=lambda acting, _row: acting.principal.is_staff,
    writable=lambda acting, _row: acting.principal.is_staff,
    details=lambda row: {"call_id": row.call_id, "said": row.action.value, "rule_key": row.rule_key},
    served="criteria",
)
