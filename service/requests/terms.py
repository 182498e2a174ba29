"""By when a request is answered: working days for each service, as the settings say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.moments import ROME
from service.requests.tables import RequestState, Service
from service.working_days import working_days_after, working_days_between

USUAL_DAYS = 10
"""Working days for a service that the settings do not name."""
LONGEST_DAYS = 250
OPEN = frozenset({RequestState.RECEIVED, RequestState.TAKEN})
"""States in which the next word is the incubator's."""
ENDED = frozenset({RequestState.CLOSED, RequestState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Terms:
    """How many working days each service takes to be answered."""

    days: Mapping[Service, int]

    def due(self, service: Service, at: datetime) -> date:
        """Return the day until which what is asked at a moment is answered; the day of the asking does not count."""
        return working_days_after(at.astimezone(ROME).date(), self.days.get(service, USUAL_DAYS))


def terms_of(words: str) -> Terms:
    """Return the terms that a setting such as ``finanziamenti=5,tecnologia=15`` says.

    Raises ValueError naming what cannot be read.
    """
    days: dict[Service, int] = {}
    for part in filter(None, (one.strip() for one in words.split(","))):
        code, _, number = (one.strip() for one in part.partition("="))
        if code not in set(Service) or not number.isdecimal() or not 1 <= int(number) <= LONGEST_DAYS:
            raise ValueError(
                f"{part!r}: write a service and its working days from 1 to {LONGEST_DAYS}, as "
                f"finanziamenti=5; the services are {', '.join(Service)}"
            )
        days[Service(code)] = int(number)
    return Terms(days)


def without_waiting(day: date, since: datetime, until: datetime) -> date:
    """Return a day moved on by the working days between two moments, in which the incubator could only wait."""
    waited = working_days_between(since.astimezone(ROME).date(), until.astimezone(ROME).date())
    return working_days_after(day, waited)


def is_late(state: RequestState, due_on: date, at: datetime) -> bool:
    """Whether an answer is overdue; what waits for the commune, or is answered, is not."""
    return state in OPEN and due_on < at.astimezone(ROME).date()
