"""The message as a mail program reads it."""

from datetime import datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.digests.content import Attachment, Mail
from service.digests.envelope import addressed, sealed, sender_of
from service.moments import ROME
from service.settings import Settings

AT = datetime(2026, 11, 23, 7, 30, tzinfo=ROME)
LONG = "https://bandi.incubatore.example/messaggio/" + "x" * 180
ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Città\r\nEND:VCALENDAR\r\n".encode()


@pytest.fixture(scope="module")
def sent():
    wanted = Settings(
        smtp_from="Incubatore – città <remix@incubatore.example>", public_url="https://bandi.incubatore.example"
    )
    mail = Mail(
        subject="Scade oggi alle 12:00 – «Città più verdi» e altri 3 bandi per il Comune di Sesto San Giovanni",
        html="<!doctype html><p>Perché no? àèìòù €</p>" + "riga lunga " * 500,
        text=".Un punto all'inizio\nperché\n.\n" + "parola " * 300,
        unsubscribe=LONG,
        attachments=(Attachment("scadenze.ics", "text/calendar", ICS),),
    )
    return addressed(sealed(mail, "<2026-W48.x@incubatore.example>", "it", AT, wanted), "anna@comune.example")


@pytest.fixture(scope="module")
def read(sent):
    return message_from_bytes(sent, policy=policy.default)


def test_the_message_is_seven_bit_with_crlf_and_short_lines(sent):
    sent.decode("ascii")
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998


def test_the_reader_and_the_machines_find_their_headers(read):
    assert read["To"] == "anna@comune.example"
    assert read["From"] == "Incubatore – città <remix@incubatore.example>"
    assert read["Subject"].startswith("Scade oggi alle 12:00 – «Città più verdi»")
    assert read["Message-ID"] == "<2026-W48.x@incubatore.example>"
    assert read["Date"].datetime == AT
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Id"] == "Remix <weekly.bandi.incubatore.example>"
    assert read["Content-Language"] == "it"


def test_one_click_unsubscribing_has_both_headers_and_an_untorn_address(sent, read):
    assert read["List-Unsubscribe"] == f"<{LONG}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"<{LONG}>".encode() in sent


def test_every_part_comes_back_as_it_was_written(read):
    assert read.get_body(("plain",)).get_content().splitlines()[:3] == [".Un punto all'inizio", "perché", "."]
    assert "àèìòù €" in read.get_body(("html",)).get_content()
    (calendar,) = read.iter_attachments()
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "scadenze.ics")
    assert calendar.get_payload(decode=True) == ICS


_NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)


@settings(max_examples=50)
@given(st.text(max_size=300).map("x{}".format), st.text(max_size=300), st.text(max_size=120), _NAMES)
def test_whatever_is_written_is_read_again(text, html, subject, file_name):
    mail = Mail(subject, html, text, "https://x.example/u", (Attachment(file_name, "text/calendar", ICS),))
    message = message_from_bytes(sealed(mail, "<1@x>", "en", AT, Settings()), policy=policy.default)
    assert message["Subject"] == " ".join(subject.split())
    assert message.get_body(("plain",)).get_content().splitlines() == text.splitlines()
    assert message.get_body(("html",)).get_payload(decode=True) == html.encode()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_payload(decode=True)) == (file_name, ICS)


def test_nobody_but_the_addressee_on_top_is_named(sent):
    assert sent.count(b"anna@comune.example") == 1
    assert sent.startswith(b"To: anna@comune.example\r\n")


def test_bounces_come_back_to_the_sender_or_to_an_address_of_their_own():
    assert sender_of(Settings(smtp_from="Remix <r@x.example>")) == "r@x.example"
    assert sender_of(Settings(smtp_from="r@x.example", digest_bounces_to="b@x.example")) == "b@x.example"


def test_a_subject_cannot_smuggle_in_a_header():
    mail = Mail("Uno\r\nBcc: tutti@x.example", "<p>", "t", "https://x.example/u")
    message = message_from_bytes(sealed(mail, "<1@x>", "it", AT, Settings()), policy=policy.default)
    assert message["Bcc"] is None
