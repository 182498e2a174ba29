"""What a commune says of a call and may say next, on whatever page the call stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from matcher.feedback import DecisionKind
from service.access.principal import Principal
from service.database import writing
from service.pages.commune.words import DECISIONS, REASONS, named
from service.pages.translations import translations
from service.work.acting import Acting
from service.work.decisions import Decision, DecisionFilters, list_decisions

MOST = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What a commune has said of a call."""

    id: str
    kind: str
    words: str


def said_of(
    engine: Engine, principal: Principal, request_id: str, istat: str, call_id: str, language: str
) -> tuple[Said, ...]:
    """Return what a commune has said of one call, as a whole or for one of its items, the newest first."""
    with writing(engine) as session:
        acting = Acting(session, principal, request_id)
        found, _ = list_decisions(acting, DecisionFilters(istat, call_id), limit=MOST)
    return tuple(as_said(found, language))


def as_said(decisions: Iterable[Decision], language: str) -> list[Said]:
    """Return decisions as pages show them."""
    return [Said(one.id, one.kind.value, said_words(one, language)) for one in decisions]


def choices_after(said: Sequence[Said]) -> tuple[str, ...]:
    """Return what may be said next, as codes: first that one is interested, then what came of it."""
    kinds = {one.kind for one in said}
    if kinds & {"funded", "rejected"}:
        return ()
    if "applied" in kinds:
        return ("funded", "rejected")
    if "not_for_us" in kinds:
        return ("saved",)
    return ("applied", "not_for_us") if "saved" in kinds else ("saved", "applied", "not_for_us")


def said_words(decision: Decision, language: str) -> str:
    """Return a decision in words, with its reason."""
    words = named(decision.kind.value, DECISIONS, language)
    if decision.kind is DecisionKind.NOT_FOR_US and decision.reason:
        reason = named(decision.reason.value, REASONS, language)
        words = translations(language).gettext("%(said)s: %(reason)s") % {"said": words, "reason": reason}
    return words


def reasons(language: str) -> tuple[tuple[str, str], ...]:
    """Return the reasons for which a call is not for a commune, as codes and in words."""
    return tuple((code, named(code, REASONS, language)) for code in REASONS)
