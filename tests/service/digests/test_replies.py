"""What servers say, and what becomes of an e-mail."""

from datetime import timedelta

import pytest

from service.digests.addresses import without_addresses
from service.digests.replies import Fate, Phase, Reply, fate_of, wait_after


@pytest.mark.parametrize(
    ("phase", "code", "text", "fate"),
    [
        (Phase.END, 250, "2.0.0 queued", Fate.TAKEN),
        (Phase.ADDRESS, 450, "4.2.0 greylisted", Fate.LATER),
        (Phase.END, 452, "4.3.1 no room", Fate.LATER),
        (Phase.SENDER, 421, "too many connections", Fate.LATER),
        (Phase.ADDRESS, 550, "5.1.1 no such user", Fate.ADDRESS_REFUSED),
        (Phase.ADDRESS, 550, "no such user here", Fate.ADDRESS_REFUSED),
        (Phase.END, 550, "5.1.1 no such user", Fate.ADDRESS_REFUSED),
        (Phase.ADDRESS, 552, "5.2.2 mailbox full", Fate.LATER),
        (Phase.ADDRESS, 552, "too many", Fate.LATER),
        (Phase.ADDRESS, 554, "5.7.1 blocked by policy", Fate.REFUSED),
        (Phase.END, 554, "5.7.1 looks like spam", Fate.REFUSED),
        (Phase.END, 554, "5.6.0 cannot be converted", Fate.REFUSED),
        (Phase.SENDER, 552, "5.3.4 too big", Fate.REFUSED),
        (Phase.SENDER, 550, "5.7.1 not your address", Fate.NOT_LET_IN),
        (Phase.SENDER, 530, "5.7.0 authentication required", Fate.NOT_LET_IN),
        (Phase.END, 25, "", Fate.UNKNOWN),
        (Phase.END, -1, "nonsense", Fate.UNKNOWN),
        (Phase.TEXT, -1, "nonsense", Fate.LATER),
        (Phase.ADDRESS, 250, "where only 354 would do", Fate.LATER),
    ],
)
def test_an_answer_decides_what_becomes_of_an_email(phase, code, text, fate):
    assert fate_of(Reply(phase, code, text)) is fate


def test_only_the_answer_to_the_whole_text_says_that_an_email_was_taken():
    taken = [phase for phase in Phase if fate_of(Reply(phase, 250, "OK")) is Fate.TAKEN]
    assert taken == [Phase.END]


def test_pauses_grow_and_end_at_six_hours():
    pauses = [wait_after(tries) for tries in range(1, 100)]
    assert pauses[:3] == [timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)


def test_what_a_server_says_is_kept_without_the_address():
    said = str(Reply(Phase.ADDRESS, 550, "5.1.1 <anna.b@comune.example>: unknown\nsee help@mx.example"))
    assert said == "RCPT TO: 550 5.1.1 <<…>>: unknown see <…>"
    assert len(without_addresses("x" * 5000)) == 300
