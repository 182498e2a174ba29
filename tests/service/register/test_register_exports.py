"""The register taken along: every cell reads back as the database has it, and no text acts as a formula."""

import csv
import gzip
import io
import json
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from corpora.sources import get_source
from matcher.records import Money, Provenance
from service.access.principal import VISITOR
from service.database import open_database, reading
from service.errors import InvalidError
from service.imports import import_source
from service.moments import now
from service.register import exports
from service.register.entries import visible_to
from service.register.exports import ENTRY_COLUMNS, WORDS, entries_table, must_fit, observations_table, written
from service.register.filters import RegisterFilters
from service.register.observation_rows import Fact
from service.register.observations import Said, observe
from service.register.tables import RegisterEntryRow, RegisterPlaceRow
from service.settings import Settings
from service.spreadsheets import disarmed
from tests.service.register.villages import CONSULTANT, OF_RHO, OWN, acting, bring, nursery, square
from tests.world import COMMUNES

TODAY = now().date()
NASTY = (
    '=HYPERLINK("http://male.example";"clicca")', "+39 02 7740", "-1", "@SUM(A1:A9)", "#N/A", "#REF!", "015182",
    "1e5", "007", "TRUE", "a;b", 'tra "virgolette"', "a capo\nqui", " =1+1", "città – ☂", "'già disarmato",
    "NA", "2024-01-01",
)  # fmt: skip


def midnight(year, month, day):
    """A day as a workbook gives it back."""
    return datetime.combine(date(year, month, day), datetime.min.time())


def file_of(register, form, who=CONSULTANT, filters=None, table=entries_table):
    more = () if table is observations_table else (TODAY,)
    with (
        reading(register) as session,
        written(table(session, visible_to(who), filters or RegisterFilters(), *more), form) as file,
    ):
        return file.read()


def rows_of(content, form):
    """The lines of a file as dicts under their headings."""
    if form == "json":
        return json.loads(content)["items"]
    if form == "csv":
        assert content.startswith("\ufeff".encode())
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    header, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def workbook(register, **options):
    return rows_of(file_of(register, "xlsx", **options), "xlsx")


def test_numbers_days_and_codes_are_what_they_are_in_a_workbook(register):
    line = next(one for one in workbook(register) if one["CUP"] == "J61F22000330006")
    assert (line["Importo (EUR)"], line["Anno"], line["Ultimo dato"]) == (1250000.5, 2022, midnight(2023, 2, 21))
    assert (line["Comuni (ISTAT)"], line["Comuni"]) == ("015182", "Rho")
    assert (line["In ritardo"], line["Senza notizie"], line["Esempio"]) == ("no", "sì", "no")


def test_csv_has_the_decimal_comma_and_json_the_exact_amount(register):
    assert rows_of(file_of(register, "csv"), "csv")[0]["Importo (EUR)"] == "1250000,50"
    line = rows_of(file_of(register, "json"), "json")[0]
    assert (line["amount"], line["communes"], line["silent"]) == ("1250000.50", ["015182"], True)
    assert list(line) == list(ENTRY_COLUMNS)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_imported_text_acts_as_a_formula_and_all_reads_back(register, tmp_path, form):
    given = {f"pnrr-progetti:{number}": text for number, text in enumerate(NASTY)}
    bring(register, tmp_path, *(nursery(id=id_, title=text, body=text, cup=text) for id_, text in given.items()))
    lines = {one["Codice"]: one for one in rows_of(file_of(register, form), form)}
    for id_, text in given.items():
        told = {lines[id_][name] for name in ("Titolo", "CUP", "Ente attuatore")}
        assert told == {disarmed(text)}
        assert not next(iter(told)).lstrip(" ").startswith(("=", "+", "-", "@"))


def test_nobody_takes_along_what_a_commune_keeps_but_itself_and_the_incubator(register):
    for who, sees in ((VISITOR, False), (OF_RHO, True), (CONSULTANT, True)):
        assert (OWN in {one["Codice"] for one in workbook(register, who=who)}) is sees
    with acting(register, OF_RHO) as one:
        observe(one, OWN, Said(fact=Fact.STATE, said_on=TODAY, state="completed"))
    for who, number in ((VISITOR, 0), (OF_RHO, 1)):
        assert len(workbook(register, who=who, table=observations_table)) == number


def test_only_what_passes_the_filters_is_in_the_file(register):
    assert {one["Codice"] for one in workbook(register, filters=RegisterFilters(source="prova"))} == {square().id}


def test_what_was_said_is_taken_along_with_its_days_values_and_source(register, tmp_path):
    later = Provenance("Italia Domani", date(2024, 3, 1))
    bring(register, tmp_path, nursery(amount=Money(Decimal("900000.10")), provenance=later))
    said = Said(
        fact=Fact.MILESTONE, said_on=TODAY, name="=Fine lavori", planned_on=date(2026, 9, 30), reference="D.D. 7"
    )
    with acting(register, CONSULTANT) as one:
        observe(one, nursery().id, said)
    first, second, third = workbook(register, table=observations_table)
    assert (first["Data"], first["Valore"], first["Unità"]) == (midnight(2023, 2, 21), 1250000.5, "EUR")
    assert (second["Data"], second["Che cosa"], second["Nome"]) == (midnight(2024, 3, 1), "importo", "finanziamento")
    assert (third["Nome"], third["Data prevista"], third["Data effettiva"]) == (
        "'=Fine lavori", midnight(2026, 9, 30), None
    )  # fmt: skip
    assert [one["Fonte"] for one in (first, second, third)] == ["pnrr-progetti", "pnrr-progetti", None]


def test_a_workbook_too_long_to_wait_for_is_refused_and_the_others_are_not(register, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_A_WORKBOOK", 2)
    with reading(register) as session:
        with pytest.raises(InvalidError):
            must_fit(session, visible_to(CONSULTANT), RegisterFilters(), "xlsx")
        must_fit(session, visible_to(CONSULTANT), RegisterFilters(), "csv")
        must_fit(session, visible_to(VISITOR), RegisterFilters(), "xlsx")


@pytest.mark.slow
def test_real_projects_read_back_equal_to_the_database(shared_data, tmp_path):
    """Every cell of 3,000 projects of the official file, in the three forms."""
    part = tmp_path / "progetti.csv"
    with gzip.open(shared_data / "pnrr_progetti_validati.csv.gz", "rt", newline="") as lines, part.open("w") as out:
        out.writelines(islice(lines, 3001))
    register = open_database(Settings(home=tmp_path / "home"), writing=True)
    bring(register, tmp_path, *COMMUNES, name="comuni")
    report = import_source(register, get_source("pnrr-progetti"), part)
    with reading(register) as session:
        stored = {entry.id: entry for entry in session.scalars(select(RegisterEntryRow))}
        places = session.execute(select(RegisterPlaceRow.entry_id, RegisterPlaceRow.commune_istat)).all()
    assert len(stored) == report.new
    communes = {id_: sorted(istat for entry_id, istat in places if entry_id == id_) for id_ in list(stored)[:50]}
    files = {form: {one["Codice" if form != "json" else "id"]: one for one in rows_of(file_of(register, form), form)}
             for form in ("xlsx", "csv", "json")}  # fmt: skip
    assert all(files[form].keys() == stored.keys() for form in files)
    for id_, entry in stored.items():
        book, line, item = (files[form][id_] for form in ("xlsx", "csv", "json"))
        for name in ("cup", "title", "body", "measure", "measure_name", "source", "programme"):
            value = getattr(entry, "measure_label" if name == "measure_name" else name)
            heading = ENTRY_COLUMNS[name]
            assert (book[heading] or "") == line[heading] == disarmed(value)
            assert item[name] == value
        assert (book["Stato"] or "") == WORDS["state"].get(entry.state, "")
        assert Decimal(str(book["Importo (EUR)"])) == Decimal(item["amount"]) == entry.amount
        assert Decimal(line["Importo (EUR)"].replace(",", ".")) == entry.amount
        assert book["Anno"] == item["year"] == int(line["Anno"]) == entry.year
        assert book["Ultimo dato"].date().isoformat() == item["last_word"] == line["Ultimo dato"]
        assert id_ not in communes or item["communes"] == communes[id_]
        assert (book["Comuni (ISTAT)"] or "").split("; ") == (item["communes"] or [""])
    register.dispose()
