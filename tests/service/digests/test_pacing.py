"""Not too many e-mails a second to one domain, and no waiting for the others."""

from hypothesis import given
from hypothesis import strategies as st

from service.digests.outbox import Outgoing
from service.digests.pacing import Pacer, interval_of


def letter(number, domain):
    return Outgoing(str(number), f"a{number}@{domain}", 0, b"")


def test_a_rate_is_the_pause_between_two():
    assert interval_of("10/second") == 0.1
    assert interval_of("30/minute") == 2.0
    assert interval_of("") == 0.0


def test_one_busy_domain_keeps_no_other_one_waiting():
    pacer = Pacer(1.0)
    for number in range(3):
        pacer.add(letter(number, "grande.example"), 0.0)
    pacer.add(letter(9, "piccolo.example"), 0.0)
    assert [pacer.next(0.0).id, pacer.next(0.0).id] == ["0", "9"]
    assert pacer.next(0.5) is None
    assert pacer.wait(0.5) == 0.5
    assert pacer.next(1.0).id == "1"


def test_several_runs_share_the_rate():
    pacer = Pacer(1.0, sharers=2)
    pacer.add(letter(1, "x.example"), 0.0)
    pacer.add(letter(2, "x.example"), 0.0)
    assert pacer.next(0.0) is not None
    assert pacer.next(1.0) is None
    assert pacer.next(2.0) is not None


def test_what_could_not_be_tried_comes_next():
    pacer = Pacer(1.0)
    pacer.add(letter(1, "x.example"), 0.0)
    first = pacer.next(0.0)
    pacer.put_back(first, 0.2)
    assert pacer.next(0.2) is first


@given(st.lists(st.sampled_from(["a.example", "b.example", "c.example"]), max_size=30), st.floats(0.01, 5.0))
def test_every_email_comes_out_once_and_never_too_soon_after_the_last_one_of_its_domain(domains, interval):
    pacer, clock, last, out = Pacer(interval), 0.0, {}, []
    for number, domain in enumerate(domains):
        pacer.add(letter(number, domain), clock)
    while len(pacer):
        found = pacer.next(clock)
        if found is None:
            clock += pacer.wait(clock)
            continue
        domain = found.address.partition("@")[2]
        assert clock - last.get(domain, -10.0) >= interval * 0.999
        last[domain] = clock
        out.append(found.id)
    assert sorted(out, key=int) == [str(number) for number in range(len(domains))]
