"""What calls ask of those who apply, as read by a reader: one fact per call and criterion, with the places it stands.

``facts.jsonl`` holds values, offsets and anchors, never the sentences: these are read again from the source. How the
facts were read is in ``corpora/judgments/eligibility/README.md``.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Any

from corpora.errors import CorporaError
from corpora.labelfile import Place, json_rows
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from matcher.records import ApplicantKind, FundingCall
from matcher.territory import PROVINCE_REGION, REGION_NAMES, ZONES, place_key
from matcher.verdicts import Criterion

FACTS = "facts.jsonl"
ANCHOR_WORDS = 5
"""An anchor tells a person that the offsets still fit; a whole sentence would be a copy of the source."""
TYPED_FIELDS = ("opens", "closes", "min_award", "max_award")
TEXT_FIELDS = ("title", "issuer", "summary", "text", "applicants_text", "territory_text")
EXTRA = "extra:"
_KINDS = tuple(kind.value for kind in ApplicantKind)
_MOMENT = re.compile(r"20\d\d-\d\d-\d\d(?:T\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a fact stands: a field of the call and offsets in it, [start, end), 0 and 0 for a typed field.

    ``anchor`` is the first words of that passage, ``ANCHOR_WORDS`` at most; empty for a typed field.
    """

    field: str
    start: int
    end: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityFact:
    """One criterion of one call as a reader read it.

    ``value`` maps parameters (``PARAMETERS``) to their values; ``a|b`` says that either is right. An empty ``value``
    without ``ungraded`` says that the source is silent. ``ungraded`` names what the reader could not settle: kinds of
    applicants, or parameters. ``file`` is where the call was read, relative to the folder of the open data.
    """

    call_id: str
    file: str
    criterion: Criterion
    value: Mapping[str, tuple[str, ...]]
    ungraded: frozenset[str]
    at: tuple[Location, ...]
    judge: str
    date: date

    @property
    def absent(self) -> bool:
        """Whether the source says nothing of the criterion."""
        return not (self.value or self.ungraded)


def _is_amount(value: str) -> bool:
    try:
        return Decimal(value) > 0
    except InvalidOperation:
        return False


def _is_share(value: str) -> bool:
    return _is_amount(value) and Decimal(value) <= 1


def _is_moment(value: str) -> bool:
    if not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _one_of(allowed: Collection[str]) -> Callable[[str], bool]:
    return lambda value: value in allowed


def _is_count(value: str) -> bool:
    return value.isdecimal() and int(value) > 0


def _is_place(value: str) -> bool:
    return bool(value) and place_key(value) == value


_TRUE = _one_of(("true",))
PARAMETERS: Mapping[Criterion, Mapping[str, Callable[[str], bool]]] = {
    Criterion.APPLICANT: {"admitted": _one_of(_KINDS), "excluded": _one_of(_KINDS)},
    Criterion.TERRITORY: {
        "nation": _TRUE,
        "regions": _one_of(REGION_NAMES),
        "provinces": _one_of(PROVINCE_REGION),
        "zones": _one_of(ZONES),
        "communes": _is_place,
        "partial": _TRUE,
    },
    Criterion.POPULATION: {"min_population": _is_count, "max_population": _is_count},
    Criterion.DATES: {"opens": _is_moment, "closes": _is_moment, "while_funds_last": _TRUE},
    Criterion.PARTNERSHIP: {"min_partners": _is_count, "lead": _one_of(("commune", "public"))},
    Criterion.ASSET: {"owner": _one_of(("applicant", "public"))},
    Criterion.AMOUNT: dict.fromkeys(("min_award", "max_award", "min_cost", "max_cost"), _is_amount),
    Criterion.COFINANCING: {"covered": _is_share},
}
"""The parameters of each criterion and what a value of each must be. ``nation`` is everywhere in Italy; ``partial``
says that only some places inside are meant, and that the call does not carry their list."""


def load_facts(folder: Path) -> list[EligibilityFact]:
    """Read ``facts.jsonl`` of a folder, in file order.

    Raises CorporaError naming file, line, field and value for the first fact that does not hold together.
    """
    seen: dict[tuple[str, Criterion, str], int] = {}
    facts = []
    for place, row in json_rows(folder / FACTS):
        fact = _fact(place, row)
        key = (fact.call_id, fact.criterion, fact.judge)
        if key in seen:
            raise place.error("criterion", fact.criterion.value, f"of {fact.call_id} is on line {seen[key]} already")
        seen[key] = place.line
        facts.append(fact)
    return facts


def load_calls(facts: Iterable[EligibilityFact], data: Path) -> dict[tuple[str, str], FundingCall]:
    """The calls that the facts are about, by file and call id, read from the folder of the open data.

    Raises CorporaError if a call is not in its file, SourceError if a file cannot be read.
    """
    wanted: dict[tuple[str, str], set[str]] = {}
    for fact in facts:
        wanted.setdefault((fact.file, fact.call_id.partition(":")[0]), set()).add(fact.call_id)
    calls: dict[tuple[str, str], FundingCall] = {}
    for (file, source), ids in wanted.items():
        for outcome in get_source(source).read(data / file, Repairs()):
            if isinstance(outcome, Read) and isinstance(outcome.record, FundingCall) and outcome.record.id in ids:
                calls[file, outcome.record.id] = outcome.record
        missing = ids - {call_id for held, call_id in calls if held == file}
        if missing:
            raise CorporaError(f"{data / file} has no call {min(missing)!r}: has the file changed since it was read?")
    return calls


def passage(call: FundingCall, location: Location) -> str:
    """The words at a location of a call; the value as text for a typed field, empty if the call has no such field."""
    if location.field in TYPED_FIELDS:
        value = getattr(call, location.field)
        return "" if value is None else str(value)
    if location.field.startswith(EXTRA):
        return dict(call.extra).get(location.field.removeprefix(EXTRA), "")[location.start : location.end]
    return str(getattr(call, location.field))[location.start : location.end]


def anchored(call: FundingCall, location: Location) -> bool:
    """Whether a location still fits the call: the passage begins with the anchor, or the typed field has a value."""
    words = passage(call, location)
    return bool(words) and " ".join(words.split()).startswith(location.anchor)


def _fact(place: Place, row: Mapping[str, Any]) -> EligibilityFact:
    criterion = Criterion(place.one_of("criterion", row.get("criterion"), [one.value for one in Criterion]))
    value = _value(place, criterion, row.get("value"))
    ungraded = _ungraded(place, criterion, row.get("ungraded"))
    at = tuple(_location(place, item) for item in _list(place, "at", row.get("at")))
    if bool(at) != bool(value or ungraded):
        raise place.error("at", row.get("at"), "must tell where a fact stands, and be empty for one that is absent")
    return EligibilityFact(
        call_id=place.source_id("call_id", row.get("call_id")),
        file=_file(place, row.get("file")),
        criterion=criterion,
        value=value,
        ungraded=ungraded,
        at=at,
        judge=place.text("judge", row.get("judge")),
        date=place.day("date", row.get("date")),
    )


def _value(place: Place, criterion: Criterion, item: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(item, dict):
        raise place.error("value", item, "must be an object, empty where the source is silent")
    allowed = PARAMETERS[criterion]
    value = {}
    for name, given in item.items():
        place.one_of("value", name, list(allowed))
        values = tuple(given) if isinstance(given, list) else (given,)
        for one in values:
            if not (isinstance(one, str) and all(allowed[name](choice) for choice in one.split("|"))):
                raise place.error(f"value.{name}", one, f"is no value that {name} may have")
        if not values or len(set(values)) < len(values):
            raise place.error(f"value.{name}", given, "must hold one value or more, each once")
        value[name] = values
    both = set(value.get("admitted", ())) & set(value.get("excluded", ()))
    if both:
        raise place.error("value", sorted(both), "cannot be admitted and excluded at once")
    return value


def _ungraded(place: Place, criterion: Criterion, item: object) -> frozenset[str]:
    allowed = _KINDS if criterion is Criterion.APPLICANT else tuple(PARAMETERS[criterion])
    return frozenset(place.one_of("ungraded", one, allowed) for one in _list(place, "ungraded", item))


def _location(place: Place, item: object) -> Location:
    if not isinstance(item, dict):
        raise place.error("at", item, "must be an object with field, start, end and anchor")
    field, start, end, anchor = (item.get(name) for name in ("field", "start", "end", "anchor"))
    typed = field in TYPED_FIELDS
    if not (typed or field in TEXT_FIELDS or str(field).startswith(EXTRA)):
        raise place.error(
            "at.field", field, f"must be one of {', '.join((*TYPED_FIELDS, *TEXT_FIELDS))}, {EXTRA}<name>"
        )
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end + typed):
        raise place.error("at.start", (start, end), "must be offsets with start before end, both 0 in a typed field")
    if not isinstance(anchor, str) or bool(anchor) == typed or len(anchor.split()) > ANCHOR_WORDS:
        raise place.error("at.anchor", anchor, f"must be the first words of the passage, {ANCHOR_WORDS} at most")
    return Location(str(field), start, end, anchor)


def _file(place: Place, item: object) -> str:
    name = place.text("file", item)
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise place.error("file", name, "must be a path inside the folder of the open data")
    return name


def _list(place: Place, field: str, item: object) -> list[Any]:
    if not isinstance(item, list):
        raise place.error(field, item, "must be a list")
    return item
