"""How well eligibility is read from calls: the rules of the extractor against facts read by a reader.

    fact ──► atoms (parameter, value)      ┐
                                           ├──► stated, read, correct ──► precision, recall, mistakes
    call ──extract_rules──► rules ──► atoms ┘

Run it as ``python -m evaluation.extraction FACTS DATA``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from corpora.eligibility_facts import EligibilityFact, load_calls, load_facts
from evaluation.errors import EvaluationError
from matcher.eligibility import (
    ApplicantRule,
    ConditionRule,
    DatesRule,
    PopulationRule,
    Rule,
    TerritoryRule,
    extract_rules,
)
from matcher.eligibility.rules import KINDS, LEVELS
from matcher.records import FundingCall, Moment
from matcher.territory import PROVINCE_REGION, REGION_NAMES
from matcher.verdicts import Criterion

Atom = tuple[str, str]
"""A parameter and one of its values: ``("admitted", "commune")``, ``("max_award", "50000")``."""


@dataclass(frozen=True, slots=True)
class Count:
    """Atoms that the reader found, that the extractor read, and that both agree on."""

    stated: int = 0
    read: int = 0
    correct: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.stated + other.stated, self.read + other.read, self.correct + other.correct)

    @property
    def precision(self) -> float:
        """Share of what was read that is right; nan where nothing was read."""
        return self.correct / self.read if self.read else float("nan")

    @property
    def recall(self) -> float:
        """Share of what is stated that was read; nan where nothing is stated."""
        return self.correct / self.stated if self.stated else float("nan")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A criterion of a call that was not read as it is: what was read too much, and what is right and was not read."""

    call_id: str
    criterion: Criterion
    wrong: tuple[Atom, ...]
    missed: tuple[Atom, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class ExtractionMeasure:
    """The counts per criterion and per parameter of one, and every mistake behind them."""

    criteria: Mapping[Criterion, Count]
    parameters: Mapping[tuple[Criterion, str], Count]
    mistakes: tuple[Mistake, ...]


def measure_extraction(
    facts: Iterable[EligibilityFact],
    calls: Mapping[tuple[str, str], FundingCall],
    extract: Callable[[FundingCall], Sequence[Rule]] = extract_rules,
) -> ExtractionMeasure:
    """Compare what the extractor reads of each call with the facts; ``calls`` are keyed by file and call id.

    Precision and recall count atoms, micro-averaged over the calls: whatever is read where the source is silent lowers
    precision, what the reader left ungraded counts for neither. A kind of applicant is read when its chance is 1 or 0;
    times agree to the minute, a day without its hour is not the same as one with it. Raises EvaluationError if a call
    is not given.
    """
    rules: dict[tuple[str, str], Sequence[Rule]] = {}
    counts: dict[tuple[Criterion, str], Count] = {}
    mistakes = []
    for fact in facts:
        key = (fact.file, fact.call_id)
        if key not in calls:
            raise EvaluationError(f"no call {fact.call_id!r} of {fact.file}: give every call that a fact is about")
        if key not in rules:
            rules[key] = extract(calls[key])
        rule = next((rule for rule in rules[key] if rule.criterion is fact.criterion), None)
        stated = list(_stated(fact))
        read = [atom for atom in (read_atoms(rule) if rule else ()) if not _ungraded(fact, atom)]
        wrong, missed = _differences(stated, read)
        _count(counts, fact.criterion, stated, read, wrong)
        if wrong or missed:
            origin = rule.origin if rule else ""
            mistakes.append(Mistake(fact.call_id, fact.criterion, tuple(wrong), tuple(missed), origin))
    criteria = {criterion: Count() for criterion in Criterion}
    for (criterion, _), count in counts.items():
        criteria[criterion] += count
    return ExtractionMeasure(criteria, counts, tuple(mistakes))


def read_atoms(rule: Rule) -> Iterator[Atom]:
    """What a rule states for certain, in the parameters of the facts (``corpora.eligibility_facts.PARAMETERS``)."""
    if isinstance(rule, ApplicantRule):
        yield from _applicants(rule)
    elif isinstance(rule, TerritoryRule):
        yield from _territory(rule)
    elif isinstance(rule, PopulationRule):
        bounds = (("min_population", rule.minimum), ("max_population", rule.maximum))
        yield from ((name, str(bound)) for name, bound in bounds if bound is not None)
    elif isinstance(rule, DatesRule):
        moments = (("opens", rule.opens), ("closes", rule.closes))
        yield from ((name, _minute(moment)) for name, moment in moments if moment is not None)
        if rule.while_funds_last:
            yield "while_funds_last", "true"
    elif isinstance(rule, ConditionRule):
        yield from rule.facts


def _applicants(rule: ApplicantRule) -> Iterator[Atom]:
    for kind, chance in zip(KINDS, rule.chances, strict=True):
        if rule.read and chance in (0.0, 1.0):
            yield "admitted" if chance else "excluded", kind.value


def _territory(rule: TerritoryRule) -> Iterator[Atom]:
    everywhere = len(rule.regions) in (0, len(REGION_NAMES))
    if everywhere and not (rule.provinces or rule.zones or rule.communes):
        yield "nation", "true"
    else:
        regions = rule.regions or {PROVINCE_REGION[province] for province in rule.provinces}
        yield from (("regions", region) for region in sorted(regions))
        yield from ((level, place) for level in LEVELS[1:] for place in sorted(getattr(rule, level)))
    if rule.share < 1:
        yield "partial", "true"


def _minute(moment: Moment) -> str:
    return moment.at.strftime("%Y-%m-%dT%H:%M" if moment.hour_known else "%Y-%m-%d")


def _stated(fact: EligibilityFact) -> Iterator[Atom]:
    for name, values in fact.value.items():
        yield from ((name, value) for value in values)


def _ungraded(fact: EligibilityFact, atom: Atom) -> bool:
    return bool(fact.ungraded & set(atom))


def _differences(stated: Sequence[Atom], read: Sequence[Atom]) -> tuple[list[Atom], list[Atom]]:
    """What was read and is not stated, and what is stated and was not read."""
    wrong = [atom for atom in read if not any(_agree(one, atom) for one in stated)]
    return wrong, [one for one in stated if not any(_agree(one, atom) for atom in read)]


def _agree(stated: Atom, read: Atom) -> bool:
    """Whether one of the stated values, alternatives joined by ``|``, is the one that was read."""
    return stated[0] == read[0] and any(_same(choice, read[1]) for choice in stated[1].split("|"))


def _same(one: str, other: str) -> bool:
    numbers = [text for text in (one, other) if text.replace(".", "", 1).isdecimal()]
    # Codes of regions have a leading zero, amounts never do: 0.5 and 0.50 are one share, 03 and 3 are not one region.
    return Decimal(one) == Decimal(other) if len(numbers) == 2 and "." in one + other else one == other


def _count(
    counts: dict[tuple[Criterion, str], Count],
    criterion: Criterion,
    stated: Sequence[Atom],
    read: Sequence[Atom],
    wrong: Sequence[Atom],
) -> None:
    for name, _ in stated:
        counts[criterion, name] = counts.get((criterion, name), Count()) + Count(stated=1)
    for atom in read:
        correct = Count(read=1, correct=atom not in wrong)
        counts[criterion, atom[0]] = counts.get((criterion, atom[0]), Count()) + correct


def _print(facts: Path, data: Path, mistakes: bool) -> None:
    read = load_facts(facts)
    measure = measure_extraction(read, load_calls(read, data))
    typer.echo(f"{'criterion':<28}{'stated':>8}{'read':>8}{'correct':>9}{'precision':>11}{'recall':>8}")
    for criterion, total in measure.criteria.items():
        lines = [(criterion.value, total)]
        lines += [(f"  {name}", count) for (of, name), count in measure.parameters.items() if of is criterion]
        for label, count in lines:
            shares = f"{count.precision:>11.3f}{count.recall:>8.3f}"
            typer.echo(f"{label:<28}{count.stated:>8}{count.read:>8}{count.correct:>9}{shares}")
    for mistake in measure.mistakes if mistakes else ():
        wrong, missed = (
            "; ".join(f"{name} {value}" for name, value in atoms) for atoms in (mistake.wrong, mistake.missed)
        )
        typer.echo(f"{mistake.call_id} {mistake.criterion.value} [{mistake.origin}] read: {wrong} | right: {missed}")


def main(
    facts: Annotated[Path, typer.Argument(help="Folder of facts.jsonl.")],
    data: Annotated[Path, typer.Argument(help="Folder of the open data.")],
    mistakes: Annotated[bool, typer.Option(help="List every mistake, too.")] = False,
) -> None:
    """Print precision and recall of the eligibility extractor, per criterion and parameter."""
    _print(facts, data, mistakes)


if __name__ == "__main__":
    typer.run(main)
