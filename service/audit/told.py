"""An answer of the past in words and as data: what was shown for which reasons, and whether it comes out again."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from matcher.verdicts import Criterion, CriterionResult, Verdict
from service import wording
from service.audit.answers import Kept
from service.audit.repeating import Repetition
from service.moments import ROME

_WORDS = {
    "shown": ("Mostrato il", "Shown on"),
    "for": ("per", "for"),
    "asked": ("Richiesta", "Asked"),
    "made_of": ("Indice", "Index"),
    "data": ("dati", "data"),
    "not_in": ("Non era nell'elenco mostrato.", "It was not in the list that was shown."),
    "ruled_out": ("Era tra gli scartati mostrati.", "It was among those shown as ruled out."),
    "score": ("punteggio", "score"),
    "why": ("Perché", "Why"),
    "same": ("Rifatto ora con l'indice di allora: stesso elenco.", "Made again from the index of then: the same list."),
    "differs": ("Rifatto ora con l'indice di allora, differisce:", "Made again from the index of then, it differs:"),
    "gone": (
        "L'indice di allora non è più conservato: resta quanto fu scritto qui sopra.",
        "The index of then is no longer kept: what was written down above remains.",
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A kept answer, whether it comes out again, and the call that is asked about ("" for all)."""

    kept: Kept
    repetition: Repetition
    call_id: str


def as_lines(told: Told, language: str) -> Iterator[str]:
    """Yield what was shown, line by line, for the terminal."""
    kept = told.kept
    commune = kept.answered["commune"]
    when = f"{_say('shown', language)} {kept.at.astimezone(ROME):%d/%m/%Y %H:%M}"
    yield f"{when} {_say('for', language)} {commune['name']} ({commune['istat']}) · {kept.id}"
    for query in kept.asked["queries"]:
        yield f"  {_say('asked', language)}: {query['text']}"
    yield f"  {_say('made_of', language)} {kept.artifact_version}, {_say('data', language)} {kept.data_version}"
    shown = _wanted(kept.answered["recommendations"], told.call_id)
    for found in shown:
        yield from _reasons(found, language)
    if told.call_id and not shown:
        among_excluded = _wanted(kept.answered["excluded"], told.call_id)
        yield f"  {_say('ruled_out' if among_excluded else 'not_in', language)}"
    yield from (f"  {line}" for line in _again(told.repetition, language))


def told_data(told: Told) -> dict[str, Any]:
    """Return what was shown, and whether it comes out again, for JSON."""
    kept, repetition = told.kept, told.repetition
    answered = dict(kept.answered)
    if told.call_id:
        for name in ("recommendations", "excluded"):
            answered[name] = _wanted(answered[name], told.call_id)
    return {
        "id": kept.id,
        "at": kept.at.isoformat(),
        "artifact": kept.artifact_version,
        "data_version": kept.data_version,
        "asked": dict(kept.asked),
        "answered": answered,
        "repetition": {"possible": repetition.possible, "agrees": repetition.agrees}
        | {"differences": [asdict(one) for one in repetition.differences]},
    }


def _wanted(shown: list[dict[str, Any]], call_id: str) -> list[dict[str, Any]]:
    return [found for found in shown if call_id in ("", found["call"]["id"])]


def _reasons(found: Mapping[str, Any], language: str) -> Iterator[str]:
    call = found["call"]
    verdict = wording.verdict(Verdict(found["eligibility"]), language)
    yield f"  {found['rank']}. {call['title']} · {call['id']}"
    yield f"     {verdict} · {_say('score', language)} {found['score']:.4f}"
    for result in found["criteria"]:
        yield f"     {wording.criterion(_criterion(result), language)}"
    added = sorted(found["contributions"].items(), key=lambda pair: -abs(pair[1]))
    yield f"     {_say('why', language)}: " + ", ".join(f"{name} {value:+.3f}" for name, value in added)
    for match in found["passages"]:
        yield f"     «{match['query']}» ↔ «{match['call']}»"


def _criterion(result: Mapping[str, Any]) -> CriterionResult:
    return CriterionResult(
        Criterion(result["criterion"]),
        Verdict(result["verdict"]),
        result["quote"],
        result["origin"],
        tuple(result["facts"].items()),
        result["missing"],
    )


def _again(repetition: Repetition, language: str) -> Iterator[str]:
    if not repetition.possible:
        yield _say("gone", language)
    elif repetition.agrees:
        yield _say("same", language)
    else:
        yield _say("differs", language)
        for one in repetition.differences:
            yield f"  {one.rank}. {one.shown or '–'} ({one.shown_score}) → {one.again or '–'} ({one.again_score})"


def _say(code: str, language: str) -> str:
    italian, english = _WORDS[code]
    return italian if language == "it" else english
