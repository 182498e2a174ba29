"""Everybody's questions ranked at once: each distinct one is answered once, however many communes ask it.

    questions ──► alike (same words, communes that no call tells apart) ──► recommend_many, one of each ──► Candidates

7,900 communes without needs of their own ask six questions in some 2,100 classes of eligibility.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from matcher.cleaning import without_place
from matcher.explanation import Recommendation, Recommendations, Variant
from matcher.recommender import Query, Recommender, Request
from matcher.records import FundingCall
from matcher.verdicts import Eligibility, Verdict, municipality
from service.wording import why_codes

PLACES = 30
"""Places of a ranking that are looked at for news: what stands below is for others."""
Progress = Callable[[int, int], None]
"""Told how many distinct questions are answered, and how many there are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that suits a question; ``to_check`` and ``why`` as in ``content.Entry``."""

    call: FundingCall
    rank: int
    verdict: Verdict
    to_check: tuple[str, ...]
    why: tuple[str, ...]


def rank_all(
    recommender: Recommender, questions: Sequence[Query], asked: Request, progress: Progress | None = None
) -> list[tuple[Candidate, ...]]:
    """Return the candidates of each question, best first, in the order of the questions.

    ``asked.among``: the calls that are looked for; of a place that holds several calls the one that stands there, or
    else the first beneath it that is looked for and not ruled out.
    """
    keys = [_key(recommender, question) for question in questions]
    distinct = dict(zip(keys, questions, strict=True))
    # The same words one after another, so that what they have in common with the calls is worked out once.
    order = sorted(distinct, key=lambda key: key[:2])
    answers = recommender.recommend_many([distinct[key] for key in order], asked)
    found: dict[Hashable, tuple[Candidate, ...]] = {}
    for key, answer in zip(order, answers, strict=True):
        found[key] = tuple(_candidates(answer, asked.among))
        if progress is not None:
            progress(len(found), len(order))
    return [found[key] for key in keys]


def _key(recommender: Recommender, question: Query) -> tuple[str, str, str, str, Hashable]:
    """Name what an answer depends on."""
    plain = without_place(question.text, question.commune)
    alike = recommender.catalogue.eligibility.class_of(municipality(question.commune))
    return question.text, plain, f"{question.kind.value}|{question.id}", question.cup, alike


def _candidates(answer: Recommendations, among: frozenset[str] | None) -> Iterator[Candidate]:
    for found in answer.items:
        place: tuple[Recommendation | Variant, ...] = (found, *found.variants)
        shown = next((one for one in place if _is_wanted(one, among)), None)
        if shown is not None:
            why = why_codes(found.contributions, found.passages)
            yield Candidate(shown.call, found.rank, shown.eligibility.verdict, to_check(shown.eligibility), why)


def _is_wanted(found: Recommendation | Variant, among: frozenset[str] | None) -> bool:
    return (among is None or found.call.id in among) and found.eligibility.verdict is not Verdict.NOT_MET


def to_check(eligibility: Eligibility) -> tuple[str, ...]:
    """Return the codes of what eligibility could not know, those that decide first."""
    missing = (one.missing for one in eligibility.criteria if one.verdict is Verdict.UNKNOWN and one.missing)
    return tuple(dict.fromkeys(missing))
