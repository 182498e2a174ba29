"""The links of the weekly e-mail: nothing happens by opening them, once by the button, and it can be undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy import select

from service.access.principal import VISITOR
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AuditEventRow
from service.database import reading, writing
from service.digests import subscriptions
from service.digests.content import Audience, Follow, FollowKind
from service.digests.links import Act, Link
from service.digests.opening import links_of
from service.digests.preferences import confirmation
from service.digests.subscriptions import Wanted
from service.digests.tables import SubscriptionState
from service.moments import now
from service.schema import METADATA
from service.work.acting import Acting
from service.work.tables import DecisionRow, ReminderRow
from tests.service.pages.browsers import BROWSER, as_browser
from tests.service.web.clients import BASE_URL, add_account, in_session
from tests.world import GREZZAGO, NIDI, RHO

RHO_ALONE = Wanted((Follow(FollowKind.COMMUNE, RHO.istat),))


class Letterbox:
    """Somebody who gets the weekly e-mail, and the links that it holds."""

    def __init__(self, app, commune=RHO, role=Role.COMMUNE):
        self.app, self.commune = app, commune
        self.engine = app.state.remix.engine
        self.account_id = add_account(app, role, commune.istat if role is Role.COMMUNE else None)
        with writing(self.engine) as session:
            principal = replace(VISITOR, role=role, account_id=self.account_id, commune_istat=commune.istat)
            self.subscription = subscriptions.keep(Acting(session, principal), RHO_ALONE)

    def link(self, act, **fields):
        about = {} if act is Act.MUTE else {"call_id": NIDI.id, "commune_istat": self.commune.istat}
        given = {"theme": "infanzia"} if act is Act.MUTE else about
        link = Link(act, self.subscription.id, now() + timedelta(days=30), **(given | fields))
        return links_of(self.app.state.remix.settings).address(link).partition("8000")[2]

    def every_link(self):
        yield from (self.link(act) for act in Act)
        yield f"/disiscrizione/{self.subscription.token}"

    def holds(self, act):
        with reading(self.engine) as session:
            if act is Act.REMIND:
                mine = ReminderRow.account_id == self.account_id, ReminderRow.withdrawn_at.is_(None)
                return session.scalars(select(ReminderRow.call_id).where(*mine)).one_or_none() == NIDI.id
            if act is Act.MUTE:
                return "infanzia" in subscriptions.find(session, self.subscription.id).wanted.muted
            mine = DecisionRow.account_id == self.account_id, DecisionRow.withdrawn_at.is_(None)
            kinds = session.scalars(select(DecisionRow.kind).where(*mine)).all()
            return [kind.value for kind in kinds] == [{"interested": "saved"}.get(act.value, act.value)]


@pytest.fixture
def box(app):
    made = Letterbox(app)
    yield made
    with writing(made.engine) as session:
        for row in (DecisionRow, ReminderRow):
            for one in session.scalars(select(row).where(row.account_id == made.account_id)):
                one.withdrawn_at, one.active_key = now(), None


@pytest.fixture
def stranger(app):
    """A browser that is logged in nowhere, as the one in which an e-mail's link opens."""
    return TestClient(app, base_url=BASE_URL, headers=BROWSER | {"Origin": BASE_URL}, follow_redirects=True)


def _everything(engine):
    """All rows of all tables."""
    with reading(engine) as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in METADATA.sorted_tables}


DOING = [Act.INTERESTED, Act.NOT_FOR_US, Act.REMIND, Act.MUTE]


def test_a_scanner_that_opens_every_link_changes_nothing(app, box):
    before = _everything(box.engine)
    scanner = TestClient(app, base_url=BASE_URL)
    for address in box.every_link():
        for ask in (scanner.get, scanner.head, scanner.options):
            ask(address)
        assert scanner.get(address).status_code == 200
    assert _everything(box.engine) == before


@pytest.mark.parametrize("act", DOING)
def test_the_page_says_what_it_would_do_and_the_button_does_it_once(box, stranger, act):
    page = stranger.get(box.link(act))
    assert "Premendo il bottone" in page.text
    assert not box.holds(act)
    for _ in range(2):
        done = stranger.post(box.link(act), data={"che": "fai", "motivo": "no_staff"})
        assert done.status_code == 200
        assert "Fatto:" in done.text
        assert box.holds(act)


@pytest.mark.parametrize("act", DOING)
def test_what_was_done_is_undone_by_the_button_beside_it_and_done_again(box, stranger, act):
    stranger.post(box.link(act), data={"che": "fai"})
    undone = stranger.post(box.link(act), data={"che": "annulla"})
    assert "Annullato" in undone.text
    assert not box.holds(act)
    stranger.post(box.link(act), data={"che": "annulla"})
    assert not box.holds(act)
    stranger.post(box.link(act), data={"che": "fai"})
    assert box.holds(act)


def test_the_act_is_the_persons_own_and_the_trail_says_it_came_from_an_e_mail(box, stranger):
    stranger.post(box.link(Act.NOT_FOR_US), data={"che": "fai", "motivo": "wrong_size"})
    with reading(box.engine) as session:
        decision = session.scalars(select(DecisionRow).where(DecisionRow.account_id == box.account_id)).one()
        mine = AuditEventRow.account_id == box.account_id
        events = {event.action: event for event in session.scalars(select(AuditEventRow).where(mine))}
    assert decision.reason.value == "wrong_size"
    assert events["digest.answered"].details == {"via": "e-mail", "act": "not_for_us"}
    assert events["digest.answered"].commune_istat == RHO.istat
    assert "decisions.created" in events


def test_a_contradiction_is_told_and_changes_nothing(box, stranger):
    box_client = in_session(box.app, box.account_id)
    box_client.post("/api/v1/decisions", json={"call_id": NIDI.id, "kind": "applied"})
    refused = stranger.post(box.link(Act.NOT_FOR_US), data={"che": "fai"})
    assert "Nel frattempo" in refused.text
    assert not box.holds(Act.NOT_FOR_US)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-9] + ("A" if link[-9] != "A" else "B") + link[-8:],
        lambda link: link[:-8],
        lambda link: link.replace(".", "A."),
    ],
)
def test_a_link_that_was_changed_on_the_way_does_nothing(box, stranger, spoil):
    address = spoil(box.link(Act.INTERESTED))
    for answer in (stranger.get(address), stranger.post(address, data={"che": "fai"})):
        assert answer.status_code == 404
        assert "Questo link non vale più" in answer.text
    assert not box.holds(Act.INTERESTED)


def test_a_link_is_for_one_thing_only(box, stranger):
    head, _, signature = box.link(Act.INTERESTED).rpartition(".")
    other = box.link(Act.NOT_FOR_US).rpartition(".")[0]
    assert stranger.post(f"{other}.{signature}", data={"che": "fai"}).status_code == 404
    assert head != other


def test_a_link_whose_time_is_over_does_nothing(box, stranger):
    address = box.link(Act.INTERESTED)
    with time_machine.travel(now() + timedelta(days=31)):
        assert stranger.post(address, data={"che": "fai"}).status_code == 404
    assert not box.holds(Act.INTERESTED)


def test_a_link_for_a_commune_that_is_not_the_persons_does_nothing(box, stranger):
    address = box.link(Act.INTERESTED, commune_istat=GREZZAGO.istat)
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"che": "fai"}).status_code == 404


def test_a_link_of_an_account_that_was_closed_since_does_nothing(box, stranger):
    with writing(box.engine) as session:
        session.get_one(AccountRow, box.account_id).state = AccountState.DISABLED
    assert stranger.post(box.link(Act.INTERESTED), data={"che": "fai"}).status_code == 404
    assert not box.holds(Act.INTERESTED)


def test_the_incubators_people_do_not_decide_by_a_link(app, stranger):
    box = Letterbox(app, role=Role.CONSULTANT)
    assert stranger.post(box.link(Act.INTERESTED), data={"che": "fai"}).status_code == 404


def _state(box):
    with reading(box.engine) as session:
        return subscriptions.find(session, box.subscription.id).state


def test_one_click_of_a_mail_program_needs_no_cookie_no_page_of_ours_and_no_second_click(app, box):
    program = TestClient(app, base_url=BASE_URL, follow_redirects=False)
    address = f"/disiscrizione/{box.subscription.token}"
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = program.post(address, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert answer.status_code == 200
        assert _state(box) is SubscriptionState.ENDED


def test_who_unsubscribes_by_the_page_can_take_it_back(box, stranger):
    address = f"/disiscrizione/{box.subscription.token}"
    assert "non arriva più" in stranger.get(address).text
    assert _state(box) is SubscriptionState.ACTIVE
    assert "Fatto" in stranger.post(address, data={"che": "fai"}).text
    assert _state(box) is SubscriptionState.ENDED
    stranger.post(address, data={"che": "annulla"})
    assert _state(box) is SubscriptionState.ACTIVE


def test_a_token_that_nobody_has_ends_nothing(stranger):
    assert stranger.get("/disiscrizione/nessuno").status_code == 404
    assert stranger.post("/disiscrizione/nessuno", data={"List-Unsubscribe": "One-Click"}).status_code == 404


def test_a_visitor_gets_nothing_before_the_address_is_confirmed_and_confirms_it_with_a_button(app, stranger):
    engine, settings = app.state.remix.engine, app.state.remix.settings
    with writing(engine) as session:
        made = subscriptions.ask(Acting(session, VISITOR), "qualcuno@ente.example", RHO_ALONE)
    letter = confirmation(settings, made)
    address = next(line for line in letter.text.splitlines() if "/dalla-posta/" in line).partition("8000")[2]
    assert "Premendo il bottone" in stranger.get(address).text
    with reading(engine) as session:
        assert subscriptions.find(session, made.id).state is SubscriptionState.PENDING
    assert "Fatto" in stranger.post(address, data={"che": "fai"}).text
    assert "Fatto" in stranger.post(address, data={"che": "fai"}).text
    with reading(engine) as session:
        assert subscriptions.find(session, made.id).state is SubscriptionState.ACTIVE


def test_people_choose_in_their_account_what_they_receive(app, as_somebody):
    browser = as_somebody(Role.COMMUNE, RHO.istat)
    page = browser.get("/account/posta")
    assert "Ora non la ricevi" in page.text
    assert 'value="commune|015182" id="segui-1" checked' in page.text
    sent = {"segui": ["commune|015182"], "comune": "Grezzago", "lingua": "en", "tranquilla": "skip", "versione": "0"}
    saved = browser.post("/account/posta", data=sent)
    assert "Salvato" in saved.text
    assert "Grezzago" in saved.text
    assert 'value="skip" id="tranquilla-skip" checked' in saved.text
    stale = browser.post("/account/posta", data=sent)
    assert "Nel frattempo la scelta è cambiata" in stale.text


def test_what_was_muted_is_listed_and_comes_back_without_its_tick(box, stranger):
    stranger.post(box.link(Act.MUTE), data={"che": "fai"})
    browser = as_browser(in_session(box.app, box.account_id))
    assert "infanzia" in browser.get("/account/posta").text
    sent = {"segui": ["commune|015182"], "lingua": "it", "tranquilla": "say_so", "versione": "2"}
    assert "Salvato" in browser.post("/account/posta", data=sent).text
    assert not box.holds(Act.MUTE)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"segui": [], "versione": "0"}, "Scegli almeno una cosa"),
        ({"segui": ["commune|015182"], "comune": "Atlantide", "versione": "0"}, "Questo comune non si trova"),
        ({"segui": ["need|nulla"], "versione": "0"}, "Scegli almeno una cosa"),
        ({"segui": ["commune|015182"], "tipo": Audience.CONSULTANT.value, "versione": "0"}, "non si può salvare"),
    ],
)
def test_what_cannot_be_chosen_is_said_so(as_somebody, sent, said):
    answer = as_somebody(Role.COMMUNE, RHO.istat).post("/account/posta", data=sent)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_visitor_is_told_the_same_whether_the_address_is_known_or_not(browser, box):
    with reading(box.engine) as session:
        known = session.get_one(AccountRow, box.account_id).email
    told = {
        browser.post("/posta-settimanale", data={"email": email, "comune": "Rho", "lingua": "it"}).text
        for email in (known, "nuovo@ente.example")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    ("email", "commune", "said"),
    [
        ("protocollo@pec.comune.example", "Rho", "posta certificata"),
        ("senza chiocciola", "Rho", "indirizzo completo"),
        ("a@ente.example", "Atlantide", "Questo comune non si trova"),
    ],
)
def test_a_visitor_is_told_what_cannot_be_asked_for(app, email, commune, said, monkeypatch):
    monkeypatch.setattr("service.pages.weekly_email.post_of", lambda _settings: type("Post", (), {"server": object()}))
    browser = TestClient(app, base_url=BASE_URL, headers=BROWSER | {"Origin": BASE_URL})
    answer = browser.post("/posta-settimanale", data={"email": email, "comune": commune})
    assert answer.status_code == 422
    assert said in answer.text
