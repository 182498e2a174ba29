"""Steps of several threads, committed together and failing alone."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import func, select, text

from service.database import open_lasting, reading
from service.digests.addresses import suppress
from service.digests.clerk import Clerk
from service.digests.tables import SuppressionReason, SuppressionRow
from service.moments import now


def add(session, name):
    return suppress(session, f"{name}@x.example", SuppressionReason.BY_HAND, "", now())


def count(engine):
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(SuppressionRow))


def test_everybody_gets_the_answer_to_their_own_step(filled):
    clerk = Clerk(filled)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: clerk.do(partial(add, name=number % 20)), range(60)))
    assert sum(answers) == count(filled) == 20


def test_a_step_that_fails_takes_no_other_one_with_it(filled):
    clerk = Clerk(filled)

    def step(number):
        def carry_out(session):
            add(session, number)
            if number % 3 == 0:
                raise ZeroDivisionError
            return number

        return clerk.do(carry_out)

    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(step, number) for number in range(30)]
    failed = [number for number, one in enumerate(done) if isinstance(one.exception(), ZeroDivisionError)]
    assert failed == list(range(0, 30, 3))
    assert count(filled) == 20


def test_what_is_committed_for_delivery_outlives_a_power_cut(database):
    settings, engine = database
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL waits for the disk by itself")
    lasting = open_lasting(settings)
    with lasting.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    lasting.dispose()
