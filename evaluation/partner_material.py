"""What the measuring of partners stands on: the bodies of the open data, and the labelled projects as queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora.funded_bodies import load_funded_bodies, read_precedents
from corpora.judged_partners import PartnerQuery as LabelledQuery
from corpora.judged_partners import load_judgments, load_queries, partner_qrels
from evaluation.results import Qrels
from evaluation.tasks.data import CALLS, read_calls, read_communes, read_records
from matcher.eligibility import extract_rules
from matcher.partners import Directory, PartnerQuery, asked_roles, assemble
from matcher.records import Commune, FundingCall, Organisation, Precedent

LABELS = Path(__file__).resolve().parents[1] / "corpora" / "judgments" / "partners"
LOMBARDY = "Lombardia"
_ORGANISATIONS = {
    "enti-ipa": ("enti_pubblici_ipa.csv.gz", "enti_pubblici_ipa.csv.gz"),
    "ets": ("enti_5x1000_lombardia.csv.gz", "enti_5x1000_italia.csv.gz"),
}


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Labelled projects of one split: queries, roles that they want (told or kept back) and grades, all by query id."""

    queries: dict[str, PartnerQuery]
    roles: dict[str, frozenset[str]]
    qrels: Qrels


def read_directory(data: Path, region: str = LOMBARDY, precedents: Iterable[Precedent] | None = None) -> Directory:
    """Index the communes, public bodies and third sector of a region, of all Italy for "", with what they carried out.

    ``precedents``: the projects of the two national plans by default. Raises CorporaError for a file that is not there.
    """
    communes = [one for one in read_communes(data).values() if region in ("", one.region)]
    organisations = [
        record
        for source, (regional, national) in _ORGANISATIONS.items()
        for record in read_records(source, data / (regional if region == LOMBARDY else national))
        if isinstance(record, Organisation)
    ]
    funded = read_precedents(data) if precedents is None else precedents
    return Directory.build(assemble(communes, organisations, funded))


def labelled(data: Path, split: str, *, wanted: bool = True, labels: Path = LABELS) -> LabelledSet:
    """Read the labelled projects of a split; ``wanted``: whether they say in words what they look for.

    Raises CorporaError for a file that does not hold together.
    """
    asked = [query for query in load_queries(labels) if query.split == split]
    communes = read_communes(data)
    calls = _calls(data, asked)
    ids = {query.query_id for query in asked}
    queries = {query.query_id: _query(query, communes, calls, wanted=wanted) for query in asked}
    roles = {query.query_id: asked_roles(query.wanted) for query in asked}
    return LabelledSet(queries, roles, partner_qrels(one for one in load_judgments(labels) if one.query_id in ids))


def _calls(data: Path, asked: Sequence[LabelledQuery]) -> dict[str, FundingCall]:
    sources = {query.call_id.partition(":")[0] for query in asked} & CALLS.keys()
    return {call.id: call for call in read_calls(data, sorted(sources))}


def _query(
    query: LabelledQuery, communes: dict[str, Commune], calls: dict[str, FundingCall], *, wanted: bool
) -> PartnerQuery:
    call = calls.get(query.call_id)
    return PartnerQuery(
        text=query.text,
        lead=communes[query.commune],
        wanted=query.wanted if wanted else "",
        rules=extract_rules(call, load_funded_bodies().get(call.programme)) if call else (),
        programme=call.programme if call else "",
    )
