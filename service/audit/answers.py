"""The answers that were shown: kept whole, so that "why was this shown on 3 March?" has an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts.tables import AccountRow
from service.answers.answering import Answer
from service.answers.questions import Question
from service.audit.tables import AnswerCallRow, AnswerRow
from service.audit.trail import record
from service.errors import UnknownRecordError

OF_A_TEXT, OF_A_COMMUNE = "text", "commune"
"""Kinds of what was asked about, besides those of items."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was shown; ``asked`` holds all that is needed to ask again."""

    id: str
    at: datetime
    commune_istat: str
    artifact_version: str
    data_version: str
    asked: Mapping[str, Any]
    answered: Mapping[str, Any]


def keep(session: Session, principal: Principal, request_id: str, answer: Answer, body: str, surface: str) -> None:
    """Write down an answer in the words in which it leaves (``body``: JSON), and that it was shown."""
    question = answer.question
    kind, item_id = _about(question)
    session.execute(
        insert(AnswerRow),
        [
            {
                "id": answer.id,
                "at": answer.at,
                "account_id": principal.account_id,
                "api_key_id": principal.api_key_id,
                "surface": surface,
                "request_id": request_id,
                "commune_istat": question.commune.istat,
                "item_kind": kind,
                "item_id": item_id,
                "artifact_version": answer.serving.recommender.artifact_version,
                "data_version": answer.serving.revision,
                "asked": json.dumps(asked_of(question), ensure_ascii=False),
                "answered": body,
            }
        ],
    )
    if answer.shown:
        session.execute(insert(AnswerCallRow), [_call(answer, rank) for rank in range(1, len(answer.shown) + 1)])
    if principal.account_id is not None:
        record(
            session, principal, request_id, "answer.shown", "answer", answer.id, question.commune.istat,
            about=kind, calls=len(answer.shown),
        )  # fmt: skip


def kept_answer(session: Session, principal: Principal, answer_id: str) -> Kept:
    """Return an answer to whoever asked for it, to accounts of the same commune and to the incubator.

    Raises UnknownRecordError for all others, as if it did not exist.
    """
    row = session.get(AnswerRow, answer_id)
    if row is None or not _may_see(session, principal, row):
        raise UnknownRecordError(f"{answer_id}: no answer has this id")
    return kept_of(row)


def kept_of(row: AnswerRow) -> Kept:
    """Return a row as what it stands for."""
    return Kept(
        row.id,
        row.at,
        row.commune_istat or "",
        row.artifact_version,
        row.data_version,
        json.loads(row.asked),
        json.loads(row.answered),
    )


def _may_see(session: Session, principal: Principal, row: AnswerRow) -> bool:
    if principal.is_staff or (principal.account_id is not None and principal.account_id == row.account_id):
        return True
    if row.account_id is None or principal.commune_istat is None:
        return False
    of_whom = session.scalar(select(AccountRow.commune_istat).where(AccountRow.id == row.account_id))
    return of_whom is not None and principal.keeps(of_whom)


def _about(question: Question) -> tuple[str, str]:
    if question.asked.item is not None:
        return question.asked.item.kind, question.asked.item.id
    return (OF_A_TEXT, "") if question.asked.text else (OF_A_COMMUNE, question.commune.istat)


def asked_of(question: Question) -> dict[str, Any]:
    """Return all that is needed to ask a question again."""
    request = question.request
    return {
        "queries": [{"id": query.id, "kind": query.kind.value, "text": query.text} for query in question.queries],
        "items": [item and {"kind": item.kind, "id": item.id} for item in question.items],
        "commune": question.commune.istat,
        "k": request.k,
        "on": request.on.isoformat() if request.on else None,
        "sources": sorted(request.sources or ()),
        "excluded": request.excluded,
        "grouped": request.grouped,
        "hidden": sorted(request.hidden),
    }


def _call(answer: Answer, rank: int) -> dict[str, Any]:
    found = answer.shown[rank - 1].recommendation
    return {
        "answer_id": answer.id,
        "rank": rank,
        "call_id": found.call.id,
        "call_version": answer.serving.call_versions.get(found.call.id, 1),
        "score": found.score,
        "verdict": found.eligibility.verdict.value,
    }
