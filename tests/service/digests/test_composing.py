"""The weekly e-mail as it is read: golden ones, and what holds for every one."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest
import time_machine
from icalendar import Calendar

from matcher.records import Moment
from matcher.verdicts import Verdict
from service.digests.content import Change, Reason
from service.digests.editor import ROOM_IN_ALL
from service.digests.links import Act, Links
from service.digests.news import TOLD
from service.digests.weeks import Week
from service.digests.words import time_left, when_words
from service.moments import ROME
from tests import world
from tests.service.digests.editions import (
    EDITIONS,
    GOLDEN,
    KEY,
    MONDAY,
    PUBLIC,
    composer,
    consultants_week,
    entry,
    full_week,
    quiet_week,
    written,
)

MOST_BYTES = 100_000
LINKS = Links(KEY, PUBLIC)


class Read(HTMLParser):
    """Reads what a part refers to."""

    def __init__(self, html):
        super().__init__()
        self.addresses, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "background", "action")]


@pytest.fixture(params=EDITIONS.values(), ids=EDITIONS)
def mail(request):
    return composer()(request.param())


@pytest.mark.parametrize("name", EDITIONS)
def test_each_golden_e_mail_is_what_is_written_now(name):
    for ending, content in written(composer()(EDITIONS[name]())).items():
        golden = (GOLDEN / f"{name}.{ending}").read_bytes()
        assert content == golden, f"look at it, then: python -m tests.service.digests.editions ({name}.{ending})"


def test_no_golden_e_mail_is_left_that_nobody_writes():
    made = {f"{name}.{ending}" for name, edition in EDITIONS.items() for ending in written(composer()(edition()))}
    assert {path.name for path in GOLDEN.iterdir()} == made


def test_nothing_is_loaded_from_anywhere_and_nothing_spies(mail):
    read = Read(mail.html)
    assert not {"img", "script", "iframe", "link", "form", "object"} & set(read.tags)
    assert "url(" not in mail.html
    assert "@import" not in mail.html


def test_every_link_leads_to_the_portal_or_to_an_event_and_every_token_is_read_again(mail):
    for address in Read(mail.html).addresses:
        assert address.startswith((f"{PUBLIC}/", "https://incubatore.example/"))
        if "/dalla-posta/" in address:
            assert _read(address).person_id == "5b1c0f6e-7d7e-4f57-9a39-0c5e7f2f4c11"


def _read(address):
    with time_machine.travel(MONDAY, tick=False):
        return LINKS.read(address.rpartition("/")[2])


def test_the_text_part_keeps_to_72_columns_and_has_links_on_lines_of_their_own(mail):
    for line in mail.text.splitlines():
        if "https://" in line:
            assert re.fullmatch(r" *https://\S+", line)
        else:
            assert len(line) <= 72, line


def test_both_parts_name_the_same_calls_and_offer_the_same(mail):
    addresses = {address for address in Read(mail.html).addresses if "/dalla-posta/" in address or "/bandi/" in address}
    assert addresses == set(re.findall(r"https://\S+/(?:dalla-posta|bandi|incubatore/bandi)/\S+", mail.text))


def test_the_language_of_the_reader_is_stated():
    assert '<html lang="it"' in composer()(full_week()).html
    english = composer()(EDITIONS["english"]())
    assert '<html lang="en"' in english.html
    assert "Closes today at 12:00" in english.subject


def test_the_longest_week_stays_below_what_mail_programs_clip():
    long = entry(
        replace(world.NIDI, title="Avviso pubblico " * 15, issuer="Ministero dell'istruzione e del merito " * 3),
        Reason.CHANGED, 1, why=("same_subject", "shared_words:" + ", ".join(["riqualificazione"] * 6)),
        verdict=Verdict.UNKNOWN, to_check=("applicants", "territory"), working_days=3, item="Una scuola " * 8,
        theme="rigenerazione urbana e ambientale",
        changes=tuple(Change(name, f'"{"a" * 300}"', f'"{"b" * 300}"') for name in TOLD[-4:]),
    )  # fmt: skip
    digest = full_week()
    section = replace(digest.sections[0], entries=tuple(replace(long, call_id=f"c:{n}") for n in range(ROOM_IN_ALL)))
    mail = composer()(replace(digest, sections=(section,)))
    assert len(mail.html.encode()) <= MOST_BYTES


def test_a_title_cannot_write_html_nor_a_header():
    hostile = entry(replace(world.NIDI, title='<script>alert(1)</script>"\r\nBcc: altri@example.org'), Reason.NEW, 1)
    digest = replace(full_week(), sections=(replace(full_week().sections[0], entries=(hostile,)),))
    mail = composer()(digest)
    assert "<script" not in mail.html
    assert "\n" not in mail.subject
    assert parseaddr(mail.subject)[1] != "altri@example.org"


def test_a_deadline_of_the_day_says_so_on_monday_morning():
    mail = composer()(full_week())
    assert mail.subject.startswith("Scade oggi alle 12:00: ")
    assert "oggi, lunedì 5 maggio 2025, alle 12:00" in mail.text
    assert "è l’ultimo giorno" in mail.text


@pytest.mark.parametrize(
    ("at", "closes", "said"),
    [
        ((2025, 3, 29, 9), (2025, 3, 30, 12), "domani, domenica 30 marzo 2025, alle 12:00"),
        ((2025, 3, 30, 9), (2025, 3, 31, 12), "domani, lunedì 31 marzo 2025, alle 12:00"),
        ((2025, 10, 25, 23), (2025, 10, 26, 23), "domani, domenica 26 ottobre 2025, alle 23:00"),
        ((2025, 12, 31, 9), (2026, 1, 1, 0), "domani, giovedì 1 gennaio 2026, alle 00:00"),
        ((2025, 12, 31, 9), (2026, 1, 2, 9), "venerdì 2 gennaio 2026, alle 09:00"),
    ],
)
def test_tomorrow_is_the_next_day_of_romes_clocks(at, closes, said):
    assert when_words(Moment(datetime(*closes, tzinfo=ROME), True), datetime(*at, tzinfo=ROME), "it") == said


def test_a_deadline_whose_hour_nobody_stated_promises_none():
    closes = Moment(datetime(2025, 5, 5, 23, 59, tzinfo=ROME), False)
    assert when_words(closes, MONDAY, "it") == "oggi, lunedì 5 maggio 2025 (ora non indicata)"


@pytest.mark.parametrize(
    ("left", "usual", "said"),
    [
        (0, 7, "è l’ultimo giorno"),
        (1, 0, "1 giorno lavorativo"),
        (7, 7, "7 giorni lavorativi: meno dei 7 che di solito prende una delibera di giunta"),
        (8, 7, "8 giorni lavorativi, 1 dopo una delibera di giunta"),
    ],
)
def test_the_days_left_are_measured_against_a_resolution(left, usual, said):
    assert time_left(entry(world.NIDI, Reason.CLOSING, 1, working_days=left), "it", usual) == said


def test_the_calendar_file_has_one_entry_for_each_call_with_a_deadline_to_come():
    (attachment,) = composer()(full_week()).attachments
    events = Calendar.from_ical(attachment.content).walk("VEVENT")
    assert len(events) == len({str(event["uid"]) for event in events}) == 4
    assert attachment.content_type == "text/calendar"


def test_an_e_mail_without_deadlines_has_no_calendar_file():
    assert composer()(quiet_week()).attachments == ()


def test_a_quiet_week_says_how_much_was_looked_at_and_how_fresh_it_is():
    mail = composer()(quiet_week())
    assert mail.subject == "Niente di nuovo per Nosate questa settimana"
    assert "214 bandi controllati, fonti aggiornate al 4 maggio 2025" in " ".join(mail.text.split())


def test_a_consultant_reads_whom_to_ring_and_finds_no_button_of_a_commune():
    mail = composer()(consultants_week())
    assert mail.subject == "2 bandi nuovi: i comuni da chiamare"
    assert "e altri 12 comuni" in mail.text
    assert "Ci interessa" not in mail.text


def test_a_reader_who_does_not_act_for_the_commune_gets_no_button_that_decides():
    digest = full_week()
    stranger = replace(digest.recipient, commune_istat=None, account_id=None)
    mail = composer()(replace(digest, recipient=stranger))
    acts = {_read(address).act for address in Read(mail.html).addresses if "/dalla-posta/" in address}
    assert acts == {Act.MUTE}


def test_links_work_for_some_weeks_after_the_week_they_were_sent_in():
    address = next(address for address in Read(composer()(full_week()).html).addresses if "/dalla-posta/" in address)
    link = _read(address)
    assert timedelta(days=42) <= link.until - Week.of(MONDAY).ends <= timedelta(days=60)
