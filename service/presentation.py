"""Recommendations on a terminal and as JSON: the same facts, once for people and once for programs."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from matcher.explanation import PrecedentMatch, Recommendation, Recommendations
from matcher.recommender import Query, Request
from matcher.verdicts import CriterionResult, Verdict
from service import precedent_wording, wording

if TYPE_CHECKING:
    from service.recommending import Built

_COLOURS = {Verdict.MET: "green", Verdict.UNKNOWN: "yellow", Verdict.NOT_MET: "red"}
_HEADINGS = {
    "it": ("#", "Bando", "Si può fare domanda?", "Perché"),
    "en": ("#", "Call", "May we apply?", "Why"),
}
_NOTHING = {
    "it": "Nessun bando: {} su {} sono scartati. --show-excluded mostra perché, --any-date non valuta le scadenze.",
    "en": "No call: {} of {} are ruled out. --show-excluded shows why, --any-date judges no deadlines.",
}
LONGEST_PASSAGE = 260
LONGEST_VARIANT = 160
LONGEST_PRECEDENT = 230
MOST_PRECEDENTS = 2
"""Funded projects that the terminal shows with each call; all that are known are in the JSON."""
MOST_VARIANTS = 3
"""Other calls of a group that the terminal shows; the rest are counted."""
LONGEST_QUOTE = 160


def show(console: Console, question: Query, answer: Recommendations, asked: Request, language: str) -> None:
    """Print one answer: what was asked, the ranked calls, and, if asked for, those that were ruled out."""
    console.print(Text(f"{question.commune.name} ({question.commune.istat})", style="bold"), Text(question.text))
    console.print(Text(_summary(answer, asked, language), style="dim"))
    if answer.items:
        console.print(table(answer, asked.on, language))
    else:
        console.print(Text(_NOTHING[language].format(answer.n_excluded, answer.n_candidates)))
    if asked.excluded:
        console.print(Text({"it": "Scartati", "en": "Ruled out"}[language], style="bold"))
        console.print(table(answer, asked.on, language, excluded=True))


def table(answer: Recommendations, on: datetime | None, language: str, *, excluded: bool = False) -> Table:
    """Return the ranked calls of one answer (or those that were ruled out) as a table for the terminal."""
    drawn = Table(show_lines=True, expand=True, header_style="bold")
    number, call, eligible, reason = _HEADINGS[language]
    drawn.add_column(number, justify="right", no_wrap=True)
    drawn.add_column(call, ratio=4)
    drawn.add_column(eligible, ratio=4)
    drawn.add_column(reason, ratio=4)
    for found in answer.excluded if excluded else answer.items:
        drawn.add_row(str(found.rank), _call(found, on, language), _eligibility(found, language), _why(found, language))
    return drawn


def built_line(built: "Built", language: str) -> str:
    """Return what a build did in one line."""
    done = {"it": "{} brani, {} letti ora", "en": "{} passages, {} encoded anew"}[language]
    return f"{built.folder.name}: {done.format(built.n_passages, built.n_encoded)}"


def as_data(answer: Recommendations) -> dict[str, Any]:
    """Return one answer as a dict for JSON: every code with its evidence, no sentences."""
    return {
        "query_id": answer.query_id,
        "kind": answer.kind.value,
        "commune": answer.commune_istat,
        "artifact": answer.artifact_version,
        "candidates": answer.n_candidates,
        "ruled_out": answer.n_excluded,
        "hidden": answer.n_hidden,
        "recommendations": [_item(found) for found in answer.items],
        "excluded": [_item(found) for found in answer.excluded],
    }


def _summary(answer: Recommendations, asked: Request, language: str) -> str:
    day = f"{asked.on:%d/%m/%Y}" if asked.on else ""
    if language == "it":
        when = f"scadenze valutate al {day}" if day else "scadenze non valutate"
        return f"{answer.n_candidates} bandi esaminati, {answer.n_excluded} scartati per i requisiti; {when}"
    when = f"deadlines judged on {day}" if day else "deadlines not judged"
    return f"{answer.n_candidates} calls looked at, {answer.n_excluded} ruled out; {when}"


def _item(found: Recommendation) -> dict[str, Any]:
    call = found.call
    return {
        "rank": found.rank,
        "call_id": call.id,
        "title": call.title,
        "issuer": call.issuer,
        "url": call.url,
        "closes": call.closes.at.isoformat() if call.closes else None,
        "closing_hour_known": call.closes.hour_known if call.closes else None,
        "score": found.score,
        "eligibility": found.eligibility.verdict.value,
        "criteria": [criterion_data(result) for result in found.eligibility.criteria],
        "contributions": {c.feature: c.contribution for c in found.contributions},
        "passages": [
            {"query": m.query_passage, "call": m.call_passage, "field": m.field, "offset": m.offset,
             "similarity": m.similarity, "shared_terms": list(m.shared_terms)}
            for m in found.passages
        ],
        "precedents": [_precedent(match) for match in found.precedents],
        "variants": [
            {"call_id": v.call.id, "title": v.call.title, "kind": v.kind.value, "url": v.call.url,
             "closes": v.call.closes.at.isoformat() if v.call.closes else None,
             "eligibility": v.eligibility.verdict.value}
            for v in found.variants
        ],
        "illustrative": call.illustrative,
        "source": call.provenance.reference if call.provenance else call.source,
    }  # fmt: skip


def _precedent(match: PrecedentMatch) -> dict[str, Any]:
    found = match.precedent
    return {
        "id": found.id,
        "title": found.title,
        "body": precedent_wording.body(found),
        "communes": list(found.communes),
        "year": found.year,
        "amount": str(found.amount.amount) if found.amount else None,
        "currency": found.amount.currency if found.amount else None,
        "similarity": match.similarity,
        "source": precedent_wording.source(found),
    }


def criterion_data(result: CriterionResult) -> dict[str, Any]:
    """Return one criterion judged as a dict for JSON: codes, the words it was read from, who confirmed it when."""
    return {
        "criterion": result.criterion.value,
        "verdict": result.verdict.value,
        "quote": result.quote,
        "origin": result.origin,
        "facts": dict(result.facts),
        "missing": result.missing,
        "reviewed_on": result.reviewed_on.isoformat() if result.reviewed_on else None,
    }


def _call(found: Recommendation, on: datetime | None, language: str) -> Group:
    call = found.call
    lines = [Text(call.title, style="bold")]
    if call.issuer:
        lines.append(Text(call.issuer))
    lines.append(Text(wording.deadline(found, on, language)))
    if money := wording.amounts(call, language):
        lines.append(Text(money))
    note = f" · {wording.say('illustrative', language)}" if call.illustrative else ""
    lines.append(Text(f"{call.id}{note}", style="dim"))
    lines.extend(_variants(found, on, language))
    return Group(*lines)


def _variants(found: Recommendation, on: datetime | None, language: str) -> Iterator[Text]:
    for variant in found.variants[:MOST_VARIANTS]:
        yield Text(f"↳ {_short(wording.variant(variant, on, language), LONGEST_VARIANT)}", style="dim")
    if (more := len(found.variants) - MOST_VARIANTS) > 0:
        yield Text(f"↳ {wording.say('more_variants', language)} {more}", style="dim")


def _eligibility(found: Recommendation, language: str) -> Group:
    judged = found.eligibility
    lines = [Text(wording.verdict(judged.verdict, language), style=f"bold {_COLOURS[judged.verdict]}")]
    lines.extend(Text(f"{_short(wording.criterion(result, language), LONGEST_QUOTE)}") for result in judged.criteria)
    return Group(*lines)


def _why(found: Recommendation, language: str) -> Group:
    lines = [Text(wording.why(found, language))]
    lines.extend(
        Text(_short(wording.call_passage(match, language), LONGEST_PASSAGE), style="italic") for match in found.passages
    )
    lines.extend(
        Text(f"• {_short(precedent_wording.precedent(match, language), LONGEST_PRECEDENT)}")
        for match in found.precedents[:MOST_PRECEDENTS]
    )
    return Group(*lines)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
