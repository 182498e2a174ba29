"""A commune asks the incubator for one of its services, and is told by when it is answered."""

from dataclasses import dataclass

from service.ids import new_id
from service.moments import now
from service.requests.happenings import Happening, Outcome
from service.requests.records import KIND, shown
from service.requests.tables import RequestState, Service, ServiceRequestRow
from service.requests.terms import Terms
from service.work.acting import Acting
from service.work.items import must_be_communes
from service.work.subjects import ItemRef, item_columns, shown_call

LONGEST_TEXT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: ``call_id`` is empty, and ``item`` None, where it is about none."""

    commune_istat: str
    service: Service
    text: str
    call_id: str = ""
    item: ItemRef | None = None


def ask(acting: Acting, asked: Asked, terms: Terms) -> Outcome:
    """Ask the incubator for a service; its ``due_on`` is the day until which an answer is promised.

    Raises UnknownRecordError for another's commune, InvalidError naming the field that cannot be accepted.
    """
    istat = asked.commune_istat
    acting.must_keep(istat, f"{istat}: no commune of yours has this code")
    must_be_communes(acting, "commune_istat", [istat])
    at = now()
    due = terms.due(asked.service, at)
    row = ServiceRequestRow(
        id=new_id(), service=asked.service, commune_istat=istat, text=asked.text, account_id=acting.account_id,
        call_id=shown_call(acting, asked.call_id) if asked.call_id else None, state=RequestState.RECEIVED,
        asked_at=at, due_on=due, promised_on=due, updated_at=at, version=1, **item_columns(acting, asked.item, istat),
    )  # fmt: skip
    acting.session.add(row)
    acting.session.flush()
    acting.session.refresh(row)
    acting.did(KIND, "created", row.id, istat, service=row.service.value, call_id=row.call_id)
    return Outcome(shown(acting, [row])[0], Happening.ASKED)
