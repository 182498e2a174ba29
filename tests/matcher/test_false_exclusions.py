"""Bodies that were really funded, judged by the call that funded them: hardly any may be ruled out."""

from pathlib import Path

from evaluation.tasks import load_task
from evaluation.tasks.task import Checked

LARGEST_SHARE = 0.005


def test_bodies_that_were_funded_are_not_ruled_out(shared_data: Path) -> None:
    found = load_task("padigitale-bodies", shared_data, "dev")
    assert isinstance(found, Checked)
    totals = {total.measure: total.value for total in found.totals}
    assert int(found.info.about.split()[0]) > 77_000
    assert totals["FalseExclusions"] <= LARGEST_SHARE
    assert totals["Recognised"] >= 1 - LARGEST_SHARE
