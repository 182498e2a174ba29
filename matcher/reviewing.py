"""The searchable calls with what people say about them: applied when served, never stored in an artifact."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from matcher.catalogue import Catalogue
from matcher.eligibility.reviews import Review, reviewed_rules
from matcher.parting import parted


def reviewed_catalogue(catalogue: Catalogue, reviews: Mapping[str, Sequence[Review]]) -> Catalogue:
    """Return the catalogue with the rules in force; ``reviews`` maps a call's id to what people say about it.

    The indexes are shared; what was read stays in the catalogue given, which an artifact and the next build need.
    """
    if not any(call.id in reviews for call in catalogue.calls):
        return catalogue
    pairs = zip(catalogue.calls, catalogue.rules, strict=True)
    rules = tuple(reviewed_rules(rules, reviews[call.id]) if call.id in reviews else rules for call, rules in pairs)
    return replace(catalogue, rules=rules, known_groups=catalogue.groups)


def parted_catalogue(catalogue: Catalogue, apart: Collection[frozenset[str]]) -> Catalogue:
    """Return the catalogue with a place of its own for each of two calls that people told ``apart``: pairs of ids."""
    known = catalogue.positions
    pairs = [sorted(known[id_] for id_ in pair) for pair in apart if pair <= known.keys()]
    if not pairs:
        return catalogue
    groups = parted(catalogue.groups, frozenset((first, second) for first, second in pairs))
    return replace(catalogue, known_groups=groups)
