"""Who was funded before: for each measure, how many projects of each kind of body.

``python -m corpora.funded_bodies FOLDER`` counts the open data in FOLDER again and writes the table that the package
carries: evidence for measures whose precedents nobody has imported. It holds counts, no names and no texts.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from corpora.rows import Read, Repairs
from corpora.sources import get_source
from matcher.bodies import body_kind
from matcher.records import ApplicantKind, Precedent

TABLE = "funded_bodies.csv"
_FILES = (("pnrr-progetti", "pnrr_progetti_validati.csv.gz"), ("pnc", "pnc_progetti.csv.gz"))
_COLUMNS = ("measure", "kind", "projects", "bodies")

# Rural pharmacies: the publisher names the agency that pays them and classifies them only as "others".
_PAID_TO_FIRMS = frozenset({"M5C3I1.01.02"})

KindCounts = dict[str, Counter[ApplicantKind]]


def funded_kind(precedent: Precedent) -> ApplicantKind | None:
    """The kind of body that a precedent funded: as its publisher classifies it, else as its name says, else None."""
    if precedent.beneficiary:
        return precedent.beneficiary
    if precedent.body:
        return body_kind(precedent.body)
    return ApplicantKind.FIRM if precedent.measure in _PAID_TO_FIRMS else None


def count_funded_bodies(precedents: Iterable[Precedent]) -> KindCounts:
    """Projects by measure code and kind of body; those whose kind is not known are not counted."""
    counts: KindCounts = defaultdict(Counter)
    for precedent in precedents:
        kind = funded_kind(precedent)
        if precedent.measure and kind:
            counts[precedent.measure][kind] += 1
    return dict(counts)


def load_funded_bodies() -> dict[str, dict[ApplicantKind, int]]:
    """The table that the package carries: projects by measure code and kind of body."""
    counts: dict[str, dict[ApplicantKind, int]] = defaultdict(dict)
    lines = files("corpora.embedded").joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        counts[row["measure"]][ApplicantKind(row["kind"])] = int(row["projects"])
    return dict(counts)


def write_funded_bodies(precedents: Iterable[Precedent], path: Path) -> int:
    """Write the table with its sources and their dates; the last column counts distinct named bodies. Returns rows."""
    known = [precedent for precedent in precedents if precedent.measure and funded_kind(precedent)]
    bodies: dict[tuple[str, ApplicantKind | None], set[str]] = defaultdict(set)
    for precedent in known:
        if precedent.body:
            bodies[precedent.measure, funded_kind(precedent)].add(precedent.body)
    rows = [
        (measure, kind.value, projects, len(bodies[measure, kind]))
        for measure, kinds in sorted(count_funded_bodies(known).items())
        for kind, projects in sorted(kinds.items())
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("# Funded projects by measure and kind of body: counts from open data, no names.\n")
        stream.writelines(f"# Source: {line}\n" for line in _sources(known))
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([_COLUMNS, *rows])
    return len(rows)


def read_precedents(folder: Path) -> Iterator[Precedent]:
    """The precedents of the two plans in a folder of open data; raises as ``corpora.rows.Source.read``."""
    for source, file in _FILES:
        for outcome in get_source(source).read(folder / file, Repairs()):
            if isinstance(outcome, Read) and isinstance(outcome.record, Precedent):
                yield outcome.record


def _sources(precedents: Iterable[Precedent]) -> list[str]:
    latest: dict[str, str] = {}
    for precedent in precedents:
        if precedent.provenance and precedent.provenance.as_of:
            known = latest.get(precedent.provenance.reference, "")
            latest[precedent.provenance.reference] = max(known, precedent.provenance.as_of.isoformat())
    return [f"{reference}, {day}" for reference, day in sorted(latest.items())]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m corpora.funded_bodies FOLDER")
    write_funded_bodies(read_precedents(Path(sys.argv[1])), Path(__file__).parent / "embedded" / TABLE)
