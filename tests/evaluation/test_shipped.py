"""The figures that ship with the ranker are those of the report."""

import json

import pytest

from evaluation.errors import ResultsError
from evaluation.shipped import FIGURES, SHIPPED, shipped_figures
from service.quality import measured


def test_what_ships_is_what_the_report_says():
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    told = {name: value for name, value in shipped.items() if name != "ranker"}
    assert told == shipped_figures(), "write it again with `python -m evaluation.shipped`"


def test_every_figure_is_read_as_it_ships():
    quality = measured()
    assert {(figure.task, figure.measure) for figure in quality.figures} == set(FIGURES)
    assert all(0 <= figure.mean <= 1 for figure in quality.figures)
    assert quality.split == "test"


def test_a_report_that_lacks_a_figure_is_refused(tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    (tmp_path / "results.json").write_text('{"context": {}}')
    with pytest.raises(ResultsError, match="needs"):
        shipped_figures(tmp_path)


def test_a_report_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ResultsError, match="remix evaluate"):
        shipped_figures(tmp_path)
