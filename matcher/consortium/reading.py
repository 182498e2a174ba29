"""From the words of a call to the rules of its partnership; what the words do not say has no rule.

applicants, title, summary, text ──sentences──► rules with quotes
the call's own rules ──► territory, admitted, size
"""

import re
from collections.abc import Callable, Iterator, Sequence

from matcher.consortium.rules import ConsortiumRule, RuleSort
from matcher.eligibility.amounts import BODY_LENGTH
from matcher.eligibility.applicants import applicant_kinds, plain
from matcher.eligibility.numbers import NUMBER, number
from matcher.eligibility.rules import ApplicantRule, ConditionRule, PopulationRule, Rule, TerritoryRule
from matcher.eligibility.sections import MAX_QUOTE
from matcher.eligibility.vocabulary import PUBLIC
from matcher.records import ApplicantKind as Kind
from matcher.records import FundingCall
from matcher.verdicts import Criterion

MOST_MEMBERS = 40
"""Numbers beyond this beside *partner* are targets or participants, not members."""
FEWEST_INHABITANTS = 500
_N = rf"(?P<n>{NUMBER})(?:\s*\(\w+\))?"
_WHO = (
    r"(?P<who>partner|soggett\w+|comuni|enti(?: locali| pubblici| del terzo settore)?|organizzazion\w+|imprese|pmi"
    r"|aziende|organismi|membri|componenti|citta|amministrazioni)"
)
_TOGETHER = re.compile(
    r"partenariat|partner|aggregazion|raggruppament|capofila|\bret[ei] (?:di|tra)|consorzi|forme? di cooperazione"
    r"|forma associata|accordo tra|compost[oaie] da|costituit[oaie] da|format[oaie] da|\bgruppi di"
)
_LEAST = re.compile(
    rf"(?:almeno|minimo(?: di)?|non meno di|da un minimo di)\s+(?:altri |altre )?{_N}\s+(?P<more>altri |altre )?{_WHO}"
)
_MOST = re.compile(rf"(?:fino (?:a|ad) un massimo di|non piu di|al massimo|massimo(?: di)?)\s+{_N}\s+{_WHO}")
_BETWEEN = re.compile(rf"da\s+(?P<low>{NUMBER})\s+a\s+(?P<high>{NUMBER})\s+(?:partner|soggetti|comuni|citta|membri)")
_ALONE = re.compile(r"non c'e un numero minimo|anche (?:in forma )?singol|singolarmente o in|in forma singola o")
_LEAD = re.compile(
    r"capofila (?:e|e'|sia|deve essere|dovra essere|puo essere(?: solo| esclusivamente)?)\s+(?P<lead>[^.;\n]{3,80})"
    r"|(?<!quale )\b(?P<lead2>comun[ei]|ent[ei] local[ei]|ent[ei] pubblic[oi])\s+(?:\w+ )?capofila"
    r"|capofila\s+(?P<lead3>pubblic[oi])\b"
)
_ONE_OF = re.compile(
    r"(?:almeno un(?:o|a|')?|la presenza di un(?:o|a|')?|tra cui (?:almeno )?un(?:o|a|')?)\s*"
    r"(?P<who>(?:ente|enti|comune|universit|scuol|istitut|associazion|cooperativ|impres|pmi|grande impresa|organismo"
    r"|soggetto (?:pubblico|del terzo settore|privato)|fondazion|azienda sanitari)[^.,;:()]{0,60})"
)
_SUM = re.compile(
    r"(?:popolazione (?:complessiva|totale|aggregata)[^.;]{0,60}?|(?:insieme|complessivamente|in totale)"
    rf"[^.;]{{0,40}}?)(?P<how>almeno|non inferiore a|pari o superiore a|superiore a|minimo(?: di)?|raggiung\w+"
    rf"|non superiore a|inferiore a|fino a|massimo(?: di)?)\s+(?:i |ai |a )?{_N}\s*(?:abitanti|residenti)"
)
_AT_MOST = re.compile(r"^(?:non superiore|inferiore|fino|massimo)")
_PROPOSAL = r"(?:partenariat|aggregazion|raggruppament|propost|candidatur)"
_ONCE = re.compile(
    r"(?:far(?:e)? parte|partecipare|aderire|stare|essere presente|figurare)[^.;]{0,40}\b(?:un solo|un unico|una sola"
    rf"|un'unica)\s+(?:\w+ )?(?:{_PROPOSAL}|progett|domanda)"
    rf"|nessun\w* (?:comune|soggetto|ente|partner)[^.;]{{0,40}}\b(?:due|piu) (?:di un\w* )?{_PROPOSAL}"
    rf"|non (?:puo|possono|e possibile)[^.;]{{0,60}}\bpiu (?:di un\w* )?{_PROPOSAL}"
)
_ADJOINING = re.compile(r"comuni[^.;]{0,40}\b(?:conterm|limitrof|confinant|contigu)\w+|territorialmente contigu")
_ZONE = re.compile(r"(?:stess[ao]|medesim[ao]|unica) zona omogenea")
_GROUP_OF = re.compile(
    r"(?:partenariat|aggregazion|raggruppament|ret)\w+ (?:di|tra|fra|(?:compost|costituit|format)\w+ da)\b"
)
_SENTENCE = re.compile(r"[^.;\n]+(?:\.(?=\S)[^.;\n]+)*[.;]?")

Place = tuple[str, int]


def read_consortium_rules(call: FundingCall, rules: Sequence[Rule]) -> tuple[ConsortiumRule, ...]:
    """Return what a call asks of a partnership; ``rules`` are those in force for who applies, reviewed or read.

    Empty where the call speaks of no partnership at all. What a person reviewed about partners and lead comes before
    what is read here.
    """
    condition = next((r for r in rules if isinstance(r, ConditionRule) and r.of is Criterion.PARTNERSHIP), None)
    reviewed = tuple(_from_condition(condition)) if condition and condition.reviewed_on else ()
    found = [*reviewed, *_read(call)]
    if not found and condition and not _ALONE.search(plain(condition.quote)):
        found = list(_from_condition(condition))
    if not found:
        return ()
    kept: dict[tuple[RuleSort, frozenset[Kind]], ConsortiumRule] = {}
    for rule in [*found, *_own(rules)]:
        kept.setdefault((rule.sort, rule.kinds if rule.sort is RuleSort.MEMBERS else frozenset()), rule)
    order = list(RuleSort)
    return tuple(sorted(kept.values(), key=lambda rule: order.index(rule.sort)))


def _read(call: FundingCall) -> Iterator[ConsortiumRule]:
    for origin, text in (
        ("applicants_text", call.applicants_text),
        ("title", call.title),
        ("summary", call.summary),
        ("text", call.text[:BODY_LENGTH]),
    ):
        for match in _SENTENCE.finditer(text):
            sentence = match.group()
            words = plain(sentence)
            if not _TOGETHER.search(words) and not _SUM.search(words):
                continue
            quote = " ".join(sentence.split())[:MAX_QUOTE]
            where = f"text:{match.start()}" if origin == "text" else origin
            for reader in _READERS:
                yield from reader(words, quote, where)


def _members(words: str, quote: str, origin: str) -> Iterator[ConsortiumRule]:
    if _ALONE.search(words):
        return
    between = _BETWEEN.search(words)
    if between:
        low, high = int(number(between["low"])), int(number(between["high"]))
        if 1 < low <= high <= MOST_MEMBERS:
            yield ConsortiumRule(sort=RuleSort.MEMBERS, minimum=low, maximum=high, quote=quote, origin=origin)
        return
    least, most = _LEAST.search(words), _MOST.search(words)
    low_n = _number_of_members(least)
    high_n = _number_of_members(most)
    if least and low_n and re.search(r"\baltr[ie]\b", least.group()):
        low_n += 1
    if low_n is None and high_n is None:
        return
    kinds = _kinds_of(least["who"]) if least and low_n else frozenset()
    yield ConsortiumRule(sort=RuleSort.MEMBERS, minimum=low_n, maximum=high_n, kinds=kinds, quote=quote, origin=origin)


def _number_of_members(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    found = number(match["n"])
    return int(found) if 1 < found <= MOST_MEMBERS and found == int(found) else None


def _kinds_of(who: str) -> frozenset[Kind]:
    if who.startswith(("comuni", "citta")):
        return frozenset({Kind.COMMUNE})
    if who in ("imprese", "pmi", "aziende"):
        return frozenset({Kind.FIRM})
    if who.endswith("terzo settore"):
        return frozenset({Kind.THIRD_SECTOR})
    return frozenset({*PUBLIC}) if who.endswith(("pubblici", "locali")) else frozenset()


def _lead(words: str, quote: str, origin: str) -> Iterator[ConsortiumRule]:
    match = _LEAD.search(words)
    if match is None:
        return
    said = match["lead"] or match["lead2"] or match["lead3"]
    kinds = frozenset(PUBLIC) if re.match(r"(?:un |il |uno )?(?:ente |soggetto )?pubblic", said) else _named(said)
    if kinds:
        yield ConsortiumRule(sort=RuleSort.LEAD, kinds=kinds, quote=quote, origin=origin)


def _one_of(words: str, quote: str, origin: str) -> Iterator[ConsortiumRule]:
    for match in _ONE_OF.finditer(words):
        kinds = frozenset(PUBLIC) if re.match(r"(?:ente|soggetto) pubblic", match["who"]) else _named(match["who"])
        if kinds:
            yield ConsortiumRule(sort=RuleSort.MEMBERS, minimum=1, kinds=kinds, quote=quote, origin=origin)


def _named(words: str) -> frozenset[Kind]:
    return applicant_kinds(words).kinds


def _population(words: str, quote: str, origin: str) -> Iterator[ConsortiumRule]:
    match = _SUM.search(words)
    if match is None:
        return
    size = int(number(match["n"]))
    if size < FEWEST_INHABITANTS:
        return
    at_most = _AT_MOST.search(match["how"]) is not None
    yield ConsortiumRule(
        sort=RuleSort.POPULATION,
        minimum=None if at_most else size,
        maximum=size if at_most else None,
        quote=quote,
        origin=origin,
    )


def _flag(sort: RuleSort, pattern: re.Pattern[str]) -> Callable[[str, str, str], Iterator[ConsortiumRule]]:
    def read(words: str, quote: str, origin: str) -> Iterator[ConsortiumRule]:
        if pattern.search(words):
            yield ConsortiumRule(sort=sort, quote=quote, origin=origin)

    return read


_READERS = (
    _members,
    _lead,
    _one_of,
    _population,
    _flag(RuleSort.ONLY_ONCE, _ONCE),
    _flag(RuleSort.ADJOINING, _ADJOINING),
    _flag(RuleSort.ONE_ZONE, _ZONE),
)


def _from_condition(rule: ConditionRule) -> Iterator[ConsortiumRule]:
    facts = dict(rule.facts)
    if "min_partners" in facts:
        yield ConsortiumRule(
            sort=RuleSort.MEMBERS, minimum=int(facts["min_partners"]), quote=rule.quote, origin=rule.origin
        )
    if "lead" in facts:
        kinds = frozenset(PUBLIC) if facts["lead"] == "public" else frozenset({Kind.COMMUNE})
        yield ConsortiumRule(sort=RuleSort.LEAD, kinds=kinds, quote=rule.quote, origin=rule.origin)


def _own(rules: Sequence[Rule]) -> Iterator[ConsortiumRule]:
    """What the call's own rules ask of each member: who, where, how large."""
    for rule in rules:
        if isinstance(rule, ApplicantRule) and rule.read:
            yield ConsortiumRule(
                sort=RuleSort.ADMITTED,
                applicants=rule,
                lead_only=not _of_all(rule.quote),
                quote=rule.quote,
                origin=rule.origin,
            )
        elif isinstance(rule, TerritoryRule) and (rule.regions or rule.provinces or rule.zones or rule.communes):
            yield ConsortiumRule(sort=RuleSort.TERRITORY, places=rule, quote=rule.quote, origin=rule.origin)
        elif isinstance(rule, PopulationRule):
            yield ConsortiumRule(
                sort=RuleSort.SIZE,
                minimum=rule.minimum,
                maximum=rule.maximum,
                strict=rule.strict,
                quote=rule.quote,
                origin=rule.origin,
            )


def _of_all(quote: str) -> bool:
    """Whether those who may apply are said to be a partnership of such bodies: then each member must be one."""
    return _GROUP_OF.search(plain(quote)) is not None
