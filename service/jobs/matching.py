"""A list of projects matched with the calls, a few lines at a time, so that requests get through in between.

lines without an answer ──► questions ──► answered_each ──► answers kept, lines pointed to them, progress: one commit
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from matcher.errors import QueryError
from matcher.records import QueryKind
from service.access.principal import Principal
from service.accounts.tables import AccountRow, AccountState, Role
from service.answers.answering import Answer, answered_each
from service.answers.questions import Asked, Question, understood
from service.audit.answers import keep
from service.database import reading, writing_in_turn
from service.errors import InvalidError, UnknownCommuneError
from service.jobs.claims import Claim, finish, write
from service.jobs.states import Failure, LineProblem
from service.jobs.tables import JobLineRow, JobRow, JobState
from service.live import Serving
from service.moments import now

AT_ONCE = 4
"""Lines matched together: some 0.1 s, which is how long a request may have to wait for them."""
BREATH_S = 0.02
"""Seconds for which the processor is left to requests after each few lines."""
SURFACE = "job"
"""Under which the answers are kept."""

Asking = tuple[int, Question]
Refusal = tuple[int, LineProblem, str]


def run_match(engine: Engine, claim: Claim, serving: Callable[[], Serving], is_ending: Callable[[], bool]) -> bool:
    """Answer what is not yet answered of a list; returns False if it was left because the process ends.

    Raises LostError if the job was taken from us.
    """
    with reading(engine) as session:
        principal = principal_of(session, claim)
    if principal is None:
        finish(engine, claim, JobState.FAILED, problem=Failure.NOT_ALLOWED)
        return True
    while not is_ending():
        with reading(engine) as session:
            lines = _next(session, claim)
            if not lines:
                finish(engine, claim, JobState.DONE)
                return True
            if _is_stop_asked(session, claim):
                finish(engine, claim, JobState.STOPPED)
                return True
            serves = serving()
            asked, refused = _questions(session, principal, serves, claim, lines)
        answers = answered_each(serves, [question for _, question in asked], now())
        numbers = [number for number, _ in asked]
        _keep(engine, claim, principal, list(zip(numbers, answers, strict=True)), refused)
        time.sleep(BREATH_S)
    return False


def principal_of(session: Session, claim: Claim) -> Principal | None:
    """Return whoever asked for a job, with the rights of today; None if these no longer reach."""
    account = session.get(AccountRow, claim.account_id)
    if account is None or account.state is not AccountState.ACTIVE:
        return None
    if account.role not in (Role.COMMUNE, Role.CONSULTANT, Role.ADMINISTRATOR):
        return None
    principal = Principal(account.role, account.id, account.commune_istat, account.language)
    return principal if claim.commune_istat is None or principal.keeps(claim.commune_istat) else None


def _next(session: Session, claim: Claim) -> Sequence[JobLineRow]:
    waiting = (JobLineRow.job_id == claim.id, JobLineRow.answer_id.is_(None), JobLineRow.problem == "")
    return session.scalars(select(JobLineRow).where(*waiting).order_by(JobLineRow.line).limit(AT_ONCE)).all()


def _is_stop_asked(session: Session, claim: Claim) -> bool:
    return session.scalar(select(JobRow.stop_asked_at).where(JobRow.id == claim.id)) is not None


def _questions(
    session: Session, principal: Principal, serving: Serving, claim: Claim, lines: Sequence[JobLineRow]
) -> tuple[list[Asking], list[Refusal]]:
    """Return what can be asked, all judged at one moment, and the lines that cannot: what was known may have gone."""
    asked: list[Asking] = []
    refused: list[Refusal] = []
    on = now()
    for line in lines:
        said = line.asked
        words = f"{said['title']}. {said['text']}" if said["title"] and said["text"] else said["title"] or said["text"]
        wanted = Asked(text=words, kind=QueryKind(said["kind"]), commune=said["commune"], k=claim.params["k"])
        try:
            question = understood(session, principal, serving, wanted)
        except UnknownCommuneError:
            refused.append((line.line, LineProblem.UNKNOWN_COMMUNE, said["commune"]))
        except (QueryError, InvalidError):
            refused.append((line.line, LineProblem.UNANSWERABLE, ""))
        else:
            asked.append((line.line, replace(question, request=replace(question.request, on=on))))
    return asked, refused


def _keep(
    engine: Engine,
    claim: Claim,
    principal: Principal,
    answers: Sequence[tuple[int, Answer]],
    refused: Sequence[Refusal],
) -> None:
    # Made before the database is held.
    bodies = [json.dumps(answer.data, ensure_ascii=False, separators=(",", ":")) for _, answer in answers]
    with writing_in_turn(engine) as session:
        for (number, answer), body in zip(answers, bodies, strict=True):
            keep(session, principal, claim.id, answer, body, SURFACE)
            _settle(session, claim, number, answer_id=answer.id)
        for number, problem, value in refused:
            _settle(session, claim, number, problem=problem, value=value)
        done = select(func.count()).where(JobLineRow.job_id == claim.id, JobLineRow.answer_id.is_not(None))
        write(session, claim, done=session.scalar(done) or 0)


def _settle(session: Session, claim: Claim, number: int, **values: str) -> None:
    line = (JobLineRow.job_id == claim.id, JobLineRow.line == number)
    session.execute(update(JobLineRow).where(*line).values(**values))
