"""The figures that ship with the ranker are those of the report."""

import json

import pytest

from evaluation.errors import ResultsError
from evaluation.shipped import FIGURES, REPORT, SHIPPED, shipped_figures, write_shipped
from service.quality import measured


def test_what_ships_is_what_the_report_says():
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert shipped["figures"] == shipped_figures(), "write it again with `python -m evaluation.shipped`"


def test_every_figure_is_read_as_it_ships():
    quality = measured()
    assert {(figure.task, figure.measure) for figure in quality.figures} == set(FIGURES)
    assert all(0 <= figure.mean <= 1 for figure in quality.figures)
    assert quality.split == "test"


def test_a_report_that_lacks_a_figure_is_refused(tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    with pytest.raises(ResultsError, match="needs"):
        shipped_figures(tmp_path)


def test_a_report_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ResultsError, match="remix evaluate"):
        shipped_figures(tmp_path)


def test_figures_ship_with_the_split_and_the_encoder_they_were_measured_with(tmp_path):
    (tmp_path / "summary.json").write_bytes((REPORT / "summary.json").read_bytes())
    (tmp_path / "results.json").write_text('{"context": {"split": "dev", "encoder": "bag-of-words:1"}}')
    write_shipped(tmp_path, tmp_path / "shipped.json")
    written = json.loads((tmp_path / "shipped.json").read_text(encoding="utf-8"))
    assert (written["split"], written["encoder"]) == ("dev", "bag-of-words:1")
    assert written["figures"] == shipped_figures()


def test_a_report_that_does_not_say_what_was_measured_does_not_ship(tmp_path):
    (tmp_path / "summary.json").write_bytes((REPORT / "summary.json").read_bytes())
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(ResultsError, match="context"):
        write_shipped(tmp_path, tmp_path / "shipped.json")
