"""Reports of undelivered e-mails, as mail servers write them."""

import mailbox
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from sqlalchemy import update

from service.database import reading, writing
from service.digests import planning
from service.digests.addresses import address_hash, suppressed_hashes
from service.digests.bounces import Outcome, apply_all, bounce_in, messages_in
from service.digests.tables import IssueRow, IssueState
from service.digests.weeks import Week
from service.errors import UsageError
from service.moments import now
from tests.service.digests.people import add_reader, issues

WEEK = Week.of(now())


@pytest.fixture
def message_id(filled):
    """The Message-ID of an e-mail to anna that was sent."""
    add_reader(filled, "anna")
    with writing(filled) as session:
        planning.plan(session, WEEK, now(), "x.example")
        session.execute(update(IssueRow).values(state=IssueState.SENT))
    return issues(filled)["anna"].message_id


def report(message_id, *, status="5.1.1", action="failed", diagnostic="smtp; 550 5.1.1 <anna@ente.example> unknown"):
    """A report as RFC 3464 wants it, with the headers of what came back."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole.attach(MIMEText("Non è stato possibile consegnare il messaggio.", "plain", "utf-8"))
    status_part = MIMEBase("message", "delivery-status")
    about_server, about_reader = EmailMessage(), EmailMessage()
    about_server["Reporting-MTA"] = "dns; mx.ente.example"
    about_reader["Final-Recipient"] = "rfc822; anna@ente.example"
    about_reader["Action"], about_reader["Status"] = action, status
    about_reader["Diagnostic-Code"] = diagnostic
    status_part.set_payload([about_server, about_reader])
    whole.attach(status_part)
    headers = MIMEText(f"From: remix@x.example\nMessage-ID: {message_id}\nSubject: Novità\n", "rfc822-headers")
    whole.attach(headers)
    return whole


def returned_whole(message_id):
    """A report that carries the whole e-mail that came back."""
    whole, original = report(message_id), EmailMessage()
    original["Message-ID"] = message_id
    whole.get_payload()[2] = MIMEMessage(original)
    return whole


def read(engine, path):
    with writing(engine) as session:
        return dict(apply_all(session, path))


def put(folder, *messages):
    folder.mkdir(exist_ok=True)
    for number, message in enumerate(messages):
        (folder / f"{number}.eml").write_bytes(message.as_bytes())
    return folder


@pytest.mark.parametrize("make", [report, returned_whole])
def test_a_dead_address_is_written_to_no_more(filled, message_id, tmp_path, make):
    assert read(filled, put(tmp_path, make(message_id))) == {Outcome.SUPPRESSED: 1}
    row = issues(filled)["anna"]
    assert row.state is IssueState.FAILED
    assert row.reply.startswith("bounced: 5.1.1")
    assert "anna@" not in row.reply
    with reading(filled) as session:
        assert suppressed_hashes(session) == {address_hash("anna@ente.example")}


def test_reading_the_same_mailbox_again_changes_nothing(filled, message_id, tmp_path):
    folder = put(tmp_path, report(message_id))
    read(filled, folder)
    assert read(filled, folder) == {Outcome.KNOWN: 1}


def test_nobody_can_have_an_address_suppressed_by_making_a_report_up(filled, message_id, tmp_path):
    forged = report("<2026-W48.00000000-0000-4000-8000-000000000000@x.example>")
    assert read(filled, put(tmp_path, forged)) == {Outcome.NOT_OURS: 1}
    assert issues(filled)["anna"].state is IssueState.SENT


@pytest.mark.parametrize(
    ("status", "action", "outcome", "state"),
    [
        ("4.4.1", "delayed", Outcome.DELAYED, IssueState.SENT),
        ("2.0.0", "relayed", Outcome.DELAYED, IssueState.SENT),
        ("4.4.7", "failed", Outcome.FAILED, IssueState.FAILED),
        ("5.2.2", "failed", Outcome.FAILED, IssueState.FAILED),
        ("5.7.1", "failed", Outcome.FAILED, IssueState.FAILED),
    ],
)
def test_only_what_is_the_addresss_fault_suppresses_it(filled, message_id, tmp_path, status, action, outcome, state):
    folder = put(tmp_path, report(message_id, status=status, action=action, diagnostic="smtp; no"))
    assert read(filled, folder) == {outcome: 1}
    assert issues(filled)["anna"].state is state
    with reading(filled) as session:
        assert not suppressed_hashes(session)


def test_what_is_no_report_is_counted_and_left(filled, message_id, tmp_path):
    reply = EmailMessage()
    reply["Subject"] = "Sono in ferie"
    reply.set_content("Torno lunedì.")
    assert read(filled, put(tmp_path, reply)) == {Outcome.NO_REPORT: 1}


def test_a_maildir_an_mbox_and_a_single_file_are_read_alike(tmp_path):
    one, other = report("<1@x>"), report("<2@x>")
    maildir = mailbox.Maildir(tmp_path / "maildir")
    box = mailbox.mbox(tmp_path / "box")
    for message in (one, other):
        maildir.add(message)
        box.add(message)
    box.close()
    single = tmp_path / "one.eml"
    single.write_bytes(one.as_bytes())
    found = [
        sorted(bounce_in(message).message_id for message in messages_in(path))
        for path in (tmp_path / "maildir", tmp_path / "box", single)
    ]
    assert found == [["<1@x>", "<2@x>"], ["<1@x>", "<2@x>"], ["<1@x>"]]


def test_a_mailbox_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="neither"):
        list(messages_in(tmp_path / "nothing"))


@pytest.mark.parametrize("cut", [0, 10, 200, 600])
def test_a_report_that_was_cut_short_is_no_report_and_no_crash(cut, tmp_path):
    (tmp_path / "1.eml").write_bytes(report("<1@x>").as_bytes()[:cut])
    (message,) = messages_in(tmp_path)
    assert bounce_in(message) is None
