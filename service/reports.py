"""Imports, quarantine and history as people read them (Italian, English) and as programs do (dicts for JSON)."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from service.history import Version
from service.imports import ImportReport
from service.tables import QuarantineRow

LONGEST_CELL = 200
_IN_QUARANTINE = {"it": "Righe in quarantena: ", "en": "Rows in quarantine: "}
_NOTHING = {"it": "Nessuna riga in quarantena.", "en": "No rows in quarantine."}
_REPAIRED = {"it": "Riparato senza perdite: ", "en": "Repaired without loss: "}
_KEPT = {
    "it": "Schede in cui resta ciò che ha scritto una persona: ",
    "en": "Records in which what a person set was kept: ",
}
_REPAIRS_IT = {
    "a trainee's name left out": "nome di un tirocinante tralasciato",
    "day rounded to a number left out": "giorno che una copia ha arrotondato a numero, tralasciato",
    "amount rounded to cents": "importo arrotondato ai centesimi",
    "byte order mark": "byte order mark tolto",
    "decimal comma": "virgola decimale",
    "double-encoded text": "testo codificato due volte",
    "empty row skipped": "riga vuota saltata",
    "escaped hyphen": "trattino preceduto da barra",
    "leading zeros of a code": "zeri iniziali di un codice rimessi",
    "marker of absence": "segno di dato assente",
    "spaces around a cell": "spazi attorno a un valore",
}
_QUARANTINE_HEADINGS = {
    "it": ("Fonte", "File", "Riga", "Campo", "Valore", "Motivo"),
    "en": ("Source", "File", "Line", "Field", "Value", "Reason"),
}
_HISTORY_HEADINGS = {
    "it": ("Versione", "Letta il", "Fonte e file", "Campo", "Prima", "Dopo"),
    "en": ("Version", "Read on", "Source and file", "Field", "Before", "After"),
}


def summary(report: ImportReport, language: str = "it") -> str:
    """Return the counts of an import in one line: ``1.983 righe lette: 1.981 nuove, 0 cambiate…``."""
    counts = (report.rows_in, report.new, report.changed, report.unchanged, report.quarantined)
    rows, new, changed, unchanged, quarantined = (number(count, language) for count in counts)
    english = f"{new} new, {changed} changed, {unchanged} unchanged"
    if language == "it":
        # The English words stand behind the Italian ones, because scripts look for them.
        counted = f"{new} nuove, {changed} cambiate, {unchanged} invariate, {quarantined} in quarantena"
        return f"{rows} righe lette: {counted} ({english})"
    return f"{rows} rows read: {english}, {quarantined} in quarantine"


def report_lines(report: ImportReport, language: str = "it") -> list[str]:
    """Return what an import did: counts, repairs, and how to see the rows that were set apart."""
    lines = [f"{report.source}, {report.file}: {summary(report, language)}"]
    if report.repairs:
        lines.append(
            _REPAIRED[language] + "; ".join(_repair(*item, language) for item in sorted(report.repairs.items()))
        )
    if report.kept_by_hand:
        lines.append(f"{_KEPT[language]}{number(report.kept_by_hand, language)}")
    if report.quarantined:
        lines.append(f"{_IN_QUARANTINE[language]}remix quarantine --source {report.source}")
    return lines


def report_data(report: ImportReport) -> dict[str, Any]:
    """Return an import's report for JSON, with its one-line summary in English."""
    return {**asdict(report), "summary": summary(report, "en")}


def quarantine_table(rows: Iterable[QuarantineRow], language: str = "it") -> Table:
    """Return the rows that were set apart as a table for the terminal."""
    table = plain_table(_QUARANTINE_HEADINGS[language])
    for row in rows:
        table.add_row(*map(cell, (row.source, row.file, row.line, row.field, row.value, row.reason)))
    return table


def quarantine_summary(shown: int, total: int, language: str = "it") -> str:
    """Return how many rows are open, and how to see those that are not shown."""
    if not total:
        return _NOTHING[language]
    text = f"{_IN_QUARANTINE[language]}{number(total, language)}"
    if shown == total:
        return text
    return (
        text
        + {"it": f", mostrate {shown} (--limit N per vederne altre)", "en": f", {shown} shown (--limit N)"}[language]
    )


def quarantine_data(rows: Iterable[QuarantineRow], total: int) -> dict[str, Any]:
    """Return the rows that were set apart for JSON; ``total`` counts those that are not shown too."""
    names = ("source", "file", "line", "field", "value", "reason")
    return {
        "total": total,
        "rows": [
            {name: getattr(row, name) for name in names}
            | {"first_seen": row.first_seen.isoformat(), "last_seen": row.last_seen.isoformat()}
            for row in rows
        ],
    }


def history_table(versions: Iterable[Version], language: str = "it") -> Table:
    """Return the versions of a record as a table: one line a changed field."""
    table = plain_table(_HISTORY_HEADINGS[language])
    for version in versions:
        head = (
            version.number,
            f"{version.at:%d/%m/%Y %H:%M} UTC",
            ", ".join(filter(None, (version.source, version.file))),
        )
        for name, (before, after) in version.changes.items() or [("", ("", ""))]:
            table.add_row(*map(cell, (*head, name, before, after)))
    return table


def history_data(record_id: str, versions: Iterable[Version]) -> dict[str, Any]:
    """Return the versions of a record for JSON."""
    return {
        "id": record_id,
        "versions": [
            {
                "version": version.number,
                "at": version.at.isoformat(),
                "source": version.source,
                "file": version.file,
                "changes": {name: {"old": old, "new": new} for name, (old, new) in version.changes.items()},
            }
            for version in versions
        ],
    }


def number(value: int, language: str = "it") -> str:
    """Return a number with the thousands apart, as the language writes them."""
    return f"{value:,}".replace(",", "." if language == "it" else ",")


def _repair(what: str, times: int, language: str) -> str:
    name = _REPAIRS_IT.get(what, what.replace("delimiter", "separatore")) if language == "it" else what
    return f"{name} ({number(times, language)})"


def plain_table(headings: Iterable[str]) -> Table:
    """Return an empty table with these headings; long values go on in the next line."""
    table = Table(header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def cell(value: object) -> Text:
    """Return a value as plain text: what a file says is never read as markup."""
    text = "" if value is None else str(value)
    return Text(text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…")
