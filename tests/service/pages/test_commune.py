"""What a commune does on its own pages, as a browser without scripts would."""

import re
from urllib.parse import quote

import pytest

from service.accounts.tables import Role
from tests.service.pages.conftest import hidden
from tests.world import CICLABILI, GREZZAGO, NIDI, NOSATE, RHO, SCUOLE_SICURE

HOME = f"/comuni/{RHO.istat}"
SCHOOL = {"title": "Scuola fredda", "text": "La scuola di via Roma ha bisogno di cappotto termico e nuovi impianti."}


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


@pytest.fixture
def need(rho):
    """The address of a need of Rho."""
    made = rho.post(f"{HOME}/bisogni", data=SCHOOL)
    yield made.url.path
    rho.post(f"{made.url.path}/archivia")


def card(page, call):
    """The part of a page that is about one call."""
    found = re.search(rf"<article(?:(?!</article>).)*{re.escape(quote(call.id))}.*?</article>", page, re.S)
    assert found, call.title
    return found[0]


def decide(browser, call, address, **sent):
    return browser.post(f"{HOME}/decisioni", data={"bando": call.id, "ritorno": address, **sent})


def undo_of(page):
    return re.search(r'action="([^"]+/(?:ritiro|ripristino))" class="remix-inline"', page)[1]


def test_a_commune_that_has_written_nothing_is_shown_how_to_begin(as_somebody):
    browser = as_somebody(Role.COMMUNE, NOSATE.istat)
    shown = browser.get(f"/comuni/{NOSATE.istat}").text
    assert "Da dove si comincia" in shown
    example = re.search(r'href="([^"]+esempio=scuola)"', shown)[1]
    assert "Scuola fredda" in browser.get(example).text


def test_the_facts_of_a_commune_are_on_its_first_page(rho):
    shown = rho.get(HOME).text
    assert "50.904" in shown
    assert "Nord Ovest" in shown


def test_a_need_that_is_written_leads_to_the_calls_for_it(rho, need):
    shown = rho.get(need).text
    assert SCUOLE_SICURE.title in card(shown, SCUOLE_SICURE)
    assert "Mostra le prove" in shown
    assert "Scuola fredda" in rho.get(HOME).text
    assert need in rho.get(f"{HOME}/bandi").text


def test_what_is_typed_into_a_need_comes_back_as_text(rho):
    sent = SCHOOL | {"title": "Più di <b>tutto</b> & altro"}
    refused = rho.post(f"{HOME}/bisogni", data=sent)
    assert refused.status_code == 422
    assert "Più di &lt;b&gt;tutto" in refused.text


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("bisogni", "text", ""),
        ("progetti", "cup", "BREVE"),
        ("progetti", "amount", "molto"),
        ("beni", "surface_m2", "-3"),
    ],
)
def test_a_field_that_cannot_be_accepted_is_named_and_nothing_typed_is_lost(rho, kind, field, value):
    answer = rho.post(f"{HOME}/{kind}", data=SCHOOL | {field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Scuola fredda" in answer.text


def test_all_fields_of_a_project_and_an_asset_are_kept_and_shown_in_words(rho):
    project = SCHOOL | {"state": "idea", "amount": "250000.50", "cup": "B12C34567890123"}
    shown = rho.post(f"{HOME}/progetti", data=project).text
    assert "un’idea" in shown
    assert "250.000,50" in shown
    asset = SCHOOL | {"tipo": "capannone", "surface_m2": "1200", "state": "chiuso", "path": "sale"}
    shown = rho.post(f"{HOME}/beni", data=asset).text
    assert "capannone" in shown
    assert "1.200" in shown
    assert "vendita" in shown


def test_a_change_that_somebody_else_overtook_shows_both_and_can_be_sent_again(rho, need):
    version = hidden(rho.get(f"{need}/modifica").text, "versione")
    rho.post(f"{need}/modifica", data=SCHOOL | {"versione": version, "title": "Scuola più calda"})
    late = rho.post(f"{need}/modifica", data=SCHOOL | {"versione": version, "title": "Scuola gelida"})
    assert late.status_code == 412
    assert "Qualcun altro ha salvato" in late.text
    assert "Scuola più calda" in late.text
    again = hidden(late.text, "versione")
    done = rho.post(f"{need}/modifica", data=SCHOOL | {"versione": again, "title": "Scuola gelida"})
    assert "Scuola gelida" in done.text
    assert "La modifica è salvata" in done.text


def test_a_change_is_undone_and_every_version_is_there(rho, need):
    version = hidden(rho.get(f"{need}/modifica").text, "versione")
    changed = rho.post(f"{need}/modifica", data=SCHOOL | {"versione": version, "title": "Palestra fredda"})
    undone = rho.post(f"{need}/annulla", data={"versione": hidden(changed.text, "versione")}).text
    assert "<h1>Scuola fredda</h1>" in undone
    assert "da «Scuola fredda» a «Palestra fredda»" in undone
    assert "3 versioni" in undone


def test_what_is_archived_is_out_of_the_list_and_can_be_taken_back(rho, need):
    own = need.rpartition(":")[2]
    assert "archiviato" in rho.post(f"{need}/archivia").text
    assert own not in rho.get(f"{HOME}/bisogni").text
    assert own in rho.get(f"{HOME}/bisogni", params={"archiviati": "1"}).text
    rho.post(f"{need}/ripristina")
    assert own in rho.get(f"{HOME}/bisogni").text


def test_a_call_is_saved_and_that_is_taken_back_with_one_button(rho, need):
    shown = decide(rho, SCUOLE_SICURE, need, che="saved").text
    assert "Il bando è tra quelli salvati" in shown
    assert "salvato" in card(shown, SCUOLE_SICURE)
    assert SCUOLE_SICURE.title in rho.get(f"{HOME}/decisioni").text
    back = rho.post(undo_of(shown), data={"ritorno": need}).text
    assert "La decisione è ritirata" in back
    assert SCUOLE_SICURE.title not in rho.get(f"{HOME}/decisioni").text
    again = rho.post(undo_of(back), data={"ritorno": need}).text
    assert "La decisione vale di nuovo" in again
    rho.post(undo_of(again))


def test_what_was_said_for_one_need_is_not_said_for_another(rho, need):
    saved = decide(rho, SCUOLE_SICURE, need, che="saved", tipo="needs", voce=need.rpartition("/")[2]).text
    assert "salvato" in card(saved, SCUOLE_SICURE)
    other = rho.post(f"{HOME}/bisogni", data=SCHOOL)
    assert "salvato" not in card(other.text, SCUOLE_SICURE)
    rho.post(f"{other.url.path}/archivia")
    rho.post(undo_of(saved))


def test_a_call_that_is_not_for_us_is_shown_no_more_and_its_reason_is_kept(rho, need):
    shown = decide(rho, SCUOLE_SICURE, need, che="not_for_us", motivo="no_staff", nota="Manca il tecnico").text
    assert f'value="{SCUOLE_SICURE.id}"' not in shown
    kept = rho.get(f"{HOME}/decisioni").text
    assert "non abbiamo chi se ne occupi" in kept
    assert "Manca il tecnico" in kept
    assert f'value="{SCUOLE_SICURE.id}"' in rho.post(undo_of(shown), data={"ritorno": need}).text


def test_an_application_is_followed_to_its_outcome_and_contradictions_are_refused(rho, need):
    applied = decide(rho, SCUOLE_SICURE, need, che="applied").text
    assert "È stata finanziata" in card(applied, SCUOLE_SICURE)
    funded = decide(rho, SCUOLE_SICURE, need, che="funded").text
    assert "finanziato" in card(funded, SCUOLE_SICURE)
    assert "avete già deciso altro" in decide(rho, SCUOLE_SICURE, need, che="rejected").text
    for action in re.findall(r'action="([^"]+/ritiro)"', rho.get(f"{HOME}/decisioni").text):
        rho.post(action)


def test_a_decision_leads_back_only_to_pages_of_ours(rho):
    rho.follow_redirects = False
    sent = {"bando": CICLABILI.id, "che": "saved", "ritorno": "//example.org"}
    address = rho.post(f"{HOME}/decisioni", data=sent).headers["location"]
    assert address.startswith(f"{HOME}/decisioni?")
    rho.post(f"{HOME}/decisioni/{address.rpartition('detto=')[2]}/ritiro")


def test_the_same_page_is_not_asked_anew_until_something_changes(app, rho, need):
    def answers():
        return len(
            rho.get("/api/v1/answers", params={"limit": 100}, headers={"Accept": "application/json"}).json()["items"]
        )

    rho.get(need)
    before = answers()
    rho.get(need)
    assert answers() == before
    shown = decide(rho, SCUOLE_SICURE, need, che="not_for_us", motivo="other").text
    assert answers() == before + 1
    rho.post(undo_of(shown))


def test_a_wrong_fact_is_corrected_and_the_correction_undone(rho):
    page = rho.get(f"{HOME}/dati").text
    sent = {
        "versione": hidden(page, "versione"),
        "population": "51000",
        "population_year": "2022",
        "zone": "Nord Ovest",
    }
    corrected = rho.post(f"{HOME}/dati", data=sent).text
    assert "La correzione è salvata" in corrected
    assert "51.000" in corrected
    assert "da «50.904» a «51.000»" in corrected
    late = rho.post(f"{HOME}/dati", data=sent | {"population": "52000"})
    assert late.status_code == 412
    assert "51.000" in late.text
    undone = rho.post(f"{HOME}/dati/annulla", data={"versione": hidden(corrected, "versione")}).text
    assert 'value="50904"' in undone


def test_a_fact_that_cannot_be_is_refused_and_named(rho):
    page = rho.get(f"{HOME}/dati").text
    answer = rho.post(f"{HOME}/dati", data={"versione": hidden(page, "versione"), "population": "molti"})
    assert answer.status_code == 422
    assert 'href="#population"' in answer.text


def test_deadlines_are_there_as_list_and_as_month(rho, need, app):
    shown = rho.get(f"{HOME}/scadenze", params={"mese": "2026-12"}).text
    assert "dicembre 2026" in shown.lower()
    assert 'href="?mese=2027-01#mese"' in shown
    assert shown.count("<td") == 35


@pytest.mark.parametrize("month", ["2026-13", "ieri", "0001-01", "9999-12", "2026-1"])
def test_a_month_that_is_none_shows_another_one(rho, month):
    assert rho.get(f"{HOME}/scadenze", params={"mese": month[:7]}).status_code == 200


def test_a_page_full_of_calls_travels_packed_and_light(rho, need):
    answer = rho.get(need)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 40_000
    assert "Content-Encoding" not in rho.get(need, headers={"Accept-Encoding": "identity"}).headers


def test_another_communes_pages_do_not_exist(as_somebody, need):
    stranger = as_somebody(Role.COMMUNE, GREZZAGO.istat)
    inside = need.rpartition("/")[2]
    for address in (HOME, f"{HOME}/bandi", need, f"/comuni/{GREZZAGO.istat}/bisogni/{inside}", "/comuni/000000"):
        assert stranger.get(address).status_code == 404, address
    assert stranger.post(f"{HOME}/bisogni", data=SCHOOL).status_code == 404
    assert stranger.post(f"/comuni/{GREZZAGO.istat}/bisogni/{inside}/archivia").status_code == 404


def test_the_incubator_sees_and_writes_for_a_commune(as_somebody, need):
    staff = as_somebody(Role.CONSULTANT)
    assert "Scuola fredda" in staff.get(need).text
    assert staff.get(need.replace(RHO.istat, GREZZAGO.istat)).status_code == 404


def test_a_made_up_kind_of_page_is_not_found(rho):
    assert rho.get(f"{HOME}/segreti").status_code == 404


def test_a_commune_finds_its_own_page_in_the_menu(rho):
    assert f'href="{HOME}"' in rho.get("/bandi").text


def test_from_the_list_of_decisions_one_goes_on_to_the_outcome_and_back(rho):
    page = rho.post(f"{HOME}/decisioni", data={"bando": NIDI.id, "che": "saved"}).text
    for kind, told in (("applied", "Domande presentate"), ("rejected", "Domande respinte")):
        assert f'value="{kind}"' in page
        page = rho.post(f"{HOME}/decisioni", data={"bando": NIDI.id, "che": kind}).text
        assert told in page
    assert 'name="che"' not in page
    for _ in range(3):
        page = rho.post(re.search(r'action="([^"]+/ritiro)"', page.split("<h1")[1])[1]).text
    assert "Ancora niente" in page
