"""Pauses that double, counted in the database."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from service.accounts import throttle
from service.accounts.tables import ThrottleRow
from service.accounts.tries import count_try
from service.database import reading, writing
from service.errors import TooManyError
from service.moments import now

THREE = throttle.Limit(free=3, longest=timedelta(seconds=60))


def take(engine, key="k"):
    with writing(engine) as session:
        throttle.take(session, key, THREE)


def test_pauses_double_until_the_longest(engine):
    start = now()
    for second in (0, 0, 0, 1, 3, 7, 15, 31, 63, 123, 183):
        with time_machine.travel(start + timedelta(seconds=second), tick=False):
            take(engine)
            if second:
                with pytest.raises(TooManyError):
                    take(engine)


def test_a_try_during_a_pause_does_not_lengthen_it(engine):
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(3):
            take(engine)
        for _ in range(5):
            with pytest.raises(TooManyError) as refused:
                take(engine)
            assert refused.value.retry_after == 1
        clock.shift(1)
        take(engine)


def test_what_was_tried_long_ago_is_forgotten(engine):
    for _ in range(3):
        take(engine)
    with pytest.raises(TooManyError):
        take(engine)
    with time_machine.travel(now() + timedelta(hours=25)):
        for _ in range(3):
            take(engine)
        with pytest.raises(TooManyError):
            take(engine)


def test_keys_do_not_share_their_tries(engine):
    for _ in range(3):
        take(engine, "one")
    take(engine, "other")
    with pytest.raises(TooManyError):
        take(engine, "one")


def test_the_table_names_nobody(engine):
    count_try(engine, "192.0.2.7", "account:anna@rho.example")
    with reading(engine) as session:
        keys = " ".join(session.scalars(select(ThrottleRow.key)))
    assert "192" not in keys.split()
    assert "anna" not in keys


def test_neighbours_in_one_ipv6_network_are_one_client(engine):
    for n in range(30):
        count_try(engine, f"2001:db8::{n:x}")
    with pytest.raises(TooManyError):
        count_try(engine, "2001:db8::ffff")
    count_try(engine, "2001:db8:0:1::1")


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_a_pause_is_never_shorter_than_the_one_before_and_never_too_long(tries, free):
    limit = throttle.Limit(free=free)
    assert timedelta(0) <= limit.pause_after(tries) <= limit.pause_after(tries + 1) <= limit.longest
