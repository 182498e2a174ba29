"""How many requests came and how they were answered, as a page and as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.api.acting import Writing
from service.errors import InvalidError
from service.moments import now
from service.pages.languages import PageLanguage
from service.pages.request_forms import day_sent
from service.pages.request_words import service_name, services
from service.pages.templating import page
from service.requests.counting import Count, Period, counts, total
from service.requests.exporting import TYPES, Format, exported_counts
from service.requests.queue import asking_communes
from service.requests.tables import Service

router = APIRouter(prefix="/incubatore/richieste", include_in_schema=False)
COUNTS = "/incubatore/richieste/conteggi"
EXPORT = "/incubatore/richieste/esporta"
MOST_LINES = 300
"""Lines shown on the page; the files hold all of them."""
Since = Annotated[str, Query(alias="da", max_length=10)]
Until = Annotated[str, Query(alias="a", max_length=10)]
OfService = Annotated[str, Query(alias="servizio", max_length=40)]
OfCommune = Annotated[str, Query(alias="comune", max_length=6)]


@dataclass(frozen=True, slots=True)
class Line:
    """A count with what it is called; ``service`` is empty for all services together."""

    count: Count
    service: str


@router.get("/conteggi")
def read_counts(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    since: Since = "",
    until: Until = "",
    service: OfService = "",
    commune: OfCommune = "",
) -> HTMLResponse:
    """Show the counts of a period, service by service and then line by line; of this year unless asked otherwise."""
    wrong = ""
    asked = {"da": since or f"{now().year}-01-01", "a": until, "servizio": service, "comune": commune}
    found: Sequence[Count] = []
    try:
        found = counts(acting, _period(asked))
    except InvalidError as error:
        wrong = error.field
    kept = {name: value for name, value in asked.items() if value}
    shown = {
        "by_service": _by_service(found, language),
        "whole": total(found),
        "lines": [Line(one, service_name(one.service, language)) for one in found[:MOST_LINES]],
        "n_lines": len(found),
        "asked": asked,
        "wrong": wrong,
        "services": services(language),
        "communes": asking_communes(acting),
        "exports": [(form, f"{EXPORT}?{urlencode(kept | {'formato': form})}") for form in TYPES],
    }
    return page(request, "incubator/request_counts.html", shown, 422 if wrong else 200)


@router.get("/esporta")
def export_counts(
    acting: Writing,
    since: Since = "",
    until: Until = "",
    service: OfService = "",
    commune: OfCommune = "",
    form: Annotated[Format, Query(alias="formato")] = "xlsx",
) -> Response:
    """Send the counts of a period as a file."""
    found = counts(acting, _period({"da": since, "a": until, "servizio": service, "comune": commune}))
    headers = {"Content-Disposition": f'attachment; filename="richieste.{form}"'}
    return Response(exported_counts(found, form), media_type=TYPES[form], headers=headers)


def _period(asked: dict[str, str]) -> Period:
    """Return the period of an address; raises InvalidError naming the day that is none."""
    return Period(
        first=day_sent("da", asked["da"]),
        last=day_sent("a", asked["a"]),
        service=Service(asked["servizio"]) if asked["servizio"] in set(Service) else None,
        commune_istat=asked["comune"],
    )


def _by_service(found: Sequence[Count], language: str) -> list[Line]:
    of_service: list[tuple[Service, Any]] = [
        (service, total([one for one in found if one.service is service])) for service in Service
    ]
    return [Line(whole, service_name(service, language)) for service, whole in of_service if whole is not None]
