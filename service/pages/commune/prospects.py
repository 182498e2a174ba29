"""The whole catalogue as it stands for a commune: what it may apply for, what is missing, what is ruled out and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from matcher.eligibility import judge
from matcher.verdicts import Criterion, Verdict, municipality
from service.catalogue.prospects import OF_THE_COMMUNE, Fact, Found, Prospects, prospects, verdict_counts
from service.errors import UnknownRecordError
from service.moments import now
from service.pages.commune.visit import Visit, Visited
from service.pages.commune.words import named
from service.pages.reasons import amounts, criterion_line, deadline
from service.presentation import criterion_data

router = APIRouter(prefix="/comuni/{istat}/requisiti", include_in_schema=False)
AT_ONCE, AT_A_GLANCE = 20, 4
MET_GROUP = "ammessi"


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


FACTS: Mapping[str, str] = {
    Fact.POPULATION: _("quanti abitanti ha il comune"),
    Fact.ZONE: _("in quale zona omogenea sta il comune"),
    Fact.APPLICANTS: _("se tra chi può fare domanda ci sono i comuni"),
    Fact.TERRITORY: _("per quali territori o comuni vale"),
    Fact.THRESHOLD: _("se la soglia di abitanti vale anche per voi: siete vicini al limite, o ci sono eccezioni"),
    Fact.CLOSING_DATE: _("quando scade"),
    Fact.FUNDS_LEFT: _("se ci sono ancora risorse: resta aperto finché ce ne sono"),
    Fact.SEVERAL: _("più di un dato insieme"),
}
RULED_OUT: Mapping[str, str] = {
    Criterion.APPLICANT: _("non sono per i comuni"),
    Criterion.TERRITORY: _("sono per altri territori"),
    Criterion.POPULATION: _("chiedono un altro numero di abitanti"),
    Criterion.DATES: _("sarebbero stati per voi, ma sono chiusi"),
}
_CRITERION_OF: Mapping[str, tuple[Criterion, ...]] = {
    Fact.POPULATION: (Criterion.POPULATION,),
    Fact.ZONE: (Criterion.TERRITORY,),
    Fact.APPLICANTS: (Criterion.APPLICANT,),
    Fact.TERRITORY: (Criterion.TERRITORY,),
    Fact.THRESHOLD: (Criterion.POPULATION,),
    Fact.CLOSING_DATE: (Criterion.DATES,),
    Fact.FUNDS_LEFT: (Criterion.DATES,),
    Fact.SEVERAL: (Criterion.APPLICANT, Criterion.TERRITORY, Criterion.POPULATION, Criterion.DATES),
}


@router.get("")
def read_prospects(
    visit: Visited,
    group: Annotated[str, Query(alias="gruppo", max_length=20)] = "",
    words: Annotated[str, Query(alias="q", max_length=200)] = "",
    skip: Annotated[int, Query(alias="da", ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """Show how many calls the commune may apply for, what is missing for how many, and what rules out the others."""
    on = now()
    found = prospects(visit.serving, visit.commune, on)
    groups = _groups(found)
    if group and group not in {MET_GROUP, *FACTS, *(f"no-{name}" for name in RULED_OUT)}:
        raise UnknownRecordError(f"{group}: no page has this address")
    positions = _sorted(visit, _with_words(visit, groups.get(group, np.empty(0, dtype=np.int64)), words), on)
    page = positions[skip : skip + AT_ONCE].tolist()
    following = {"gruppo": group, "q": words, "da": str(skip + AT_ONCE)} if skip + AT_ONCE < len(positions) else {}
    counts = verdict_counts(found)
    shown = {
        "counts": {verdict.value: counts[verdict] for verdict in (Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET)},
        "missing": missing_lines(found, visit.language),
        "several": len(found.missing.get(Fact.SEVERAL, ())),
        "ruled_out": [
            (name.value, named(name, RULED_OUT, visit.language), len(p)) for name, p in found.ruled_out.items()
        ],
        "group": group,
        "group_name": _name(group, visit.language),
        "words": words,
        "calls": [_line(visit, position, group, on) for position in page],
        "total": len(positions),
        "skip": skip,
        "following": f"?{urlencode(following)}" if following else "",
    }
    return visit.page("prospects.html", shown)


def missing_facts(visit: Visit) -> list[dict[str, Any]]:
    """Return the missing facts that would settle most, over all calls: those first that the commune can tell."""
    lines = missing_lines(prospects(visit.serving, visit.commune, now()), visit.language)
    told = [line for line in lines if line["calls"] or line["is_own"]]
    return sorted(told, key=lambda line: not line["is_own"])[:AT_A_GLANCE]


def missing_lines(found: Prospects, language: str) -> list[dict[str, Any]]:
    """Return each missing fact in words with how many calls it would settle, and whether the commune can tell it.

    ``besides`` counts the calls that it would not settle by itself, because more is missing.
    """
    facts = [fact for fact in {**found.missing, **found.missing_with_others} if fact is not Fact.SEVERAL]
    return [
        {
            "code": fact.value,
            "words": named(fact, FACTS, language),
            "calls": len(found.missing.get(fact, ())),
            "besides": len(found.missing_with_others.get(fact, ())),
            "is_own": fact in OF_THE_COMMUNE,
        }
        for fact in facts
    ]


def _groups(found: Prospects) -> dict[str, Found]:
    missing = {fact.value: positions for fact, positions in found.missing.items()}
    ruled_out = {criterion.value: positions for criterion, positions in found.ruled_out.items()}
    return {MET_GROUP: found.met} | missing | {f"no-{name}": positions for name, positions in ruled_out.items()}


def _name(group: str, language: str) -> str:
    if group == MET_GROUP:
        return named(group, {MET_GROUP: _("Potete fare domanda")}, language)
    return named(group.removeprefix("no-"), RULED_OUT if group.startswith("no-") else FACTS, language)


def _with_words(visit: Visit, positions: Found, words: str) -> Found:
    if not words.strip():
        return positions
    return positions[visit.serving.view.relevance(words)[positions] > 0]


def _sorted(visit: Visit, positions: Found, on: datetime) -> Found:
    """Sort calls by their deadline, the nearest first; of what is closed, what closed last first."""
    closing = visit.serving.view.closing[positions]
    at = on.timestamp()
    return positions[np.argsort(np.where(closing < at, 2 * at - closing, closing), kind="stable")]


def _line(visit: Visit, position: int, group: str, on: datetime) -> dict[str, Any]:
    call = visit.serving.view.summary(position, on)
    judged = judge(visit.serving.catalogue.rules[position], municipality(visit.commune), on)
    return {
        "call": call,
        "deadline": deadline(call, visit.language),
        "amounts": amounts(call, visit.language),
        "criteria": [
            criterion_line(criterion_data(one), visit.language)
            for one in judged.criteria
            if one.criterion in _asked(group) and one.verdict is not Verdict.MET
        ],
    }


def _asked(group: str) -> Sequence[str]:
    return [group.removeprefix("no-")] if group.startswith("no-") else list(_CRITERION_OF.get(group, ()))
