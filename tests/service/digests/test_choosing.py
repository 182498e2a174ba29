"""What is news for one reader: new, changed or closing, told once, never what was refused or muted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matcher.records import Moment
from matcher.verdicts import Verdict
from service.digests.choosing import NEW_PLACES, ROOM, Candidacy, Circumstances, choose, fresh_since
from service.digests.content import NOTHING, Change, Reason, Told, ToldCall
from service.digests.news import CallHistory, Step
from service.digests.ranking import Candidate
from service.digests.weeks import Week
from service.moments import ROME
from tests import world

MONDAY = datetime(2025, 5, 5, 7, 0, tzinfo=ROME)
WEEK = Week.of(MONDAY)
LAST_WEEK = MONDAY - timedelta(days=7)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
CALL = replace(world.NIDI, closes=None)
EXTENDED = Step(
    2,
    MONDAY - timedelta(days=2),
    {
        "closes": [
            {"at": "2025-05-09T12:00:00+02:00", "hour_known": True},
            {"at": "2025-07-09T12:00:00+02:00", "hour_known": True},
        ]
    },
)


def _candidacy(call=CALL, rank=1, *, wanted=False, verdict=Verdict.MET):
    return Candidacy(Candidate(call, rank, verdict, (), ()), wanted=wanted)


def _around(*, told=NOTHING, history=None, muted=(), call=CALL, settled=(), at=MONDAY):
    return Circumstances(
        at=at,
        week=Week.of(at),
        told=told,
        fresh_since=fresh_since(told, LONG_AGO + timedelta(days=100)),
        histories={call.id: history or CallHistory(1, LONG_AGO)},
        muted=frozenset(muted),
        closes=lambda found: found.closes,
        resolution_days=7,
        sequences={},
        settled=frozenset(settled),
    )


def _reasons(candidacy, around):
    return [picked.reason for picked in choose([candidacy], around)[0]]


def _told(version, *, closing=None, week=None):
    week = week or Week.of(LAST_WEEK)
    return Told(LAST_WEEK, {CALL.id: ToldCall(version, week, closing, week if closing else None)})


def _closing_in(days):
    closes = MONDAY.replace(hour=12) + timedelta(days=days)
    return replace(CALL, closes=Moment(closes, True))


def test_a_call_that_came_since_the_last_e_mail_is_new():
    told = Told(LAST_WEEK)
    assert _reasons(_candidacy(), _around(told=told, history=CallHistory(1, MONDAY - timedelta(days=1)))) == [
        Reason.NEW
    ]


def test_what_was_there_before_somebody_subscribed_is_no_news():
    assert _reasons(_candidacy(), _around()) == []


def test_a_run_that_comes_a_month_late_tells_all_that_came_meanwhile():
    told = Told(MONDAY - timedelta(days=31))
    assert _reasons(_candidacy(), _around(told=told, history=CallHistory(1, MONDAY - timedelta(days=30)))) == [
        Reason.NEW
    ]


def test_what_was_told_once_is_not_new_again():
    assert _reasons(_candidacy(), _around(told=_told(1), history=CallHistory(1, MONDAY - timedelta(days=3)))) == []


def test_a_call_that_suits_little_is_not_told():
    history = CallHistory(1, MONDAY - timedelta(days=1))
    assert _reasons(_candidacy(rank=NEW_PLACES + 1), _around(told=Told(LAST_WEEK), history=history)) == []


def test_what_changed_since_it_was_told_is_told_with_its_old_and_its_new_value():
    ((picked,), _) = choose([_candidacy()], _around(told=_told(1), history=CallHistory(2, LONG_AGO, (EXTENDED,))))
    assert picked.reason is Reason.CHANGED
    (change,) = picked.changes
    assert (change.field, "05-09" in change.before, "07-09" in change.after) == ("closes", True, True)


def test_what_changed_and_changed_back_is_no_news():
    back = Step(3, MONDAY, {"closes": list(reversed(EXTENDED.changes["closes"]))})
    assert _reasons(_candidacy(), _around(told=_told(1), history=CallHistory(3, LONG_AGO, (EXTENDED, back)))) == []


def test_a_change_told_already_is_not_told_again():
    assert _reasons(_candidacy(), _around(told=_told(2), history=CallHistory(2, LONG_AGO, (EXTENDED,)))) == []


def test_to_somebody_who_never_heard_of_a_call_a_retouched_text_is_no_news_and_a_moved_deadline_is():
    told, retouched = Told(LAST_WEEK), Step(2, MONDAY - timedelta(days=1), {"text": ["a", "b"]})
    assert _reasons(_candidacy(), _around(told=told, history=CallHistory(2, LONG_AGO, (retouched,)))) == []
    assert _reasons(_candidacy(), _around(told=told, history=CallHistory(2, LONG_AGO, (EXTENDED,)))) == [Reason.CHANGED]


def test_a_field_that_says_nothing_to_readers_is_no_change():
    around = _around(told=_told(1), history=CallHistory(2, LONG_AGO, (Step(2, MONDAY, {"url": ["a", "b"]}),)))
    assert _reasons(_candidacy(), around) == []


def test_of_a_text_is_told_that_it_changed_and_not_what():
    history = CallHistory(2, LONG_AGO, (Step(2, MONDAY, {"text": ["vecchio", "nuovo"]}),))
    ((picked,), _) = choose([_candidacy()], _around(told=_told(1), history=history))
    assert picked.changes == (Change("text", "", ""),)


def test_a_deadline_is_told_when_it_comes_near_and_again_in_its_last_days_but_not_between():
    def told_at(days, told):
        call = _closing_in(days)
        return _reasons(_candidacy(call), _around(call=call, told=told))

    assert told_at(40, NOTHING) == []
    assert told_at(18, NOTHING) == [Reason.CLOSING]
    assert told_at(11, _told(1, closing=1)) == []
    assert told_at(4, _told(1, closing=1)) == [Reason.CLOSING]
    assert told_at(0, _told(1, closing=1)) == [Reason.CLOSING]
    assert told_at(4, _told(1, closing=1, week=WEEK)) == []


def test_a_deadline_that_has_passed_is_not_told():
    call = _closing_in(-1)
    assert _reasons(_candidacy(call), _around(call=call)) == []


def test_what_was_saved_is_told_every_week_whatever_its_rank_until_the_commune_has_applied():
    call = _closing_in(11)
    wanted = _candidacy(call, rank=0, wanted=True)
    assert _reasons(wanted, _around(call=call, told=_told(1, closing=1))) == [Reason.CLOSING]
    assert _reasons(wanted, _around(call=call, told=_told(1, closing=1), settled=[call.id])) == []


def test_a_muted_theme_stays_out_unless_the_call_was_saved():
    call = replace(_closing_in(11), themes=("Turismo",))
    assert _reasons(_candidacy(call), _around(call=call, muted=["turismo"])) == []
    assert _reasons(_candidacy(call, wanted=True), _around(call=call, muted=["turismo"])) == [Reason.CLOSING]


@given(
    ranks=st.lists(st.integers(1, 60), min_size=1, max_size=60),
    room=st.integers(1, ROOM),
)
def test_no_more_is_told_than_there_is_room_for_each_once_the_best_first(ranks, room):
    calls = [replace(CALL, id=f"c:{number % 40}") for number in range(len(ranks))]
    around = replace(
        _around(told=Told(LAST_WEEK)),
        histories={call.id: CallHistory(1, MONDAY - timedelta(days=1)) for call in calls},
    )
    picked, others = choose([_candidacy(call, rank) for call, rank in zip(calls, ranks, strict=True)], around, room)
    shown = [one.candidacy.candidate for one in picked]
    assert len(shown) == len({one.call.id for one in shown}) <= room
    assert [one.rank for one in shown] == sorted(one.rank for one in shown)
    best = {}
    for call, rank in zip(calls, ranks, strict=True):
        best[call.id] = min(rank, best.get(call.id, rank))
    assert len(shown) + others == sum(rank <= NEW_PLACES for rank in best.values())


def test_many_new_calls_leave_room_for_what_closes():
    closing = replace(_closing_in(3), id="c:chiude")
    new = [replace(CALL, id=f"c:{number}") for number in range(30)]
    fresh, old = CallHistory(1, MONDAY - timedelta(days=1)), CallHistory(1, LONG_AGO)
    histories = {call.id: fresh for call in new} | {closing.id: old}
    around = replace(_around(told=Told(LAST_WEEK)), histories=histories)
    candidacies = [_candidacy(call, rank) for rank, call in enumerate(new, start=1)] + [_candidacy(closing, 9)]
    picked, _ = choose(candidacies, around, 4)
    assert [one.reason for one in picked].count(Reason.CLOSING) == 1
