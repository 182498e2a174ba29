"""Hand edits on the real register of communes: the whole file again changes what nobody touched, and nothing else."""

import gzip
from pathlib import Path

import pytest

from corpora.sources import get_source
from service.database import reading, writing
from service.imports import import_source
from service.work import edits, profiles
from service.work.acting import Acting
from service.work.fields import CommuneChanges
from tests.service.work.conftest import PRINCIPALS
from tests.world import NOSATE

REGISTER = "comuni_italiani.csv.gz"


@pytest.fixture
def register(engine, shared_data):
    """Import the register, as published or with one figure of one commune changed."""

    def run(path: Path = shared_data / REGISTER):
        return import_source(engine, get_source("comuni"), path)

    return run


def test_a_correction_stays_through_the_real_register_and_its_next_edition(engine, register, shared_data, tmp_path):
    register()
    with writing(engine) as session:
        staff = Acting(session, PRINCIPALS["consultant"])
        before = profiles.read_commune(staff, NOSATE.istat)
        population = before.record.population
        profiles.change_commune(staff, NOSATE.istat, before.version, CommuneChanges(population=population + 7))
    again = register()
    assert (again.new, again.changed, again.kept_by_hand, again.rows_in) == (0, 0, 1, again.unchanged)
    following = tmp_path / REGISTER
    text = gzip.decompress((shared_data / REGISTER).read_bytes()).decode("utf-8-sig")
    lines = text.splitlines(keepends=True)
    changed = [
        line.replace(f",{population}.0,", f",{population + 1}.0,") if "Nosate" in line else line for line in lines
    ]
    following.write_bytes(gzip.compress("".join(changed).encode()))
    assert changed != lines
    assert register(following).kept_by_hand == 1
    with reading(engine) as session:
        kept = edits.find(Acting(session, PRINCIPALS["consultant"]), profiles.KIND, NOSATE.istat)
    assert (kept.record.population, kept.hand_fields) == (population + 7, ("population",))
