"""Two people, or a person and an import, at the same moment: nothing is lost and nothing is said twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import func, select

from matcher.feedback import DecisionKind, Reason
from matcher.records import Project
from service.database import reading, writing
from service.errors import ConflictError, StaleError
from service.imports import import_source, load_record
from service.work import items
from service.work.acting import Acting
from service.work.decisions import decide
from service.work.fields import NewNeed, ProjectChanges
from service.work.merged import shown_as
from service.work.merges import merge
from service.work.tables import DecisionRow
from tests.service.sources import ListedSource
from tests.service.work.conftest import PRINCIPALS
from tests.world import CICLABILI, NIDI, SCUOLE_SICURE

IDEA = Project(id="prova:insieme", title="Parco", text="Un parco lungo il fiume", state="idea", lead="Milano")
WAIT_S = 0.3


@pytest.fixture
def at_once(engine):
    """Do two things: the second begins while the first is not committed; returns what became of both."""

    def run(first, second, who="rho"):
        done, begun = Event(), Event()

        def begin():
            with writing(engine) as session:
                result = first(Acting(session, PRINCIPALS[who]))
                done.set()
                begun.wait()
                # Long enough for the other one to reach the row or the lock.
                Event().wait(WAIT_S)
                return result

        def follow():
            done.wait()
            begun.set()
            try:
                with writing(engine) as session:
                    return second(Acting(session, PRINCIPALS[who]))
            except (ConflictError, StaleError) as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            results = [pool.submit(begin), pool.submit(follow)]
            return [one.result(timeout=20) for one in results]

    return run


def test_a_decision_taken_twice_at_the_same_moment_is_kept_once(at_once, engine):
    def saved(acting):
        return decide(acting, None, SCUOLE_SICURE.id, DecisionKind.SAVED)

    first, second = at_once(saved, saved)
    assert isinstance(second, ConflictError) or second.id == first.id
    with reading(engine) as session:
        held = select(func.count()).select_from(DecisionRow).where(DecisionRow.call_id == SCUOLE_SICURE.id)
        assert session.scalar(held) == 1


def test_decisions_that_contradict_each_other_at_the_same_moment_do_not_both_hold(at_once):
    def applied(acting):
        return decide(acting, None, NIDI.id, DecisionKind.APPLIED)

    def refused(acting):
        return decide(acting, None, NIDI.id, DecisionKind.NOT_FOR_US, reason=Reason.NO_STAFF)

    first, second = at_once(applied, refused)
    assert (first.kind, isinstance(second, ConflictError)) == (DecisionKind.APPLIED, True)


def test_two_people_who_merge_the_same_two_calls_the_other_way_round_make_no_circle(at_once, engine):
    def merge_into(kept, merged):
        return lambda acting: merge(acting, "calls", kept.id, merged.id)

    first, second = at_once(merge_into(NIDI, CICLABILI), merge_into(CICLABILI, NIDI), who="consultant")
    assert (first.kept_id, isinstance(second, ConflictError)) == (NIDI.id, True)
    with reading(engine) as session:
        assert shown_as(session, "calls") == {CICLABILI.id: NIDI.id}


def test_the_later_of_two_edits_at_the_same_moment_is_told_and_overwrites_nothing(at_once, engine):
    with writing(engine) as session:
        need = items.create_item(Acting(session, PRINCIPALS["rho"]), "needs", NewNeed(title="Nido", text="Un nido"))

    def edit(title):
        changes = NewNeed.model_construct(_fields_set={"title"}, title=title)
        return lambda acting: items.change_item(acting, "needs", need.record.id, 1, changes).record.title

    first, second = at_once(edit("Prima"), edit("Seconda"))
    assert (first, isinstance(second, StaleError)) == ("Prima", True)
    assert second.difference == {"title": ("Prima", "Seconda")}


def test_an_edit_while_an_import_runs_is_not_overwritten(engine, tmp_path):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one writer in at a time: the edit waits for the import to end")
    (tmp_path / "prova.csv").write_text("rows of the tests")

    def run(*rows):
        return import_source(engine, ListedSource(*rows, name="prova"), tmp_path / "prova.csv")

    def meanwhile():
        # The import has compared its first row by now, and not written it yet.
        yield replace(IDEA, state="funded", lead="Città metropolitana")
        with writing(engine) as session:
            staff = Acting(session, PRINCIPALS["consultant"])
            items.change_item(staff, "projects", IDEA.id, 1, ProjectChanges(state="defined"))

    run(IDEA)
    source = ListedSource(name="prova")
    source.rows = meanwhile()
    import_source(engine, source, tmp_path / "prova.csv")
    with reading(engine) as session:
        stored = load_record(session, Project, IDEA.id)
    assert (stored.state, stored.lead, stored.text) == ("defined", "Città metropolitana", IDEA.text)
