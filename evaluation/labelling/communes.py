"""Names, regions and populations of the communes that ask: a judge compares them with who may apply."""

from collections.abc import Collection

from corpora import embedded
from evaluation.errors import TaskError
from evaluation.tasks.data import read_communes
from evaluation.workplace import data_folder
from matcher.records import Commune


def known_communes(codes: Collection[str]) -> dict[str, Commune]:
    """Return the communes of some ISTAT codes: from the official file where it is, else from the included ones."""
    try:
        every = read_communes(data_folder())
    except TaskError:
        every = {record.istat: record for record in embedded.load() if isinstance(record, Commune)}
    return {code: every[code] for code in codes if code in every}
