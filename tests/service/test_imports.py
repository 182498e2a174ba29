"""Importing: everything accounted for, nothing twice, nothing lost, and after an error nothing at all."""

import gzip
import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from corpora.errors import LayoutError, SourceError
from matcher.records import (
    ApplicantKind,
    CallStatus,
    Commune,
    FundingCall,
    Level,
    Moment,
    Money,
    Need,
    Organisation,
    Precedent,
    Provenance,
)
from matcher.serialization import ROME
from service import revisions
from service.database import open_database, reading
from service.errors import DatabaseError, ImportFailedError, UnknownRecordError
from service.history import history
from service.imports import import_source, load_records
from service.kinds import KINDS
from service.quarantine import quarantined_rows
from service.settings import Settings
from service.tables import Base, FundingCallRow, ImportRow
from tests.service.sources import JsonLinesSource, ListedSource, bad, call
from tests.strategies import RECORD_TYPES, records

FULL = call(
    summary="Nuovi posti",
    level=Level.REGIONAL,
    status=CallStatus.OPEN,
    closes=Moment(datetime(2025, 6, 30, 12, tzinfo=ROME), hour_known=True),
    max_award=Money(Decimal("250000.50")),
    while_funds_last=False,
    themes=("infanzia",),
    extra=(("codice", "X1"),),
    provenance=Provenance("bollettino", date(2025, 5, 1)),
)


@pytest.fixture
def imported(engine, tmp_path):
    """Import rows as the file ``bandi.csv`` of a source."""
    path = tmp_path / "bandi.csv"
    path.write_text("what the sources of the tests say")

    def run(*rows, name="prova", **options):
        return import_source(engine, ListedSource(*rows, name=name, **options), path)

    return run


def counts(report):
    return report.new, report.changed, report.unchanged, report.quarantined


def stored(engine, record_type=FundingCall):
    with reading(engine) as session:
        return list(load_records(session, record_type))


def rows_of_all_tables(engine):
    with reading(engine) as session:
        return {
            name: session.execute(select(table).order_by(*table.primary_key)).all()
            for name, table in Base.metadata.tables.items()
        }


def versions(engine, record_id="prova:1"):
    with reading(engine) as session:
        return [(version.number, version.changes) for version in history(session, record_id)]


@pytest.mark.parametrize(
    "failure", [SourceError("a.gz: truncated"), LayoutError("a.csv: no column 'titolo'"), RuntimeError("a bug")]
)
def test_a_file_that_breaks_off_leaves_the_database_untouched(engine, imported, failure):
    imported(call(1), bad())
    before = rows_of_all_tables(engine)
    with pytest.raises(type(failure)):
        imported(call(1, title="Scuole"), *(call(n) for n in range(2, 3000)), bad(7), failure)
    assert rows_of_all_tables(engine) == before


def test_a_truncated_gzip_leaves_the_database_untouched(engine, tmp_path):
    whole = gzip.compress("".join(json.dumps({"id": n, "title": f"Bando {n}"}) + "\n" for n in range(9000)).encode())
    (tmp_path / "bandi.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"bandi\.jsonl\.gz"):
        import_source(engine, JsonLinesSource(), tmp_path / "bandi.jsonl.gz")
    assert not any(rows_of_all_tables(engine).values())


def test_a_missing_column_leaves_the_database_untouched(engine, tmp_path):
    (tmp_path / "bandi.jsonl.gz").write_bytes(gzip.compress(b'{"id": 1, "title": "t"}\n{"id": 2}\n'))
    with pytest.raises(LayoutError, match="title"):
        import_source(engine, JsonLinesSource(), tmp_path / "bandi.jsonl.gz")
    assert not any(rows_of_all_tables(engine).values())


def test_a_file_that_is_not_there_is_named(engine, tmp_path):
    with pytest.raises(ImportFailedError, match=r"nowhere\.csv"):
        import_source(engine, ListedSource(), tmp_path / "nowhere.csv")


def test_a_database_that_refuses_a_row_says_so_and_keeps_nothing(engine, imported):
    with pytest.raises(DatabaseError):
        imported(call(1), Precedent(id="prova:p", source="prova", title="t", year="MMXXV", cup=None))
    assert not any(rows_of_all_tables(engine).values())


def test_every_row_is_accounted_for(imported):
    report = imported(call(1), bad(2), call(3), call(3), call(3, title="Scuole"), repaired="byte order mark")
    assert report.rows_in == 5
    assert counts(report) == (2, 0, 1, 2)
    assert report.repairs == {"byte order mark": 1}


def test_importing_again_changes_nothing(engine, imported):
    rows = [call(1), FULL, call(2), bad(3), call(2, title="Scuole")]
    first, again = imported(*rows), imported(*rows)
    assert counts(first) == (2, 0, 0, 3)
    assert counts(again) == (0, 0, 2, 3)
    assert stored(engine) == [call(1), call(2)]


def test_a_record_comes_back_as_it_was_imported(engine, imported):
    imported(FULL)
    assert stored(engine) == [FULL]


def test_a_changed_row_becomes_a_second_version_with_what_changed(engine, imported):
    imported(FULL, call(2))
    report = imported(replace(FULL, title="Nidi", max_award=Money(Decimal(300000))), call(2))
    assert counts(report) == (0, 1, 1, 0)
    old, new = {"amount": "250000.5", "currency": "EUR"}, {"amount": "300000", "currency": "EUR"}
    assert versions(engine) == [(1, {}), (2, {"max_award": [old, new], "title": ["Asili nido", "Nidi"]})]


def test_a_value_that_appears_later_is_a_change_from_nothing(engine, imported):
    imported(call(1))
    imported(call(1, url="https://bandi.example/1"))
    assert versions(engine)[1] == (2, {"url": [None, "https://bandi.example/1"]})


def test_what_a_poorer_layout_does_not_say_stays(engine, imported):
    imported(FULL)
    assert counts(imported(call(1, while_funds_last=False))) == (0, 0, 1, 0)
    assert stored(engine) == [FULL]


def test_a_poorer_layout_may_still_change_what_it_says(engine, imported):
    imported(FULL)
    assert counts(imported(call(1, title="Nidi"))) == (0, 1, 0, 0)
    assert stored(engine) == [replace(FULL, title="Nidi")]


def test_other_published_fields_are_compared_name_by_name(engine, imported):
    imported(call(1, extra=(("stato", "aperto"), ("partecipanti", "12"))))
    report = imported(call(1, extra=(("importo", "500"), ("stato", "chiuso"))))
    assert counts(report) == (0, 1, 0, 0)
    assert versions(engine)[1] == (2, {"extra.importo": [None, "500"], "extra.stato": ["aperto", "chiuso"]})
    (kept,) = stored(engine)
    assert kept.extra == (("stato", "chiuso"), ("partecipanti", "12"), ("importo", "500"))


def test_another_order_of_the_other_fields_is_no_change(engine, imported):
    first = call(1, extra=(("a", "1"), ("b", "2"), ("a", "3")))
    imported(first)
    assert counts(imported(call(1, extra=(("b", "2"), ("a", "1"), ("a", "3"))))) == (0, 0, 1, 0)
    assert counts(imported(first)) == (0, 0, 1, 0)


def test_being_read_elsewhere_is_no_new_version_but_is_remembered(engine, imported):
    imported(FULL)
    elsewhere = replace(FULL, provenance=Provenance("portale", date(2025, 6, 1)))
    assert counts(imported(elsewhere)) == (0, 0, 1, 0)
    assert stored(engine) == [elsewhere]
    assert versions(engine) == [(1, {})]


def test_the_columns_that_queries_ask_for_follow_the_record(engine, imported):
    imported(call(1))
    imported(replace(FULL, programme="M5C2"))
    with reading(engine) as session:
        row = session.get_one(FundingCallRow, "prova:1")
    assert (row.level, row.status, row.programme, row.version) == (Level.REGIONAL, CallStatus.OPEN, "M5C2", 2)
    assert row.closes_at == FULL.closes.at


def test_a_value_that_no_field_may_hold_sets_one_row_apart(engine, imported):
    commune = Commune(istat="15182", name="Rho")
    assert counts(imported(call(1), call(2, title="a\0b"), commune)) == (1, 0, 0, 2)
    with reading(engine) as session:
        kept = [(row.line, row.field, row.value) for row in quarantined_rows(session)]
    assert kept == [(2, "title", "a\N{REPLACEMENT CHARACTER}b"), (3, "istat", "15182")]


def test_two_rows_that_contradict_each_other_keep_the_first(engine, imported):
    imported(call(1), call(1, title="Scuole"))
    assert stored(engine) == [call(1)]
    with reading(engine) as session:
        (row,) = quarantined_rows(session)
    assert (row.line, row.field, row.value) == (2, "id", "prova:1")
    assert "line 1" in row.reason


def test_every_word_that_a_record_may_hold_is_one_the_tables_take(imported):
    calls = [call(f"{level}-{status}", level=level, status=status) for level in Level for status in CallStatus]
    bodies = [Organisation(id=f"prova:{kind}", name="Ente", kind=kind) for kind in ApplicantKind]
    assert counts(imported(*calls, *bodies)) == (len(calls) + len(bodies), 0, 0, 0)


def test_every_kind_of_record_has_a_table():
    assert {kind.record_type for kind in KINDS} == set(RECORD_TYPES)


@pytest.fixture(scope="module")
def one_database(tmp_path_factory):
    engine = open_database(Settings(home=tmp_path_factory.mktemp("home"), database_url=""), writing=True)
    yield engine
    engine.dispose()


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(records() | st.just(bad(2)), max_size=8))
def test_any_records_imported_twice_are_unchanged_the_second_time(one_database, tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text("")
    first = import_source(one_database, ListedSource(*rows), path)
    again = import_source(one_database, ListedSource(*rows), path)
    assert first.rows_in == sum(counts(first)) == sum(counts(again)) == len(rows)
    assert (again.new, again.changed, again.quarantined) == (0, 0, first.quarantined)


def test_official_values_win_and_our_corpus_fills_what_is_missing(engine, imported):
    ours = Commune(istat="015182", name="Rho (nostro)", zone="Nord Ovest", population=50000)
    official = Commune(istat="015182", name="Rho", population=51033)
    imported(ours, name="embedded")
    assert counts(imported(official, name="comuni")) == (0, 1, 0, 0)
    assert counts(imported(ours, name="embedded")) == (0, 0, 1, 0)
    assert counts(imported(official, name="comuni")) == (0, 0, 1, 0)
    assert stored(engine, Commune) == [replace(official, zone="Nord Ovest")]


def test_our_corpus_fills_an_official_record_that_came_first(engine, imported):
    official = Commune(istat="015182", name="Rho", population=51033)
    imported(official, name="comuni")
    assert counts(imported(replace(official, name="Ro", zone="Nord Ovest"), name="embedded")) == (0, 1, 0, 0)
    assert stored(engine, Commune) == [replace(official, zone="Nord Ovest")]


def test_an_official_record_equal_to_ours_is_official_from_then_on(engine, imported):
    commune = Commune(istat="015182", name="Rho")
    imported(commune, name="embedded")
    imported(commune, name="comuni")
    imported(replace(commune, name="Ro"), name="embedded")
    assert stored(engine, Commune) == [commune]


def test_the_data_version_changes_with_what_recommendations_need(engine, imported):
    def now():
        with reading(engine) as session:
            return revisions.current(session)

    seen = [now()]
    imported(call(1))
    seen.append(now())
    imported(call(1, title="Nidi"))
    seen.append(now())
    imported(Precedent(id="prova:p", source="prova", title="Nido di Rho"))
    seen.append(now())
    assert len(set(seen)) == 4
    imported(call(1, title="Nidi"), Need(id="prova:n", commune_istat="015182", title="Nidi", text="Mancano"))
    assert now() == seen[-1]


def test_a_database_made_anew_has_another_data_version(tmp_path):
    path = tmp_path / "bandi.csv"
    path.write_text("")
    found = []
    for title in ("Nidi", "Scuole"):
        engine = open_database(Settings(home=tmp_path / title, database_url=""), writing=True)
        import_source(engine, ListedSource(call(1, title=title)), path)
        with reading(engine) as session:
            found.append(revisions.current(session))
        engine.dispose()
    assert found[0] != found[1]


def test_progress_counts_every_row(engine, tmp_path):
    (tmp_path / "bandi.csv").write_text("")
    told = []
    import_source(engine, ListedSource(*map(call, range(1234))), tmp_path / "bandi.csv", told.append)
    assert sum(told) == 1234
    assert len(told) > 1


def test_each_import_is_kept_with_its_counts(engine, imported):
    imported(call(1), bad(), repaired="byte order mark")
    with reading(engine) as session:
        (row,) = session.scalars(select(ImportRow)).all()
    assert (row.source, row.file_name, row.rows_in, row.new, row.quarantined) == ("prova", "bandi.csv", 2, 1, 1)
    assert row.repairs == {"byte order mark": 1}
    assert row.started_at <= row.finished_at
    assert len(row.sha256) == 64


def test_the_history_of_an_unknown_record_is_refused(engine):
    with reading(engine) as session, pytest.raises(UnknownRecordError, match="prova:9"):
        history(session, "prova:9")


def test_more_records_than_one_statement_takes_are_all_written(engine, imported):
    imported(*(call(n) for n in range(5001)))
    report = imported(*(call(n, title=f"Bando {n % 2}") for n in range(5001)))
    assert counts(report) == (0, 5001, 0, 0)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).where(FundingCallRow.version == 2)) == 5001
