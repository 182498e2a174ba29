"""The files that pages load, under names that hold their hash: kept by browsers for ever, never out of date.

``static/remix.css`` ──► ``/static/remix.1f2e3d4c5b6a.css``, also gzipped, for those who take it.
"""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request, Response

from service.errors import UnknownRecordError

FOLDER = Path(__file__).parent.parent / "static"
ADDRESS = "/static"
FOR_EVER = "public, max-age=31536000, immutable"
_COMPRESSED = (".css", ".js", ".svg")
_URL = re.compile(r'url\("([^"]+)"\)')

router = APIRouter(prefix=ADDRESS, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file ready to be sent."""

    content: bytes
    compressed: bytes | None
    media_type: str


@cache
def _assets() -> tuple[dict[str, str], dict[str, Asset]]:
    """Return the hashed name of each file, and each file under its hashed name."""
    names: dict[str, str] = {}
    assets: dict[str, Asset] = {}
    paths = [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in (".md", ".txt", "")]
    # Style sheets come last: they name other files.
    for path in sorted(paths, key=lambda path: (path.suffix == ".css", path)):
        content = _with_hashed_names(path, names)
        name = path.relative_to(FOLDER).as_posix()
        hashed = f"{name.removesuffix(path.suffix)}.{sha256(content).hexdigest()[:12]}{path.suffix}"
        packed = gzip.compress(content, 9, mtime=0) if path.suffix in _COMPRESSED else None
        media_type = "font/woff2" if path.suffix == ".woff2" else guess_type(path.name)[0] or "application/octet-stream"
        names[name] = hashed
        assets[hashed] = Asset(content, packed, media_type)
    return names, assets


def _with_hashed_names(path: Path, names: dict[str, str]) -> bytes:
    """Return a file as it is sent: a style sheet of ours names the other files as they are called."""
    if path.suffix != ".css" or path.parent != FOLDER:
        return path.read_bytes()
    return _URL.sub(lambda found: f'url("{ADDRESS}/{names[found[1]]}")', path.read_text(encoding="utf-8")).encode()


def address(name: str) -> str:
    """Return the address of a file of the folder ``static``; raises KeyError for one that is not there."""
    return f"{ADDRESS}/{_assets()[0][name]}"


@router.get("/{name:path}")
def read_asset(request: Request, name: str) -> Response:
    """Send a file under its hashed name, never under another one."""
    asset = _assets()[1].get(name)
    if asset is None:
        raise UnknownRecordError(f"{name}: no such file")
    headers = {"Cache-Control": FOR_EVER}
    if asset.compressed is None:
        return Response(asset.content, media_type=asset.media_type, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(asset.content, media_type=asset.media_type, headers=headers)
    return Response(asset.compressed, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
