"""Recommendations over HTTP: what is found, what is refused, what another commune never sees."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from service.accounts.tables import Role
from service.answers import answering
from service.api.shapes_answers import AnswerShape, CriterionShape, RecommendationShape
from service.audit.tables import AnswerCallRow, AnswerRow, AuditEventRow
from service.database import reading, writing
from service.ids import new_id
from service.moments import now
from service.work.tables import DecisionKind, DecisionRow, Reason
from tests.service.answers.conftest import NEED_OF_MILANO, NEED_OF_RHO, PROJECT
from tests.service.web.clients import add_account, as_role, visitor

URL = "/api/v1/recommendations"
DAY = "2025-05-05"


def asked(client, **question):
    answer = client.post(URL, json={"on": DAY} | question)
    assert answer.status_code == 200, answer.text
    return answer.json()


def call_ids(data):
    return [found["call"]["id"] for found in data["recommendations"]]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({}, "text"),
        ({"text": "Nidi"}, "commune"),
        ({"text": "Nidi", "commune": "Rho", "item": {"kind": "needs", "id": "x"}}, "item"),
        ({"text": "Nidi", "commune": "Rho", "on": "2999-01-01"}, "on"),
        ({"text": "Nidi", "commune": "Rho", "sources": ["altrove"]}, "sources"),
        ({"text": "Nidi", "commune": "Rho", "k": 51}, "k"),
        ({"commune": "Torino"}, "text"),
    ],
)
def test_a_question_without_meaning_is_refused_by_field(app, question, field):
    answer = visitor(app).post(URL, json=question)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["errors"][0]["field"]


def test_a_visitor_finds_the_call_for_a_text(app):
    data = asked(visitor(app), text="Servono nuovi asili nido", commune="Rho")
    AnswerShape.model_validate(data)
    assert set(data["recommendations"][0]) == set(RecommendationShape.model_fields)
    assert set(data["recommendations"][0]["criteria"][0]) == set(CriterionShape.model_fields)
    first = data["recommendations"][0]
    assert first["call"]["id"] == "world:nidi"
    assert first["eligibility"] == "met"
    assert first["call"]["state"] == "open"
    assert first["call"]["working_days_left"] == 39
    assert {c["criterion"] for c in first["criteria"]} >= {"applicant", "dates"}
    assert first["score"] == pytest.approx(sum(first["contributions"].values()))


def test_the_answer_has_every_field_of_its_shape_and_says_what_it_was_made_of(app):
    data = asked(visitor(app), text="Piste ciclabili", commune="015182", excluded=3, k=3)
    assert set(data) == set(AnswerShape.model_fields)
    assert data["artifact"] == app.state.remix.live.serving().recommender.artifact_version
    assert "world:ciclabili-2024" in {found["call"]["id"] for found in data["excluded"]}
    assert len(data["recommendations"]) == 3


def test_a_commune_asks_about_its_own_need(app):
    client = as_role(app, Role.COMMUNE, "015182")
    data = asked(client, item={"kind": "needs", "id": NEED_OF_RHO.id})
    assert call_ids(data)[0] == "world:nidi"
    assert data["recommendations"][0]["item"] == {"kind": "needs", "id": NEED_OF_RHO.id}


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.READER, Role.COMMUNE])
def test_another_communes_need_is_not_there(app, role):
    client = as_role(app, role, "015182" if role is Role.COMMUNE else None)
    missing = client.post(URL, json={"item": {"kind": "needs", "id": "world:none"}, "commune": "Rho"})
    other = client.post(URL, json={"item": {"kind": "needs", "id": NEED_OF_MILANO.id}, "commune": "Rho"})
    assert (missing.status_code, other.status_code) == (404, 404)
    assert other.json()["detail"].replace(NEED_OF_MILANO.id, "") == missing.json()["detail"].replace("world:none", "")


@pytest.mark.parametrize("k", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("spare", [0, 1, 4])
def test_lists_cut_short_make_the_same_answer_for_a_commune_as_whole_ones(app, monkeypatch, k, spare):
    client = as_role(app, Role.COMMUNE, "015182")

    def found():
        return [
            (one["call"]["id"], one["item"], one["score"])
            for one in asked(client, commune="Rho", k=k)["recommendations"]
        ]

    monkeypatch.setattr(answering, "SPARE_PLACES", 1_000)
    whole = found()
    monkeypatch.setattr(answering, "SPARE_PLACES", spare)
    assert found() == whole


def test_a_commune_as_a_whole_is_matched_by_each_of_its_items(app):
    data = asked(as_role(app, Role.COMMUNE, "015182"), commune="Rho", k=5)
    items = {found["item"]["id"]: found["call"]["id"] for found in reversed(data["recommendations"])}
    assert data["items"] == 2
    assert items == {NEED_OF_RHO.id: "world:nidi", PROJECT.id: "world:fotovoltaico-lombardia"}
    assert len(set(call_ids(data))) == len(call_ids(data))


def test_a_visitor_sees_of_a_commune_only_what_is_published(app):
    data = asked(visitor(app), commune="Rho")
    assert {found["item"]["id"] for found in data["recommendations"]} == {PROJECT.id}


def test_what_a_commune_turned_down_is_hidden_from_it_and_counted_and_from_nobody_else(app):
    account = add_account(app, Role.COMMUNE, "015182")
    decision = {
        "id": new_id(), "commune_istat": "015182", "call_id": "world:ciclabili", "kind": DecisionKind.NOT_FOR_US,
        "reason": Reason.NO_STAFF, "note": "", "account_id": account, "at": now(), "active_key": new_id(),
    }  # fmt: skip
    with writing(app.state.remix.engine) as session:
        session.execute(insert(DecisionRow), [decision])
    question = {"text": "Piste ciclabili e mobilità dolce", "commune": "Rho"}
    own, other = asked(as_role(app, Role.COMMUNE, "015182"), **question), asked(visitor(app), **question)
    assert ("world:ciclabili" in call_ids(own), own["hidden"]) == (False, 1)
    assert ("world:ciclabili" in call_ids(other), other["hidden"]) == (True, 0)


def test_every_answer_is_kept_as_it_was_shown(app):
    client = as_role(app, Role.CONSULTANT)
    response = client.post(URL, json={"text": "Asili nido", "commune": "Rho", "on": DAY, "k": 2})
    data = response.json()
    with reading(app.state.remix.engine) as session:
        row = session.get_one(AnswerRow, data["id"])
        calls = session.execute(
            select(AnswerCallRow.rank, AnswerCallRow.call_id, AnswerCallRow.call_version)
            .where(AnswerCallRow.answer_id == data["id"])
            .order_by(AnswerCallRow.rank)
        ).all()
        events = session.scalar(select(func.count()).where(AuditEventRow.object_id == data["id"]))
    assert row.answered == response.text
    assert json.loads(row.asked)["queries"] == [{"id": "", "kind": "need", "text": "Asili nido"}]
    assert row.at - now() < timedelta(minutes=1)
    assert calls == [(rank, call_id, 1) for rank, call_id in enumerate(call_ids(data), start=1)]
    assert events == 1


def test_what_a_person_recommends_stands_above_the_ranking_and_only_its_commune_sees_it(app):
    staff, own = as_role(app, Role.CONSULTANT), as_role(app, Role.COMMUNE, "015182")
    sent = {"commune_istat": "015182", "call_id": "world:dottorati", "why": "Con il Politecnico."}
    assert staff.post("/api/v1/picks", json=sent).status_code == 201
    question = {"text": "Rigenerazione urbana", "commune": "Rho"}
    data = asked(own, **question)
    AnswerShape.model_validate(data)
    assert [(p["call"]["id"], p["why"], p["eligibility"]) for p in data["picks"]] == [
        ("world:dottorati", "Con il Politecnico.", "not_met")
    ]
    assert data["picks"][0]["author"] == {"office": "incubator", "role": "", "name": ""}
    assert asked(visitor(app), **question)["picks"] == []
