"""What the encoder's update is learned from: texts that belong together, but no project with its PNRR measure.

    projects and the category that their CUP gives them · projects and their programme or procedure elsewhere
    (OpenCoesione, PNC) · descriptions and titles of calls in Italian, French and English

So a PNRR measure is as new to the encoder as a call of next year: what it gains there is not remembered, and a ranker
may be trained and tested on any of them. Projects that the benchmark keeps for choosing or testing are left out, and
so are the publishers whose calls are judged, and the French sets that test.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.errors import SourceError
from evaluation.tasks.data import read_rows
from evaluation.tasks.task import sample
from matcher.passages import PASSAGE_CHARACTERS, TITLE_CHARACTERS, calm

FILES = (
    "bench_pnrr_queries.csv.gz",
    "pnrr_progetti_validati.csv.gz",
    "opencoesione_2021_2027.csv.gz",
    "pnc_progetti.csv.gz",
    "pnc_programmi.csv",
    "it_bandi_testo.jsonl.gz",
    "eu_ft_topics_bilbao.jsonl",
    "fr_aides_territoires_periurbain.csv.gz",
    "en_pa_grants.csv.gz",
)
"""The files of the data folder that are read; of the first only which projects are to be left out."""
SHORTEST = 30
"""Characters of a query: a shorter one is a file number or "to be defined"."""

# Written by machines, or calls of publishers on which the product is judged.
_LEFT_OUT = ("sintesi_ia", "Regione Lombardia (PDF ufficiale)", "bandiradar/incentivi")
_ASKED = {
    "it": (
        "Cerchiamo finanziamenti per {}",
        "Come possiamo pagare {}?",
        "Esiste un bando per {}?",
        "Il comune vorrebbe {}: chi finanzia?",
        "A quale avviso possiamo partecipare per {}?",
        "Abbiamo bisogno di fondi per {}",
        "Buongiorno, vorremmo sapere quali incentivi esistono per {}. Grazie",
    ),
    "fr": ("Nous cherchons un financement pour {}", "Existe-t-il une aide pour {} ?", "Comment financer {} ?"),
    "en": ("We are looking for funding for {}", "Is there a grant for {}?", "How can we pay for {}?"),
}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class PairSet:
    """Queries and the documents they belong to: ``answers`` int64 (n_queries,) are positions in ``documents``."""

    name: str
    language: str
    queries: tuple[str, ...]
    documents: tuple[str, ...]
    answers: NDArray[np.int64]

    def asked(self, seed: int) -> tuple[str, ...]:
        """Return the queries in the words of people who ask, which must not lead away from what they ask for."""
        dice = random.Random(f"{seed} {self.name}")  # noqa: S311 - nothing here is secret
        return tuple(dice.choice(_ASKED[self.language]).format(query.rstrip(". ?!")) for query in self.queries)


def read_pair_sets(data: Path, per_document: int) -> tuple[PairSet, ...]:
    """Read all pairs, at most so many queries of a document; raises SourceError for a file that cannot be read."""
    kept_back = {row["cup"] for row in read_rows(data / FILES[0]) if row["split"] != "train"}

    def projects(file: str) -> Iterator[Row]:
        return (row for row in read_rows(data / file) if row["cup"] not in kept_back)

    programmes = {_short(row["codice_univoco_programma"]): row for row in read_rows(data / "pnc_programmi.csv")}
    elsewhere = ("opencoesione_2021_2027.csv.gz", "pnc_progetti.csv.gz")
    found = {
        ("cup", "it"): (pair for file in elsewhere for pair in _by(projects(file), _category)),
        ("cup-pnrr", "it"): _by(projects("pnrr_progetti_validati.csv.gz"), _category),
        ("opencoesione", "it"): _by(projects(elsewhere[0]), lambda row: row["procedura"]),
        ("pnc", "it"): _by(projects(elsewhere[1]), lambda row: _programme(programmes.get(row["cod_programma"]))),
        ("calls", "it"): _described(_json_rows(data / "it_bandi_testo.jsonl.gz"), "titolo", "testo"),
        ("eu", "en"): _described(_json_rows(data / "eu_ft_topics_bilbao.jsonl"), "title", "description"),
        ("aides", "fr"): _described(read_rows(data / "fr_aides_territoires_periurbain.csv.gz"), "Nom", "Descriptif"),
        ("grants", "en"): _described(read_rows(data / "en_pa_grants.csv.gz"), "title", "overview"),
    }
    return tuple(pair_set(*key, pairs, per_document) for key, pairs in found.items())


def pair_set(name: str, language: str, pairs: Iterable[tuple[str, str]], per_document: int) -> PairSet:
    """Return (query, document) pairs as a set, at most so many queries of a document, whatever their order."""
    groups: dict[str, set[str]] = {}
    for query, document in pairs:
        if len(query) >= SHORTEST and document and query != document:
            groups.setdefault(calm(document), set()).add(calm(query))
    documents = tuple(sorted(groups))
    chosen = [(q, n) for n, one in enumerate(documents) for q in sample(sorted(groups[one]), per_document, name)]
    answers = np.array([number for _, number in chosen], dtype=np.int64)
    return PairSet(name, language, tuple(query for query, _ in chosen), documents, answers)


def _by(rows: Iterable[Row], document: Callable[[Row], str]) -> Iterator[tuple[str, str]]:
    return ((_project(row), document(row)) for row in rows)


def _project(row: Row) -> str:
    title, summary = row["titolo"], row.get("sintesi", "")
    if summary in title:
        return title
    return summary if title in summary or title == "Da definire" else f"{title}. {summary}"


def _category(row: Row) -> str:
    category, sector = row["cup_categoria"], row["cup_sottosettore"]
    return category if sector in category else f"{category}. {sector}"


def _programme(row: Row | None) -> str:
    return f"{row['programma']}. {row['descrizione_programma']}"[:PASSAGE_CHARACTERS] if row else ""


def _short(code: str) -> str:
    return code.removeprefix("PNC-")


def _described(rows: Iterable[Row], title: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the beginning of each call's description with its title."""
    for row in rows:
        if row.get("qualita") not in _LEFT_OUT and row.get("fonte") not in _LEFT_OUT:
            yield " ".join(row[text].split())[:PASSAGE_CHARACTERS], row[title][:TITLE_CHARACTERS]


def _json_rows(path: Path) -> Iterator[Row]:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
        # Not splitlines: the texts hold signs that it takes for the ends of lines.
        yield from (json.loads(line) for line in text.split("\n") if line)
    except (OSError, EOFError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}; fetch it again") from error
