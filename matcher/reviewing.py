"""The searchable calls with what people say about their criteria: applied when served, never stored in an artifact."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcher.catalogue import Catalogue
from matcher.eligibility.reviews import Review, reviewed_rules


def reviewed_catalogue(catalogue: Catalogue, reviews: Mapping[str, Sequence[Review]]) -> Catalogue:
    """Return the catalogue with the rules in force; ``reviews`` maps a call's id to what people say about it.

    The indexes are shared; what was read stays in the catalogue given, which an artifact and the next build need.
    """
    if not any(call.id in reviews for call in catalogue.calls):
        return catalogue
    pairs = zip(catalogue.calls, catalogue.rules, strict=True)
    rules = tuple(reviewed_rules(rules, reviews[call.id]) if call.id in reviews else rules for call, rules in pairs)
    return replace(catalogue, rules=rules, known_groups=catalogue.groups)
