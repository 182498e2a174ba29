"""The main job on the real files: every row accounted for, answers in full, and no body ruled out that was funded."""

import csv
import gzip
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpora.judged import load_queries
from corpora.sources import NAMES, get_source
from corpora.sources.padigitale import call_id
from matcher.onnx_encoder import OnnxEncoder
from matcher.recommender import Recommender
from matcher.records import Commune
from matcher.verdicts import municipality
from service import recommending
from service.cli import app
from service.database import open_database, reading
from service.imports import import_source, load_records
from service.settings import Settings, load_settings

pytestmark = pytest.mark.slow

ISTAT = "raw_samples/istat"
INDICEPA = "raw_samples/indicepa"
ITALIA_DOMANI = "raw_samples/italia_domani"
PADIGITALE = "raw_samples/padigitale2026"
INCENTIVI = "raw_samples/incentivi_gov_it"
OPENCOESIONE = "raw_samples/opencoesione"
# The rows of each file, counted without our readers: lines of CSV, items of JSON.
FILES = {
    "comuni": {
        "comuni_italiani.csv.gz": 7_899,
        "comuni_cm_milano.csv": 133,
        f"{ISTAT}/situas_comuni.head200.csv": 200,
        f"{ISTAT}/Elenco-comuni-italiani.head200.csv": 200,
    },
    "beni-comune": {},  # a commune's own list, in no official file: tests/corpora reads made ones
    "confini": {"confini_cm_milano.geojson": 133},
    "beni-confiscati": {"beni_confiscati_in_gestione.csv.gz": 17_453},
    "ets": {"enti_5x1000_lombardia.csv.gz": 10_576},
    "enti-ipa": {"enti_pubblici_ipa.csv.gz": 17_458, f"{INDICEPA}/enti_ckan_api.sample200.json": 200},
    "pnrr-misure": {
        "pnrr_misure.csv": 324,
        f"{ITALIA_DOMANI}/OpenData_PNRR_QuadroFin_Programmazione_v04.head200.csv": 200,
    },
    "pnrr-avvisi": {"pnrr_bandi_avvisi.csv": 245, f"{ITALIA_DOMANI}/PNRR_Bandi e Avvisi.head200.csv": 167},
    "padigitale": {
        "padigitale_avvisi.csv": 60,
        f"{PADIGITALE}/data__avvisi.csv": 57,
        f"{PADIGITALE}/data__avvisi.json": 57,
        f"{PADIGITALE}/dati__avvisi.json": 45,
    },
    "regione-lombardia": {"rl_bandi_fulltext.jsonl.gz": 26, "raw_samples/altri_portali/lombardia.json": 15},
    "incentivi": {
        "it_incentivi_catalogo.csv.gz": 5_512,
        f"{INCENTIVI}/opendata_export_shape_2records.json": 2,
        f"{INCENTIVI}/solr_export_13docs.json": 13,
        f"{INCENTIVI}/solr_response_envelope.json": 1,
    },
    "pnrr-progetti": {
        "pnrr_progetti_validati.csv.gz": 50_813,
        f"{ITALIA_DOMANI}/PNRR_Progetti_Dati_Validati.sample200.csv": 198,
        f"{ITALIA_DOMANI}/PNRR_Progetti.head200.csv": 200,
    },
    "pnrr-gare": {
        "pnrr_gare_universo.csv.gz": 58_737,
        f"{ITALIA_DOMANI}/PNRR_Gare_Aggiudicatari-Universo_REGIS.normalizzato_ondata.head200.csv": 155,
    },
    "opencoesione": {
        "opencoesione_2021_2027.csv.gz": 1_983,
        f"{OPENCOESIONE}/OC_100_raw_2014-2020.csv": 100,
        f"{OPENCOESIONE}/progetti_esteso_2021-2027_20240831.head200.csv": 200,
    },
    "pnc": {
        "pnc_progetti.csv.gz": 5_751,
        f"{ITALIA_DOMANI}/OpenData_PNC_Progetti.normalizzato_ondata.head200.csv": 200,
    },
}
SET_ASIDE = {"padigitale_avvisi.csv": 2, "lombardia.json": 15, "pnc_progetti.csv.gz": 1}
"""Rows that cannot be read: two calls without a title, 15 tenders (no calls), one contradiction."""
CALLS = ("pnrr-misure", "pnrr-avvisi", "padigitale", "regione-lombardia", "incentivi")
NEEDS = Path(__file__).parents[2] / "corpora" / "judgments" / "needs"
K = 10
LARGEST_SHARE = 0.005


@pytest.mark.parametrize("source", NAMES)
def test_every_row_of_a_source_is_settled_and_importing_again_changes_nothing(engine, shared_data, source) -> None:
    for file, rows in FILES[source].items():
        path = shared_data / file
        first = import_source(engine, get_source(source), path)
        again = import_source(engine, get_source(source), path)
        aside = SET_ASIDE.get(path.name, 0)
        assert first.rows_in == again.rows_in == rows
        assert (first.new + first.changed + first.unchanged, first.quarantined) == (rows - aside, aside)
        assert (again.new, again.changed, again.unchanged, again.quarantined) == (0, 0, rows - aside, aside)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path, default_encoder: OnnxEncoder) -> Path:
    """A home with the real communes and calls; vectors that the benchmark has kept are not encoded again."""
    home = tmp_path_factory.mktemp("real")
    kept = load_settings().cache / "bench" / "vectors.sqlite"
    if kept.exists():
        shutil.copyfile(kept, home / "vectors.sqlite")
    engine = open_database(Settings(home=home, database_url=""), writing=True)
    for source in ("comuni", *CALLS):
        import_source(engine, get_source(source), shared_data / next(iter(FILES[source])))
    engine.dispose()
    return home


@pytest.fixture(scope="module")
def recommender(home: Path, default_encoder: OnnxEncoder) -> Recommender:
    settings = Settings(home=home, database_url="")
    engine = open_database(settings)
    opened = recommending.open_recommender(settings, engine, default_encoder, lambda _what, _done, _total: None)
    engine.dispose()
    return opened


def test_each_need_of_a_file_gets_as_many_calls_as_asked_for_and_none_twice(
    home: Path, recommender: Recommender, tmp_path: Path
) -> None:
    needs = [q for q in load_queries(NEEDS) if q.split == "dev"]
    rows = [{"query_id": q.query_id, "kind": q.kind, "commune": q.commune, "text": q.text} for q in needs]
    queries, run = tmp_path / "needs.jsonl", tmp_path / "run.tsv"
    queries.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    words = ["recommend", "--queries", str(queries), "--k", str(K), "--any-date", "--out", str(run)]
    result = CliRunner(env={"REMIX_HOME": str(home), "REMIX_DATABASE_URL": ""}).invoke(app, words)
    assert result.exit_code == 0, result.output
    found = defaultdict(list)
    with run.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            found[row["query_id"]].append(row)
    known = {call.id for call in recommender.catalogue.calls}
    assert list(found) == [q.query_id for q in needs]
    assert len(found) == 44
    for answers in found.values():
        assert [int(row["rank"]) for row in answers] == list(range(1, K + 1))
        assert len({row["call_id"] for row in answers} & known) == K
        assert [float(row["score"]) for row in answers] == sorted((float(r["score"]) for r in answers), reverse=True)
        assert {row["eligibility"] for row in answers} <= {"met", "unknown"}


def test_hardly_any_commune_is_ruled_out_of_a_call_that_funded_it(
    home: Path, recommender: Recommender, shared_data: Path
) -> None:
    """Beside ``test_false_exclusions``: the communes as imported, and the verdicts that hide calls from a list."""
    engine = open_database(Settings(home=home, database_url=""))
    with reading(engine) as session:
        communes = {commune.istat: commune for commune in load_records(session, Commune)}
    engine.dispose()
    position = {call.id: at for at, call in enumerate(recommender.catalogue.calls)}

    @cache
    def verdicts(istat: str) -> list[int]:
        return recommender.catalogue.eligibility.verdicts(municipality(communes[istat])).tolist()

    pairs = funded_communes(shared_data, set(position))
    counts = Counter(verdicts(istat)[position[call]] for istat, call in pairs if istat in communes)
    assert counts.total() > 58_000
    assert counts[0] / counts.total() <= LARGEST_SHARE


def funded_communes(shared_data: Path, calls: set[str]) -> Iterator[tuple[str, str]]:
    """The ISTAT code and the call of every commune that PA digitale has funded."""
    path = shared_data / "padigitale_candidature_finanziate.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            whole = call_id(row["avviso"])
            if row["tipologia_ente"] in ("Comune", "Comuni"):
                yield row["istat"], whole if whole in calls else call_id(row["avviso"].split(" (quota")[0])
