"""How well the tagger tags, against records tagged by reading: ``python -m evaluation.tags`` prints the table.

Every (record, code) is a decision: given, not given, or left to a person. Macro-F1 is the mean over the codes that
any of the records has, F1 of the decisions that were made; beside it stands the same with what was left to a person
counted as not given, and the share of records in which nothing was left.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from sklearn.metrics import f1_score

from corpora.judged_tags import (
    SECOND_READING,
    TagAgreement,
    TagReading,
    TagRecord,
    agreement_of,
    load_readings,
    load_records,
    tag_agreement,
)
from evaluation.measures.calibration import calibration
from evaluation.tag_records import TAGS, find_records
from evaluation.workplace import data_folder, open_encoder
from matcher.encoder import Encoder
from matcher.records import Need, Project, PublicAsset
from matcher.strategy import CODES, DRIVER, SCHEMES, Tagged, source_tags, text_to_tag
from matcher.tag_features import Numbers
from matcher.tagger import Band, Tagger
from matcher.tagger_files import load_tagger

BARS = {"driver": 0.80, "mission": 0.85}
"""Macro-F1 that is asked for; calibration: at most ``MOST_ECE``."""
MOST_ECE = 0.08
HELD_OUT = ("test", "fresh")
"""The splits of which nothing was learnt."""
WIDTH = 150
"""Columns of the table where no terminal says how wide it is: none of its figures is cut."""
POSSIBLE = 0.1
"""Probability from which on a code is a candidate: calibration is measured on these, too, apart from the easy rest."""


@dataclass(frozen=True, slots=True)
class SchemeQuality:
    """What was measured of one scheme.

    ``macro_f1`` and ``by_code`` count the decisions made; ``strict_f1`` counts what was left to a person as not given.
    ``decided``: share of codes, ``settled``: share of records without any code left. ``precision`` of the given tags.
    ``ece`` is over all codes, ``ece_possible`` over those of at least ``POSSIBLE``.
    """

    scheme: str
    records: int
    tags: int
    macro_f1: float
    strict_f1: float
    precision: float
    decided: float
    settled: float
    ece: float
    ece_possible: float
    by_code: Mapping[str, float]


def measure_scheme(scheme: str, likely: Numbers, truth: Numbers, band: Band) -> SchemeQuality:
    """Compare probabilities with what a reader found: ``likely`` and ``truth`` (0 or 1) are (n_records, n_codes)."""
    given, decided = likely >= band.give, (likely >= band.give) | (likely < band.drop)
    there = truth.any(axis=0)
    by_code = {
        code: float(f1_score(truth[decided[:, n], n], given[decided[:, n], n], zero_division=0))
        for n, code in enumerate(CODES[scheme])
        if truth[:, n].any()
    }
    pairs = list(zip(likely.ravel().tolist(), (truth.ravel() > 0).tolist(), strict=True))
    return SchemeQuality(
        scheme=scheme,
        records=len(truth),
        tags=int(truth.sum()),
        macro_f1=float(np.mean(list(by_code.values()))),
        strict_f1=float(f1_score(truth[:, there], given[:, there], average="macro", zero_division=0)),
        precision=float(truth[given].mean()) if given.any() else float("nan"),
        decided=float(decided.mean()),
        settled=float(decided.all(axis=1).mean()),
        ece=calibration(pairs).error,
        ece_possible=calibration(pair for pair in pairs if pair[0] >= POSSIBLE).error,
        by_code=by_code,
    )


def measure_tagger(
    tagger: Tagger, records: Sequence[TagRecord], found: Mapping[str, Tagged], encoder: Encoder
) -> dict[str, SchemeQuality]:
    """Measure a tagger on records that were tagged by reading, scheme by scheme; only their text is shown to it."""
    readings = {reading.record_id: reading for reading in load_readings(TAGS)}
    texts = [text_to_tag(found[record.record_id]) for record in records]
    likely = tagger.probabilities(texts, encoder.encode_documents)
    return {
        scheme: measure_scheme(
            scheme, likely[scheme], truth_of(scheme, [readings[r.record_id] for r in records]), tagger.bands[scheme]
        )
        for scheme in SCHEMES
    }


def truth_of(scheme: str, readings: Iterable[TagReading]) -> Numbers:
    """Return what a reader gave: float64 of 0 and 1, (n_records, n_codes)."""
    return np.array([[float(code in reading.codes(scheme)) for code in CODES[scheme]] for reading in readings])


def agreement_with_corpus(found: Mapping[str, Tagged]) -> TagAgreement:
    """Compare the drivers read with those that the authors of our own corpus had written on the same records."""
    readings = {reading.record_id: reading for reading in load_readings(TAGS)}
    pairs = [
        (
            readings[record.id].codes(DRIVER),
            frozenset(tag.code for tag in source_tags(record) if tag.scheme == DRIVER),
        )
        for record in found.values()
        if isinstance(record, Need | Project | PublicAsset) and record.drivers
    ]
    return agreement_of(pairs, CODES[DRIVER])


def main(
    split: Annotated[str, typer.Option(help="test, oppure fresh: letti a tagger finito.")] = "test",
    kind: Annotated[str, typer.Option(help="Solo need, project, asset o call.")] = "",
    data: Annotated[Path | None, typer.Option(help="Cartella dei dati aperti.")] = None,
) -> None:
    """Print how well the tagger that ships with Remix tags, and how well readers agree."""
    if split not in HELD_OUT:
        raise typer.BadParameter(
            f"{split!r}: choose one of {', '.join(HELD_OUT)}; the tagger has learnt from the others"
        )
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    everything = load_records(TAGS)
    records = [record for record in everything if record.split == split and kind in ("", record.kind)]
    found = find_records(everything, data or data_folder())
    encoder = open_encoder(lambda _what, _done, _total: None)
    tagger = load_tagger()
    tagger.check(encoder)
    _print_quality(console, measure_tagger(tagger, records, found, encoder), split)
    second = load_readings(TAGS, SECOND_READING)
    _print_agreement(console, tag_agreement(load_readings(TAGS), second), agreement_with_corpus(found))


def _print_quality(console: Console, measured: Mapping[str, SchemeQuality], split: str) -> None:
    columns: dict[str, Callable[[SchemeQuality], str]] = {
        "records": lambda q: str(q.records),
        "tags": lambda q: str(q.tags),
        "macro-F1": lambda q: f"{q.macro_f1:.3f}",
        "abstained = no": lambda q: f"{q.strict_f1:.3f}",
        "precision": lambda q: f"{q.precision:.3f}",
        "codes decided": lambda q: f"{q.decided:.1%}",
        "records settled": lambda q: f"{q.settled:.1%}",
        "ECE": lambda q: f"{q.ece:.3f}",
        f"ECE p>={POSSIBLE}": lambda q: f"{q.ece_possible:.3f}",
        "bar": lambda q: str(BARS.get(q.scheme, "-")),
    }
    table = Table("scheme", *columns, title=f"tags on the {split} records; ECE at most {MOST_ECE}")
    for scheme, quality in measured.items():
        table.add_row(scheme, *(show(quality) for show in columns.values()))
    console.print(table)
    for scheme, quality in measured.items():
        console.print(scheme, " ".join(f"{code}:{f1:.2f}" for code, f1 in quality.by_code.items()))


def _print_agreement(console: Console, second: Mapping[str, TagAgreement], corpus: TagAgreement) -> None:
    table = Table("scheme", "records", "kappa", "same codes", title="two readings")
    for scheme, agreed in [*second.items(), ("driver, other readers", corpus)]:
        table.add_row(scheme, str(agreed.records), f"{agreed.kappa:.3f}", f"{agreed.exact:.1%}")
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
