"""Letters on their way: never in clear text unless that was asked for, and a refusal is no crash."""

import pytest

from service.mailer import Letter, MailServer, compose, send

LETTER = Letter("Oggetto con à", "Buongiorno,\n\nè un testo.\n")
TO = "tecnico@rho.example"


@pytest.fixture
def server(mail_server, letterbox):
    return MailServer("127.0.0.1", mail_server[1], "Remix <remix@incubatore.example>", starttls=False)


def with_(server, **fields):
    return MailServer(**({name: getattr(server, name) for name in server.__slots__} | fields))


def test_a_letter_arrives_as_it_was_written(server, letterbox):
    assert send(server, LETTER, TO)
    (arrived,) = letterbox.letters
    assert (arrived["Subject"], arrived["To"]) == (LETTER.subject, TO)
    assert arrived.get_content().replace("\r\n", "\n") == LETTER.text
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"].endswith("@incubatore.example>")


def test_nothing_is_sent_in_clear_text_where_that_was_not_asked_for(server, letterbox):
    assert not send(with_(server, starttls=True), LETTER, TO)
    assert letterbox.letters == []


def test_a_server_that_refuses_or_is_not_there_is_told_by_the_answer(server, letterbox):
    letterbox.refuses = True
    assert not send(server, LETTER, TO)
    assert not send(with_(server, port=9), LETTER, TO)
    assert not send(with_(server, user="nobody", password="wrong"), LETTER, TO)


def test_a_name_with_a_line_break_cannot_add_headers():
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        compose(LETTER, "remix@incubatore.example", "a@rho.example\nBcc: all@rho.example")


def test_the_password_of_the_mail_server_is_not_shown(server):
    assert "s3cret" not in repr(with_(server, password="s3cret"))
