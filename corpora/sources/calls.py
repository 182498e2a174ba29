"""What the importers of calls share: who stands behind a call, words of state, sentences made of fields."""

import re
from collections.abc import Iterable, Mapping
from html import unescape

from corpora.reading import Row
from matcher.bodies import body_kind, fold
from matcher.records import ApplicantKind, CallStatus, Level

_LEVELS = {
    ApplicantKind.CENTRAL: Level.NATIONAL,
    ApplicantKind.REGION: Level.REGIONAL,
    ApplicantKind.PROVINCE: Level.LOCAL,
    ApplicantKind.UNION: Level.LOCAL,
    ApplicantKind.COMMUNE: Level.LOCAL,
}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[^\s;,]", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:p|br|li|ul|ol|div|h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")


def level_of(issuer: str) -> Level:
    """The level of the body that issues a call, UNKNOWN where its name does not tell."""
    folded = fold(issuer)
    if folded.startswith(" CITTA METROPOLITANA "):
        return Level.METROPOLITAN
    if folded.startswith(" FONDAZIONE "):
        return Level.FOUNDATION
    kind = body_kind(issuer)
    return _LEVELS.get(kind, Level.UNKNOWN) if kind else Level.UNKNOWN


def status_of(word: str, statuses: Mapping[str, CallStatus]) -> CallStatus:
    """The state that a publisher's word names; ``statuses`` is keyed by small letters, other words are UNKNOWN."""
    return statuses.get(word.casefold(), CallStatus.UNKNOWN)


def one_line(text: str) -> str:
    """The text with every run of white space as one blank."""
    return " ".join(text.split())


def first_address(text: str) -> str:
    """The first web address in a cell that may hold several, or words around one; empty where there is none."""
    found = _ADDRESS.search(text)
    if not found:
        return ""
    return found[0] if found[0].lower().startswith("http") else f"https://{found[0]}"


def plain_text(text: str) -> str:
    """The text without HTML, its paragraphs kept as lines."""
    if "<" not in text and "&" not in text:
        return text
    without_tags = _TAG.sub("", _BLOCK_TAG.sub("\n", text))
    return _ENTITY.sub(lambda entity: unescape(entity[0]), without_tags).strip()


def sentences(parts: Iterable[str]) -> str:
    """The non-empty parts, each once, each ending as a sentence does."""
    whole = dict.fromkeys(part.strip() for part in parts)
    return " ".join(part if part[-1] in ".!?:;" else f"{part}." for part in whole if part)


def labelled(label: str, values: Iterable[str]) -> str:
    """``Settori: cultura, turismo``, or nothing where there are no values."""
    listed = ", ".join(value for value in values if value)
    return f"{label}: {listed}" if listed else ""


def items(text: str) -> tuple[str, ...]:
    """The items of a cell that lists them with ``;``."""
    return tuple(item.strip() for item in text.split(";") if item.strip())


def extras(row: Row, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The fields that say something, as name and published value."""
    return tuple((name, row[name]) for name in names if row[name])
