"""Pooling of partners: what bodies are read, which of them each ranker puts first, and what a judge is shown."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from corpora.errors import CorporaError
from corpora.judged_partners import COLUMNS, PartnerQuery, load_judgments, load_queries
from evaluation.errors import EvaluationError
from evaluation.partner_bodies import Body, distances_km, read_bodies, third_sector_id
from evaluation.partner_pooling import RANKERS, fields, lead_of, main, pool, read_known, sheets, wanted_kinds
from matcher.records import ApplicantKind as Kind
from tests.fakes import HashingEncoder

QUERY = PartnerQuery(
    query_id="pt01",
    text="Dormitorio e mensa per persone senza dimora",
    commune="015209",
    call_id="",
    wanted="associazione che accoglie; azienda sanitaria; comuni vicini",
    drivers=("9",),
    split="dev",
)


def body(body_id: str, kind: Kind, km: float = 0.0, **fields: object) -> Body:
    known = {"name": body_id, "place": "X", "province": "Milano", "zone": "", "population": 1000} | fields
    return Body(id=body_id, kind=kind, lat=45.0 + km / 111.195, lon=9.0, **known)


LEAD = body("comuni:015209", Kind.COMMUNE, zone="Nord Milano")
BODIES = [
    LEAD,
    body("comuni:near", Kind.COMMUNE, 5),
    body("comuni:zone", Kind.COMMUNE, 7, zone="Nord Milano"),
    body("comuni:far", Kind.COMMUNE, 80),
    body("enti-ipa:health", Kind.HEALTH, 10, amount=5.0),
    body("enti-ipa:school", Kind.SCHOOL, 1, amount=900.0),
    body("ets:shelter", Kind.THIRD_SECTOR, 6, name="Dormitorio e mensa senza dimora"),
    body("ets:choir", Kind.THIRD_SECTOR, 6, name="Coro"),
    body("ets:away", Kind.THIRD_SECTOR, 90, name="Mensa"),
]


def first_of(ranker: str) -> list[str]:
    (field,) = fields([QUERY], BODIES, HashingEncoder())
    values = RANKERS[ranker](field)
    return [BODIES[i].id for i in np.argsort(-values, kind="stable") if values[i] > -np.inf]


def test_a_lead_that_is_no_known_commune_is_refused_naming_the_query():
    with pytest.raises(EvaluationError, match="'pt01': no commune 015209"):
        lead_of(QUERY, BODIES[1:])


@pytest.mark.parametrize("line", ["pt01", "pt01\ta\tb"])
def test_a_known_pair_that_is_none_is_refused_naming_file_and_line(tmp_path, line):
    path = tmp_path / "known.tsv"
    path.write_text(f"pt01\ts:a\n{line}\n")
    with pytest.raises(EvaluationError, match=r"known\.tsv, line 2"):
        read_known(path)
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_known(tmp_path / "none.tsv")


@pytest.mark.parametrize("pair", [("pt01", "ets:ghost"), ("pt99", "ets:choir")])
def test_a_known_pair_of_nobody_is_refused(pair):
    with pytest.raises(EvaluationError, match="no such query or body"):
        list(sheets([QUERY], BODIES, HashingEncoder(), depth=1, known=[pair]))


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ("due comuni vicini", {Kind.COMMUNE}),
        ("Azienda socio sanitaria; università", {Kind.HEALTH, Kind.UNIVERSITY}),
        ("cooperativa sociale e scuola", {Kind.THIRD_SECTOR, Kind.SCHOOL}),
        ("città metropolitana", {Kind.PROVINCE}),
    ],
)
def test_what_is_wanted_names_kinds_of_body(wanted, kinds):
    assert wanted_kinds(wanted) == kinds


def test_where_no_kind_is_named_all_are_wanted():
    assert len(wanted_kinds("qualcuno che ci aiuti")) > 5


def test_one_degree_of_latitude_is_a_hundred_and_eleven_km_and_an_unknown_place_is_infinitely_far():
    nowhere = Body(
        id="s:x", name="", kind=Kind.SCHOOL, place="", province="", zone="", population=0, lat=np.nan, lon=np.nan
    )
    found = distances_km(LEAD, [body("s:a", Kind.SCHOOL, 111.195), nowhere, LEAD])
    assert found[0] == pytest.approx(111.195, abs=0.01)
    assert found[1:].tolist() == [np.inf, 0.0]


def test_the_nearest_ranker_gives_communes_by_distance_and_favours_the_own_zone():
    assert first_of("nearest") == ["comuni:015209", "comuni:zone", "comuni:near", "comuni:far"]


def test_the_most_funded_ranker_keeps_to_wanted_kinds_that_received_something():
    assert first_of("most-funded") == ["enti-ipa:health"]


def test_text_rankers_look_at_words_wherever_the_body_sits():
    assert first_of("bm25")[0] == "ets:shelter"
    assert "ets:away" in first_of("bm25")
    assert first_of("dense")[0] == "ets:shelter"


@pytest.mark.parametrize("ranker", ["fitting", "close"])
def test_rankers_of_the_area_give_every_wanted_kind_its_turn_and_nobody_far_or_unwanted(ranker):
    found = first_of(ranker)
    kinds = {body.id: body.kind for body in BODIES}
    assert {kinds[body_id] for body_id in found[:3]} == {Kind.COMMUNE, Kind.HEALTH, Kind.THIRD_SECTOR}
    assert not {"comuni:far", "ets:away", "enti-ipa:school"} & set(found)


def test_the_best_text_of_a_kind_comes_before_a_worse_one_at_the_same_distance():
    found = first_of("fitting")
    assert found.index("ets:shelter") < found.index("ets:choir")


@settings(max_examples=20)
@given(st.integers(1, 6))
def test_a_deeper_pool_of_bodies_holds_the_shallower_one(depth):
    (field,) = fields([QUERY], BODIES, HashingEncoder())
    assert set(pool(field, depth)) <= set(pool(field, depth + 1))


def test_the_lead_takes_no_place_in_the_pool():
    (field,) = fields([QUERY], BODIES, HashingEncoder())
    assert "comuni:zone" in {BODIES[i].id for i in pool(field, 1)}
    assert "comuni:015209" not in {BODIES[i].id for i in pool(field, len(BODIES))}


def test_a_sheet_leaves_out_the_lead_and_what_was_judged_and_adds_what_is_known():
    judged = {("pt01", "ets:shelter")}
    (sheet,) = sheets([QUERY], BODIES, HashingEncoder(), depth=1, judged=judged, known=[("pt01", "comuni:far")])
    shown = [shown.id for shown, _ in sheet.bodies]
    assert shown == sorted(shown)
    assert "comuni:far" in shown
    assert not {"comuni:015209", "ets:shelter"} & set(shown)
    assert dict((b.id, km) for b, km in sheet.bodies)["comuni:far"] == pytest.approx(80, abs=0.1)


def test_a_third_sector_body_is_named_by_its_name_and_seat():
    assert third_sector_id("L'AQUILONE  SOC. COOP.", "015209") == "ets:l-aquilone-soc-coop-015209"


def test_a_missing_list_of_the_third_sector_is_named(tmp_path, shared_data):
    for file in ("comuni_italiani.csv.gz", "enti_pubblici_ipa.csv.gz"):
        (tmp_path / file).symlink_to(shared_data / file)
    for file in ("pnrr_progetti_validati.csv.gz", "pnc_progetti.csv.gz"):
        with gzip.open(shared_data / file, "rt") as source, gzip.open(tmp_path / file, "wt") as cut:
            cut.writelines([next(source), next(source)])
    with pytest.raises(CorporaError, match=r"enti_5x1000_lombardia\.csv\.gz cannot be read"):
        read_bodies(tmp_path)


@pytest.mark.slow
def test_the_real_bodies_have_one_id_each_and_public_ones_are_not_third_sector(shared_data):
    bodies = read_bodies(shared_data)
    by_id = {found.id: found for found in bodies}
    assert len(by_id) == len(bodies) > 13_000
    assert sum(found.kind is Kind.COMMUNE for found in bodies) > 1_400
    assert by_id["enti-ipa:pm"].kind is Kind.UNIVERSITY
    assert by_id["enti-ipa:pm"].projects > 50
    assert not [found.id for found in bodies if found.id.startswith("ets:") and found.name == "POLITECNICO DI MILANO"]
    third = [found for found in bodies if found.kind is Kind.THIRD_SECTOR]
    assert not [found.name for found in third if found.name == "REGIONE LOMBARDIA"]


def test_the_command_refuses_labels_it_cannot_read(tmp_path):
    app = Typer()
    app.command()(main)
    (tmp_path / "queries.jsonl").write_text(json.dumps({"query_id": "pt01"}))
    (tmp_path / "judgments.tsv").write_text("\t".join(COLUMNS))
    out = tmp_path / "sheets.jsonl"
    result = CliRunner().invoke(app, ["--labels", str(tmp_path), "--out", str(out)])
    assert result.exit_code == 2
    assert not out.exists()


@pytest.mark.slow
def test_every_judged_partner_and_every_lead_is_a_real_body(shared_data):
    labels = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "partners"
    real = {found.id for found in read_bodies(shared_data)}
    assert {judgment.body_id for judgment in load_judgments(labels)} <= real
    assert {f"comuni:{query.commune}" for query in load_queries(labels)} <= real
