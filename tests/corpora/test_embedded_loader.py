"""The loader of the embedded corpus refuses what is wrong and says where."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from corpora.embedded import AS_OF, load
from corpora.errors import EmbeddedCorpusError
from matcher.records import Commune, FundingCall, Level, Record

GOOD = """
[[call]]
id = "embedded:parco"
title = "Parchi inclusivi"
level = "regional"
closes = 2025-06-30T12:00:00
max_award = "30000.50"
cofinancing = "0.8"
themes = ["verde"]
provenance = "Bollettino, n. 1"
"""


def records(folder: Path, content: str, name: str = "calls/test.toml") -> list[Record]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return list(load(folder))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Parchi inclusivi"', 'titolo = "Parchi"', "'titolo'.*no such field"),
        ('title = "Parchi inclusivi"', "", "'title'.*missing"),
        ('title = "Parchi inclusivi"', 'title = "  "', "'title'.*missing"),
        ('level = "regional"', 'level = "provinciale"', "'level', value 'provinciale'"),
        ("2025-06-30T12:00:00", '"fine giugno"', "'closes', value 'fine giugno'"),
        ("2025-06-30T12:00:00", "2025-06-30T12:00:00Z", "'closes'.*without an offset"),
        ('"30000.50"', '"trentamila"', "'max_award', value 'trentamila'"),
        ('"30000.50"', '"-1"', "'max_award'.*from zero up"),
        ('"30000.50"', "30000.50", "'max_award'.*text in quotes"),
        ('["verde"]', "[1]", "'themes'.*text in quotes"),
        ('provenance = "Bollettino, n. 1"', "", "'provenance': missing"),
        ('provenance = "Bollettino, n. 1"', 'provenance = " "', "'provenance'.*missing"),
    ],
)
def test_a_wrong_field_is_refused_by_file_entry_field_and_value(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(EmbeddedCorpusError, match=rf"calls/test\.toml, entry 1 .*{said}"):
        records(tmp_path, GOOD.replace(old, new))


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedCorpusError, match="entry 2, field 'id', value 'embedded:parco'"):
        records(tmp_path, GOOD + GOOD)


def test_a_file_that_no_kind_claims_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedCorpusError, match=r"projets\.toml"):
        records(tmp_path, GOOD, name="projets.toml")


def test_a_stray_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedCorpusError, match="'cal'"):
        records(tmp_path, GOOD.replace("[[call]]", "[[cal]]"))


def test_broken_toml_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedCorpusError, match=r"calls/test\.toml: not readable as TOML"):
        records(tmp_path, GOOD + "[[call]")


def test_a_good_table_becomes_a_record_with_its_types(tmp_path: Path) -> None:
    (call,) = records(tmp_path, GOOD)
    assert isinstance(call, FundingCall)
    assert (call.source, call.level, call.cofinancing) == ("embedded", Level.REGIONAL, Decimal("0.8"))
    assert call.max_award is not None
    assert (call.max_award.amount, call.max_award.currency) == (Decimal("30000.50"), "EUR")
    assert call.closes is not None
    assert (call.closes.at, call.closes.hour_known) == (datetime(2025, 6, 30, 12, tzinfo=ZoneInfo("Europe/Rome")), True)
    assert call.provenance is not None
    assert (call.provenance.reference, call.provenance.as_of) == ("Bollettino, n. 1", AS_OF)


def test_a_day_without_hour_lasts_to_its_last_minute_and_says_so(tmp_path: Path) -> None:
    (call,) = records(tmp_path, GOOD.replace("T12:00:00", ""))
    assert isinstance(call, FundingCall)
    assert call.closes is not None
    assert (call.closes.at.date(), call.closes.at.hour, call.closes.hour_known) == (date(2025, 6, 30), 23, False)


def test_a_record_may_state_its_own_day(tmp_path: Path) -> None:
    (call,) = records(tmp_path, GOOD + "as_of = 2024-01-31\n")
    assert isinstance(call, FundingCall)
    assert call.provenance is not None
    assert call.provenance.as_of == date(2024, 1, 31)


def test_a_csv_row_becomes_a_record_and_empty_cells_stay_unknown(tmp_path: Path) -> None:
    rows = (
        "istat,name,population,area_km2,zone,zone_verified,provenance\n015182,Rho,50592,22.2,Nord Ovest,false,ISTAT\n"
        "063049,Napoli,,,,,ISTAT\n"
    )
    rho, napoli = records(tmp_path, rows, name="communes.csv")
    assert isinstance(rho, Commune)
    assert isinstance(napoli, Commune)
    assert (rho.id, rho.population, rho.area_km2, rho.zone_verified) == ("015182", 50592, 22.2, False)
    assert (napoli.population, napoli.zone, napoli.zone_verified) == (None, "", None)


def test_a_csv_cell_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedCorpusError, match=r"'population', value '50\.592'"):
        records(tmp_path, "istat,name,population,provenance\n015182,Rho,50.592,ISTAT\n", name="communes.csv")
