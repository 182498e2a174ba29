"""How well one project is found in two sources: ``python -m evaluation.project_twins`` prints it.

Two runs over the official files: with the CUPs as published, and without those of tenders, PNC and cohesion policy, so
that only what entries say can tell; the PNRR keeps its own. Rules were chosen on one half of the judged pairs.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

import corpora.embedded
from corpora.judged_pairs import PairAgreement, Share, pair_agreement
from corpora.judged_project_twins import HIDDEN, READ, ProjectTwinJudgment, load_project_twins
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from evaluation.workplace import data_folder
from matcher.project_entries import ProjectEntry, entry_of
from matcher.project_twins import ProjectTwin, find_twins
from matcher.records import Precedent, Project

LABELS = Path(corpora.embedded.__file__).parents[1] / "judgments" / "project-twins" / "judgments.tsv"
FILES: Mapping[str, str] = {
    "pnrr-progetti": "pnrr_progetti_validati.csv.gz",
    "pnrr-gare": "pnrr_gare_universo.csv.gz",
    "pnc": "pnc_progetti.csv.gz",
    "opencoesione": "opencoesione_2021_2027.csv.gz",
}
TENDERS = frozenset({"pnrr-gare"})
KEEPS_ITS_CUP = "pnrr-progetti"
BAR = 0.95


@dataclass(frozen=True, slots=True)
class Found:
    """What was compared, the pairs found, and the seconds that it took, without and with reading the files."""

    entries: Sequence[ProjectEntry]
    twins: Mapping[str, Sequence[ProjectTwin]]
    seconds: float
    with_reading: float


def find_all(data: Path) -> Found:
    """Read the official files and the embedded corpus, and find twins with CUPs and without."""
    began = time.perf_counter()
    entries = [entry_of(record, origin, tenders=TENDERS) for record, origin in _records(data)]
    read = time.perf_counter()
    published = find_twins(entries)
    done = time.perf_counter()
    hidden = [one if one.origin == KEEPS_ITS_CUP else replace(one, cup="") for one in entries]
    return Found(entries, {READ: published, HIDDEN: find_twins(hidden)}, done - read, done - began)


def agreement(found: Found, judgments: Sequence[ProjectTwinJudgment]) -> Mapping[str, PairAgreement]:
    """Compare what was found with what was judged: by whether CUPs were read, and on the half not chosen by."""
    known = {entry.id for entry in found.entries}
    proposed = {cups: {(twin.first, twin.second) for twin in twins} for cups, twins in found.twins.items()}
    shown: dict[str, PairAgreement] = {}
    for half, some in (("all", judgments), ("held out", [one for one in judgments if one.is_held_out])):
        of = {cups: [one for one in some if one.cups == cups] for cups in (READ, HIDDEN)}
        measured = {cups: pair_agreement(of[cups], proposed[cups], known) for cups in of}
        shown |= {f"{half}, CUPs {cups}": one for cups, one in measured.items()} | {half: together(measured.values())}
    return shown


def together(measured: Iterable[PairAgreement]) -> PairAgreement:
    """Return the agreement over several sets of pairs taken as one."""
    precision, recall = zip(*((one.precision, one.recall) for one in measured), strict=True)
    return PairAgreement(*(Share(sum(s.right for s in some), sum(s.all for s in some)) for some in (precision, recall)))


def _records(data: Path) -> list[tuple[Precedent | Project, str]]:
    found: list[tuple[Precedent | Project, str]] = []
    for source, name in FILES.items():
        outcomes = get_source(source).read(data / name, Repairs())
        found += [(one.record, "") for one in outcomes if isinstance(one, Read) and isinstance(one.record, Precedent)]
    embedded = corpora.embedded.load(Path(corpora.embedded.__file__).parent)
    return [*found, *((one, corpora.embedded.NAME) for one in embedded if isinstance(one, Project))]


def main(data: Annotated[Path | None, typer.Option(help="Cartella dei dati aperti.")] = None) -> None:
    """Print how many pairs are found, how many of the judged ones are right, and what it costs."""
    console = Console(width=110)
    found = find_all(data or data_folder())
    tenders = sum(twin.is_tender for twin in found.twins[READ])
    console.print(
        f"{len(found.entries)} entries: {len(found.twins[READ]) - tenders} projects in two sources, {tenders} tenders; "
        f"{found.seconds:.1f} s, {found.with_reading:.1f} s with reading the files"
    )
    console.print(f"precision asked for: {BAR}")
    table = Table("pairs", "proposed", "right", "precision", "95% interval", "to find", "recall")
    for name, one in agreement(found, load_project_twins(LABELS)).items():
        precision, recall = one.precision, one.recall
        low, high = precision.interval
        table.add_row(
            *(name, str(precision.all), str(precision.right), f"{precision.value:.3f}", f"{low:.3f} to {high:.3f}"),
            *(str(recall.all), f"{recall.value:.2f}"),
        )
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
