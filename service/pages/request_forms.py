"""What forms about requests send: hours as people write them, the thing that a request is about, days of a period."""

from datetime import date
from decimal import Decimal
from typing import Final

from service.errors import InvalidError
from service.requests.tables import EntryKind
from service.requests.thread import MOST_MINUTES, Written
from service.work.subjects import COLUMN_OF, ItemRef
from service.work.texts import plain_text

ANSWER: Final = "risposta"
QUESTION: Final = "domanda"
NOTE: Final = "nota"
"""What the incubator's form may write."""


def item_sent(words: str) -> ItemRef | None:
    """Return the item that a form names as ``needs|id``, None for none; raises InvalidError for what is no item."""
    kind, _, item_id = words.partition("|")
    if words and (kind not in COLUMN_OF or not item_id):
        raise InvalidError("voce", f"{words}: not an item")
    return ItemRef(kind, item_id) if words else None


def item_named(item: ItemRef) -> str:
    """Return an item as forms name it."""
    return f"{item.kind}|{item.id}"


def text_sent(field: str, words: str, longest: int) -> str:
    """Return what was typed, trimmed, empty where it was nothing; raises InvalidError for what cannot be kept."""
    text = words.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise InvalidError(field, f"longer than {longest} characters")
    try:
        return plain_text(text)
    except ValueError as error:
        raise InvalidError(field, str(error)) from error


def minutes_sent(words: str) -> int:
    """Return hours such as ``1,5`` in minutes, 0 for nothing; raises InvalidError for what are no hours."""
    try:
        hours = Decimal(words.strip().replace(",", ".") or "0")
        minutes = int((hours * 60).to_integral_value())
    except (ArithmeticError, ValueError) as error:
        raise InvalidError("ore", f"{words!r}: no number of hours") from error
    if not 0 <= minutes <= MOST_MINUTES:
        raise InvalidError("ore", f"{words!r}: from 0 to {MOST_MINUTES // 60} hours")
    return minutes


def written_by_staff(what: str, text: str, hours: str, longest: int) -> Written:
    """Return what the incubator's form writes; raises InvalidError naming the field that cannot be accepted."""
    return Written(
        text=text_sent("testo", text, longest),
        kind=EntryKind.NOTE if what == NOTE else EntryKind.MESSAGE,
        asks_back=what == QUESTION,
        minutes=minutes_sent(hours),
    )


def day_sent(field: str, words: str) -> date | None:
    """Return a day as a form sends it, None for none; raises InvalidError for what is no day that can be reckoned."""
    try:
        found = date.fromisoformat(words) if words else None
    except ValueError as error:
        raise InvalidError(field, f"{words!r}: not a day") from error
    if found is not None and not 1900 <= found.year < 3000:
        raise InvalidError(field, f"{words!r}: not a day of our times")
    return found
