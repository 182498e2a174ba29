"""Requests over HTTP: asked, taken, answered, asked back, reopened, withdrawn, undone; seen by whom they concern."""

from datetime import UTC, datetime

import pytest
import time_machine

from service.requests.terms import terms_of
from tests.world import GREZZAGO, NIDI, RHO

PATH = "/service-requests"
FRIDAY = datetime(2026, 3, 6, 11, tzinfo=UTC)
THURSDAY = datetime(2026, 3, 12, 11, tzinfo=UTC)
"""Four working days later."""
IN_APRIL = datetime(2026, 4, 2, 11, tzinfo=UTC)


@pytest.fixture
def request_path(asking):
    with time_machine.travel(FRIDAY):
        return f"{PATH}/{asking()['id']}"


def say(who, path, text="Ecco come si fa.", **fields):
    answer = who("POST", f"{path}/entries", json={"text": text} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def change(who, path, **patch):
    version = who("GET", path).json()["version"]
    return who("PATCH", path, version=version, json=patch)


def read(who, path):
    return who("GET", path).json()


@pytest.mark.parametrize("who", ["grezzago", "reader", "public"])
def test_another_commune_and_readers_do_not_learn_that_there_is_a_request(ask, request_path, who):
    other = ask(who)
    missing = {404} if who == "grezzago" else {401, 403}
    assert other("GET", request_path).status_code in missing
    assert other("GET", f"{request_path}/entries").status_code in missing
    assert other("POST", f"{request_path}/entries", json={"text": "x"}).status_code in missing
    assert other("PATCH", request_path, version=1, json={"state": "withdrawn"}).status_code in missing
    assert other("POST", f"{request_path}/reversals", version=1).status_code in missing
    if who == "grezzago":
        assert other("GET", PATH).json()["total"] == 0
        assert other("GET", f"{PATH}?commune={RHO.istat}").json()["total"] == 0
    asked = {"commune_istat": RHO.istat, "service": "progetti", "text": "Per loro."}
    assert other("POST", PATH, json=asked).status_code in missing


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"service": "idraulica"}, "/service"),
        ({"text": "  "}, "/text"),
        ({"text": "x" * 5_001}, "/text"),
        ({"text": "<script>"}, "/text"),
        ({"call_id": "world:none"}, "/call_id"),
        ({"item": {"kind": "needs", "id": "portal:none"}}, "/item"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_field_and_not_kept(rho, fields, field):
    sent = {"commune_istat": RHO.istat, "service": "progetti", "text": "Una mano."}
    answer = rho("POST", PATH, json=sent | fields)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert rho("GET", PATH).json()["total"] == 0


def test_whoever_asks_is_told_by_when_an_answer_comes(rho, asking):
    with time_machine.travel(FRIDAY):
        made = asking()
    assert (made["state"], made["due_on"], made["late"]) == ("received", "2026-03-20", False)
    assert (made["commune_name"], made["call_title"]) == (RHO.name, NIDI.title)


def test_days_of_each_service_are_a_setting_and_holidays_do_not_count():
    terms = terms_of("progetti=3, tecnologia=20")
    by_service = {service: terms.due(service, datetime(2026, 4, 2, 11, tzinfo=UTC)) for service in terms.days}
    # The Thursday before Easter 2026: Easter Monday is none of the working days.
    assert {str(day) for day in by_service.values()} == {"2026-04-08", "2026-05-04"}


@pytest.mark.parametrize("words", ["progetti", "progetti=0", "progetti=tre", "idraulica=3", "progetti=999"])
def test_a_setting_that_cannot_be_read_is_refused(words):
    with pytest.raises(ValueError, match=r"as\s+finanziamenti=5"):
        terms_of(words)


def test_a_request_is_taken_answered_with_hours_and_closed(rho, staff, request_path):
    taken = change(staff, request_path, owner_id="consultant").json()
    assert (taken["state"], taken["owner_name"]) == ("taken", "Consultant")
    assert say(staff, request_path, minutes=90)["minutes"] == 90
    answered = read(staff, request_path)
    assert (answered["state"], bool(answered["first_answer_at"])) == ("answered", True)
    assert change(staff, request_path, state="closed").json()["ended_at"]


def test_a_commune_sees_answers_without_names_hours_and_notes(rho, staff, request_path):
    say(staff, request_path, "Da sentire il revisore.", kind="note", minutes=15)
    say(staff, request_path, minutes=90)
    own = rho("GET", f"{request_path}/entries").json()["items"]
    assert [(one["text"], one["minutes"], one["author"]) for one in own] == [
        ("Ecco come si fa.", 0, {"office": "incubator", "role": "", "name": ""})
    ]
    assert read(rho, request_path)["owner_id"] is None
    assert [one["kind"] for one in staff("GET", f"{request_path}/entries").json()["items"]] == ["note", "message"]


@pytest.mark.parametrize(
    "entry", [{"text": "x", "kind": "note"}, {"text": "x", "minutes": 5}, {"text": "x", "asks_back": True}]
)
def test_notes_hours_and_questions_are_the_incubators(rho, request_path, entry):
    assert rho("POST", f"{request_path}/entries", json=entry).status_code == 403


def test_words_are_needed_but_for_a_note_of_hours(staff, request_path):
    assert staff("POST", f"{request_path}/entries", json={"text": " "}).status_code == 422
    assert say(staff, request_path, "", kind="note", minutes=30)["minutes"] == 30
    assert read(staff, request_path)["state"] == "received"


def test_whoever_answers_first_follows_the_request(staff, request_path):
    say(staff, request_path)
    assert read(staff, request_path)["owner_id"] == "consultant"


def test_days_in_which_the_commune_is_waited_for_do_not_count(rho, staff, request_path):
    with time_machine.travel(FRIDAY):
        say(staff, request_path, "Quanti alunni?", asks_back=True)
        assert read(rho, request_path)["state"] == "waiting"
    with time_machine.travel(THURSDAY):
        say(rho, request_path, "Centoventi.")
        replied = read(rho, request_path)
    assert (replied["state"], replied["due_on"]) == ("taken", "2026-03-26")
    assert replied["first_answer_at"] is None


def test_a_request_that_waits_for_the_commune_is_not_late(staff, request_path):
    say(staff, request_path, "Quanti alunni?", asks_back=True)
    with time_machine.travel(IN_APRIL):
        assert staff("GET", f"{PATH}?late=true").json()["total"] == 0


def test_a_reply_opens_again_what_was_answered_with_a_new_term(rho, staff, request_path):
    with time_machine.travel(FRIDAY):
        say(staff, request_path)
        change(staff, request_path, state="closed")
    with time_machine.travel(IN_APRIL):
        say(rho, request_path, "Non basta.")
    again = read(rho, request_path)
    assert (again["state"], again["due_on"], again["ended_at"]) == ("taken", "2026-04-17", None)


def test_a_commune_withdraws_and_takes_up_again_and_nothing_else(rho, staff, request_path):
    assert change(rho, request_path, state="withdrawn").json()["ended_at"]
    assert staff("POST", f"{request_path}/entries", json={"text": "Ecco."}).status_code == 409
    assert change(rho, request_path, state="received").json()["state"] == "received"
    assert change(rho, request_path, state="closed").status_code == 422
    assert change(rho, request_path, state="received").status_code == 200
    assert change(rho, request_path, owner_id="consultant").status_code == 403
    assert change(rho, request_path, due_on="2030-01-01").status_code == 403


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"owner_id": "rho"}, "/owner_id"),
        ({"owner_id": "nobody"}, "/owner_id"),
        ({"state": None}, "/state"),
        ({"due_on": None}, "/due_on"),
        ({"due_on": "2026-03-05"}, "/due_on"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_by_field(staff, request_path, patch, field):
    answer = change(staff, request_path, **patch)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert read(staff, request_path)["version"] == 1


def test_the_second_of_two_editors_gets_the_difference(ask, staff, request_path):
    assert staff("PATCH", request_path, json={"state": "closed"}).status_code == 428
    staff("PATCH", request_path, version=1, json={"owner_id": "consultant"})
    answer = ask("administrator")("PATCH", request_path, version=1, json={"owner_id": "administrator"})
    assert (answer.status_code, answer.json()["difference"]) == (412, {"owner_id": ["consultant", "administrator"]})


def test_an_answer_is_undone_with_its_words_and_made_again(rho, staff, request_path):
    before = read(staff, request_path)
    say(staff, request_path, minutes=20)
    answered = read(staff, request_path)
    undone = staff("POST", f"{request_path}/reversals", version=2).json()
    same = ("state", "owner_id", "first_answer_at", "due_on")
    assert {name: undone[name] for name in same} == {name: before[name] for name in same}
    assert rho("GET", f"{request_path}/entries").json()["items"] == []
    again = staff("POST", f"{request_path}/reversals", version=3).json()
    assert {name: again[name] for name in same} == {name: answered[name] for name in same}
    assert len(rho("GET", f"{request_path}/entries").json()["items"]) == 1


def test_nobody_undoes_what_the_other_side_did(rho, staff, request_path):
    assert staff("POST", f"{request_path}/reversals", version=1).status_code == 409
    say(staff, request_path)
    assert rho("POST", f"{request_path}/reversals", version=2).status_code == 409
    say(rho, request_path, "Grazie.")
    assert staff("POST", f"{request_path}/reversals", version=3).status_code == 409


def test_what_was_just_asked_is_withdrawn_by_undoing_it(rho, request_path):
    assert rho("POST", f"{request_path}/reversals", version=1).json()["state"] == "withdrawn"
    assert rho("POST", f"{request_path}/reversals", version=2).json()["state"] == "received"


def test_the_queue_begins_with_what_is_late_and_is_filtered(rho, staff, ask, asking):
    with time_machine.travel(FRIDAY):
        late = asking(service="tecnologia")["id"]
        waits = asking(service="partnership", call_id=None)["id"]
        say(staff, f"{PATH}/{waits}", "Con chi?", asks_back=True)
    with time_machine.travel(IN_APRIL):
        fresh = asking(who=ask("grezzago"), commune_istat=GREZZAGO.istat)["id"]
        change(staff, f"{PATH}/{fresh}", owner_id="administrator")

        def listed(query=""):
            return [one["id"] for one in staff("GET", f"{PATH}?{query}").json()["items"]]

        assert listed() == [late, fresh, waits]
        assert listed("late=true") == [late]
        assert listed(f"commune={GREZZAGO.istat}") == [fresh]
        assert listed("service=partnership") == [waits]
        assert listed("state=waiting") == [waits]
        assert listed("owner=administrator") == [fresh]
        assert listed("owner=-") == [late]
        assert listed(f"call={NIDI.id}") == [late, fresh]
        assert [one["late"] for one in staff("GET", PATH).json()["items"]] == [True, False, False]
        change(rho, f"{PATH}/{late}", state="withdrawn")
        assert listed("going=true") == [fresh, waits]
        assert listed() == [fresh, waits, late]
        say(staff, f"{PATH}/{fresh}")
        assert listed("going=true") == [waits]
        assert listed() == [waits, fresh, late]


def test_the_queue_comes_in_pages(staff, asking):
    made = {asking(text=f"La richiesta {number}")["id"] for number in range(4)}
    found, cursor = [], ""
    for _ in range(4):
        page = staff("GET", f"{PATH}?limit=1&cursor={cursor}").json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (set(found), len(found), cursor) == (made, 4, "")
    assert staff("GET", f"{PATH}?cursor=bm9uZQ").status_code == 422
