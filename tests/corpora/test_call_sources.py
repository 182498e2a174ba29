"""The importers of calls on the official files themselves: every layout, every row, a few values a person can check."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from corpora.errors import LayoutError, SourceError
from corpora.rows import Quarantined, Read, Repairs
from corpora.sources import NAMES, get_source
from corpora.sources.padigitale import call_id
from matcher.records import CallStatus, FundingCall, Level

ITALIA_DOMANI = "raw_samples/italia_domani"
PROGRAMMING = f"{ITALIA_DOMANI}/OpenData_PNRR_QuadroFin_Programmazione_v04.head200.csv"
NOTICES = f"{ITALIA_DOMANI}/PNRR_Bandi e Avvisi.head200.csv"
PADIGITALE = "raw_samples/padigitale2026"
INCENTIVI = "raw_samples/incentivi_gov_it"

Imported = tuple[dict[str, FundingCall], list[Quarantined], Repairs]


@pytest.fixture(scope="module")
def imported(shared_data: Path) -> Callable[[str, str], Imported]:
    known: dict[tuple[str, str], Imported] = {}

    def read(source: str, file: str) -> Imported:
        if (source, file) not in known:
            repairs = Repairs()
            outcomes = list(get_source(source).read(shared_data / file, repairs))
            calls = [outcome.record for outcome in outcomes if isinstance(outcome, Read)]
            by_id = {call.id: call for call in calls if isinstance(call, FundingCall)}
            assert len(by_id) == len(calls), "ids are not unique"
            known[source, file] = by_id, [bad for bad in outcomes if isinstance(bad, Quarantined)], repairs
        return known[source, file]

    return read


@pytest.mark.parametrize(
    ("source", "file", "calls", "quarantined", "repairs"),
    [
        ("pnrr-misure", "pnrr_misure.csv", 324, 0, {"escaped hyphen": 12}),
        ("pnrr-misure", PROGRAMMING, 200, 0, {"byte order mark": 1, "delimiter ';'": 1}),
        ("pnrr-avvisi", "pnrr_bandi_avvisi.csv", 245, 0, {"decimal comma": 12}),
        (
            "pnrr-avvisi",
            NOTICES,
            167,
            0,
            {
                "byte order mark": 1,
                "delimiter ';'": 1,
                "spaces around a cell": 37,
                "marker of absence": 118,
                "decimal comma": 11,
            },
        ),
        ("padigitale", "padigitale_avvisi.csv", 58, 2, {}),
        ("padigitale", f"{PADIGITALE}/data__avvisi.csv", 57, 0, {}),
        ("padigitale", f"{PADIGITALE}/data__avvisi.json", 57, 0, {}),
        ("padigitale", f"{PADIGITALE}/dati__avvisi.json", 45, 0, {}),
        ("regione-lombardia", "rl_bandi_fulltext.jsonl.gz", 26, 0, {"spaces around a cell": 6}),
        ("regione-lombardia", "raw_samples/altri_portali/lombardia.json", 0, 15, {}),
        ("incentivi", "it_incentivi_catalogo.csv.gz", 5512, 0, {}),
        ("incentivi", f"{INCENTIVI}/opendata_export_shape_2records.json", 2, 0, {}),
        ("incentivi", f"{INCENTIVI}/solr_export_13docs.json", 13, 0, {"spaces around a cell": 7}),
        ("incentivi", f"{INCENTIVI}/solr_response_envelope.json", 1, 0, {"spaces around a cell": 1}),
    ],
)
def test_every_row_of_every_file_is_accounted_for(
    imported: Callable[[str, str], Imported],
    source: str,
    file: str,
    calls: int,
    quarantined: int,
    repairs: dict[str, int],
) -> None:
    found, bad, repaired = imported(source, file)
    assert (len(found), len(bad), repaired.counts) == (calls, quarantined, repairs)
    assert all(call.id.startswith(f"{source}:") and call.source == source for call in found.values())
    assert all(call.title and call.provenance for call in found.values())


def test_a_measure_says_what_it_pays_for_and_how_much(imported: Callable[[str, str], Imported]) -> None:
    call = imported("pnrr-misure", "pnrr_misure.csv")[0]["pnrr-misure:M5C2I2.01.00"]
    assert call.title.startswith("Investimenti in progetti di rigenerazione urbana")
    assert call.programme == "M5C2I2.01.00"
    assert call.issuer == "MINISTERO DELL'INTERNO"
    assert call.level is Level.NATIONAL
    assert call.total_amount is not None
    assert call.total_amount.amount == 2_000_000_000
    assert call.status is CallStatus.UNKNOWN
    assert call.closes is None
    assert "Inclusione e coesione" in call.themes
    assert dict(call.extra)["tipo"] == "Investimento"


def test_the_official_layout_of_a_measure_agrees_with_the_tidy_one(imported: Callable[[str, str], Imported]) -> None:
    tidy, official = imported("pnrr-misure", "pnrr_misure.csv")[0], imported("pnrr-misure", PROGRAMMING)[0]
    assert set(official) < set(tidy)
    assert all(tidy[key].programme == call.programme for key, call in official.items())
    sample = "pnrr-misure:M1C1I1.01.00"
    assert (tidy[sample].title, tidy[sample].total_amount) == (official[sample].title, official[sample].total_amount)


def test_no_escape_of_a_spreadsheet_is_left_in_a_measure(imported: Callable[[str, str], Imported]) -> None:
    summaries = [call.summary for call in imported("pnrr-misure", "pnrr_misure.csv")[0].values()]
    assert not [text for text in summaries if "_x0002_" in text]
    assert any("storico-artistico" in text for text in summaries)


def test_a_notice_reads_the_same_from_the_official_and_the_tidy_layout(
    imported: Callable[[str, str], Imported],
) -> None:
    tidy, official = imported("pnrr-avvisi", "pnrr_bandi_avvisi.csv")[0], imported("pnrr-avvisi", NOTICES)[0]
    fields = ["title", "issuer", "url", "status", "opens", "closes", "while_funds_last", "applicants_text"]
    fields += ["programme", "total_amount", "provenance"]
    differing = {
        (key, field)
        for key, call in official.items()
        for field in fields
        if getattr(call, field) != getattr(tidy[key], field)
    }
    assert not differing


def test_a_notice_keeps_dates_recipients_and_amounts_as_published(imported: Callable[[str, str], Imported]) -> None:
    notices = imported("pnrr-avvisi", NOTICES)[0]
    first = notices["pnrr-avvisi:246"]
    assert first.applicants_text == "Pubbliche amministrazioni centrali"
    assert first.closes is not None
    assert (first.closes.at.date(), first.closes.hour_known) == (date(2023, 4, 28), False)
    assert first.status is CallStatus.OPEN
    assert first.provenance is not None
    assert first.provenance.as_of == date(2023, 2, 10)
    assert first.total_amount is not None
    assert first.total_amount.amount == 373_800_000
    decimals = notices["pnrr-avvisi:87"].total_amount
    assert decimals is not None
    assert decimals.amount == Decimal("68196721.31")


def test_a_closing_date_that_is_absent_stays_absent(imported: Callable[[str, str], Imported]) -> None:
    notices = imported("pnrr-avvisi", "pnrr_bandi_avvisi.csv")[0]
    assert sum(call.closes is None for call in notices.values()) == 6
    assert {key for key, call in notices.items() if call.while_funds_last} == {"pnrr-avvisi:198", "pnrr-avvisi:213"}
    assert not [key for key, call in notices.items() if call.while_funds_last is False]


def test_the_address_of_a_notice_is_one_that_a_browser_opens(imported: Callable[[str, str], Imported]) -> None:
    notices = imported("pnrr-avvisi", "pnrr_bandi_avvisi.csv")[0]
    assert all(re.fullmatch(r"(https?://\S+)?", call.url) for call in notices.values())
    assert notices["pnrr-avvisi:53"].url == "https://dait.interno.gov.it/documenti/decreto_fl_02-04-2021.pdf"
    assert "aggiudicazione: https://" in dict(notices["pnrr-avvisi:53"].extra)["link"]
    assert notices["pnrr-avvisi:199"].url.startswith("https://www.mur.gov.it/")
    assert notices["pnrr-avvisi:213"].url == ""
    assert dict(notices["pnrr-avvisi:213"].extra)["link"].startswith("Portale Trasparenza")


def test_a_title_has_one_id_in_every_layout_of_padigitale(imported: Callable[[str, str], Imported]) -> None:
    tidy = imported("padigitale", "padigitale_avvisi.csv")[0]
    for name in ("data__avvisi.csv", "data__avvisi.json", "dati__avvisi.json"):
        found = imported("padigitale", f"{PADIGITALE}/{name}")[0]
        assert set(found) <= set(tidy)
        assert {key: call.opens for key, call in found.items()} == {key: tidy[key].opens for key in found}
    assert call_id("1.2 Abilitazione al Cloud - Province e città metropolitane - aprile 2025") in tidy


def test_only_one_call_in_two_spellings_is_set_apart_from_padigitale(imported: Callable[[str, str], Imported]) -> None:
    bad = imported("padigitale", "padigitale_avvisi.csv")[1]
    assert [(row.line, row.reason) for row in bad] == [
        (60, "the same id as line 58, with another content"),
        (61, "the same id as line 59, with another content"),
    ]


def test_a_digital_call_names_its_pnrr_measure_and_its_page(imported: Callable[[str, str], Imported]) -> None:
    tidy = imported("padigitale", "padigitale_avvisi.csv")[0]
    call = tidy[call_id("1.4.3 - app IO - Comuni - Aprile 2022")]
    assert call.programme == "M1C1I1.04.03"
    assert call.url.endswith("?id=a017Q00000Z9vELQAZ")
    assert call.applicants_text == "Comuni"
    assert {call.programme for call in tidy.values()} <= {
        "",
        *(f"M1C1I1.{code}" for code in ("01.00", "02.00", "03.01", "04.01", "04.03", "04.04", "04.05")),
    }
    both = [call for call in tidy.values() if not call.programme]
    assert [dict(call.extra)["misura"] for call in both] == ["1.1 e 1.2 Multimisura"]


def test_a_call_of_the_region_keeps_its_whole_text(imported: Callable[[str, str], Imported]) -> None:
    call = imported("regione-lombardia", "rl_bandi_fulltext.jsonl.gz")[0]["regione-lombardia:rl-strade-verdi"]
    assert call.territory_text == "Lombardia"
    assert call.applicants_text == "comuni"
    assert call.themes == ("verde urbano", "adattamento climatico", "spazi pubblici")
    assert len(call.text) > 50_000
    assert "560 comuni" in dict(call.extra)["sezione_beneficiari"]
    assert call.summary.startswith("Il bando è una delle misure attuative")


def test_the_summary_of_a_regional_call_is_short_and_never_a_privacy_notice(
    imported: Callable[[str, str], Imported],
) -> None:
    calls = imported("regione-lombardia", "rl_bandi_fulltext.jsonl.gz")[0].values()
    assert all(len(call.summary) <= 900 for call in calls)
    assert not [call.id for call in calls if "dati personali" in call.summary]
    assert sum(bool(call.summary) for call in calls) == 22


def test_a_tender_is_never_taken_for_a_call(imported: Callable[[str, str], Imported]) -> None:
    calls, bad, _ = imported("regione-lombardia", "raw_samples/altri_portali/lombardia.json")
    assert not calls
    assert [row.line for row in bad] == list(range(1, 16))
    assert all(row.field == "oggetto_dell_appalto" and "tender" in row.reason for row in bad)


def test_official_and_tidy_numbers_name_the_same_incentives(imported: Callable[[str, str], Imported]) -> None:
    tidy = imported("incentivi", "it_incentivi_catalogo.csv.gz")[0]
    for name in ("opendata_export_shape_2records", "solr_export_13docs", "solr_response_envelope"):
        official = imported("incentivi", f"{INCENTIVI}/{name}.json")[0]
        assert set(official) <= set(tidy)
        assert {key: call.title for key, call in official.items()} == {key: tidy[key].title for key in official}
        assert {key: call.opens for key, call in official.items()} == {key: tidy[key].opens for key in official}


def test_an_incentive_is_described_in_words(imported: Callable[[str, str], Imported]) -> None:
    call = imported("incentivi", "it_incentivi_catalogo.csv.gz")[0]["incentivi:INC1426"]
    assert (
        call.summary == "Obiettivi: digitalizzazione. Settori: cultura. Forma di sostegno: contributo a fondo perduto."
    )
    assert call.applicants_text == "impresa"
    assert call.territory_text == "nazionale"
    assert call.level is Level.NATIONAL
    assert call.status is CallStatus.OPEN
    assert dict(call.extra)["dimensione"] == "grande;media;piccola"


def test_a_full_record_of_an_incentive_keeps_text_amounts_and_regions(
    imported: Callable[[str, str], Imported],
) -> None:
    call = imported("incentivi", f"{INCENTIVI}/solr_export_13docs.json")[0]["incentivi:INC3400"]
    assert call.territory_text == "Campania;Puglia"
    assert call.max_award is not None
    assert call.max_award.amount == 300_000
    assert call.min_award is None
    assert call.summary.startswith("Il So E AP-EDIH")
    assert "A chi si rivolge" in call.text
    assert dict(call.extra)["scheda"].startswith("https://www.incentivi.gov.it/it/catalogo/")
    assert call.provenance is not None
    assert call.provenance.as_of == date(2024, 12, 18)


def test_levels_follow_the_body_that_issues(imported: Callable[[str, str], Imported]) -> None:
    calls = imported("incentivi", "it_incentivi_catalogo.csv.gz")[0].values()
    level = {call.issuer: call.level for call in calls}
    assert level["Comune di Milano"] is Level.LOCAL
    assert level["Città Metropolitana di Milano"] is Level.METROPOLITAN
    assert level["Regione Lombardia"] is Level.REGIONAL
    assert level["Ministero della Cultura"] is Level.NATIONAL
    assert level["Sardegna Ricerche"] is Level.UNKNOWN


def test_the_file_of_another_source_is_refused_with_its_columns(shared_data: Path) -> None:
    with pytest.raises(LayoutError, match=r"padigitale_avvisi\.csv: no column.*columns found: titolo, misura"):
        list(get_source("pnrr-misure").read(shared_data / "padigitale_avvisi.csv", Repairs()))


def test_an_unknown_source_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SourceError, match=r"choose one of .*padigitale"):
        get_source("gazzetta")


@pytest.mark.parametrize("name", NAMES)
def test_every_source_answers_to_the_name_it_is_listed_under(name: str) -> None:
    assert get_source(name).name == name


AVVISO = "id,titolo,cod_submisura,ente,destinatari,data_apertura,data_chiusura,fino_esaurimento,importo_pnrr\n"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("9,Avviso,M1C1I1.01.00,Ente,Comuni,2022-01-01,presto,,", "data_chiusura"),
        ("9,Avviso,M1C1I1.01.00,Ente,Comuni,2022-01-01,,forse,", "fino_esaurimento"),
        ("9,Avviso,M1C1I1.01.00,Ente,Comuni,2022-01-01,,,114.00.000", "importo_pnrr"),
        (",Avviso,M1C1I1.01.00,Ente,Comuni,2022-01-01,,,", "id"),
        ("9,,M1C1I1.01.00,Ente,Comuni,2022-01-01,,,", "titolo"),
    ],
)
def test_a_field_that_cannot_be_read_sets_only_its_row_apart(tmp_path: Path, row: str, field: str) -> None:
    path = tmp_path / "avvisi.csv"
    path.write_text(f"{AVVISO}{row}\n10,Buono,M1C1I1.01.00,Ente,Comuni,2022-01-01,,SI,\n", encoding="utf-8")
    bad, good = get_source("pnrr-avvisi").read(path, Repairs())
    assert isinstance(bad, Quarantined)
    assert (bad.file, bad.line, bad.field) == ("avvisi.csv", 2, field)
    assert isinstance(good, Read)
    assert good.record.id == "pnrr-avvisi:10"


def test_a_description_in_html_is_read_as_text_and_an_ampersand_stays(tmp_path: Path) -> None:
    item = {
        "ID_Incentivo": "9",
        "Titolo": "Bando R&S &amp; notizie",
        "Descrizione": "<p>Cos'è Paga l&rsquo;acquisto di <b>beni</b>.</p><p>Cosa prevede Un contributo del 50%.</p>",
        "Soggetto_Concedente": "Regione Lombardia",
        "Tipologia_Soggetto": ["Ente pubblico", "Impresa"],
        "Regioni": ["Lombardia"],
        "Data_apertura": "10/01/2026",
        "Data_chiusura": None,
        "Stanziamento_incentivo": 0,
    }
    path = tmp_path / "export.json"
    path.write_text(json.dumps([item]), encoding="utf-8")
    (read,) = get_source("incentivi").read(path, Repairs())
    assert isinstance(read, Read)
    call = read.record
    assert isinstance(call, FundingCall)
    assert call.title == "Bando R&S & notizie"
    assert call.summary == "Paga l’acquisto di beni. Un contributo del 50%."
    assert (call.applicants_text, call.territory_text) == ("Ente pubblico;Impresa", "Lombardia")
    assert call.total_amount is None
    assert call.closes is None
    assert call.opens is not None
    assert call.opens.at.date() == date(2026, 1, 10)
