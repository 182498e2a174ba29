"""The embedded calls: enough of them at every level, each with its source, written in our own words."""

import gzip
import json
import re
from collections import Counter
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from corpora.embedded import AS_OF, load
from matcher.records import CallStatus, FundingCall, Level

NOON = datetime.combine(AS_OF, time(12), ZoneInfo("Europe/Rome"))
RUN = 8  # words in a row that two texts may not share
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
TELEPHONE = re.compile(r"\b(?:\+39[\s.]?)?0\d{1,3}[\s./-]?\d{5,}|\b3\d{2}[\s./-]\d{6,7}\b|\b800[\s.]\d{3}[\s.]\d{3}\b")
PERSON = re.compile(r"\b(?:dott|dr|sig|arch|ing|avv|geom|prof)(?:\.ssa|\.ra|ssa)?\.? [A-Z]", re.IGNORECASE)


@pytest.fixture(scope="module")
def calls() -> list[FundingCall]:
    return [record for record in load() if isinstance(record, FundingCall)]


def is_open(call: FundingCall) -> bool:
    began = call.opens is None or call.opens.at <= NOON
    ended = call.closes is not None and call.closes.at < NOON
    return began and not ended


def prose(call: FundingCall) -> str:
    return f"{call.summary}\n{call.text}"


@pytest.mark.parametrize(
    ("levels", "at_least"),
    [
        ({Level.EU}, 10),
        ({Level.NATIONAL}, 18),
        ({Level.REGIONAL}, 16),
        ({Level.METROPOLITAN, Level.LOCAL}, 6),
        ({Level.FOUNDATION}, 8),
    ],
)
def test_every_level_has_enough_calls(calls: list[FundingCall], levels: set[Level], at_least: int) -> None:
    assert sum(call.level in levels for call in calls) >= at_least


def test_ids_are_unique_slugs_of_the_embedded_source(calls: list[FundingCall]) -> None:
    assert len({call.id for call in calls}) == len(calls)
    assert [call.id for call in calls if not re.fullmatch(r"embedded:[a-z0-9]+(-[a-z0-9]+)*", call.id)] == []
    assert {call.source for call in calls} == {"embedded"}


def test_every_call_says_who_pays_whom_where_and_for_what(calls: list[FundingCall]) -> None:
    for call in calls:
        assert all((call.issuer, call.applicants_text, call.territory_text, call.summary, call.themes)), call.id
        assert 50 <= len(call.text.split()) <= 800, call.id
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", call.summary)) <= 3, call.id


def test_every_call_has_a_source_and_speaks_for_the_day_of_the_corpus(calls: list[FundingCall]) -> None:
    for call in calls:
        assert call.provenance is not None, call.id
        assert len(call.provenance.reference) >= 15, call.id
        assert call.provenance.as_of == AS_OF, call.id


def test_a_call_is_marked_illustrative_if_and_only_if_its_source_says_so(calls: list[FundingCall]) -> None:
    said = [
        call.id for call in calls if call.provenance and call.provenance.reference.startswith("esempio illustrativo:")
    ]
    assert said == [call.id for call in calls if call.illustrative]
    assert len(said) < len(calls) / 3


def test_no_call_names_a_person_or_tells_how_to_ring_one(calls: list[FundingCall]) -> None:
    for call in calls:
        everything = " ".join((prose(call), call.title, call.issuer, call.applicants_text, call.territory_text))
        for pattern in (ADDRESS, TELEPHONE, PERSON):
            assert pattern.search(everything) is None, call.id


def test_dates_are_aware_and_in_order(calls: list[FundingCall]) -> None:
    for call in calls:
        moments = [moment.at for moment in (call.opens, call.closes) if moment]
        assert all(moment.tzinfo is not None for moment in moments), call.id
        assert moments == sorted(moments), call.id


def test_amounts_and_shares_make_sense(calls: list[FundingCall]) -> None:
    for call in calls:
        assert call.cofinancing is None or 0 < call.cofinancing <= 1, call.id
        amounts = [money.amount for money in (call.min_award, call.max_award, call.total_amount) if money]
        assert amounts == sorted(amounts), call.id


def test_the_stated_status_agrees_with_the_dates(calls: list[FundingCall]) -> None:
    for call in calls:
        if call.status is CallStatus.OPEN:
            assert is_open(call), call.id
        if call.status is CallStatus.FORECASTED:
            assert call.opens is None or call.opens.at > NOON, call.id
        if call.status is CallStatus.CLOSED:
            assert call.closes is None or call.closes.at < NOON, call.id


def test_dates_matter_on_the_day_of_the_corpus(calls: list[FundingCall]) -> None:
    counts = Counter(call.status for call in calls)
    assert 0.4 <= counts[CallStatus.OPEN] / len(calls) <= 0.7
    assert min(counts[CallStatus.CLOSED], counts[CallStatus.FORECASTED], counts[CallStatus.UNKNOWN]) >= 5
    desks = [call for call in calls if call.status is CallStatus.OPEN and call.closes is None]
    assert len(desks) >= 5


@pytest.mark.parametrize(
    "rule",
    [
        "popolazione superiore a 5.000 abitanti",
        "popolazione inferiore a 5.000 abitanti",
        "popolazione superiore a 15.000 abitanti",
        "almeno cinque Comuni",
        "partenariato deve essere composto da almeno",
        "esaurimento delle risorse",
        "di proprietà comunale",
        "cofinanziamento",
    ],
)
def test_the_texts_hold_the_rules_that_eligibility_must_read(calls: list[FundingCall], rule: str) -> None:
    assert any(rule in call.text for call in calls)


def words(text: str) -> list[str]:
    return re.findall(r"\d[\d.]*\d|\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def shared_texts(shared_data: Path) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared_data.parent / "seeds").glob("*.txt"))]
    for name, fields in (("rl_bandi_fulltext", ("testo",)), ("it_bandi_testo", ("titolo", "testo"))):
        with gzip.open(shared_data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts += [" ".join(str(row.get(field, "")) for field in fields) for row in map(json.loads, lines)]
    return [*texts, (shared_data / "pnrr_misure.csv").read_text(encoding="utf-8")]


def test_no_eight_words_in_a_row_come_from_the_sources(calls: list[FundingCall], shared_data: Path) -> None:
    owners = {run: call.id for call in calls for run in runs(prose(call))}
    texts = shared_texts(shared_data)
    assert len(texts) > 100
    copied = {
        (owners[run], " ".join(run))
        for text in texts
        for run in zip(*(words(text)[start:] for start in range(RUN)), strict=False)
        if run in owners
    }
    assert copied == set()
