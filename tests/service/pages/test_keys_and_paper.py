"""What a keyboard, a reader who wants no motion, and a printer make of the pages of the main journeys."""

import os
import re
from pathlib import Path

import pytest

from service.accounts.tables import Role
from tests.service.access.bodies import OWN
from tests.service.access.samples import Samples
from tests.service.pages.chromium import LONGEST_WALK, chromium, served, tab_to, visits
from tests.world import SCUOLE_SICURE

pytestmark = pytest.mark.slow
CALL = f"/bandi/{SCUOLE_SICURE.id}"
HOME = f"/comuni/{OWN.istat}"
PAGES = [
    (Role.PUBLIC, "/"),
    (Role.PUBLIC, "/bandi"),
    (Role.PUBLIC, CALL),
    (Role.PUBLIC, "/accedi"),
    (Role.COMMUNE, HOME),
    (Role.COMMUNE, f"{HOME}/bandi"),
    (Role.COMMUNE, f"{HOME}/bisogni/nuovo"),
    (Role.COMMUNE, f"{HOME}/scadenze"),
    (Role.CONSULTANT, "/incubatore"),
    (Role.CONSULTANT, "/incubatore/lista"),
    (Role.CONSULTANT, f"/incubatore/bandi/{SCUOLE_SICURE.id}"),
    (Role.ADMINISTRATOR, "/amministrazione"),
    (Role.ADMINISTRATOR, "/amministrazione/registro"),
]
MOST_STOPS = 400
WHAT_HAS_THE_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  window.__order = window.__order || [...document.querySelectorAll("*")];
  return {
    html: one.outerHTML.slice(0, 120),
    place: window.__order.indexOf(one),
    seen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""
MOVES = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  return (style.animationName !== "none" && lasts(style.animationDuration)) || lasts(style.transitionDuration);
}).map((one) => one.outerHTML.slice(0, 120))"""
TEXT_ON_PAPER = """() => {
  const said = (one) => one.checkVisibility({ visibilityProperty: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) if (said(walker.currentNode.parentElement)) words.push(walker.currentNode.data);
  return words.join(" ").replace(/\\s+/g, " ");
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def samples(app):
    made = Samples(app)
    for place in ("needs/{item_id}", "decisions/{decision_id}", "work-items/{work_item_id}", "picks/{pick_id}"):
        made.made(f"/api/v1/{place}", OWN, Role.COMMUNE)
    return made


@pytest.fixture(scope="module")
def address(app, samples):
    with served(app) as address:
        yield address


@pytest.fixture
def page_of(samples, browser, address):
    """Open a page as a role, in the account that has written something."""
    with visits(samples.app, browser, address) as opened:
        yield lambda role, **options: opened(role, samples.account(role) if role is not Role.PUBLIC else "", **options)


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_tab_goes_through_a_page_in_its_order_in_sight_and_out_again(page_of, role, path):
    # What has the focus scrolls into sight at once, and not while the next key is pressed.
    page = page_of(role, reduced_motion="reduce")
    page.goto(path)
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHAT_HAS_THE_FOCUS)
        if stop is None or (stops and stop["place"] == stops[0]["place"]):
            break
        stops.append(stop)
    else:
        pytest.fail(f"no way out within {MOST_STOPS} presses of Tab; at {stops[-1]['html']}")
    assert "contenuto" in stops[0]["html"], "the first stop is no skip link"
    assert [stop["html"] for stop in stops if not stop["seen"]] == []
    assert [stop["html"] for stop in stops if not stop["ringed"]] == []
    places = [stop["place"] for stop in stops]
    assert places == sorted(places)


def test_the_skip_link_leads_past_the_head_of_the_page(page_of):
    page = page_of(Role.PUBLIC)
    page.goto("/bandi")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenuto"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_keys_alone_lead_a_visitor_from_a_need_to_the_evidence_and_the_call(page_of):
    page = page_of(Role.PUBLIC)
    page.goto("/")
    tab_to(page, "#testo")
    page.keyboard.type("Rifacimento delle scuole: cappotto e nuovi impianti per la scuola di via Roma.")
    tab_to(page, "#comune")
    page.keyboard.type("Rho")
    tab_to(page, "main form .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/raccomandazioni/*")
    tab_to(page, "article summary")
    page.keyboard.press("Enter")
    assert page.locator("article details").first.get_attribute("open") is not None
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('article h3 a')"):
            break
    title = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bandi/**")
    assert page.locator("h1").inner_text() == title


@pytest.mark.parametrize(("role", "path"), [(Role.PUBLIC, "/"), (Role.COMMUNE, HOME), (Role.CONSULTANT, "/incubatore")])
def test_nothing_moves_for_who_wants_no_motion(page_of, role, path):
    page = page_of(role, reduced_motion="reduce")
    page.goto(path)
    assert page.evaluate(MOVES) == []


def answered(page):
    page.goto("/")
    page.fill("#testo", "La scuola di via Roma ha bisogno di cappotto termico e nuovi impianti.")
    page.fill("#comune", "Rho")
    page.click("main form .btn-primary")
    page.wait_for_url("**/raccomandazioni/*")


@pytest.mark.parametrize(
    ("role", "path", "said"),
    [
        (Role.PUBLIC, "", ["Bandi per Rho", "Scadenza", "Si può fare domanda?", "«"]),
        (Role.PUBLIC, CALL, [SCUOLE_SICURE.title, "Scadenza", "Chi può fare domanda"]),
        (Role.COMMUNE, f"{HOME}/scadenze", ["Scadenze", SCUOLE_SICURE.title]),
        (Role.CONSULTANT, "/incubatore/lista", ["Lista di lavoro", OWN.name, SCUOLE_SICURE.title]),
    ],
    ids=["answer", "call", "deadlines", "worklist"],
)
def test_a_printed_page_holds_what_matters_and_no_buttons(page_of, tmp_path, role, path, said):
    page = page_of(role)
    if path:
        page.goto(path)
    else:
        answered(page)
    page.emulate_media(media="print")
    words = page.evaluate(TEXT_ON_PAPER)
    assert [one for one in said if one not in words] == []
    buttons = page.locator("button:visible, input:visible, select:visible, nav:visible").evaluate_all(
        "all => all.map((one) => one.outerHTML.slice(0, 80))"
    )
    assert buttons == []
    file = tmp_path / "page.pdf"
    page.pdf(path=str(file), format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", file.read_bytes())) <= 12
    keep(file, role, path)


def keep(file, role, path):
    """Leave the paper where REMIX_SCREENSHOTS names a folder, to be looked at."""
    if folder := os.environ.get("REMIX_SCREENSHOTS"):
        name = f"{role}{path.replace('/', '-').replace(':', '-') or '-answer'}.pdf"
        (Path(folder) / name).write_bytes(file.read_bytes())
