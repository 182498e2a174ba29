"""The answer that a page shows each time it is opened: made once, shown again while nothing that matters changed."""

import json

from sqlalchemy import Engine, select

from service.access.principal import Principal
from service.answers.answering import answered
from service.answers.questions import Asked, Question, understood
from service.audit.answers import Kept, asked_of, keep, kept_of
from service.audit.tables import AnswerRow
from service.database import reading, writing_in_turn
from service.ids import new_id
from service.live import Serving
from service.moments import now

PAGE = "page"
"""The surface under which answers of pages are kept."""


def standing_answer(engine: Engine, principal: Principal, request_id: str, serving: Serving, asked: Asked) -> Kept:
    """Return an account's answer to a question, the one it saw last if it would be the same now.

    The same: of the same data, before any call opened or closed since, with the same items, wishes and picks.
    Raises as ``understood`` does.
    """
    at = now()
    with reading(engine) as session:
        question = understood(session, principal, serving, asked)
        last = session.scalars(
            select(AnswerRow)
            .where(
                AnswerRow.account_id == principal.account_id,
                AnswerRow.surface == PAGE,
                AnswerRow.commune_istat == question.commune.istat,
                AnswerRow.item_id == (asked.item.id if asked.item else question.commune.istat),
                AnswerRow.data_version == serving.revision,
                AnswerRow.artifact_version == serving.recommender.artifact_version,
            )
            .order_by(AnswerRow.at.desc())
            .limit(1)
        ).one_or_none()
        kept = kept_of(last) if last is not None else None
    if kept is not None and serving.view.epoch(kept.at) == serving.view.epoch(at) and _same(question, kept):
        return kept
    answer = answered(serving, question, new_id(), at)
    body = json.dumps(answer.data, ensure_ascii=False, separators=(",", ":"))
    with writing_in_turn(engine) as session:
        keep(session, principal, request_id, answer, body, PAGE)
        return kept_of(session.get_one(AnswerRow, answer.id))


def _same(question: Question, last: Kept) -> bool:
    asked = json.loads(json.dumps(asked_of(question))) | {"on": None}
    picks = [(pick.id, pick.why) for pick in question.picks]
    return asked == {**last.asked, "on": None} and picks == [(p["id"], p["why"]) for p in last.answered["picks"]]
