"""The reading layer: what is repaired, what is set apart with its line, and what is refused as a whole."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import CorporaError, LayoutError, SourceError
from corpora.reading import Layout, Row, read_records, read_rows
from corpora.rows import Quarantined, Read, Repairs
from matcher.records import FundingCall

LAYOUT = Layout(
    "bandi di prova",
    {"code": "Codice", "title": "Titolo", "amount": "Importo", "closes": "Scadenza"},
    frozenset({"code", "title"}),
    decimal=",",
)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def outcomes(path: Path) -> tuple[list[Row | Quarantined], Repairs]:
    repairs = Repairs()
    return list(read_rows(path, repairs, [LAYOUT])), repairs


def rows(path: Path) -> tuple[list[dict[str, str]], Repairs]:
    found, repairs = outcomes(path)
    return [dict(row.values) for row in found if isinstance(row, Row)], repairs


def as_call(row: Row) -> FundingCall:
    return FundingCall(
        id=f"prova:{row.required('code')}",
        source="prova",
        title=row.required("title"),
        total_amount=row.money("amount"),
        closes=row.moment("closes"),
    )


# --- refused as a whole ---


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.csv: no such file"):
        outcomes(tmp_path / "nowhere.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a folder, not a file"):
        outcomes(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match="the file is empty"):
        outcomes(write(tmp_path / "vuoto.csv", content))


def test_a_file_of_blank_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no header line"):
        outcomes(write(tmp_path / "vuoto.csv", "\n\n\n"))


def test_a_truncated_gzip_is_refused_before_its_first_row(tmp_path: Path) -> None:
    whole = gzip.compress(b"Codice,Titolo\n" + b"".join(b"%d,bando %d\n" % (n, n * n) for n in range(9000)))
    path = write(tmp_path / "tronco.csv.gz", whole[: len(whole) // 2])
    handed_out = read_rows(path, Repairs(), [LAYOUT])
    with pytest.raises(SourceError, match=r"tronco\.csv\.gz: the gzip file is truncated or damaged"):
        next(handed_out)


def test_a_nul_byte_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line 3: a NUL byte"):
        outcomes(write(tmp_path / "nul.csv", "Codice,Titolo\n1,buono\n2,rot\0to\n"))


def test_a_nul_byte_far_into_the_file_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = ["Codice,Titolo", *(f"{n},{'x' * 80}" for n in range(40_000)), "40000,rot\0to"]
    with pytest.raises(SourceError, match="line 40002: a NUL byte"):
        outcomes(write(tmp_path / "nul.csv", "\n".join(lines)))


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"PK\x03\x04rest", "a zip or xlsx archive"), (b"%PDF-1.7", "a PDF"), (bytes(range(1, 32)) * 40, "not text")],
)
def test_what_is_not_text_is_refused_by_what_it_is(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=what):
        outcomes(write(tmp_path / "tabella.csv", content))


def test_a_missing_column_is_named_with_the_file_and_the_columns_found(tmp_path: Path) -> None:
    path = write(tmp_path / "senza.csv", "Codice,Nome\n1,bando\n")
    with pytest.raises(LayoutError, match=r"senza\.csv: no column 'Titolo'.*columns found: Codice, Nome"):
        outcomes(path)


def test_a_column_written_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="two columns are called 'Titolo'"):
        outcomes(write(tmp_path / "doppia.csv", "Codice,Titolo,Titolo \n1,a,b\n"))


def test_a_delimiter_that_no_table_uses_leaves_one_column_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no column 'Codice', 'Titolo'"):
        outcomes(write(tmp_path / "strano.csv", "Codice~Titolo\n1~bando\n"))


@pytest.mark.parametrize(
    "content", ['{"docs": [{"Codice": "1"', '{\n"numFound": 3}', '[{"Codice": "1"},]', "[" * 99_999]
)
def test_json_that_is_broken_or_holds_no_records_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match=r"bandi\.json: (not JSON|no list of records)"):
        outcomes(write(tmp_path / "bandi.json", content))


# --- set apart with its line ---


@pytest.mark.parametrize(("row", "cells"), [("2", 1), ("2,b,1,,,6", 6)])
def test_a_row_of_another_width_is_set_apart_and_the_good_rows_go_on(tmp_path: Path, row: str, cells: int) -> None:
    path = write(tmp_path / "larga.csv", f"Codice,Titolo,Importo,Scadenza\n1,a,,\n{row}\n3,c,,\n")
    (first, bad, last), _ = outcomes(path)
    assert (first.line, last.line) == (2, 4)
    assert isinstance(bad, Quarantined)
    assert (bad.file, bad.line) == ("larga.csv", 3)
    assert bad.reason == f"{cells} cells where the header has 4"


def test_a_row_that_swallows_others_says_to_look_for_the_quote(tmp_path: Path) -> None:
    (bad,), _ = outcomes(write(tmp_path / "virgolette.csv", 'Codice,Titolo,Importo\n1,"mai chiuse,\n2,b,\n3,c,\n'))
    assert isinstance(bad, Quarantined)
    assert bad.line == 2
    assert "look for a quote that is never closed" in bad.reason


def test_a_row_keeps_the_line_it_starts_on_when_cells_above_it_hold_line_breaks(tmp_path: Path) -> None:
    found, _ = outcomes(write(tmp_path / "righe.csv", 'Codice,Titolo\n1,"due\nrighe"\n\n2,una\n'))
    assert [row.line for row in found] == [2, 5]


def test_a_field_that_cannot_be_read_sends_its_row_to_quarantine_under_the_publishers_column(tmp_path: Path) -> None:
    path = write(tmp_path / "campi.csv", "Codice,Titolo,Importo,Scadenza\n1,a,tanti,\n2,b,,31/02/2025\n3,,1,\n4,d,7,\n")
    found = list(read_records(path, Repairs(), [LAYOUT], as_call))
    assert [(bad.line, bad.field, bad.value, bad.reason) for bad in found if isinstance(bad, Quarantined)] == [
        (2, "Importo", "tanti", "not a number"),
        (3, "Scadenza", "31/02/2025", "not a date"),
        (4, "Titolo", "", "empty, and no record can be made without it"),
    ]
    assert [read.record.id for read in found if isinstance(read, Read)] == ["prova:4"]


def test_a_row_that_contradicts_an_earlier_one_of_the_same_id_is_set_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "doppi.csv", "Codice,Titolo\n1,a\n1,a\n1,un altro\n")
    first, again, other = read_records(path, Repairs(), [LAYOUT], as_call)
    assert first.record == again.record
    assert isinstance(other, Quarantined)
    assert (other.line, other.reason) == (4, "the same id as line 2, with another content")


def test_a_broken_line_of_json_lines_is_set_apart_and_the_good_lines_go_on(tmp_path: Path) -> None:
    path = write(
        tmp_path / "bandi.jsonl", '{"Codice": "1", "Titolo": "a"}\n{"Codice":\n\n{"Codice": "2", "Titolo": "b"}\n7\n'
    )
    found, _ = outcomes(path)
    assert [row.line for row in found if isinstance(row, Row)] == [1, 4]
    assert [(bad.line, bad.reason.split(":")[0]) for bad in found if isinstance(bad, Quarantined)] == [
        (2, "not JSON"),
        (5, "not an object with named fields"),
    ]


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud83d"])
def test_an_item_of_json_that_no_database_can_store_is_set_apart(tmp_path: Path, escape: str) -> None:
    content = f'[{{"Codice": "1", "Titolo": "rot{escape}to"}}, {{"Codice": "2", "Titolo": "b"}}]'
    (bad, good), _ = outcomes(write(tmp_path / "bandi.json", content))
    assert isinstance(bad, Quarantined)
    assert (bad.line, bad.field, bad.value) == (1, "Titolo", f"rot{escape}to")
    assert good.line == 2


def test_quarantine_keeps_no_more_than_500_characters_of_a_value(tmp_path: Path) -> None:
    path = write(tmp_path / "lunga.csv", f"Codice,Titolo,Importo\n1,a,{'9x' * 900}\n")
    (bad,) = read_records(path, Repairs(), [LAYOUT], as_call)
    assert isinstance(bad, Quarantined)
    assert len(bad.value) == 500


# --- repaired, and said so ---


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_the_delimiter_is_found_whatever_the_quoted_cells_hold(tmp_path: Path, delimiter: str) -> None:
    header = delimiter.join(["Codice", "Titolo", '"Importo, in euro; lordo"'])
    path = write(tmp_path / "d.csv", f'{header}\n1{delimiter}"a,b;c|d"{delimiter}5\n')
    found, repairs = rows(path)
    assert found == [{"code": "1", "title": "a,b;c|d"}]
    assert repairs.counts[f"delimiter {delimiter!r}"] == (delimiter != ",")


def test_a_byte_order_mark_and_spaces_in_headers_do_not_hide_the_columns(tmp_path: Path) -> None:
    found, repairs = rows(write(tmp_path / "bom.csv", "\ufeffCodice ;Titolo\u00a0;Importo\r\n1;a;2\r\n"))
    assert found == [{"code": "1", "title": "a", "amount": "2"}]
    assert repairs.counts == {"byte order mark": 1, "delimiter ';'": 1, "spaces around a cell": 2}


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("AttivitÃ\u00a0 e qualitÃ\u00a0", "Attività e qualità"),
        ("nÃ© piÃ¹ nÃ© meno", "né più né meno"),
        ("UNITÃ PRODUTTIVA", "UNITÀ PRODUTTIVA"),
        ("piena ATTIVITÃ", "piena ATTIVITÀ"),
        ("SARÃ LA GIÃ NOTA MAIERÃ", "SARÀ LA GIÀ NOTA MAIERÀ"),
        ("lâ€™avviso", "l’avviso"),
    ],
)
def test_accents_encoded_twice_are_read_as_they_were_meant(tmp_path: Path, damaged: str, meant: str) -> None:
    found, repairs = rows(write(tmp_path / "accenti.csv", f"Codice,Titolo\n1,{damaged}\n"))
    assert found[0]["title"] == meant
    assert repairs.counts["double-encoded text"] == 1


@pytest.mark.parametrize("text", ["città “più” d’arte…", "SÃO PAULO", "SCORZÃ?", "½ ㎡ ﬁne", "l`art. 1 -- 'così'"])
def test_text_that_is_not_certainly_damaged_stays_as_published(tmp_path: Path, text: str) -> None:
    found, repairs = rows(write(tmp_path / "intatto.csv", f"Codice,Titolo\n1,{text}\n"))
    assert found[0]["title"] == text
    assert not repairs.counts


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_legacy_encoding_is_read_as_such_and_counted(tmp_path: Path, encoding: str) -> None:
    found, repairs = rows(write(tmp_path / "vecchio.csv", "Codice,Titolo\n1,Unità à è\n".encode(encoding)))
    assert found[0]["title"] == "Unità à è"
    assert repairs.counts == {"cp1252 text read as such": 1}


@pytest.mark.parametrize("marker", ["N/D", "N/A", "n.d.", "-", "NULL"])
def test_a_marker_of_absence_becomes_absent(tmp_path: Path, marker: str) -> None:
    found, repairs = rows(write(tmp_path / "assente.csv", f"Codice,Titolo,Importo\n1,a,{marker}\n"))
    assert found[0]["amount"] == ""
    assert repairs.counts["marker of absence"] == 1


def test_napoli_is_not_taken_for_absent(tmp_path: Path) -> None:
    found, _ = rows(write(tmp_path / "napoli.csv", "Codice,Titolo\nNA,NA\n"))
    assert found == [{"code": "NA", "title": "NA"}]


def test_empty_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    found, repairs = rows(write(tmp_path / "buchi.csv", "Codice,Titolo\n1,a\n,\n,,,\n2,b\n"))
    assert [row["code"] for row in found] == ["1", "2"]
    assert repairs.counts["empty row skipped"] == 2


def test_a_decimal_comma_is_read_and_counted(tmp_path: Path) -> None:
    repairs = Repairs()
    path = write(tmp_path / "virgola.csv", 'Codice,Titolo,Importo\n1,a,"1.234,50"\n')
    (read,) = read_records(path, repairs, [LAYOUT], as_call)
    assert isinstance(read, Read)
    assert str(read.record.total_amount.amount) == "1234.50"
    assert repairs.counts["decimal comma"] == 1


def test_a_gzip_file_is_known_by_its_first_bytes_whatever_its_name(tmp_path: Path) -> None:
    found, _ = rows(write(tmp_path / "senza_estensione", gzip.compress(b"Codice,Titolo\n1,a\n")))
    assert found == [{"code": "1", "title": "a"}]


@pytest.mark.parametrize("envelope", ["{}", '{{"docs": {}}}', '{{"response": {{"docs": {}}}}}', '{{"records": {}}}'])
def test_json_is_read_from_an_array_or_from_its_envelope(tmp_path: Path, envelope: str) -> None:
    items = '[{"Codice": 7, "Titolo": ["a", null, "b"], "Importo": 0.10}, {"Codice": "8", "Titolo": "c"}]'
    content = items if envelope == "{}" else envelope.format(items)
    found, _ = rows(write(tmp_path / "bandi.json", content))
    assert found == [
        {"code": "7", "title": "a;b", "amount": "0.10"},
        {"code": "8", "title": "c", "amount": ""},
    ]


cell = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="ÃÂâïð"), max_size=12
)


@given(
    table=st.lists(st.tuples(cell, cell).filter(lambda pair: any(pair)), max_size=12), delimiter=st.sampled_from(",;\t")
)
def test_every_row_of_a_well_formed_table_is_handed_out_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]], delimiter: str
) -> None:
    quoted = [delimiter.join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in pair) for pair in table]
    path = tmp_path_factory.mktemp("tabella") / "t.csv"
    found, repairs = outcomes(write(path, "\n".join([f"Codice{delimiter}Titolo", *quoted])))
    assert [row.line for row in found] == list(range(2, len(table) + 2))
    absent = repairs.counts["marker of absence"]
    texts = [text for row in found if isinstance(row, Row) for text in row.values.values()]
    assert sum(text == "" for text in texts) == absent + sum(text == "" for pair in table for text in pair)


@given(content=st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_named_error_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = write(tmp_path_factory.mktemp("bytes") / "qualsiasi.bin", content)
    try:
        found, message = list(read_records(path, Repairs(), [LAYOUT], as_call)), str(path)
    except CorporaError as error:
        found, message = [], str(error)
    assert str(path) in message
    assert all(isinstance(outcome, Read | Quarantined) for outcome in found)
