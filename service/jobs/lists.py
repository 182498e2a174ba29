"""An uploaded list of projects (CSV or XLSX) as lines that can be asked, and those that cannot with the reason.

file ──► table ──► columns by their headings ──► Line(number, what it says)  |  Line(number, …, problem, field, value)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from corpora.errors import LayoutError
from corpora.repair import clean_cell
from corpora.rows import Repairs
from corpora.sheetfile import is_workbook, read_workbook
from corpora.tablefile import BadRow, Cells, read_cells
from corpora.textfile import inspect
from corpora.values import parse_money, slug
from matcher.recommender import LONGEST_QUERY
from matcher.records import Commune, QueryKind
from service.access.principal import Principal
from service.communes import CommuneFinder
from service.errors import InvalidError, UnknownCommuneError
from service.jobs.states import LineProblem
from service.work.texts import plain_text

LONGEST_VALUE = 500
"""Characters of a value that is shown with the reason for which its line was set apart."""
LONGEST_CODE = 200
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "code": ("codice", "id", "code", "cup", "numero", "n"),
    "title": ("titolo", "title", "nome", "progetto", "titolo progetto", "nome progetto", "oggetto", "intervento"),
    "text": ("testo", "text", "descrizione", "description", "descrizione progetto", "sintesi", "sintesi progetto"),
    "commune": ("comune", "commune", "ente", "istat", "codice istat", "istat comune", "comune istat", "codice comune"),
    "kind": ("tipo", "kind", "genere"),
    "cost": ("costo", "cost", "importo", "costo totale", "costo previsto", "importo totale", "valore"),
}
"""What each column may be called, whatever its capitals, accents and signs."""
_KINDS: Mapping[str, QueryKind] = {
    "": QueryKind.PROJECT,
    "progetto": QueryKind.PROJECT,
    "project": QueryKind.PROJECT,
    "bisogno": QueryKind.NEED,
    "fabbisogno": QueryKind.NEED,
    "need": QueryKind.NEED,
    "bene": QueryKind.ASSET,
    "bene pubblico": QueryKind.ASSET,
    "asset": QueryKind.ASSET,
}


_COMMUNE_OF = re.compile(r"^comune\s+(di\s+|d['’]\s*)", re.IGNORECASE)
_THOUSANDS = re.compile(r"\D*\d{1,3}([.,])\d{3}\D*")
"""An amount in euro has two decimals at most: three digits after one sign are thousands, whichever the sign."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; with a ``problem`` it is set apart, ``field`` and ``value`` say for what.

    ``commune_istat`` is empty where a line that is set apart names none that is known; ``cost`` is in euro, as text.
    """

    number: int
    title: str = ""
    text: str = ""
    code: str = ""
    commune_istat: str = ""
    kind: QueryKind = QueryKind.PROJECT
    cost: str = ""
    problem: LineProblem | None = None
    field: str = ""
    value: str = ""

    @property
    def question(self) -> str:
        """What the matcher reads."""
        return f"{self.title}. {self.text}" if self.title and self.text else self.title or self.text

    def asked(self) -> dict[str, Any]:
        """Return what the line says, for JSON."""
        return {
            "title": self.title,
            "text": self.text,
            "code": self.code,
            "commune": self.commune_istat,
            "kind": self.kind.value,
            "cost": self.cost,
        }


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns what was sent into lines, for whoever sent it: a commune asks for itself alone."""

    principal: Principal
    communes: CommuneFinder
    headings: Mapping[str, str] = field(default_factory=dict)

    def line(self, number: int, said: Mapping[str, str]) -> Line:
        """Return one line in its fields (``code``, ``title``, ``text``, ``commune``, ``kind``, ``cost``)."""
        made = Line(number, said.get("title", ""), said.get("text", ""), said.get("code", "")[:LONGEST_CODE])
        try:
            made = replace(made, commune_istat=self._commune(said.get("commune", "")).istat)
            _check_words(made)
            return replace(made, kind=_kind(said.get("kind", "")), cost=self._cost(said.get("cost", "")))
        except _RefusedError as error:
            kept = _storable(made)
            name = self.headings.get(error.name, error.name)
            value = error.value[:LONGEST_VALUE]
            return replace(kept, problem=error.problem, field=_plain(name), value=_plain(value))

    def _cost(self, words: str) -> str:
        try:
            return str(parse_money(words, _decimal_sign(words)).amount) if words else ""
        except ValueError:
            raise _RefusedError("cost", words, LineProblem.NO_NUMBER) from None

    def _commune(self, words: str) -> Commune:
        own = self.principal.commune_istat if not self.principal.is_staff else None
        if not words:
            if own is None:
                raise _RefusedError("commune", "", LineProblem.NO_COMMUNE)
            return self.communes.find(own)
        try:
            found = self.communes.find(_commune_words(words))
        except UnknownCommuneError:
            problem = LineProblem.ANOTHER_COMMUNE if own else LineProblem.UNKNOWN_COMMUNE
            raise _RefusedError("commune", words, problem) from None
        if not self.principal.keeps(found.istat):
            raise _RefusedError("commune", words, LineProblem.ANOTHER_COMMUNE)
        return found


def read_list(path: Path, principal: Principal, communes: CommuneFinder, most: int) -> list[Line]:
    """Read a file whole, at most ``most`` lines.

    Raises SourceError if it cannot be read as a table, LayoutError if it has no column with a title or a description,
    InvalidError if it holds no line or more than that many.
    """
    repairs = Repairs()
    cells = read_workbook(path, repairs) if is_workbook(path) else read_cells(inspect(path, repairs), repairs)
    columns = [clean_cell(name, repairs) for name in cells.columns]
    places = _places(columns)
    if not {"title", "text"} & places.keys():
        raise LayoutError(f"{path.name}: no column with a title or a description; columns found: {', '.join(columns)}")
    headings = {name: columns[at] for name, at in places.items()}
    reader = Reader(principal, communes, headings)
    lines = list(islice(_lines(cells, places, reader, repairs), most + 1))
    if not lines:
        raise InvalidError("empty", f"{path.name}: no line beneath the headings")
    if len(lines) > most:
        raise InvalidError("too_many", f"{path.name}: more than {most} lines; send less at a time")
    return lines


def _lines(cells: Cells, places: Mapping[str, int], reader: Reader, repairs: Repairs) -> Iterator[Line]:
    for number, row in cells.rows:
        if isinstance(row, BadRow):
            value = _plain(row.value[:LONGEST_VALUE])
            yield Line(number, problem=LineProblem.MISSHAPEN, field=_plain(row.field), value=value)
        else:
            yield reader.line(number, {name: clean_cell(row[at], repairs) for name, at in places.items()})


def _places(columns: Sequence[str]) -> dict[str, int]:
    """Return which column holds each field: the first heading of ours that is there."""
    known = {slug(name).replace("-", " "): at for at, name in reversed(list(enumerate(columns)))}
    found = {
        name: next((known[heading] for heading in headings if heading in known), None)
        for name, headings in _FIELDS.items()
    }
    return {name: at for name, at in found.items() if at is not None}


class _RefusedError(Exception):
    def __init__(self, name: str, value: str, problem: LineProblem) -> None:
        super().__init__(name)
        self.name = name
        self.value = value
        self.problem = problem


def _check_words(line: Line) -> None:
    if not line.question.strip():
        raise _RefusedError("title", "", LineProblem.EMPTY)
    if len(line.question) > LONGEST_QUERY:
        raise _RefusedError("text", line.text, LineProblem.TOO_LONG)
    for name in ("title", "text", "code"):
        try:
            plain_text(getattr(line, name))
        except ValueError:
            raise _RefusedError(name, getattr(line, name), LineProblem.NOT_TEXT) from None


def _kind(words: str) -> QueryKind:
    known = _KINDS.get(words.strip().lower())
    if known is None:
        raise _RefusedError("kind", words, LineProblem.UNKNOWN_KIND)
    return known


def _decimal_sign(words: str) -> str:
    thousands = _THOUSANDS.fullmatch(words)
    return {".": ",", ",": "."}[thousands[1]] if thousands else ""


def _commune_words(words: str) -> str:
    """Return a commune's name without "Comune di", or its code of six digits with the zeros that a spreadsheet took."""
    name = _COMMUNE_OF.sub("", words.strip())
    return name.zfill(6) if name.isdecimal() and len(name) in (4, 5) else name


def _storable(line: Line) -> Line:
    return replace(line, title=_plain(line.title[:300]), text=_plain(line.text[:300]), code=_plain(line.code))


def _plain(words: str) -> str:
    """Return words as every database keeps them."""
    return words.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
