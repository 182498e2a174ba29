"""How long partnerships for a call with six rules and 300 candidates take: ``python -m tests.bench_consortium``.

Bodies are those nearest to Rho in the open data; the rules are invented. Bar: 300 ms for the proposals of one call.
"""

import time
from collections.abc import Callable

from evaluation.partner_material import read_directory
from evaluation.workplace import data_folder
from matcher.consortium import Candidate, Consortium, ConsortiumRule, Member, RuleSort, check, propose
from matcher.eligibility.rules import TerritoryRule
from matcher.partners import PartnerFinder, PartnerQuery
from matcher.partners.roles import CODES
from matcher.records import ApplicantKind as Kind

TEXT = "Festa diffusa di musica e teatro nei cortili, con le scuole e le associazioni di volontariato"
REPEATED = 20


def _rule(sort: RuleSort, **fields: object) -> ConsortiumRule:
    return ConsortiumRule(sort=sort, quote="", origin="", **fields)  # type: ignore[arg-type]


RULES = (
    _rule(RuleSort.MEMBERS, minimum=5, maximum=10),
    _rule(RuleSort.MEMBERS, minimum=3, kinds=frozenset({Kind.COMMUNE})),
    _rule(RuleSort.MEMBERS, minimum=1, kinds=frozenset({Kind.THIRD_SECTOR})),
    _rule(RuleSort.LEAD, kinds=frozenset({Kind.COMMUNE})),
    _rule(RuleSort.POPULATION, minimum=90_000, maximum=300_000),
    _rule(RuleSort.TERRITORY, places=TerritoryRule(regions=frozenset({"03"}), quote="", origin="")),
)


def milliseconds(call: Callable[[], object]) -> tuple[float, float, float]:
    """Return the median and the longest of some runs by the clock, and the median of the processor's own time."""
    spent, busy = [], []
    for _ in range(REPEATED):
        began, worked = time.perf_counter(), time.process_time()
        call()
        spent.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - worked))
    return sorted(spent)[REPEATED // 2], max(spent), sorted(busy)[REPEATED // 2]


def main() -> None:
    """Print the times of finding 300 candidates, of three proposals, and of judging one partnership."""
    directory = read_directory(data_folder())
    lead = directory.bodies[directory.positions["comuni:015182"]]
    query = PartnerQuery(text=TEXT, lead=lead.seat, wanted="comuni vicini; scuole; associazioni di volontari")
    finder = PartnerFinder(directory)
    found = finder.recommend(query, 300).items
    own = Member(lead.id, lead.name, frozenset({lead.kind}), lead.seat)
    candidates = [
        Candidate(
            Member(one.body.id, one.body.name, frozenset({one.body.kind}), one.body.seat),
            1 - one.rank / len(found),
            frozenset(role.code for role in one.roles),
        )
        for one in found
    ]
    roles = sorted({"commune", "first_school", "volunteers"} & set(CODES))
    first = propose(RULES, own, candidates, roles=roles)
    whole = Consortium((own, *(one.member for one in candidates[:9])))
    verdicts = ", ".join(proposal.verdict.verdict for proposal in first)
    print(f"{len(candidates)} candidates, {len(RULES)} rules, {len(first)} proposals: {verdicts}")
    for name, call in (
        ("10 partners", lambda: finder.recommend(query, 10)),
        ("300 candidates", lambda: finder.recommend(query, 300)),
        ("proposals", lambda: propose(RULES, own, candidates, roles=roles)),
        ("one verdict", lambda: check(RULES, whole)),
    ):
        median, longest, busy = milliseconds(call)
        print(f"{name}: median {median:.1f} ms, longest {longest:.1f} ms of {REPEATED}; processor {busy:.1f} ms")


if __name__ == "__main__":
    main()
