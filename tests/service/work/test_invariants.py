"""What holds for any text and any two accounts of a record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.filling import difference, keep_fields
from service.work.fields import NeedChanges

NAMES = st.sampled_from(["title", "text", "population", "zone", "lat"])
ACCOUNTS = st.dictionaries(NAMES, st.one_of(st.integers(), st.text(max_size=5)))
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<"), min_size=1).filter(str.strip)

REFUSED = ["<b>", "</p>", "<!--", "<img src=x onerror=alert(1)>", "< script >", "\0", "\x1b", "\ud800"]


@given(ACCOUNTS, ACCOUNTS, st.sets(NAMES))
def test_only_the_fields_of_a_person_stay_and_all_others_are_the_files(before, merged, names):
    kept = keep_fields(merged, before, names)
    assert {name: kept.get(name) for name in names} == {name: before.get(name) for name in names}
    assert not difference(kept, merged).keys() - names


@given(PLAIN)
def test_any_plain_text_is_kept_as_it_was_written_but_for_the_spaces_around_it(text):
    assert NeedChanges(text=text).text == text.strip()


@given(
    PLAIN,
    st.sampled_from(["<b>", "</p>", "<!--", "<img src=x onerror=alert(1)>", "< script >", "\0", "\x1b", "\ud800"]),
    PLAIN,
)
def test_what_a_page_or_a_database_would_trip_over_is_refused_wherever_it_stands(before, bad, after):
    with pytest.raises(ValidationError):
        NeedChanges(text=f"x{before}{bad}{after}x")
