"""Decisions as the ranking and the desk take them: exported without people, counted, doubted."""

import json

import pytest
from typer.testing import CliRunner

from matcher.feedback import DecisionKind
from service.cli import app
from tests.world import CICLABILI, NIDI, PICCOLI_COMUNI, RHO
from training.feedback import load_decisions

NEED = {"title": "Scuola fredda", "text": "La scuola di via Roma è senza cappotto termico."}


@pytest.fixture
def decided(ask):
    """Rho saves a call for a need, refuses two as a whole, and takes one back."""
    rho = ask("rho")
    need = rho("POST", "/needs", json=NEED).json()["id"]
    rho("POST", "/decisions", json={"call_id": NIDI.id, "kind": "saved", "item": {"kind": "needs", "id": need}})
    refusal = {"kind": "not_for_us", "note": "Chiedere a Mario"}
    rho("POST", "/decisions", json=refusal | {"call_id": PICCOLI_COMUNI.id, "reason": "not_eligible"})
    taken_back = rho("POST", "/decisions", json=refusal | {"call_id": CICLABILI.id, "reason": "no_staff"}).json()["id"]
    rho("DELETE", f"/decisions/{taken_back}")
    yield need
    for one in rho("GET", "/decisions?limit=100").json()["items"]:
        rho("DELETE", f"/decisions/{one['id']}")


def test_decisions_are_exported_as_training_reads_them_without_notes_and_people(decided, world, tmp_path, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(world.home))
    monkeypatch.setenv("REMIX_DATABASE_URL", world.database_url)
    done = CliRunner().invoke(app, ["decisions", "--out", str(tmp_path / "decisions.jsonl")])
    assert (done.exit_code, "2 decisioni; 1 parlano dello scopo" in done.output) == (0, True)
    written = (tmp_path / "decisions.jsonl").read_text(encoding="utf-8")
    assert "Mario" not in written
    assert {key for line in written.splitlines() for key in json.loads(line)} == {
        "commune", "call_id", "kind", "at", "reason", "item_id", "text", "query_kind",
    }  # fmt: skip
    saved, refused = load_decisions(tmp_path / "decisions.jsonl")
    assert (saved.kind, saved.item_id, saved.text) == (DecisionKind.SAVED, decided, ". ".join(NEED.values()))
    assert (refused.call_id, refused.commune_istat, refused.text) == (PICCOLI_COMUNI.id, RHO.istat, "")


def test_the_desk_sees_what_communes_doubt_and_how_much_they_have_said(decided, ask):
    doubts = ask("consultant")("GET", "/decisions?reason=not_eligible").json()["items"]
    assert [one["call_id"] for one in doubts] == [PICCOLI_COMUNI.id]
    said = ask("consultant")("GET", "/feedback").json()
    assert (said["decisions"], said["communes"], said["enough"]) == (1, 1, False)
    assert ask("rho")("GET", "/feedback").status_code == 403
