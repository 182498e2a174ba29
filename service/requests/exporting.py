"""Requests and their counts as tables to take along: CSV and XLSX, in which no text acts as a formula."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from service.moments import ROME
from service.pages.request_words import service_name, state_name
from service.pages.translations import ITALIAN
from service.requests.counting import Count
from service.requests.records import ServiceRequest
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_table, xlsx_table

Format = Literal["csv", "xlsx"]
TYPES: Mapping[str, str] = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
COUNTS_HEADER = (
    "Mese",
    "Codice ISTAT",
    "Comune",
    "Servizio",
    "Richieste",
    "Con risposta",
    "Entro il termine",
    "In ritardo",
    "Ritirate",
    "Giorni lavorativi alla prima risposta (mediana)",
    "Ore dell'incubatore",
)
REQUESTS_HEADER = (
    "Codice",
    "Codice ISTAT",
    "Comune",
    "Servizio",
    "Stato",
    "In ritardo",
    "Chiesta il",
    "Risposta entro",
    "Prima risposta",
    "Conclusa il",
    "Chi segue",
    "Bando",
    "Voce",
    "Richiesta",
)


def exported_counts(found: Iterable[Count], form: Format) -> bytes:
    """Return counts as a file, one line for each service, commune and month."""
    rows = [_count_row(one) for one in found]
    return csv_table(COUNTS_HEADER, rows) if form == "csv" else xlsx_table("Richieste", COUNTS_HEADER, rows)


def exported_requests(found: Iterable[ServiceRequest], form: Format) -> bytes:
    """Return requests as a file, one line each."""
    rows = [_request_row(one) for one in found]
    return csv_table(REQUESTS_HEADER, rows) if form == "csv" else xlsx_table("Richieste", REQUESTS_HEADER, rows)


def as_data(one: ServiceRequest) -> dict[str, Any]:
    """Return a request for JSON."""
    return {
        "id": one.id,
        "service": one.service.value,
        "state": one.state.value,
        "commune": {"istat": one.commune_istat, "name": one.commune_name},
        "call_id": one.call_id,
        "call_title": one.call_title,
        "item": {"kind": one.item.kind, "id": one.item.id, "title": one.item_title} if one.item else None,
        "text": one.text,
        "owner": one.owner_name,
        "asked_at": one.asked_at.isoformat(),
        "due_on": one.due_on.isoformat(),
        "late": one.is_late,
        "first_answer_at": one.first_answer_at.isoformat() if one.first_answer_at else None,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "version": one.version,
    }


def _count_row(one: Count) -> tuple[Cell, ...]:
    return (
        f"{one.month:%Y-%m}",
        one.commune_istat,
        one.commune_name,
        service_name(one.service, ITALIAN),
        one.requests,
        one.answered,
        one.in_time,
        one.late,
        one.withdrawn,
        one.median_days,
        one.hours,
    )


def _request_row(one: ServiceRequest) -> tuple[Cell, ...]:
    return (
        one.id,
        one.commune_istat,
        one.commune_name,
        service_name(one.service, ITALIAN),
        state_name(one.state, ITALIAN),
        one.is_late,
        one.asked_at.astimezone(ROME).date(),
        one.due_on,
        one.first_answer_at.astimezone(ROME).date() if one.first_answer_at else None,
        one.ended_at.astimezone(ROME).date() if one.ended_at else None,
        one.owner_name,
        one.call_title,
        one.item_title,
        one.text,
    )
