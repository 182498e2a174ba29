"""The sentences that conditions were read from, found again in the text of the call, so that one can jump to them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph; ``anchor`` names the place where a quoted one begins, ``quoted`` says that it is one."""

    text: str
    quoted: bool = False
    anchor: str = ""


Paragraph = Sequence[Piece]


def anchored(text: str, quotes: Iterable[tuple[str, str]]) -> tuple[list[Paragraph], Mapping[str, str]]:
    """Return a text in paragraphs with its quotes marked, and for each quote that stands in it the anchor to jump to.

    ``quotes``: each with where it was read, ``text:12345`` for one of this text; quotes that overlap are one marked
    piece. A quote is found again whatever white space the text has between its words, where it is nearest to its place.
    """
    spans = {quote: span for quote, origin in quotes if (span := _span(text, quote, origin))}
    merged = _merged(spans.values())
    anchors = {
        quote: f"frase-{next(n for n, (low, high) in enumerate(merged, start=1) if low <= start < high)}"
        for quote, (start, _) in spans.items()
    }
    paragraphs = _paragraphs(_pieces(text, merged))
    return [one for one in paragraphs if any(piece.text.strip() for piece in one)], anchors


def _span(text: str, quote: str, origin: str) -> tuple[int, int] | None:
    field, _, place = origin.partition(":")
    words = quote.split()
    if field != "text" or not words:
        return None
    at = int(place) if place.isdecimal() else 0
    found = re.finditer(r"\s+".join(map(re.escape, words)), text)
    return min((match.span() for match in found), key=lambda span: abs(span[0] - at), default=None)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for number, (start, end) in enumerate(spans, start=1):
        yield Piece(text[at:start])
        yield Piece(text[start:end], True, f"frase-{number}")
        at = end
    yield Piece(text[at:])


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Share pieces out over the lines of the text; an anchor goes to the first line of its piece that holds words."""
    paragraph: list[Piece] = []
    for piece in pieces:
        anchor = piece.anchor
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                yield paragraph
                paragraph = []
            has_words = bool(line.strip())
            if line:
                paragraph.append(Piece(line, piece.quoted, anchor if has_words else ""))
            anchor = "" if has_words else anchor
    yield paragraph
