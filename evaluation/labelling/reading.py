"""What a judge reads: the passages nearest to the query marked, the commune in words, the guide as a page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from corpora.errors import CorporaError
from evaluation.labelling.words import thousands
from evaluation.pooling import nearest_sentences
from matcher.analyser import Analyser
from matcher.records import Commune

GUIDE = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "GUIDE.md"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool


def with_nearest_marked(text: str, query: str, analyser: Analyser) -> tuple[Piece, ...]:
    """Cut a text into pieces, the sentences that share most with a query marked; joined they are the text."""
    return tuple(_pieces(text, nearest_sentences(text, query, analyser)))


def _pieces(text: str, quotes: Iterable[str]) -> Iterator[Piece]:
    position = 0
    for quote in quotes:
        # A quote has its white space collapsed; where the text has not, it stays unmarked.
        start = text.find(quote, position)
        if start < 0:
            continue
        if start > position:
            yield Piece(text[position:start], marked=False)
        position = start + len(quote)
        yield Piece(quote, marked=True)
    if position < len(text):
        yield Piece(text[position:], marked=False)


def commune_in_words(code: str, communes: Mapping[str, Commune], said: dict[str, str]) -> str:
    """Return name, region and inhabitants of a commune, or its code where it is not known."""
    if code not in communes:
        return said["commune_code"].format(code=code)
    commune = communes[code]
    inhabitants = said["inhabitants"].format(count=thousands(commune.population, said)) if commune.population else ""
    name = commune.name if commune.province in ("", commune.name) else f"{commune.name} ({commune.province})"
    return ", ".join(part for part in (name, commune.region, inhabitants) if part)


def guide_as_html(path: Path = GUIDE) -> str:
    """Return the labelling guide as HTML, raw HTML in it shown and not used; raises CorporaError without the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CorporaError(f"{path} cannot be read: {error}; it is part of the repository") from error
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return html
