import pytest

from tests.matcher.partners.village import GESSATE, GORGONZOLA, INZAGO, MELZO
from tests.service.partners.conftest import VALLEY_CALL

ASKED = {
    "text": "Due appartamenti per adulti con disabilità",
    "commune": GORGONZOLA.istat,
    "wanted": "associazione per persone con disabilità; azienda socio sanitaria; comuni vicini",
}


def _post(browser, path, **more):
    return browser.post(f"/api/v1/{path}", json=ASKED | more)


def test_partners_come_with_roles_confidence_and_contributions_that_add_up(browser):
    found = _post(browser, "partners").json()
    anffas = next(one for one in found["items"] if one["id"] == "ets:anffas")
    assert {"code": "disability", "asked": True} in anffas["roles"]
    assert (anffas["confidence"], anffas["work_known_by"]) == ("likely", "name")
    assert sum(anffas["contributions"].values()) == pytest.approx(anffas["score"], abs=1e-4)


def test_a_body_shows_what_it_carried_out(browser):
    found = _post(browser, "partners").json()
    melzo = next(one for one in found["items"] if one["id"] == f"comuni:{MELZO.istat}")
    assert melzo["precedents"][0]["title"] == "Appartamenti per adulti con disabilità"
    assert melzo["precedent_count"] == 2


def test_the_rules_of_a_call_come_with_the_words_they_were_read_from(browser):
    found = browser.get(f"/api/v1/calls/{VALLEY_CALL.id}/consortium-rules").json()
    members = next(one for one in found["items"] if one["rule"] == "members")
    assert (members["minimum"], members["kinds"]) == (3, ["commune"])
    assert members["quote"] in VALLEY_CALL.text


def test_the_verdict_changes_at_once_with_the_members(browser):
    def verdict(*communes):
        sent = {"call_id": VALLEY_CALL.id, "members": [f"comuni:{one.istat}" for one in communes]}
        rules = browser.post("/api/v1/consortium-verdicts", json=sent).json()["rules"]
        return next((one["verdict"], one["missing"]) for one in rules if one["rule"] == "members")

    assert verdict(GORGONZOLA, MELZO) == ("not_met", 1)
    assert verdict(GORGONZOLA, MELZO, INZAGO) == ("met", 0)


def test_that_a_body_is_in_one_proposal_only_is_never_promised(browser):
    sent = {"call_id": VALLEY_CALL.id, "members": [f"comuni:{GORGONZOLA.istat}"]}
    rules = browser.post("/api/v1/consortium-verdicts", json=sent).json()["rules"]
    assert next(one["verdict"] for one in rules if one["rule"] == "only_once") == "unknown"


def test_proposals_keep_who_takes_part_already(browser):
    sent = {"call_id": VALLEY_CALL.id, "present": [f"comuni:{GESSATE.istat}"]}
    found = _post(browser, "consortium-proposals", **sent).json()
    assert found["proposals"]
    for one in found["proposals"]:
        ids = [member["id"] for member in one["members"]]
        assert ids[0] == f"comuni:{GORGONZOLA.istat}"
        assert f"comuni:{GESSATE.istat}" in ids


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("partners", {"text": ""}, "text"),
        ("consortium-proposals", {}, "call_id"),
        ("consortium-proposals", {"call_id": VALLEY_CALL.id, "present": ["ets:nobody"]}, "members"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_its_field(browser, path, sent, field):
    answer = _post(browser, path, **sent)
    assert answer.status_code == 422
    assert field in answer.text


def test_a_body_named_twice_is_refused(browser):
    sent = {"call_id": VALLEY_CALL.id, "members": ["comuni:015108", "comuni:015108"]}
    assert browser.post("/api/v1/consortium-verdicts", json=sent).status_code == 422
