import re
from html import unescape
from urllib.parse import urlencode

from tests.matcher.partners.village import GESSATE, GORGONZOLA, INZAGO, MELZO
from tests.service.partners.conftest import VALLEY_CALL

ASKED = {
    "testo": "Due appartamenti per adulti con disabilità",
    "comune": GORGONZOLA.name,
    "cercate": "associazione per persone con disabilità; comuni vicini",
    "bando": VALLEY_CALL.id,
}


def _page(browser, path, **more):
    return browser.get(f"{path}?{urlencode(ASKED | more, doseq=True)}")


def _with(*communes):
    return [f"comuni:{one.istat}" for one in communes]


def test_the_page_of_a_call_leads_to_partners(browser):
    assert f"/partner?bando={VALLEY_CALL.id.replace(':', '%3A')}" in browser.get(f"/bandi/{VALLEY_CALL.id}").text


def test_whoever_asks_nothing_yet_gets_the_form(browser):
    shown = browser.get(f"/partner?bando={VALLEY_CALL.id}")
    assert shown.status_code == 200
    assert 'name="testo"' in shown.text


def test_partners_are_told_with_their_role_and_how_sure_it_is(browser):
    shown = unescape(_page(browser, "/partner").text)
    assert "ANFFAS MARTESANA" in shown
    assert "persone con disabilità" in shown
    assert "Che cosa fa lo dice solo il nome" in shown


def test_a_commune_that_is_not_there_is_told_beside_the_form(browser):
    shown = _page(browser, "/partner", comune="Nessunluogo")
    assert shown.status_code == 422
    assert "Quale comune?" in shown.text


def test_the_builder_says_what_is_missing_and_what_changes_when_one_more_takes_part(browser):
    assert "ne mancano 1" in _page(browser, "/partenariato", con=_with(MELZO)).text
    assert "ne mancano" not in _page(browser, "/partenariato", con=_with(MELZO, INZAGO)).text


def test_a_member_is_swapped_by_one_form_without_scripts(browser):
    shown = _page(browser, "/partenariato", con=_with(MELZO, INZAGO), togli=_with(MELZO)[0], metti=_with(GESSATE)[0])
    members = shown.text.partition("Le regole del bando")[0]
    assert "Comune di Gessate" in members
    assert re.search(r"<strong>Comune di Melzo</strong>", members) is None


def test_a_proposal_fills_the_partnership_by_its_address(browser):
    shown = _page(browser, "/partenariato").text
    use = unescape(re.search(r'<a href="(/partenariato\?[^"#]+)#regole">Parti da questo', shown)[1])
    assert "ne mancano" not in browser.get(use).text


def test_a_rule_that_cannot_be_settled_stays_to_be_checked(browser):
    shown = _page(browser, "/partenariato", con=_with(MELZO, INZAGO)).text
    assert "ciascuno deve dirlo" in shown


def test_a_commune_lets_others_know_and_takes_it_back_on_the_page(browser_of):
    melzo, gorgonzola = browser_of(MELZO.istat), browser_of(GORGONZOLA.istat)
    address = f"/partner?{urlencode(ASKED | {'comune': MELZO.name})}"
    sent = {"bando": VALLEY_CALL.id, "a_chi": "zone", "recapito": "sportello casa", "ritorno": address}
    shown = melzo.post(f"/comuni/{MELZO.istat}/interesse", data=sent).text
    assert "Fatto: lo vedranno solo quelli che avete indicato" in shown
    assert "sportello casa" in _page(gorgonzola, "/partner").text
    back = re.search(r'action="(/comuni/\d+/interesse/[^"]+/ritiro)"', shown)[1]
    shown = melzo.post(back, data={"ritorno": address}).text
    assert "non lo vede più nessun altro comune" in shown
    assert "sportello casa" not in _page(gorgonzola, "/partner").text
    again = re.search(r'action="(/comuni/\d+/interesse/[^"]+/ripristino)"', shown)[1]
    melzo.post(again, data={"ritorno": address})
    assert "sportello casa" in _page(gorgonzola, "/partner").text


def test_a_visitor_is_not_asked_for_consent(browser):
    assert "Farsi trovare" not in _page(browser, "/partner").text
