"""How many requests came, service by service, commune by commune, month by month, and how they were answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from sqlalchemy import ColumnElement, and_, func, select, true

from service.moments import ROME, now, start_of
from service.requests.records import KIND
from service.requests.tables import RequestEntryRow, RequestState, Service, ServiceRequestRow
from service.requests.terms import OPEN
from service.tables import CommuneRow
from service.work.acting import Acting
from service.working_days import working_days_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Which requests are counted: asked from one day to another, both included; None: without bound."""

    first: date | None = None
    last: date | None = None
    service: Service | None = None
    commune_istat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The requests of one service, commune and month (``month`` is its first day), withdrawn ones among them.

    ``answered``: those that have had an answer; ``in_time``: by the day that was promised; ``late``: unanswered after
    that day, which moves on while the commune is waited for. ``days``: working days from each request to its first
    answer, waiting included. ``minutes``: the incubator's time.
    """

    service: Service
    commune_istat: str
    commune_name: str
    month: date
    requests: int
    answered: int
    in_time: int
    late: int
    withdrawn: int
    minutes: int
    days: tuple[int, ...]

    @property
    def hours(self) -> Decimal:
        """The incubator's time in hours, to the hundredth."""
        return (Decimal(self.minutes) / 60).quantize(Decimal("0.01"))

    @property
    def median_days(self) -> float | None:
        """The median of the working days to the first answer, None where there was none."""
        return median(self.days) if self.days else None

    @property
    def in_time_share(self) -> float | None:
        """The share of those answered by the promised day among those that were answered or are late."""
        due = self.answered + self.late
        return self.in_time / due if due else None


def counts(acting: Acting, period: Period) -> list[Count]:
    """Return the counts of a period, the newest month first, then by commune and service; for the incubator only."""
    acting.must_be_staff()
    minutes = dict(_minutes(acting))
    found: dict[tuple[date, str, str, Service], list[ServiceRequestRow]] = {}
    for row, name in acting.session.execute(
        select(ServiceRequestRow, CommuneRow.name)
        .join(CommuneRow, CommuneRow.id == ServiceRequestRow.commune_istat)
        .where(_wanted(period))
    ):
        month = row.asked_at.astimezone(ROME).date().replace(day=1)
        found.setdefault((month, name, row.commune_istat, row.service), []).append(row)
    acting.did(KIND, "counted", "", period.commune_istat or None, count=len(found))
    order = sorted(found, key=lambda key: (-key[0].toordinal(), key[1], key[2], list(Service).index(key[3])))
    return [_count(key, found[key], minutes) for key in order]


def total(found: Sequence[Count]) -> Count | None:
    """Return all counts as one, under the first one's names; None where there are none."""
    if not found:
        return None
    first = found[0]
    return Count(
        service=first.service, commune_istat=first.commune_istat, commune_name=first.commune_name, month=first.month,
        requests=sum(one.requests for one in found), answered=sum(one.answered for one in found),
        in_time=sum(one.in_time for one in found), late=sum(one.late for one in found),
        withdrawn=sum(one.withdrawn for one in found), minutes=sum(one.minutes for one in found),
        days=tuple(number for one in found for number in one.days),
    )  # fmt: skip


def _count(key: tuple[date, str, str, Service], rows: Iterable[ServiceRequestRow], minutes: dict[str, int]) -> Count:
    month, name, istat, service = key
    of_key, today = list(rows), now().date()
    answered = [row for row in of_key if row.first_answer_at is not None]
    return Count(
        service=service,
        commune_istat=istat,
        commune_name=name,
        month=month,
        requests=len(of_key),
        answered=len(answered),
        in_time=sum(_day(row) <= row.promised_on for row in answered),
        late=sum(row.first_answer_at is None and row.state in OPEN and row.promised_on < today for row in of_key),
        withdrawn=sum(row.state is RequestState.WITHDRAWN for row in of_key),
        minutes=sum(minutes.get(row.id, 0) for row in of_key),
        days=tuple(working_days_between(row.asked_at.astimezone(ROME).date(), _day(row)) for row in answered),
    )


def _day(row: ServiceRequestRow) -> date:
    """The day of a first answer; only for rows that have one."""
    assert row.first_answer_at is not None  # noqa: S101 - whoever calls has looked
    return row.first_answer_at.astimezone(ROME).date()


def _minutes(acting: Acting) -> Iterable[tuple[str, int]]:
    entry = RequestEntryRow
    query = select(entry.request_id, func.sum(entry.minutes)).where(entry.withdrawn_at.is_(None), entry.minutes > 0)
    return (
        (request_id, int(number)) for request_id, number in acting.session.execute(query.group_by(entry.request_id))
    )


def _wanted(period: Period) -> ColumnElement[bool]:
    row = ServiceRequestRow
    conditions: list[ColumnElement[bool]] = [true()]
    if period.first is not None:
        conditions.append(row.asked_at >= start_of(period.first))
    if period.last is not None:
        conditions.append(row.asked_at < start_of(date.fromordinal(period.last.toordinal() + 1)))
    if period.service is not None:
        conditions.append(row.service == period.service)
    if period.commune_istat:
        conditions.append(row.commune_istat == period.commune_istat)
    return and_(*conditions)
