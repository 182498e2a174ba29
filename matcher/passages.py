"""Cutting calls into passages: what is indexed, and what an explanation quotes.

    call ──► title ──► summary ──► text ──► its notices ──► what its programme has funded:
             passages of whole sentences with offsets

A call of 150,000 characters must be found by what it pays for on page nine, so every part of it is a passage of its
own; each is read together with the call's title, without which "le spese ammissibili sono" belongs to anybody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matcher.records import FundingCall

PASSAGE_CHARACTERS = 480
"""Aimed length of a passage of text: about 100 tokens, where the encoder is fastest per character."""
TITLE_CHARACTERS = 160
"""How much of the title is read before each passage."""

SHOUTED = 0.7
"""Share of capitals among the letters of a text from which on it counts as written in capitals."""
THEMES_TOGETHER = 5
"""Phrases of funded projects read as one passage."""

_SENTENCE_END = re.compile(r"(?<=[.;:!?])\s+(?=[A-ZÀ-Ü0-9•\-–(])|\n{2,}|\n(?=\s*(?:[•\-–*]|[a-z0-9]{1,2}[).]))")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a call: ``field`` it stands in, ``start`` and ``end`` as character offsets in that field."""

    field: str
    start: int
    end: int


def passages_of(call: FundingCall) -> tuple[Passage, ...]:
    """Return the passages of a call in reading order; the title is always the first."""
    found = [Passage("title", 0, len(call.title))]
    found.extend(Passage("summary", start, end) for start, end in _pieces(call.summary))
    found.extend(Passage("text", start, end) for start, end in _pieces(call.text))
    found.extend(Passage("notices", start, end) for start, end in _pieces(call.notices))
    found.extend(Passage("funded_before", start, end) for start, end in theme_spans(call.funded_before))
    return tuple(found)


def passage_text(call: FundingCall, passage: Passage) -> str:
    """Return the words of a passage, white space collapsed, as a person would read it."""
    field: str = getattr(call, passage.field)
    return _SPACE.sub(" ", field[passage.start : passage.end]).strip()


def calm(text: str) -> str:
    """Return a text written in capitals in small letters: the encoder takes capitals for another language."""
    letters = [c for c in text if c.isalpha()]
    shouted = sum(c.isupper() for c in letters) > SHOUTED * len(letters)
    return text.lower() if shouted else text


def text_to_encode(call: FundingCall, passage: Passage) -> str:
    """Return what the encoder reads: the passage behind its call's title (what was funded speaks for itself)."""
    return calm(_text_to_encode(call, passage))


def _text_to_encode(call: FundingCall, passage: Passage) -> str:
    title = _SPACE.sub(" ", call.title[:TITLE_CHARACTERS]).strip()
    if passage.field == "funded_before":
        return passage_text(call, passage)
    if passage.field == "title":
        return title if len(call.title) <= TITLE_CHARACTERS else passage_text(call, passage)
    return f"{title}. {passage_text(call, passage)}"


def theme_spans(phrases: str) -> Iterator[tuple[int, int]]:
    """Yield spans of a few phrases each: together they are a kind of works, one alone is too little to embed."""
    ends = [m.end() for m in re.finditer(r"[^;]+;?", phrases)]
    starts = [0, *ends[THEMES_TOGETHER - 1 :: THEMES_TOGETHER]]
    for start, end in zip(starts, [*starts[1:], len(phrases)], strict=True):
        if phrases[start:end].strip("; "):
            yield start, end


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end offsets of the sentences of a text, in order, empty ones left out."""
    starts = [0, *(m.end() for m in _SENTENCE_END.finditer(text))]
    ends = [*starts[1:], len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of whole sentences of about PASSAGE_CHARACTERS; a longer sentence is cut at spaces."""
    begin = stop = None
    for start, end in _short_spans(text):
        if begin is not None and end - begin > PASSAGE_CHARACTERS:
            yield begin, stop or end
            begin = None
        begin = start if begin is None else begin
        stop = end
    if begin is not None and stop is not None:
        yield begin, stop


def _short_spans(text: str) -> Iterator[tuple[int, int]]:
    for sentence_start, end in sentences(text):
        start = sentence_start
        while end - start > PASSAGE_CHARACTERS:
            cut = text.rfind(" ", start + 1, start + PASSAGE_CHARACTERS)
            cut = cut if cut > start else start + PASSAGE_CHARACTERS
            yield start, cut
            start = cut
        if text[start:end].strip():
            yield start, end
