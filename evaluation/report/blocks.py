"""What a report is made of, whatever it is written as.

Document ── summary, Section ── Paragraph, Table, Figure (a plot with its Table), Answers
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or some; ``language`` is ISO 639-1."""

    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header, with a caption; the first column names the row, the others are figures.

    ``strong``: the name of the row that is set off.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as SVG, what it shows in a sentence for who cannot see it, and the same figures as a table."""

    svg: Element
    alternative: str
    table: Table


@dataclass(frozen=True, slots=True)
class Listed:
    """One call in a ranking: its title and the grade that a reader gave it, None if nobody judged it."""

    title: str
    grade: int | None


@dataclass(frozen=True, slots=True)
class Answers:
    """One query and the first calls of one or two systems; ``note`` says why it is shown."""

    query_id: str
    text: str
    note: str
    language: str
    rankings: Mapping[str, tuple[Listed, ...]]


Block = Paragraph | Table | Figure | Answers


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it; ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple["Section", ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: ``summary`` in Italian, sections, and what was run."""

    title: str
    summary: Paragraph
    sections: tuple[Section, ...]
    context: Mapping[str, str] = field(default_factory=dict)
