"""Hand-labelled pairs of calls: which are one and the same; what that means is in ``judgments/duplicates/GUIDE.md``."""

from pathlib import Path

from corpora.judged_pairs import PairJudgment, judged_before, read_pair
from corpora.labelfile import tsv_rows

COLUMNS = ("first_id", "second_id", "same", "why", "judge", "date")


def load_duplicates(path: Path) -> list[PairJudgment]:
    """Read a file of judged pairs, in file order.

    Raises CorporaError naming file, line, field and value for a bad row, or a pair that is judged twice.
    """
    found: dict[tuple[str, str], PairJudgment] = {}
    for place, row in tsv_rows(path, COLUMNS):
        judged = read_pair(place, row)
        if judged.pair in found:
            raise judged_before(place, judged)
        found[judged.pair] = judged
    return list(found.values())
