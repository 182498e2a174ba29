"""Copies as the command line tells of them (Italian, English), and as programs read it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from service.copies.archive import Manifest
from service.copies.restoring import Restored
from service.reports import cell, number, plain_table

_HEADINGS = {
    "it": ("Tabella", "Righe nella copia", "Righe ripristinate", "Uguali"),
    "en": ("Table", "Rows in the copy", "Rows put back", "Same"),
}
_MADE = {
    "it": "{path}: copia di {rows} righe in {tables} tabelle (versione {revision}).",
    "en": "{path}: a copy of {rows} rows in {tables} tables (version {revision}).",
}
_PRIVATE = {
    "it": "Contiene dati personali e hash di password: solo chi l'ha creata può leggerla; la si conservi al sicuro.",
    "en": "It holds personal data and hashes of passwords: only its owner can read it; keep it in a safe place.",
}
_RESTORED = {
    "it": "Ripristinate {rows} righe, tutte uguali alla copia del {made_at:%d/%m/%Y %H:%M} (versione {revision}).",
    "en": "{rows} rows put back, all the same as in the copy of {made_at:%d/%m/%Y %H:%M} (version {revision}).",
}


def made_lines(path: Path, manifest: Manifest, digest: str, language: str = "it") -> list[str]:
    """Return what was copied, that it is private, and the fingerprint of the file."""
    made = _MADE[language].format(
        path=path, rows=number(manifest.rows, language), tables=len(manifest.tables), revision=manifest.revision
    )
    return [made, f"SHA-256 {digest}", _PRIVATE[language]]


def made_data(path: Path, manifest: Manifest, digest: str) -> dict[str, Any]:
    """Return what was copied for JSON."""
    return {"file": str(path), "sha256": digest, **_plain(manifest)}


def restored_table(restored: Restored, language: str = "it") -> Table:
    """Return the comparison of every table."""
    table = plain_table(_HEADINGS[language])
    for one in restored.comparisons:
        counts = (number(rows, language) for rows in (one.copied.rows, one.restored.rows))
        table.add_row(*map(cell, (one.copied.name, *counts, "✔" if one.same else "✘")))
    return table


def restored_line(restored: Restored, language: str = "it") -> str:
    """Return what was put back, in one line."""
    manifest = restored.manifest
    return _RESTORED[language].format(
        rows=number(manifest.rows, language), made_at=manifest.made_at, revision=restored.revision
    )


def restored_data(restored: Restored) -> dict[str, Any]:
    """Return the comparison for JSON."""
    compared = [
        {"table": one.copied.name, "copied": one.copied.rows, "restored": one.restored.rows, "same": one.same}
        for one in restored.comparisons
    ]
    return {"copy": _plain(restored.manifest), "revision": restored.revision, "tables": compared}


def _plain(manifest: Manifest) -> dict[str, Any]:
    return asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
