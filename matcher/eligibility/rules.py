"""What a call asks, read once and kept: one rule per criterion, each with the words that it was read from.

    Rule = ApplicantRule | TerritoryRule | PopulationRule | DatesRule | ConditionRule

A criterion without a rule is one of which nothing was read: absent is unknown, never yes or no. ``reviewed_on`` is the
day on which a person confirmed or wrote the rule, None where it was only read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from matcher.records import ApplicantKind, Moment
from matcher.serialization import ROME
from matcher.verdicts import Criterion

KINDS = tuple(ApplicantKind)
Chances = tuple[float, ...]
"""One number per kind of applicant, in the order of ``KINDS``: 1 admitted in words, 0 excluded in words, in between
how probable it is that such a body may apply, where the words do not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantRule:
    """Who may apply. ``read`` is false where ``chances`` rest on evidence only (bodies funded before, topic words)."""

    chances: Chances
    quote: str
    origin: str
    reviewed_on: date | None = None
    read: bool = True

    @property
    def criterion(self) -> Criterion:
        """The criterion that the rule is about."""
        return Criterion.APPLICANT


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryRule:
    """Where. An applicant is inside when it is inside every level that is not empty; all empty is the whole nation.

    ``regions`` are ISTAT codes; ``provinces``, ``zones`` and ``communes`` are keys of ``matcher.territory``. ``share``
    below 1 means that only some places inside are meant, not known which: the probability that a given one is.
    """

    regions: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    share: float = 1.0
    quote: str
    origin: str
    reviewed_on: date | None = None

    @property
    def criterion(self) -> Criterion:
        """The criterion that the rule is about."""
        return Criterion.TERRITORY


LEVELS = ("regions", "provinces", "zones", "communes")
"""The levels of a territory rule, widest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRule:
    """How many inhabitants the commune must have, bounds included; None is no bound.

    ``strict`` is false where the words open another way in (a provincial capital, a group of communes): outside the
    bounds is then unknown.
    """

    minimum: int | None = None
    maximum: int | None = None
    strict: bool = True
    quote: str
    origin: str
    reviewed_on: date | None = None

    @property
    def criterion(self) -> Criterion:
        """The criterion that the rule is about."""
        return Criterion.POPULATION


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesRule:
    """When. ``closed_since`` is the day for which the publisher states that the call is closed, without a date."""

    opens: Moment | None = None
    closes: Moment | None = None
    while_funds_last: bool = False
    closed_since: datetime | None = None
    quote: str
    origin: str
    reviewed_on: date | None = None

    @property
    def criterion(self) -> Criterion:
        """The criterion that the rule is about."""
        return Criterion.DATES


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRule:
    """A condition that the project, not the applicant, must satisfy: partners, asset, amount, own share of the cost.

    ``facts`` are its parameters (``("min_partners", "5")``), ``missing`` the fact that would settle it, empty where
    nothing is left to settle.
    """

    of: Criterion
    facts: tuple[tuple[str, str], ...]
    missing: str
    quote: str
    origin: str
    reviewed_on: date | None = None

    @property
    def criterion(self) -> Criterion:
        """The criterion that the rule is about."""
        return self.of


Rule = ApplicantRule | TerritoryRule | PopulationRule | DatesRule | ConditionRule


def rules_to_json(rules: Iterable[Rule]) -> str:
    """The rules of one call as a JSON array that ``rules_from_json`` reads back to equal rules."""
    return json.dumps([rule_data(rule) for rule in rules], ensure_ascii=False)


def rules_from_json(text: str) -> tuple[Rule, ...]:
    """The rules of one call from what ``rules_to_json`` wrote."""
    return tuple(_from_plain(item) for item in json.loads(text))


def rule_data(rule: Rule) -> dict[str, Any]:
    """One rule as a dict for JSON, with its ``criterion``."""
    plain = {field.name: _plain_value(getattr(rule, field.name)) for field in fields(rule) if field.name != "of"}
    return {"criterion": rule.criterion.value} | plain


def _plain_value(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Moment):
        return {"at": value.at.isoformat(), "hour_known": value.hour_known}
    return value


def _from_plain(item: Mapping[str, Any]) -> Rule:
    criterion = Criterion(item["criterion"])
    fields = {name: value for name, value in item.items() if name != "criterion"}
    if on := fields.get("reviewed_on"):
        fields["reviewed_on"] = date.fromisoformat(on)
    if criterion is Criterion.APPLICANT:
        return ApplicantRule(**fields | {"chances": tuple(fields["chances"])})
    if criterion is Criterion.TERRITORY:
        return TerritoryRule(**fields | {name: frozenset(fields[name]) for name in LEVELS})
    if criterion is Criterion.POPULATION:
        return PopulationRule(**fields)
    if criterion is Criterion.DATES:
        since = fields["closed_since"]
        times = {name: _moment(fields[name]) for name in ("opens", "closes")}
        return DatesRule(**fields | times | {"closed_since": _time(since) if since else None})
    return ConditionRule(of=criterion, **fields | {"facts": tuple((name, value) for name, value in fields["facts"])})


def _moment(item: Mapping[str, Any] | None) -> Moment | None:
    return Moment(_time(item["at"]), item["hour_known"]) if item else None


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ROME)
