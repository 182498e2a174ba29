"""Labelled matches of public assets: with needs (``asset-needs``), and with a need and calls (``asset-calls``).

Both folders are laid out as the judged needs are (``corpora.judged`` reads their queries, judgments and qrels). The
assets and needs themselves stand in ``assets.jsonl`` and ``needs.jsonl``; all are invented, the communes are real.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora.errors import CorporaError
from corpora.judged import SPLITS
from corpora.labelfile import Place, json_rows
from matcher.errors import SerializationError
from matcher.records import Need, PublicAsset, Record
from matcher.serialization import from_data

ASSETS, NEEDS = "assets.jsonl", "needs.jsonl"
_SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Places:
    """The assets and the needs of the labels by id, and the split of each."""

    assets: Mapping[str, PublicAsset]
    needs: Mapping[str, Need]
    split: Mapping[str, str]

    def assets_of(self, split: str) -> tuple[PublicAsset, ...]:
        """Return the assets of one split, in the order of the file."""
        return tuple(asset for asset in self.assets.values() if self.split[asset.id] == split)

    def needs_of(self, split: str) -> tuple[Need, ...]:
        """Return the needs of one split, in the order of the file."""
        return tuple(need for need in self.needs.values() if self.split[need.id] == split)


def load_places(folder: Path) -> Places:
    """Read the assets and needs of a folder.

    Raises CorporaError naming file, line, field and value for the first that does not hold together.
    """
    split: dict[str, str] = {}
    assets = {one.id: one for one in _read(folder / ASSETS, PublicAsset, split) if isinstance(one, PublicAsset)}
    needs = {one.id: one for one in _read(folder / NEEDS, Need, split) if isinstance(one, Need)}
    return Places(assets, needs, split)


def pair_of(query_id: str) -> tuple[str, str]:
    """Return the ids of the asset and the need that a query of ``asset-calls`` is about; raises CorporaError."""
    asset, separator, need = query_id.partition("-")
    if not separator:
        raise CorporaError(f"query {query_id!r}: must be the asset and the need, joined by a hyphen")
    return f"asset:{asset}", f"need:{need}"


def _read(path: Path, record_type: type[Record], split: dict[str, str]) -> list[Record]:
    found = []
    for place, row in json_rows(path):
        own = place.one_of(_SPLIT, row.get(_SPLIT), SPLITS)
        record = _record(place, {name: value for name, value in row.items() if name != _SPLIT}, record_type)
        if record.id in split:
            raise place.error("id", record.id, "is already used by an earlier line; give it its own")
        split[record.id] = own
        found.append(record)
    return found


def _record(place: Place, row: Mapping[str, Any], record_type: type[Record]) -> Record:
    place.source_id("id", row.get("id"))
    place.commune("commune_istat", row.get("commune_istat"))
    try:
        return from_data(record_type, row)
    except SerializationError as error:
        raise place.error(error.field, row.get(error.field), error.reason) from error
