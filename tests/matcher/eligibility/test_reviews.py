"""What people say about criteria: it wins over what was read, and only over what it was said about."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from matcher.catalogue import build_catalogue
from matcher.eligibility import PopulationRule, extract_rules, judge, rules_from_json, rules_to_json
from matcher.eligibility.reviews import Review, ReviewAction, reviewed_rules, rule_key, stale_reviews
from matcher.reviewing import reviewed_catalogue
from matcher.verdicts import Criterion, Verdict, municipality
from tests.fakes import HashingEncoder
from tests.world import CALLS, GREZZAGO, PICCOLI_COMUNI, RHO

READ = extract_rules(PICCOLI_COMUNI)
POPULATION = next(rule for rule in READ if isinstance(rule, PopulationRule))
UP_TO_60_000 = PopulationRule(maximum=60_000, quote="fino a 60.000 abitanti", origin="review")
DAY = date(2025, 3, 12)


def review(action, rule=POPULATION, instead=None):
    return Review(rule_key(rule), action, DAY, instead)


def verdict(rules, commune):
    return judge(rules, municipality(commune), None).verdict


def criterion(rules, wanted, commune=RHO):
    return next((c for c in judge(rules, municipality(commune), None).criteria if c.criterion is wanted), None)


def test_a_corrected_threshold_lets_a_commune_in_that_the_reading_ruled_out():
    assert verdict(READ, RHO) is Verdict.NOT_MET
    corrected = reviewed_rules(READ, [review(ReviewAction.REPLACED, instead=UP_TO_60_000)])
    assert criterion(corrected, Criterion.POPULATION).verdict is Verdict.MET


def test_a_removed_criterion_is_not_judged():
    assert criterion(reviewed_rules(READ, [review(ReviewAction.REMOVED)]), Criterion.POPULATION) is None


def test_a_confirmed_criterion_judges_as_before_and_says_when_a_person_confirmed_it():
    before, after = criterion(READ, Criterion.POPULATION), criterion(
        reviewed_rules(READ, [review(ReviewAction.CONFIRMED)]), Criterion.POPULATION
    )  # fmt: skip
    assert after == replace(before, reviewed_on=DAY)


def test_an_added_criterion_holds_where_nothing_was_read():
    unread = tuple(rule for rule in READ if rule is not POPULATION)
    added = reviewed_rules(unread, [Review("", ReviewAction.ADDED, DAY, replace(UP_TO_60_000, maximum=5_000))])
    assert verdict(added, RHO) is Verdict.NOT_MET
    assert criterion(added, Criterion.POPULATION, GREZZAGO).reviewed_on == DAY


def test_a_review_survives_a_new_edition_that_moves_the_sentence():
    moved = extract_rules(replace(PICCOLI_COMUNI, text=f"Premesse generali.\n\n{PICCOLI_COMUNI.text}"))
    assert POPULATION not in moved
    assert criterion(reviewed_rules(moved, [review(ReviewAction.REMOVED)]), Criterion.POPULATION) is None
    assert stale_reviews(moved, [review(ReviewAction.REMOVED)]) == ()


def test_a_correction_of_words_that_have_changed_gives_way_to_the_new_words_and_is_reported():
    changed = extract_rules(replace(PICCOLI_COMUNI, text=PICCOLI_COMUNI.text.replace("5.000", "15.000")))
    correction = review(ReviewAction.REPLACED, instead=UP_TO_60_000)
    assert criterion(reviewed_rules(changed, [correction]), Criterion.POPULATION).facts == (
        ("max_population", "14999"),
    )
    assert stale_reviews(changed, [correction]) == (correction,)


def test_a_correction_of_words_that_are_gone_holds_where_nothing_is_said_any_more():
    silent = tuple(rule for rule in READ if rule is not POPULATION)
    correction = review(ReviewAction.REPLACED, instead=UP_TO_60_000)
    assert criterion(reviewed_rules(silent, [correction]), Criterion.POPULATION).verdict is Verdict.MET
    assert stale_reviews(silent, [correction]) == (correction,)


def test_reviewed_rules_are_kept_as_text_and_come_back():
    rules = reviewed_rules(READ, [review(ReviewAction.CONFIRMED)])
    assert rules_from_json(rules_to_json(rules)) == rules


def test_a_catalogue_serves_the_reviewed_rules_and_keeps_the_others():
    catalogue = build_catalogue(CALLS, HashingEncoder().encode_documents, {})
    served = reviewed_catalogue(catalogue, {PICCOLI_COMUNI.id: [review(ReviewAction.REPLACED, instead=UP_TO_60_000)]})
    positions = {call.id: position for position, call in enumerate(served.calls)}
    position = positions.pop(PICCOLI_COMUNI.id)
    assert catalogue.eligibility.verdicts(municipality(RHO))[position] == 0
    assert served.eligibility.verdicts(municipality(RHO))[position] > 0
    assert all(served.rules[other] == catalogue.rules[other] for other in positions.values())
    assert reviewed_catalogue(catalogue, {"world:none": []}) is catalogue


CALL_RULES = st.sampled_from(CALLS).map(extract_rules)
ACTIONS = st.sampled_from(ReviewAction)


@given(CALL_RULES, CALL_RULES, st.lists(ACTIONS, max_size=3))
def test_there_is_at_most_one_rule_of_a_criterion_and_no_review_is_lost_unseen(rules, others, actions):
    reviews = [review(action, rule, rule) for action, rule in zip(actions, others, strict=False)]
    found = reviewed_rules(rules, reviews)
    assert len({rule.criterion for rule in found}) == len(found)
    unreviewed = {rule_key(rule) for rule in rules} - {one.rule_key for one in reviews}
    kept = {rule.criterion for rule in found}
    assert all(rule.criterion in kept for rule in rules if rule_key(rule) in unreviewed)
