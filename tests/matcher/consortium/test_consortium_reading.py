import pytest

from matcher.consortium import ConsortiumRule, RuleSort, read_consortium_rules
from matcher.eligibility import extract_rules
from matcher.records import ApplicantKind as Kind
from matcher.records import FundingCall


def _read(text: str = "", **fields: str) -> dict[RuleSort, ConsortiumRule]:
    call = FundingCall(id="x:1", source="x", title=fields.pop("title", "Avviso"), text=text, **fields)
    return {rule.sort: rule for rule in reversed(read_consortium_rules(call, extract_rules(call)))}


@pytest.mark.parametrize(
    ("text", "minimum", "maximum", "kinds"),
    [
        ("Il partenariato deve essere composto da almeno cinque partner (capofila compreso).", 5, None, set()),
        ("Presenta domanda un partenariato formato da almeno 5 (cinque) Comuni.", 5, None, {Kind.COMMUNE}),
        ("Aggregazioni composte da un minimo di 2 partner e fino a un massimo di 8 partner.", 2, 8, set()),
        ("Il capofila coinvolge almeno quattro altri comuni.", 5, None, {Kind.COMMUNE}),
        ("La rete di città conta da sei a otto partner, capofila compreso.", 6, 8, set()),
    ],
)
def test_the_number_of_members_is_read_with_whom_it_counts(
    text: str, minimum: int, maximum: int | None, kinds: set[Kind]
):
    rule = _read(text)[RuleSort.MEMBERS]
    assert (rule.minimum, rule.maximum, set(rule.kinds)) == (minimum, maximum, kinds)
    assert rule.quote in text
    assert rule.origin == "text:0"


@pytest.mark.parametrize(
    "text",
    [
        "Almeno 300 imprese sostenute dal Fondo rotativo.",
        "Il progetto è realizzato da almeno cinque comuni.",
        "Non c'è un numero minimo di partner, ma almeno due partner rendono più forte il progetto.",
        "Gli eventi coinvolgono almeno 500 partner della rete di imprese.",
    ],
)
def test_other_numbers_ask_for_no_members(text: str):
    assert RuleSort.MEMBERS not in _read(text)


def test_a_lead_in_public_hands_is_asked_for():
    rule = _read("Il capofila deve essere un ente pubblico.")[RuleSort.LEAD]
    assert Kind.COMMUNE in rule.kinds
    assert Kind.THIRD_SECTOR not in rule.kinds


def test_a_member_of_a_kind_is_asked_for():
    rule = _read("Il partenariato comprende almeno un ente del terzo settore.")[RuleSort.MEMBERS]
    assert (rule.minimum, set(rule.kinds)) == (1, {Kind.THIRD_SECTOR})


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        (
            "I comuni in forma associata hanno una popolazione complessiva non inferiore a 15.000 abitanti.",
            15_000,
            None,
        ),
        ("Un raggruppamento di comuni che insieme raggiunge 50.000 abitanti.", 50_000, None),
        ("Aggregazioni con popolazione complessiva fino a 30.000 abitanti.", None, 30_000),
    ],
)
def test_a_threshold_on_the_sum_of_inhabitants_is_read(text: str, minimum: int | None, maximum: int | None):
    rule = _read(text)[RuleSort.POPULATION]
    assert (rule.minimum, rule.maximum) == (minimum, maximum)


@pytest.mark.parametrize(
    "text",
    [
        "Ogni soggetto partner, capofila compreso, può far parte di un solo partenariato.",
        "Nessun Comune può stare in due partenariati.",
        "I comuni non possono partecipare a più di una aggregazione.",
    ],
)
def test_that_a_body_takes_part_only_once_is_read(text: str):
    assert RuleSort.ONLY_ONCE in _read(text)


def test_neighbours_and_zone_are_read_from_one_sentence():
    found = _read("Il partenariato comprende almeno tre Comuni confinanti della stessa zona omogenea.")
    assert {RuleSort.MEMBERS, RuleSort.ADJOINING, RuleSort.ONE_ZONE} <= found.keys()


def test_who_may_apply_is_asked_of_each_member_where_partnerships_of_such_bodies_apply():
    found = _read(
        "Il partenariato deve essere composto da almeno cinque partner.", applicants_text="Partenariati di Comuni"
    )
    assert not found[RuleSort.ADMITTED].lead_only


def test_who_may_apply_is_asked_of_the_lead_alone_elsewhere():
    found = _read("Il partenariato deve essere composto da almeno cinque partner.", applicants_text="Comuni")
    assert found[RuleSort.ADMITTED].lead_only


def test_a_call_that_speaks_of_no_partnership_has_no_rules():
    assert _read("Contributi ai comuni fino a 5.000 abitanti.", applicants_text="Comuni") == {}
