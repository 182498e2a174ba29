"""A commune's own spreadsheet read into its assets: good rows kept, bad ones told with their reason.

file ──OwnList──► rows ──► new | changed | unchanged      a row that cannot be read is told, and stops no other

An asset is known again by the commune's own code or, without one, by its name: the same file twice changes nothing.
"""

from dataclasses import dataclass, field
from pathlib import Path

from corpora.rows import Quarantined, Repairs
from corpora.sources.beni_comune import NAME, OwnList
from matcher.errors import SerializationError
from matcher.records import PublicAsset
from matcher.serialization import to_data
from service.errors import InvalidError
from service.filling import difference
from service.history import BY_HAND
from service.kinds import KIND_NAMED
from service.work import edits
from service.work.acting import Acting
from service.work.items import must_be_communes

LARGEST_FILE = 10 << 20
"""Bytes of a list that is uploaded: some fifty thousand rows."""
MOST_ROWS = 5_000
"""Rows read in one transaction, a few seconds: a commune of a million has fewer assets."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was set apart: its line in the file, the column, what stands there, and why it cannot be read."""

    line: int
    field: str
    value: str
    reason: str


@dataclass(slots=True)
class Uploaded:
    """What was done with a list: rows = new + changed + unchanged + set apart."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    apart: list[BadRow] = field(default_factory=list)


def upload(acting: Acting, istat: str, path: Path, name: str) -> Uploaded:
    """Read a commune's list into its own assets; ``name`` is what its sender calls the file.

    Raises UnknownRecordError for another's commune, SourceError or LayoutError for a file that is none, InvalidError
    for more rows than are read at once. After any error nothing of the file is kept.
    """
    acting.must_keep(istat, f"{istat}: no commune of yours has this code")
    must_be_communes(acting, "commune_istat", [istat])
    done = Uploaded()
    for outcome in OwnList(istat).read(path, Repairs()):
        done.rows += 1
        if done.rows > MOST_ROWS:
            raise InvalidError("file", f"{name}: more than {MOST_ROWS} rows; send it in parts")
        if isinstance(outcome, Quarantined):
            done.apart.append(BadRow(outcome.line, outcome.field, outcome.value, outcome.reason))
            continue
        record = outcome.record
        if isinstance(record, PublicAsset):
            _keep(acting, record, istat, done, outcome.line)
    acting.did("assets", "uploaded", "", istat, rows=done.rows, new=done.new, changed=done.changed)
    return done


def _keep(acting: Acting, asset: PublicAsset, istat: str, done: Uploaded, line: int) -> None:
    kind = KIND_NAMED["assets"]
    data = to_data(asset)
    data["id"] = f"{BY_HAND}:{asset.id.removeprefix(f'{NAME}:')}"
    data.pop("provenance", None)
    stored = edits.find(acting, kind, data["id"], for_change=True)
    try:
        if stored is None:
            edits.create(acting, kind, data, istat)
            done.new += 1
        elif stored.archived_at is not None or stored.owner_istat != istat:
            done.apart.append(BadRow(line, "id", asset.title, "it was archived here: restore it first"))
        elif patch := {name: new for name, (_, new) in difference(stored.data, data).items() if name in data}:
            edits.change(acting, stored, stored.version, patch)
            done.changed += 1
        else:
            done.unchanged += 1
    except (InvalidError, SerializationError) as error:
        done.apart.append(BadRow(line, getattr(error, "field", ""), asset.title, str(error)))
