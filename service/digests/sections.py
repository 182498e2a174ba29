"""From candidates to what an e-mail says: entries under what somebody follows, and calls with communes to ring."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from matcher.catalogue import Catalogue
from matcher.eligibility import judge
from matcher.records import FundingCall, Moment
from matcher.verdicts import Verdict, municipality
from service.catalogue.summaries import dates_of
from service.digests.asking import Asking, Question
from service.digests.choosing import NEW_PLACES, Candidacy, Circumstances, Picked, choose, days_left, is_muted
from service.digests.content import CommuneSection, Entry, Reason, Ring, ToRing
from service.digests.ranking import Candidate, to_check

MOST_RINGS, MOST_TO_RING = 12, 6
_DECISIVE = frozenset({"closes", "opens", "status", "while_funds_last", "applicants_text", "territory_text"})
"""Fields whose change can make a call that suited suit no more."""
LIKE_YOURS = ("like_yours",)
"""Why a call is there for a commune that has written nothing down."""
Ranked = Callable[[Question], Sequence[Candidate]]
"""Gives the candidates of a question, best first."""
Refused = Callable[[str, str], frozenset[str]]
"""Gives the calls that a commune (ISTAT code) does not want to see for an item (id, empty for none)."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What sections are made from: the catalogue, the candidates of questions, what communes refused."""

    catalogue: Catalogue
    ranked: Ranked
    refused: Refused

    def closes(self, call: FundingCall) -> Moment | None:
        """Return when a call closes, as its source states or as it was read in its text."""
        dates = dates_of(self.catalogue.rules[self.catalogue.positions[call.id]])
        return dates.closes if dates else call.closes

    def candidacies(self, asking: Asking) -> Iterator[Candidacy]:
        """Yield what suits any of the questions of something that is followed, and was not refused."""
        for question in asking.questions:
            refused = self.refused(asking.commune.istat, question.item_id)
            title = question.item_title if len(asking.questions) > 1 else ""
            for found in self.ranked(question):
                if found.call.id not in refused:
                    why = LIKE_YOURS if asking.is_profile else found.why
                    yield Candidacy(replace(found, why=why), title)

    def named(self, call_ids: Iterable[str], asking: Asking, at: datetime, *, wanted: bool) -> Iterator[Candidacy]:
        """Yield calls that are there for their own sake, judged for the commune; without a rank."""
        applicant = municipality(asking.commune)
        for call_id in sorted(call_ids):
            position = self.catalogue.positions.get(call_id)
            if position is not None:
                judged = judge(self.catalogue.rules[position], applicant, at)
                call = self.catalogue.calls[position]
                yield Candidacy(Candidate(call, 0, judged.verdict, to_check(judged), ()), wanted=wanted)


def section(asking: Asking, candidacies: Iterable[Candidacy], around: Circumstances, room: int) -> CommuneSection:
    """Return what is told of one thing that a person follows."""
    chosen, n_others = choose(candidacies, around, room)
    told = [one for one in chosen if one.candidacy.candidate.verdict is not Verdict.NOT_MET or _is_decisive(one)]
    return CommuneSection(
        follow=asking.follow,
        title=asking.title,
        commune_istat=asking.commune.istat,
        entries=tuple(entry(one, around.sequences) for one in told),
        n_others=n_others,
        may_decide=asking.private,
        is_profile=asking.is_profile,
    )


def entry(picked: Picked, sequences: Mapping[str, int]) -> Entry:
    """Return a chosen call as an e-mail tells it."""
    found = picked.candidacy.candidate
    call = found.call
    return Entry(
        call_id=call.id,
        call_version=picked.version,
        reason=picked.reason,
        rank=found.rank,
        title=call.title,
        issuer=call.issuer,
        url=call.url,
        verdict=found.verdict,
        why=found.why,
        to_check=found.to_check,
        changes=picked.changes,
        opens=call.opens,
        closes=picked.closes,
        while_funds_last=bool(call.while_funds_last),
        working_days=picked.working_days,
        total_amount=call.total_amount,
        max_award=call.max_award,
        cofinancing=call.cofinancing,
        item=picked.candidacy.item,
        theme=call.themes[-1] if call.themes else "",
        wanted=picked.candidacy.wanted,
        sequence=sequences.get(call.id, 0),
    )


def rings(askings: Sequence[Asking], sources: Sources, around: Circumstances) -> tuple[Ring, ...]:
    """Return the new calls with the communes that they suit: first those that suit most communes."""
    found: dict[str, list[tuple[Candidacy, Asking]]] = {}
    for asking in askings:
        best: dict[str, Candidacy] = {}
        for one in sources.candidacies(asking):
            known = best.get(one.candidate.call.id)
            if _is_new(one, around) and (known is None or one.candidate.rank < known.candidate.rank):
                best[one.candidate.call.id] = one
        for call_id, one in best.items():
            found.setdefault(call_id, []).append((one, asking))
    made = [_ring(sorted(pairs, key=_to_ring_key), sources, around) for pairs in found.values()]
    made.sort(key=lambda ring: (-len(ring.communes) - ring.n_others, ring.entry.rank, ring.entry.call_id))
    return tuple(made[:MOST_RINGS])


def _is_new(one: Candidacy, around: Circumstances) -> bool:
    call = one.candidate.call
    history = around.histories.get(call.id)
    if history is None or call.id in around.told.calls or is_muted(call, around.muted):
        return False
    return history.first_seen > around.fresh_since and one.candidate.rank <= NEW_PLACES


def _to_ring_key(pair: tuple[Candidacy, Asking]) -> tuple[bool, bool, int, str]:
    one, asking = pair
    return one.candidate.verdict is not Verdict.MET, asking.is_profile, one.candidate.rank, asking.commune.istat


def _ring(pairs: Sequence[tuple[Candidacy, Asking]], sources: Sources, around: Circumstances) -> Ring:
    first = pairs[0][0]
    call = first.candidate.call
    closes = sources.closes(call)
    left = days_left(closes, around.at)
    picked = Picked(replace(first, item=""), Reason.NEW, around.histories[call.id].version, (), closes, left)
    communes = tuple(
        ToRing(
            istat=asking.commune.istat,
            name=asking.commune.name,
            verdict=one.candidate.verdict,
            why=one.candidate.why,
            item=one.item or asking.questions[0].item_title,
        )
        for one, asking in pairs[:MOST_TO_RING]
    )
    return Ring(entry(picked, around.sequences), communes, len(pairs) - len(communes))


def _is_decisive(picked: Picked) -> bool:
    """Whether a commune that may not apply is told of a call all the same: what changed may be why it may not."""
    return picked.reason is Reason.CHANGED and any(change.field in _DECISIVE for change in picked.changes)


def changed_elsewhere(told: Mapping[str, int], versions: Mapping[str, int]) -> frozenset[str]:
    """Return the calls that were told in another version than the present one; both map call id → version."""
    return frozenset(id_ for id_, version in told.items() if versions.get(id_, version) != version)
