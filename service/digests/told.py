"""How the week's e-mails stand, for the terminal and as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.digests import outbox
from service.digests.running import Ran
from service.digests.tables import IssueState, RunRow, SuppressionRow
from service.digests.weeks import Week
from service.moments import ROME

_STATES = {
    IssueState.PLANNED: ("da scrivere", "to be written"),
    IssueState.COMPOSED: ("scritti, da inviare", "written, to be sent"),
    IssueState.SENDING: ("in consegna", "being handed over"),
    IssueState.SENT: ("inviati", "sent"),
    IssueState.UNCERTAIN: ("incerti", "uncertain"),
    IssueState.RETRY: ("da ritentare", "to be tried again"),
    IssueState.FAILED: ("rifiutati", "refused"),
    IssueState.SUPPRESSED: ("non si scrive a", "not written to"),
    IssueState.SKIPPED: (
        "settimana senza novità, e così non vogliono messaggi",
        "nothing new, and no e-mail wanted then",
    ),
    IssueState.EXPIRED: ("superati dalla settimana dopo", "told by a later week's"),
}
_WORDS = {
    "week": ("Settimana", "Week"),
    "none": ("Nessun messaggio pianificato.", "No e-mail is planned."),
    "uncertain": (
        "Incerti: il testo era tutto al server di posta e la risposta non è arrivata. Non si rinviano da soli; il "
        "Message-ID resta lo stesso. Per decidere: remix digest uncertain.",
        "Uncertain: the mail server had the whole text and its answer did not come. They are not sent again by "
        "themselves; the Message-ID stays the same. To decide: remix digest uncertain.",
    ),
    "barred": ("Indirizzi a cui non si scrive più:", "Addresses that are written to no more:"),
    "runs": ("Ultime esecuzioni:", "Last runs:"),
    "at_work": ("in corso", "at work"),
    "interrupted": ("interrotta", "interrupted"),
    "reasons": ("Che cosa ha detto il server:", "What the server said:"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one week stands: e-mails by state, what servers said about those that did not go out, and the last runs."""

    week: Week
    states: Mapping[IssueState, int]
    reasons: Mapping[str, int]
    n_barred: int
    runs: tuple[RunRow, ...]


def standing(session: Session, week: Week) -> Standing:
    """Return how a week stands."""
    runs = session.scalars(select(RunRow).where(RunRow.week == str(week)).order_by(RunRow.started_at.desc()).limit(5))
    barred = session.scalar(select(func.count()).select_from(SuppressionRow)) or 0
    return Standing(week, outbox.counts(session, week), outbox.reasons(session, week), barred, tuple(runs))


def as_lines(told: Standing, language: str) -> Iterator[str]:
    """Yield how a week stands, line by line."""
    yield f"{_say('week', language)} {told.week} ({told.week.monday:%d/%m/%Y} – {told.week.sunday:%d/%m/%Y})"
    yield from _state_lines(told.states, language)
    if told.reasons:
        yield _say("reasons", language)
        yield from (f"  {count:>6} {reason}" for reason, count in told.reasons.items())
    yield f"{_say('barred', language)} {told.n_barred}"
    if told.runs:
        yield _say("runs", language)
        yield from (f"  {_run_line(run, language)}" for run in told.runs)


def ran_lines(ran: Ran, language: str) -> Iterator[str]:
    """Yield what a run did and how its week stands, line by line."""
    yield f"{_say('week', language)} {ran.week} ({ran.week.monday:%d/%m/%Y} – {ran.week.sunday:%d/%m/%Y})"
    yield from _state_lines(ran.states, language)


def standing_data(told: Standing) -> dict[str, Any]:
    """Return how a week stands, for JSON."""
    return {
        "week": str(told.week),
        "states": {state.value: count for state, count in told.states.items()},
        "reasons": dict(told.reasons),
        "suppressed_addresses": told.n_barred,
        "runs": [
            {
                "id": run.id,
                "started_at": run.started_at.isoformat(),
                "ended_at": run.ended_at.isoformat() if run.ended_at else None,
                "counts": run.counts,
            }
            for run in told.runs
        ],
    }


def ran_data(ran: Ran) -> dict[str, Any]:
    """Return what a run did, for JSON."""
    return {
        "week": str(ran.week),
        "planned": {"new": ran.plan.new, "suppressed": ran.plan.suppressed, "expired": ran.plan.expired},
        "written": dict(ran.written),
        "delivered": {state.value: count for state, count in ran.delivered.items()},
        "interrupted_before": ran.interrupted,
        "states": {state.value: count for state, count in ran.states.items()},
    }


def _state_lines(states: Mapping[IssueState, int], language: str) -> Iterator[str]:
    if not states:
        yield _say("none", language)
    for state in IssueState:
        if states.get(state):
            yield f"  {states[state]:>6} {_STATES[state][language == 'en']}"
    if states.get(IssueState.UNCERTAIN):
        yield _say("uncertain", language)


def _run_line(run: RunRow, language: str) -> str:
    figures = ", ".join(f"{name} {count}" for name, count in run.counts.items())
    began = f"{run.started_at.astimezone(ROME):%d/%m/%Y %H:%M}"
    if run.ended_at is not None:
        return f"{began}–{run.ended_at.astimezone(ROME):%H:%M} {figures}"
    return f"{began} {_say('at_work' if outbox.is_alive(run) else 'interrupted', language)}"


def _say(word: str, language: str) -> str:
    return _WORDS[word][language == "en"]
