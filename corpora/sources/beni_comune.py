"""``beni-comune``: a commune's own list of its unused buildings and areas, CSV or XLSX, with Italian headings.

    id   beni-comune:<ISTAT code>-<the commune's own code, or the name of the asset>

The headings may be written in any of the ways of ``HEADINGS``, in any order, with any capitals and signs; columns with
other names are left alone. *Sì*, *no* and nothing are three answers: what is not said stays unknown.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpora.errors import LayoutError
from corpora.reading import FieldError, Layout, Row, records_of, rows_of
from corpora.repair import clean_cell
from corpora.rows import Quarantined, Read, Repairs
from corpora.sheetfile import is_workbook, read_workbook
from corpora.tablefile import Cells, read_cells
from corpora.textfile import inspect
from corpora.values import slug
from matcher.analyser import name_key
from matcher.records import Provenance, PublicAsset

NAME = "beni-comune"

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "title": ("denominazione", "nome", "titolo", "bene", "immobile", "denominazione del bene", "nome del bene"),
    "code": ("codice", "codice bene", "id", "identificativo", "n inventario", "numero inventario", "inventario"),
    "istat": ("codice istat", "istat", "codice istat comune"),
    "commune": ("comune",),
    "text": ("descrizione", "note", "descrizione del bene", "descrizione e note"),
    "address": ("indirizzo", "via", "ubicazione", "localizzazione"),
    "owner": ("proprieta", "proprietario", "ente proprietario", "titolare"),
    "kind": ("tipologia", "tipo", "tipo di bene", "categoria", "tipologia del bene"),
    "surface": ("superficie", "superficie mq", "superficie m2", "superficie in mq", "mq", "superficie lorda mq"),
    "state": ("stato", "stato di conservazione", "stato d uso", "condizioni", "utilizzo"),
    "heritage": ("vincolo culturale", "vincolo", "bene vincolato", "vincolo storico", "vincolo monumentale"),
    "contamination": ("bonifica", "da bonificare", "contaminazione", "contaminato", "amianto o bonifica"),
    "constraints": ("altri vincoli", "vincoli", "limiti"),
    "path": ("percorso", "destinazione", "valorizzazione", "percorso di valorizzazione"),
    "lat": ("latitudine", "lat", "coordinata y"),
    "lon": ("longitudine", "lon", "long", "lng", "coordinata x"),
    "photos": ("foto", "fotografie", "link foto", "immagini"),
}
"""Field → the headings under which it is looked for, as ``name_key`` writes them; the first is the one we show."""
_REQUIRED = frozenset({"title"})
_WHERE = frozenset({"istat", "commune"})
_YES = frozenset({"si", "s", "yes", "vero", "true", "1", "x", "vincolato", "presente", "contaminato"})
_NO = frozenset({"no", "n", "falso", "false", "0", "assente", "nessuno", "nessuna", "non vincolato"})
_UNKNOWN = frozenset({"", "non noto", "da verificare", "sconosciuto", "non so", "da accertare", "boh"})
_PATHS = {
    "sale": ("vendita", "alienazione", "cessione", "da vendere", "sale"),
    "concession": ("concessione", "affidamento", "comodato", "in concessione", "concession"),
    "undecided": ("da decidere", "da definire", "non deciso", "indeciso", "undecided"),
}
_PATH_OF = {word: path for path, words in _PATHS.items() for word in words}
_LINK = re.compile(r"https?://[^\s<>\"']{4,500}")
_MOST_PHOTOS = 10
_LONGEST = {"title": 300, "code": 100, "text": 20_000, "address": 300, "owner": 300, "kind": 200, "state": 300}
_LONGEST |= {"constraints": 900}
_IN_ITALY = {"lat": (35.0, 48.0), "lon": (6.0, 19.0)}


class OwnList:
    """The list of one commune, or of several; ``commune`` is the ISTAT code where the file names none.

    ``communes``: name in ``name_key`` → ISTAT codes, to find a commune by its name.
    """

    name = NAME
    holds = "assets"

    def __init__(self, commune: str = "", communes: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._commune = commune
        self._communes = communes or {}

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read | Quarantined]:
        """Yield one outcome per row, in file order.

        Raises SourceError if the file cannot be read at all, LayoutError where it has no names of assets, or nothing
        that says in which commune they are.
        """
        cells = read_workbook(path, repairs) if is_workbook(path) else read_cells(inspect(path, repairs), repairs)
        names = [clean_cell(name, repairs) for name in cells.columns]
        layout = self._layout(cells, names, path)
        yield from records_of(rows_of(cells, names, layout, path, repairs), path, self._asset)

    def _layout(self, cells: Cells, names: list[str], path: Path) -> Layout:
        by_key = {name_key(name): name for name in reversed(names)}
        columns = {
            field: by_key[heading] for field, known in HEADINGS.items() for heading in known[::-1] if heading in by_key
        }
        wanted = "" if columns.keys() >= _REQUIRED else HEADINGS["title"][0].capitalize()
        if not wanted and not self._commune and not columns.keys() & _WHERE:
            wanted = HEADINGS["istat"][0].capitalize()
        if wanted:
            found = ", ".join(filter(None, names)) or "none"
            raise LayoutError(f"{path}: no column {wanted!r}, which a list of assets must have; columns found: {found}")
        return Layout("beni di un comune", columns, _REQUIRED, decimal=",", verbatim=frozenset({"commune"}))

    def _asset(self, row: Row) -> PublicAsset:
        istat, title = self._istat(row), row.required("title")
        own = slug(row["code"] or title)
        if not own:
            raise row.error("title", "has no letter or digit to tell it from another asset")
        surface = row.number("surface")
        if surface is not None and surface <= 0:
            raise row.error("surface", "a surface is more than zero square metres")
        for name, longest in _LONGEST.items():
            if len(row[name]) > longest:
                raise row.error(name, f"longer than {longest} characters")
        return PublicAsset(
            id=f"{NAME}:{istat}-{own}",
            title=title,
            text=row["text"],
            commune_istat=istat,
            owner=row["owner"],
            kind=row["kind"],
            surface_m2=None if surface is None else float(surface),
            state=row["state"],
            constraints=tuple(part.strip() for part in row["constraints"].split(";") if part.strip()),
            path=_path(row),
            address=row["address"],
            heritage=_answer(row, "heritage"),
            contamination=_answer(row, "contamination"),
            lat=_degrees(row, "lat"),
            lon=_degrees(row, "lon"),
            photos=_photos(row),
            provenance=Provenance("Elenco del Comune"),
        )

    def _istat(self, row: Row) -> str:
        code = row["istat"]
        if code and not re.fullmatch(r"\d{6}", code):
            raise row.error("istat", "an ISTAT code is text of 6 digits, with its leading zeros")
        found = code or self._by_name(row)
        if self._commune and found != self._commune:
            raise row.error("istat" if code else "commune", "another commune than the one whose list this is")
        return found

    def _by_name(self, row: Row) -> str:
        name = row["commune"]
        if not name and self._commune:
            return self._commune
        codes = self._communes.get(name_key(name), ())
        if len(codes) != 1:
            why = "several communes have this name" if codes else "no commune has this name"
            raise row.error("commune", f"{why}: give the ISTAT code in a column 'Codice ISTAT'" if name else "empty")
        return codes[0]


def _answer(row: Row, field: str) -> bool | None:
    word = name_key(row[field])
    if word in _YES or word in _NO:
        return word in _YES
    if word in _UNKNOWN:
        return None
    raise row.error(field, "neither yes nor no: write sì, no, or leave it empty where it is not known")


def _path(row: Row) -> str:
    word = name_key(row["path"])
    if word and word not in _PATH_OF:
        raise row.error("path", "write vendita, concessione or da decidere")
    return _PATH_OF[word] if word else ""


def _degrees(row: Row, field: str) -> float | None:
    # A decimal point stands in coordinates whatever sign the amounts of the same file have.
    text = row[field].replace(",", ".")
    if not text:
        return None
    least, most = _IN_ITALY[field]
    try:
        value = float(text)
    except ValueError as error:
        raise row.error(field, "not degrees, such as 45.4642") from error
    if not least <= value <= most:
        raise row.error(field, f"outside of Italy, {least:g} to {most:g} degrees")
    return value


def _photos(row: Row) -> tuple[str, ...]:
    links = row["photos"].replace(";", " ").split()
    if wrong := next((link for link in links if not _LINK.fullmatch(link)), None):
        raise FieldError(row.layout.columns["photos"], wrong, "not a web address that begins with https://")
    return tuple(dict.fromkeys(links))[:_MOST_PHOTOS]


SOURCE = OwnList()
