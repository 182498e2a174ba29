"""An uploaded list is read whatever spreadsheet wrote it, and a line that cannot be asked stops none of the others."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from corpora.errors import LayoutError, SourceError
from matcher.recommender import LONGEST_QUERY
from matcher.records import QueryKind
from service.access.principal import Principal
from service.accounts.tables import Role
from service.communes import CommuneFinder
from service.errors import InvalidError
from service.jobs.lists import Reader, read_list
from service.jobs.states import LineProblem
from service.pages.list_results import sample
from service.spreadsheets import csv_table, xlsx_table
from tests.world import COMMUNES, GREZZAGO, RHO

STAFF = Principal(Role.CONSULTANT, "a")
OF_RHO = Principal(Role.COMMUNE, "b", RHO.istat)
FINDER = CommuneFinder(COMMUNES)


@pytest.fixture
def read(tmp_path):
    def read_(content, principal=STAFF, most=100, name="progetti.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_list(path, principal, FINDER, most)

    return read_


def workbook(*rows):
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"%PDF-1.7 ...", b"PK\x03\x04 no archive", b"\x00\x01\x02" * 50, "titolo\n".encode("utf-16")],
)
def test_what_is_no_table_is_refused(read, content):
    with pytest.raises(SourceError):
        read(content)


def test_a_table_without_a_title_or_description_is_refused_with_the_columns_that_it_has(read):
    with pytest.raises(LayoutError, match="cap, sindaco"):
        read("cap;sindaco\n20017;Rossi\n")


def test_headings_without_a_line_beneath_are_refused(read):
    with pytest.raises(InvalidError) as refused:
        read("titolo;comune\n")
    assert refused.value.field == "empty"


def test_more_lines_than_allowed_are_refused_and_not_cut(read):
    with pytest.raises(InvalidError) as refused:
        read("titolo;comune\n" + "Nido;Rho\n" * 4, most=3)
    assert refused.value.field == "too_many"
    assert len(read("titolo;comune\n" + "Nido;Rho\n" * 3, most=3)) == 3


@pytest.mark.parametrize(
    ("row", "problem", "value"),
    [
        (";;Rho;;", LineProblem.EMPTY, ""),
        ("Nido;;;;", LineProblem.NO_COMMUNE, ""),
        ("Nido;;Atlantide;;", LineProblem.UNKNOWN_COMMUNE, "Atlantide"),
        ("Nido;;999999;;", LineProblem.UNKNOWN_COMMUNE, "999999"),
        ("Nido;;Rho;sogno;", LineProblem.UNKNOWN_KIND, "sogno"),
        ("Nido;;Rho;;tanto", LineProblem.NO_NUMBER, "tanto"),
        ("Nido;;Rho;;-3", LineProblem.NO_NUMBER, "-3"),
        ("Nido <b>nuovo</b>;;Rho;;", LineProblem.NOT_TEXT, "Nido <b>nuovo</b>"),
        ("Nido;" + "a" * LONGEST_QUERY + ";Rho;;", LineProblem.TOO_LONG, "a" * 500),
        ("Nido;Rho", LineProblem.MISSHAPEN, "Rho"),
    ],
)
def test_a_line_that_cannot_be_asked_is_set_apart_with_its_reason_and_the_others_go_on(read, row, problem, value):
    lines = read(f"titolo;descrizione;comune;tipo;costo\n{row}\nScuola;Cappotto;Rho;;\n")
    assert (lines[0].number, lines[0].problem, lines[0].value) == (2, problem, value)
    assert (lines[1].problem, lines[1].question) == (None, "Scuola. Cappotto")


def test_a_commune_asks_for_itself_alone(read):
    lines = read("titolo;comune\nNido;Grezzago\nNido;\nNido;Rho\nNido;Atlantide\n", OF_RHO)
    assert [line.problem for line in lines] == [LineProblem.ANOTHER_COMMUNE, None, None, LineProblem.ANOTHER_COMMUNE]
    assert {line.commune_istat for line in lines if not line.problem} == {RHO.istat}


def test_a_commune_needs_no_column_for_itself(read):
    assert read("titolo\nNido\n", OF_RHO)[0].commune_istat == RHO.istat


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_spreadsheets_csv_is_read(read, encoding, separator):
    rows = [["Titolo", "COMUNE"], ["Perché è fredda", "Rho"]]
    line = read("\r\n".join(separator.join(row) for row in rows).encode(encoding))[0]
    assert (line.title, line.commune_istat) == ("Perché è fredda", RHO.istat)


def test_columns_are_known_by_many_names_and_in_any_order(read):
    line = read("Costo totale;Codice ISTAT;Sintesi progetto;Oggetto;Note\n350.000,50;015110;Due aule;Nido;x\n")[0]
    assert (line.title, line.text, line.commune_istat, line.cost) == ("Nido", "Due aule", GREZZAGO.istat, "350000.50")


@pytest.mark.parametrize(
    ("words", "cost"),
    [("350.000", "350000"), ("350000,5", "350000.5"), ("€ 1.200", "1200"), ("1.350.000,50", "1350000.50")],
)
def test_amounts_are_read_as_italian_spreadsheets_write_them(read, words, cost):
    assert read(f"titolo;comune;costo\nNido;Rho;{words}\n")[0].cost == cost
    assert read(workbook(["titolo", "comune", "costo"], ["Nido", "Rho", words]), name="p.xlsx")[0].cost == cost


def test_an_amount_as_english_spreadsheets_write_it_is_read_as_well(read):
    assert read('title,commune,cost\nNido,Rho,"350,000"\n')[0].cost == "350000"


@pytest.mark.parametrize("words", ["Comune di Rho", "COMUNE DI RHO", "rho", "015182", "15182"])
def test_a_commune_is_found_however_it_is_written(read, words):
    assert read(f"titolo;comune\nNido;{words}\n")[0].commune_istat == RHO.istat


def test_a_workbook_is_read_like_a_table(read):
    content = workbook(["Titolo", "Comune", "Tipo", "Costo"], ["Nido", 15182, "Bisogno", 350000.5], [None] * 4)
    (line,) = read(content, name="progetti.xlsx")
    assert (line.commune_istat, line.kind, line.cost) == (RHO.istat, QueryKind.NEED, "350000.5")


def test_a_formula_counts_as_the_text_that_it_is_not_and_never_as_a_command(read):
    (line,) = read(workbook(["Titolo", "Comune"], ["=1+1", "Rho"]), name="progetti.xlsx")
    assert line.problem is LineProblem.EMPTY


def test_the_sample_can_be_sent_as_it_is(read):
    known = {"Bollate": "Rho"}
    header, rows = sample()
    told = [[known.get(cell, cell) for cell in row] for row in rows]
    for content, name in ((csv_table(header, told), "esempio.csv"), (xlsx_table("p", header, told), "esempio.xlsx")):
        lines = read(content, name=name)
        assert [line.problem for line in lines] == [None] * len(rows)
        assert lines[0].cost == "850000"


@given(st.dictionaries(st.sampled_from(["title", "text", "code", "commune", "kind", "cost"]), st.text(max_size=60)))
def test_whatever_a_line_says_it_is_asked_or_set_apart_and_can_be_stored(said):
    line = Reader(STAFF, FINDER).line(1, said)
    for words in (line.title, line.text, line.code, line.field, line.value):
        assert "\0" not in words
        words.encode()
    if line.problem is None:
        assert line.question.strip()
        assert line.commune_istat
