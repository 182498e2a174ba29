"""Where one commune stands in the list of a call: its rank and the item that gives it, or what keeps it out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from matcher.eligibility import judge
from matcher.verdicts import CriterionResult, Eligibility, Verdict, municipality
from service.access.principal import Principal
from service.catalogue.overview import SUITS
from service.catalogue.reverse import CommuneMatch, communes_for
from service.errors import UnknownRecordError
from service.live import Serving


class Standing(StrEnum):
    """Why a commune stands where it stands."""

    RULED_OUT = "ruled_out"
    NOTHING_DESCRIBED = "nothing_described"
    NOTHING_NEAR = "nothing_near"
    SUITED = "suited"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A commune's place among all communes for one call.

    ``rank`` counts from 1 among the ``of`` communes that may apply, None for one that may not. ``eligibility`` holds
    every criterion with the words it was read from. The match holds the nearest item that who asks may see.
    """

    match: CommuneMatch
    standing: Standing
    rank: int | None
    of: int
    eligibility: Eligibility

    @property
    def against(self) -> tuple[CriterionResult, ...]:
        """The criteria that rule the commune out."""
        return tuple(one for one in self.eligibility.criteria if one.verdict is Verdict.NOT_MET)

    @property
    def to_check(self) -> tuple[CriterionResult, ...]:
        """The criteria that nobody can answer yet."""
        return tuple(one for one in self.eligibility.criteria if one.verdict is Verdict.UNKNOWN)


def whereabouts(
    session: Session, principal: Principal, serving: Serving, position: int, istat: str, on: datetime
) -> Whereabouts:
    """Return where a commune stands for a call; raises UnknownRecordError for a code that no commune has."""
    found = communes_for(session, principal, serving, position, on, ruled_out=True)
    row = next((row for row, match in enumerate(found) if match.commune.istat == istat), None)
    if row is None:
        raise UnknownRecordError(f"{istat}: no commune has this ISTAT code")
    match = found[row]
    eligibility = judge(serving.catalogue.rules[position], municipality(match.commune), on)
    may_apply = sum(one.verdict is not Verdict.NOT_MET for one in found)
    rank = row + 1 if match.verdict is not Verdict.NOT_MET else None
    return Whereabouts(match, _standing(match), rank, may_apply, eligibility)


def _standing(match: CommuneMatch) -> Standing:
    if match.verdict is Verdict.NOT_MET:
        return Standing.RULED_OUT
    if match.item is None:
        return Standing.NOTHING_DESCRIBED
    return Standing.SUITED if match.item.similarity >= SUITS else Standing.NOTHING_NEAR
