"""Pairs of entries labelled by reading: are both of one project? The guide is ``judgments/project-twins/GUIDE.md``."""

from dataclasses import dataclass, fields
from pathlib import Path
from zlib import crc32

from corpora.judged_pairs import PairJudgment, judged_before, read_pair
from corpora.labelfile import tsv_rows

COLUMNS = ("first_id", "second_id", "cups", "same", "why", "judge", "date")
READ, HIDDEN = "read", "hidden"
"""Whether the pair was proposed, and is to be found again, with the CUPs as published or without those of the other
sources: so the titles are judged on entries of which the CUP tells the truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTwinJudgment(PairJudgment):
    """One reading of one pair of entries, with their CUPs or without."""

    cups: str

    @property
    def is_held_out(self) -> bool:
        """Whether no rule was chosen by this pair: one half of them, by the checksum of its ids."""
        return crc32(" ".join(self.pair).encode()) % 2 == 1


def load_project_twins(path: Path) -> list[ProjectTwinJudgment]:
    """Read a file of judged pairs, in file order.

    Raises CorporaError naming file, line, field and value for a bad row, or a pair that is judged twice.
    """
    found: dict[tuple[str, str, str], ProjectTwinJudgment] = {}
    for place, row in tsv_rows(path, COLUMNS):
        read = read_pair(place, row)
        cups = place.one_of("cups", row["cups"], (READ, HIDDEN))
        if (*read.pair, cups) in found:
            raise judged_before(place, read)
        said = {field.name: getattr(read, field.name) for field in fields(read)}
        found[(*read.pair, cups)] = ProjectTwinJudgment(**said, cups=cups)
    return list(found.values())
