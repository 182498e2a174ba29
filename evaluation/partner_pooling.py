"""Which bodies reach a judge of partners: the union of what six plain rankers put first, and what is known of each.

    bodies (communes, enti-ipa, 5x1000) ──► nearest, most-funded, bm25, dense, fitting, close ──► one sheet per query

A sheet says neither which ranker found a body nor how high. Run it as ``python -m evaluation.partner_pooling``.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from corpora.errors import CorporaError
from corpora.judged_partners import PartnerQuery, load_judgments, load_queries
from evaluation.errors import EvaluationError
from evaluation.partner_bodies import Body, distances_km, read_bodies
from evaluation.workplace import data_folder, open_encoder
from matcher.analyser import Analyser
from matcher.distances import EARTH_KM
from matcher.encoder import Encoder
from matcher.lexical import LexicalIndex
from matcher.records import ApplicantKind as Kind

Values = NDArray[np.float64]
Pair = tuple[str, str]

NEAR_KM = 30.0
"""How far a fitting body may sit: the reach of a social district or a homogeneous zone, with its neighbours."""
TEXT_KM = 10.0
"""How many kilometres outweigh one standard deviation of likeness."""
SAME_ZONE_KM = 3.0
"""What lying in the same homogeneous zone is worth in distance."""

_ROLES: Mapping[Kind, re.Pattern[str]] = {
    Kind.COMMUNE: re.compile(r"\bcomun[ei]\b"),
    Kind.HEALTH: re.compile(r"sanitari|ospedal|consultori"),
    Kind.UNIVERSITY: re.compile(r"universit|politecnico"),
    Kind.SCHOOL: re.compile(r"scuol|istituto comprensivo"),
    Kind.PROVINCE: re.compile(r"citt. metropolitana|provincia di"),
    Kind.UNION: re.compile(r"comunit. montana|unione di"),
    Kind.PUBLIC_BODY: re.compile(r"\bparco|consorzio|camera di|agenzia|ente del riso|societ. pubblica"),
    Kind.THIRD_SECTOR: re.compile(
        r"associazion|cooperativ|fondazion|terzo settore|volontari|societ. sportiv|parrocchi|oratori|"
        r"emporio|solidale|centro anziani|ente che|ente di housing"
    ),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One query and the bodies to judge for it, in the order of their ids; distances are in kilometres."""

    query_id: str
    text: str
    wanted: str
    commune: str
    call_id: str
    bodies: tuple[tuple[Body, float], ...]


@dataclass(frozen=True)
class Field:
    """What the rankers see of one query: the bodies, how far each is, whether its kind is wanted, how alike it reads.

    ``lead`` is the position of the commune that asks. All arrays are (n_bodies,); ``near`` is in kilometres, less
    ``SAME_ZONE_KM`` in the zone of the lead.
    """

    bodies: Sequence[Body]
    lead: int
    near: Values
    wanted: NDArray[np.bool_]
    lexical: Values
    dense: Values


def wanted_kinds(wanted: str) -> frozenset[Kind]:
    """The kinds of body that a text of what is wanted names; all of them where it names none."""
    found = frozenset(kind for kind, words in _ROLES.items() if words.search(wanted.lower()))
    return found or frozenset(_ROLES)


def nearest(field: Field) -> Values:
    """The nearest communes first."""
    communes = np.array([body.kind is Kind.COMMUNE for body in field.bodies])
    return np.where(communes, -field.near, -np.inf)


def most_funded(field: Field) -> Values:
    """Whichever fitting body of the area was funded most."""
    amounts = np.array([body.amount for body in field.bodies])
    return np.where(field.wanted & (field.near <= NEAR_KM) & (amounts > 0), amounts, -np.inf)


def bm25(field: Field) -> Values:
    """The bodies whose words are those of the query."""
    return np.where(field.lexical > 0, field.lexical, -np.inf)


def dense(field: Field) -> Values:
    """The bodies whose text lies nearest to the query's."""
    return field.dense


def fitting(field: Field) -> Values:
    """Bodies of the area and of a wanted kind, best text first."""
    return _in_turn(field, _standard(field.lexical) + _standard(field.dense) - field.near / TEXT_KM)


def close(field: Field) -> Values:
    """Bodies of the area and of a wanted kind, nearest first and communes last."""
    communes = np.array([body.kind is Kind.COMMUNE for body in field.bodies])
    return _in_turn(field, field.lexical + field.dense - field.near - EARTH_KM * communes)


def _in_turn(field: Field, values: Values) -> Values:
    """Give the best of each wanted kind first, then the second of each, and so on.

    Without the turns, hundreds of associations leave no place for the one health authority.
    """
    turns = np.full(len(field.bodies), -np.inf)
    admitted = field.wanted & (field.near <= NEAR_KM)
    for kind in {body.kind for body in field.bodies}:
        own = [i for i, body in enumerate(field.bodies) if body.kind is kind and admitted[i]]
        for turn, i in enumerate(sorted(own, key=lambda i: (-values[i], i))):
            turns[i] = values[i] / (10 * EARTH_KM) - turn
    return turns


RANKERS: Mapping[str, Callable[[Field], Values]] = {
    "nearest": nearest,
    "most-funded": most_funded,
    "bm25": bm25,
    "dense": dense,
    "fitting": fitting,
    "close": close,
}


def pool(field: Field, depth: int) -> list[int]:
    """Positions of the bodies that any ranker puts among its first ``depth``, the lead left out.

    What a ranker refuses (minus infinity) it does not put.
    """
    found: set[int] = set()
    for ranker in RANKERS.values():
        values = ranker(field).copy()
        values[field.lead] = -np.inf
        order = np.lexsort((np.arange(len(values)), -values))[:depth]
        found.update(int(i) for i in order if values[i] > -np.inf)
    return sorted(found)


def fields(queries: Sequence[PartnerQuery], bodies: Sequence[Body], encoder: Encoder) -> Iterator[Field]:
    """Yield what the rankers see of each query, in their order; raises EvaluationError for an unknown commune."""
    texts = [f"{query.text} {query.wanted}" for query in queries]
    documents = [body.text for body in bodies]
    lexical = LexicalIndex.build(documents, Analyser()).scores(texts).astype(np.float64)
    alike = (encoder.encode_queries(texts) @ encoder.encode_documents(documents).T).astype(np.float64)
    for query, own_lexical, own_dense in zip(queries, lexical, alike, strict=True):
        lead = lead_of(query, bodies)
        same_zone = np.array([bool(lead.zone) and body.zone == lead.zone for body in bodies])
        kinds = wanted_kinds(query.wanted)
        yield Field(
            bodies=bodies,
            lead=bodies.index(lead),
            near=distances_km(lead, bodies) - SAME_ZONE_KM * same_zone,
            wanted=np.array([body.kind in kinds for body in bodies]),
            lexical=own_lexical,
            dense=own_dense,
        )


def lead_of(query: PartnerQuery, bodies: Iterable[Body]) -> Body:
    """The commune that asks; raises EvaluationError if it is none of the bodies."""
    for body in bodies:
        if body.id == f"comuni:{query.commune}":
            return body
    raise EvaluationError(f"query {query.query_id!r}: no commune {query.commune} among the bodies; correct its code")


def sheets(
    queries: Sequence[PartnerQuery],
    bodies: Sequence[Body],
    encoder: Encoder,
    depth: int,
    judged: Collection[Pair] = (),
    known: Collection[Pair] = (),
) -> Iterator[Sheet]:
    """Yield one sheet per query with the pooled and the known bodies that nobody has judged yet, without the lead.

    ``known`` are (query id, body id) pairs that a person adds to what the rankers find; raises EvaluationError for one
    that is not among the bodies or the queries.
    """
    _check_known(known, queries, bodies)
    for query, field in zip(queries, fields(queries, bodies, encoder), strict=True):
        lead = bodies[field.lead]
        apart = distances_km(lead, bodies)
        added = {i for i, body in enumerate(bodies) if (query.query_id, body.id) in known}
        pooled = added.union(pool(field, depth)) - {field.lead}
        shown = [(bodies[i], float(apart[i])) for i in pooled if (query.query_id, bodies[i].id) not in judged]
        ordered = tuple(sorted(shown, key=lambda pair: pair[0].id))
        yield Sheet(query.query_id, query.text, query.wanted, lead.name, query.call_id, ordered)


def _check_known(known: Iterable[Pair], queries: Iterable[PartnerQuery], bodies: Iterable[Body]) -> None:
    query_ids, body_ids = {query.query_id for query in queries}, {body.id for body in bodies}
    for query_id, body_id in known:
        if query_id not in query_ids or body_id not in body_ids:
            raise EvaluationError(f"known pair {query_id!r}, {body_id!r}: no such query or body; correct the list")


def read_known(path: Path) -> list[Pair]:
    """Read the pairs that a person adds: query id, tab, body id on each line; raises EvaluationError."""
    try:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}; it must be a file in UTF-8") from error
    for number, row in enumerate(rows, start=1):
        if len(row) != 2:
            raise EvaluationError(
                f"{path}, line {number}: {row!r} must be a query id and a body id, separated by a tab"
            )
    return [(query_id, body_id) for query_id, body_id in rows]


def _standard(values: Values) -> Values:
    deviation = values.std()
    standard: Values = (values - values.mean()) / (deviation if deviation > 0 else 1.0)
    return standard


def _progress(what: str, done: int, total: int) -> None:
    typer.echo(f"{what}: {done}/{total}", err=True)


def main(
    out: Annotated[Path, typer.Option("--out", help="Where the sheets go, one JSON object per query.")],
    depth: Annotated[int, typer.Option("--depth", min=1, help="How many of each ranker's first bodies to judge.")] = 10,
    labels: Annotated[Path, typer.Option("--labels", help="Folder of queries.jsonl and judgments.tsv.")] = Path(
        "corpora/judgments/partners"
    ),
    known: Annotated[Path | None, typer.Option("--known", help="Pairs to add: query id, tab, body id.")] = None,
) -> None:
    """Write the sheets of the bodies that several rankers put first and nobody has judged yet."""
    try:
        judged = {judgment.pair for judgment in load_judgments(labels)}
        added = read_known(known) if known else []
        bodies = read_bodies(data_folder())
        written = list(sheets(load_queries(labels), bodies, open_encoder(_progress), depth, judged, added))
    except (EvaluationError, CorporaError) as error:
        raise typer.BadParameter(str(error)) from error
    out.write_text("".join(json.dumps(asdict(s), ensure_ascii=False) + "\n" for s in written), encoding="utf-8")
    typer.echo(f"{sum(len(s.bodies) for s in written)} pairs to judge for {len(written)} queries in {out}")


if __name__ == "__main__":
    typer.run(main)
