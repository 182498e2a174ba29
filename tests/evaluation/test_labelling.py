"""What there is to judge, who may judge, and how a judgment reaches the disk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import CorporaError
from corpora.judged import load_judgments, load_queries
from evaluation.errors import LabelError
from evaluation.labelling.desk import NO_REASON, Desk
from evaluation.labelling.journal import Journal
from evaluation.labelling.judges import role
from evaluation.labelling.queue import disagreeing, to_read_again, unjudged
from evaluation.labelling.reading import with_nearest_marked
from evaluation.labelling.sheets import read_sheets
from matcher.analyser import Analyser
from tests.evaluation.labels import DAY, PAIRS, call, labels_folder, reading, sheet, sheets_file

FIRST, SECOND = "model-reading-1", "model-reading-2"


def read(tmp_path, *sheets):
    folder = labels_folder(tmp_path / "labels")
    return read_sheets(sheets_file(tmp_path / "sheets.jsonl", *sheets), load_queries(folder))


@pytest.fixture
def desk(tmp_path):
    folder = labels_folder(tmp_path / "labels")
    return Desk(unjudged(read(tmp_path)), Journal(folder), "reviewer", lambda: DAY)


def shown(desk):
    item, _ = desk.next()
    return item and item.pair


@pytest.mark.parametrize(
    "judge", ["reviewer", "municipal-clerk", "Municipal Clerk", "reviewer-2", "funzionaria-comunale"]
)
def test_a_role_may_judge(judge):
    assert role(judge) == "-".join(judge.lower().split())


@pytest.mark.parametrize(
    "judge", ["mario-rossi", "Anna", "rossi-reviewer", "reviewer-anna", "a@b.it", "", "reviewer\tx", "2"]
)
def test_whatever_may_be_a_name_is_refused_and_the_reason_is_said(judge):
    with pytest.raises(LabelError, match="must be a role, because labels are public"):
        role(judge)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (sheet("n01", ["s:a"], query_id="n99"), "line 1, field 'query_id': 'n99' is not in queries.jsonl"),
        (sheet("n01", ["s:a"], text="Altro testo."), "line 1, field 'text': .* make the sheets anew"),
        (sheet("n01", ["s:a"], kind="wish"), "line 1, field 'kind'"),
        (sheet("n01", ["s:a"], calls="s:a"), "line 1, field 'calls'"),
        (sheet("n01", ["s:a"], calls=[call("s:a") | {"summary": None}]), "line 1, field 'calls.summary'"),
        (sheet("n01", ["s:a"], calls=[call("s:a") | {"sentences": [1]}]), "line 1, field 'calls.sentences'"),
        (sheet("n01", ["a"]), "line 1, field 'calls.call_id'"),
    ],
)
def test_a_sheet_that_does_not_hold_together_is_refused_by_line_and_field(tmp_path, bad, says):
    with pytest.raises(CorporaError, match=says):
        read(tmp_path, bad)


def test_two_sheets_of_one_query_are_read_as_one(tmp_path):
    (joined,) = read(tmp_path, sheet("n01", ["s:b", "s:c"]), sheet("n01", ["s:a", "s:b"]))
    assert [one.call_id for one in joined.calls] == ["s:a", "s:b", "s:c"]


def test_what_anybody_judged_is_not_asked_again_unless_it_shall_be(tmp_path):
    sheets = read(tmp_path)
    judged = [reading(PAIRS[0], 3, "model-reading-1")]
    assert unjudged(sheets).done(judged) == {PAIRS[0]}
    assert to_read_again(sheets, "reviewer").done(judged) == set()
    assert to_read_again(sheets, "reviewer").done([*judged, reading(PAIRS[0], 2, "reviewer")]) == {PAIRS[0]}


def test_only_pairs_on_which_the_readings_differ_are_to_be_settled(tmp_path):
    first = [reading(pair, 2, FIRST) for pair in PAIRS]
    second = [reading(PAIRS[0], 2, SECOND), reading(PAIRS[1], 1, SECOND), reading(PAIRS[2], 2, SECOND, "unknown")]
    queue = disagreeing(read(tmp_path), first, second, "reviewer")
    assert [item.pair for item in queue.items] == [PAIRS[1], PAIRS[2]]
    assert [[row.judge for row in item.readings] for item in queue.items] == [[FIRST, SECOND]] * 2
    assert queue.done(first) == set()
    assert queue.done([*first, reading(PAIRS[1], 1, "reviewer")]) == {PAIRS[1]}


def test_nobody_settles_a_disagreement_with_themselves_nor_without_a_text(tmp_path):
    first = [reading(PAIRS[0], 2, "reviewer"), reading(PAIRS[3], 2, FIRST)]
    second = [reading(PAIRS[0], 1, SECOND), reading(PAIRS[3], 1, SECOND)]
    queue = disagreeing(read(tmp_path, sheet("n01", ["s:a"])), first, second, "reviewer")
    assert queue.items == ()
    assert [sentence.split()[0] for sentence in queue.left_out] == ["1", "1"]
    assert "no sheet" in queue.left_out[0]
    assert "another judge" in queue.left_out[1]


def test_a_judgment_is_a_row_that_the_labels_read_back(desk):
    desk.judge(PAIRS[0], "3", "unknown", "  says\tso\n at\x85 page\x00 9 ")
    (row,) = load_judgments(desk.journal.folder)
    assert (row.pair, row.purpose, row.may_apply, row.why) == (PAIRS[0], 3, "unknown", "says so at page 9")
    assert (row.judge, row.date) == ("reviewer", DAY)


@given(st.text(max_size=120))
def test_no_reason_breaks_the_file(tmp_path_factory, why):
    desk = Desk(
        unjudged(read(folder := tmp_path_factory.mktemp("label"))), Journal(folder / "labels"), "reviewer", lambda: DAY
    )
    desk.judge(PAIRS[0], "1", "no", why)
    desk.judge(PAIRS[1], "0", "no", "")
    assert [row.pair for row in load_judgments(folder / "labels")] == [PAIRS[0], PAIRS[1]]
    assert load_judgments(folder / "labels")[1].why == NO_REASON


@pytest.mark.parametrize(
    ("pair", "purpose", "may_apply", "why", "code"),
    [
        (("n01", "s:z"), "3", "yes", "", "not_left"),
        (PAIRS[0], "4", "yes", "", "bad_purpose"),
        (PAIRS[0], "", "yes", "", "bad_purpose"),
        (PAIRS[0], "3", "perhaps", "", "bad_may_apply"),
        (PAIRS[0], "3", "yes", "x" * 121, "why_long"),
    ],
)
def test_what_the_guide_does_not_have_is_refused_and_nothing_written(desk, pair, purpose, may_apply, why, code):
    before = desk.journal.path.read_bytes()
    with pytest.raises(LabelError) as refused:
        desk.judge(pair, purpose, may_apply, why)
    assert refused.value.code == code
    assert desk.journal.path.read_bytes() == before


def test_a_pair_is_not_judged_twice_not_even_by_another_run(desk, tmp_path):
    other = Journal(tmp_path / "labels")
    other.append(reading(PAIRS[0], 1, "reviewer-2"))
    with pytest.raises(LabelError, match="judged before"):
        desk.judge(PAIRS[0], "3", "yes", "")
    with pytest.raises(LabelError, match="has judged n01 × s:a before"):
        other.append(reading(PAIRS[0], 2, "reviewer-2"))
    assert shown(desk) == PAIRS[1]


def test_undo_leaves_the_file_as_it_was_row_by_row(desk):
    states = []
    for pair in PAIRS:
        states.append(desk.journal.path.read_bytes())
        desk.judge(pair, "1", "yes", "")
    for pair in reversed(PAIRS):
        desk.undo()
        assert desk.journal.path.read_bytes() == states.pop()
        assert shown(desk) == pair
    desk.undo()
    assert desk.taken_back is None


def test_undo_never_touches_rows_of_others_or_of_earlier_runs(desk, tmp_path):
    Journal(tmp_path / "labels").append(reading(PAIRS[3], 1, "reviewer"))
    desk.undo()
    desk.judge(PAIRS[0], "3", "yes", "")
    Journal(tmp_path / "labels").append(reading(PAIRS[1], 1, "reviewer-2"))
    before = desk.journal.path.read_bytes()
    with pytest.raises(LabelError, match="rows were written after yours"):
        desk.undo()
    assert desk.journal.path.read_bytes() == before


def test_a_file_whose_last_line_has_no_end_gets_a_row_of_its_own_and_undo_restores_it(desk):
    path = desk.journal.path
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    before = path.read_bytes()
    desk.judge(PAIRS[0], "3", "yes", "")
    assert [row.pair for row in load_judgments(path.parent)] == [PAIRS[0]]
    desk.undo()
    assert path.read_bytes() == before


def test_what_is_skipped_comes_back_when_it_is_asked_for(desk):
    desk.skip(PAIRS[0])
    assert shown(desk) == PAIRS[1]
    for pair in PAIRS[1:]:
        desk.judge(pair, "0", "no", "")
    item, progress = desk.next()
    assert (item, progress.skipped, progress.left) == (None, 1, 1)
    desk.show_skipped()
    assert shown(desk) == PAIRS[0]


def test_progress_counts_all_pairs_and_those_of_the_query(desk):
    desk.judge(PAIRS[0], "0", "no", "")
    _, progress = desk.next()
    assert (progress.done, progress.left, progress.query_done, progress.query_total) == (1, 3, 1, 3)


@given(st.text(alphabet="nido ponti. ;A\n", max_size=80))
def test_marking_loses_no_word(text):
    assert "".join(piece.text for piece in with_nearest_marked(text, "nido", Analyser())) == text


def test_the_sentence_that_shares_words_with_the_query_is_marked():
    pieces = with_nearest_marked("Norme generali. Si finanziano posti nei nidi. Allegati.", "posti nido", Analyser())
    assert [piece.text for piece in pieces if piece.marked] == ["Si finanziano posti nei nidi."]
