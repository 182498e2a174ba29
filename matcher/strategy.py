"""The strategic frame as tags: drivers of the strategic plan, PNRR missions and components, thematic strategies.

    model ──► tags ──with_source──► what the record itself states stands ──with_overrides──► what a person said stands

A person's word is kept apart from the model's and laid over it whenever tags are shown: a new model changes the tags
that nobody has touched, and no others.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from matcher.errors import MatcherError
from matcher.records import FundingCall, Need, Precedent, Project, PublicAsset

DRIVER, MISSION, COMPONENT, STTM = "driver", "mission", "component", "sttm"
ACTOR, STYLE = "actor", "style"
SCHEMES = (DRIVER, MISSION, COMPONENT, STTM)
"""The schemes that a model reads; ``matcher.agenda`` reads the others by rule."""
ALL_SCHEMES = (*SCHEMES, ACTOR, STYLE)
METROPOLITAN, COMMUNES, INTERMEDIATE = "cm", "comuni", "corpi"
"""The actors of the strategic agenda: the metropolitan city, the communes, intermediate bodies and others."""
DIRECT, COORDINATED, LINKED, SUPPORTING = "diretta", "regia", "raccordo", "sostegno"
CONCERTED, PARTNERSHIP, COPLANNED = "accordi", "partner", "insieme"
"""The working styles that the agenda describes driver by driver; it gives them no codes, these are ours."""
CODES: dict[str, tuple[str, ...]] = {
    DRIVER: tuple(str(number) for number in range(1, 11)),
    MISSION: ("M1", "M2", "M3", "M4", "M5", "M6"),
    COMPONENT: tuple(f"M{m}C{c}" for m, last in enumerate((3, 4, 2, 2, 3, 2), start=1) for c in range(1, last + 1)),
    STTM: ("1", "2", "3"),
    ACTOR: (METROPOLITAN, COMMUNES, INTERMEDIATE),
    STYLE: (DIRECT, COORDINATED, LINKED, SUPPORTING, CONCERTED, PARTNERSHIP, COPLANNED),
}
"""Scheme → its codes as the frame items have them; the 16 components are those of the plan of 2021."""
TEXT_CHARACTERS = 900
"""How much of a record is read: what it is about stands at its beginning, and its conditions further down."""

Tagged = Need | Project | PublicAsset | FundingCall | Precedent
"""The records that carry tags."""

_MEASURE = re.compile(r"M[1-6]C[1-4](?=I|R|$)")
# Fields of the catalogue of incentives that name dozens of sectors, or the form of money, whatever the call is for.
_LISTED = re.compile(r"\s*\b(?:Settori|Forma di sostegno): [^.]*\.?")


class DecidedBy(StrEnum):
    """Whose word a tag is."""

    MODEL = "model"
    SOURCE = "source"
    RULE = "rule"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Tag:
    """One code of one scheme on one record.

    ``probability`` in [0, 1] is the model's own, calibrated, and 1.0 where source or person decided. ``evidence`` is
    the part of the text that speaks most for it, as it stands there ("" where no words do). Where ``certain`` is
    false the model abstains: the code is worth a person's look and counts nowhere.
    """

    scheme: str
    code: str
    probability: float
    evidence: str = ""
    decided_by: DecidedBy = DecidedBy.MODEL
    certain: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """The (scheme, code) that a record has at most once."""
        return self.scheme, self.code


@dataclass(frozen=True, slots=True)
class Override:
    """What a person said of one code on one record: it belongs there (``present``) or it does not.

    Raises MatcherError for a code that its scheme does not have.
    """

    scheme: str
    code: str
    present: bool

    def __post_init__(self) -> None:
        if self.code not in CODES.get(self.scheme, ()):
            raise MatcherError(f"tag {self.scheme!r} {self.code!r}: no such code; schemes and codes are {CODES}")


def text_to_tag(record: Tagged) -> str:
    """Return the words of a record that say what it is about: its title, then its summary or text."""
    body = (record.summary or record.text) if isinstance(record, FundingCall) else record.text
    body = _LISTED.sub("", body).strip()
    title = record.title.strip()
    if not title or body.casefold().startswith(title.casefold()):
        return (body or title)[:TEXT_CHARACTERS]
    return f"{title.removesuffix('.')}. {body}".strip()[:TEXT_CHARACTERS]


def source_tags(record: Tagged) -> tuple[Tag, ...]:
    """Return the tags that a record states itself: the drivers written on it, the mission of its PNRR measure."""
    drivers = () if isinstance(record, FundingCall | Precedent) else record.drivers
    tags = [_fact(DRIVER, item.removeprefix("driver:"), item) for item in drivers if item.startswith("driver:")]
    measure = record.measure if isinstance(record, Precedent) else getattr(record, "programme", "")
    if found := _MEASURE.match(measure):
        tags += [_fact(MISSION, found.group()[:2], measure), _fact(COMPONENT, found.group(), measure)]
    return tuple(tag for tag in tags if tag.code in CODES[tag.scheme])


def with_source(tags: Iterable[Tag], record: Tagged) -> tuple[Tag, ...]:
    """Return the tags with the record's own in place of the model's, scheme by scheme."""
    stated = source_tags(record)
    schemes = {tag.scheme for tag in stated}
    return in_order([*stated, *(tag for tag in tags if tag.scheme not in schemes)])


def with_overrides(tags: Iterable[Tag], overrides: Sequence[Override]) -> tuple[Tag, ...]:
    """Return the tags as people left them: what they set is there for certain, what they took away is not.

    Of several words on one code the last counts. A component that a person set brings its mission, a mission that a
    person took away takes its components along, except where a person said otherwise of that very code.
    """
    found = {tag.key: tag for tag in tags}
    said = {(one.scheme, one.code): one.present for one in overrides}
    for (scheme, code), present in (_implied(said, found) | said).items():
        if present:
            known = found.get((scheme, code), Tag(scheme, code, 1.0))
            found[scheme, code] = replace(known, probability=1.0, decided_by=DecidedBy.PERSON, certain=True)
        else:
            found.pop((scheme, code), None)
    return in_order(found.values())


def in_order(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return tags by scheme, the certain ones first, the most probable first, ties by code."""
    return tuple(
        sorted(
            tags,
            key=lambda tag: (
                ALL_SCHEMES.index(tag.scheme),
                not tag.certain,
                -tag.probability,
                CODES[tag.scheme].index(tag.code),
            ),
        )
    )


def _implied(said: dict[tuple[str, str], bool], found: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bool]:
    """What follows from a person's words between missions and components."""
    taken = {code for (scheme, code), present in said.items() if scheme == MISSION and not present}
    implied = {(MISSION, code[:2]): True for (scheme, code), present in said.items() if scheme == COMPONENT and present}
    implied |= {(scheme, code): False for scheme, code in found if scheme == COMPONENT and code[:2] in taken}
    return {key: present for key, present in implied.items() if key not in said}


def _fact(scheme: str, code: str, evidence: str) -> Tag:
    return Tag(scheme, code, 1.0, evidence, DecidedBy.SOURCE)
