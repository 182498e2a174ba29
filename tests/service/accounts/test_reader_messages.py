"""A reader's message on its way to the administrators."""

import pytest

from service.access.principal import VISITOR
from service.accounts.tables import Role
from service.database import writing
from service.messages.inbox import Message, leave
from service.messages.letters import pass_on
from service.messages.tables import MessageKind
from tests.service.web.clients import add_account

TEXT = "Il bando dei nidi è scaduto ieri.\nControllate."


@pytest.fixture
def sent(mailing_app):
    """Leave a message and pass it on; returns how many letters went out."""

    def left(**more):
        state = mailing_app.state.remix
        with writing(state.engine) as session:
            message = Message(kind=MessageKind.WRONG_DATA, text=TEXT, page="/bandi/x", **more)
            message_id = leave(session, VISITOR, "", message, "192.0.2.1").id
        return pass_on(state.engine, state.settings, message_id)

    return left


def test_every_administrator_gets_it_in_their_language_with_the_page_and_the_address_to_answer(
    mailing_app, sent, letterbox
):
    add_account(mailing_app, Role.ADMINISTRATOR, email="capo@incubatore.example")
    add_account(mailing_app, Role.CONSULTANT, email="altra@incubatore.example")
    assert sent(email="ufficio@comune.example") == 1
    (letter,) = letterbox.letters
    assert letter["To"] == "capo@incubatore.example"
    body = letter.get_content()
    for words in (
        "Il bando dei nidi è scaduto ieri.",
        "/bandi/x",
        "ufficio@comune.example",
        "/amministrazione/messaggi",
    ):
        assert words in body


def test_a_mail_server_that_refuses_loses_nothing(mailing_app, sent, letterbox):
    add_account(mailing_app, Role.ADMINISTRATOR, email="capo@incubatore.example")
    letterbox.refuses = True
    assert sent() == 0


def test_without_a_mail_server_nobody_is_written_to(app, letterbox):
    state = app.state.remix
    with writing(state.engine) as session:
        message_id = leave(session, VISITOR, "", Message(kind=MessageKind.IDEA, text=TEXT), "192.0.2.1").id
    assert pass_on(state.engine, state.settings, message_id) == 0
    assert letterbox.letters == []
