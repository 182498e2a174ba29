"""The report: what is said, that it needs nothing else, and that who cannot see the plots misses nothing."""

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evaluation.errors import ResultsError
from evaluation.report import write_report
from evaluation.report.markdown import markdown
from evaluation.report.page import page
from evaluation.report.plots import Dot, Row, dot_plot
from evaluation.report.sections import document
from evaluation.results import QueryInfo, Ranking, Result, Results, TaskInfo, Total

HOSTILE = 'Bando <script>alert("x")</script> & | *nidi* \x07\nseconda riga'
QUERIES = tuple(
    QueryInfo(f"q{n}", f"Serve un nido numero {n}", {"size": ("below 1,000" if n % 2 else "50,000 and more",)})
    for n in range(8)
)
GRADES = {query.query_id: {"s:a": 3, "s:b": 0} for query in QUERIES[:7]} | {"q7": {"s:b": 0}}
GOOD = {query.query_id: 0.5 + n / 20 for n, query in enumerate(QUERIES)} | {"q6": 0.1, "q7": 0.0}
WEAK = {query.query_id: 0.3 for query in QUERIES} | {"q7": 0.0}


def top(first: str) -> dict[str, tuple[str, ...]]:
    return {query.query_id: (first, "s:b", "s:c") for query in QUERIES}


RESULTS = Results(
    context={"encoder": "hashing-64"},
    tasks=(TaskInfo("needs", "Fabbisogni", "What a commune needs.", QUERIES, GRADES),),
    results=(
        Result("needs", "bm25", "nDCG@10", WEAK),
        Result("needs", "remix", "nDCG@10", GOOD),
        Result("needs", "bm25", "Judged@10", dict.fromkeys(WEAK, 0.9)),
        Result("needs", "remix", "Judged@10", dict.fromkeys(WEAK, 0.8)),
        Result("needs", "bm25", "Ineligible@10", dict.fromkeys(WEAK, 0.6)),
        Result("needs", "remix", "Ineligible@10", dict.fromkeys(WEAK, 0.05)),
        Result("needs", "bm25", "Success@5", dict.fromkeys(WEAK, 0.5)),
        Result("needs", "remix", "Success@5", dict.fromkeys(WEAK, 0.75)),
        Result("needs", "remix", "Loss(capitals) nDCG@10", dict.fromkeys(WEAK, 0.07)),
    ),
    totals=(
        Total("needs", "remix", "ECE", 0.031, ({"likelihood": 0.8, "observed": 0.75, "pairs": 40.0},)),
        Total("needs", "remix", "CallCoverage@10", 0.4),
    ),
    rankings=(Ranking("needs", "remix", top("s:a")), Ranking("needs", "bm25", top("s:hostile"))),
    titles={"s:a": "Avviso nidi", "s:b": "Bando strade", "s:hostile": HOSTILE},
)
CHECKED = Results(
    context={},
    tasks=(TaskInfo("bodies", "Enti", "Who was funded.", QUERIES[:1]),),
    results=(Result("bodies", "remix", "FalseExclusions", {"q0": 0.0}),),
)


class Page(HTMLParser):
    """Reads a page: its elements with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return page(document(RESULTS))


def test_nothing_measured_is_nothing_to_report() -> None:
    with pytest.raises(ResultsError, match="nothing to report"):
        document(dataclasses.replace(RESULTS, results=()))


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"missing/report\.md"):
        write_report(RESULTS, tmp_path / "missing")


def test_both_forms_are_written_and_are_the_same_again(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_report(RESULTS, tmp_path)]
    assert [path.read_bytes() for path in write_report(RESULTS, tmp_path)] == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.md"]


def test_the_page_has_no_script_and_asks_nobody_for_anything(html: str) -> None:
    found = Page(html)
    assert not {"script", "link", "iframe", "img", "object", "use"} & {tag for tag, _ in found.elements}
    attributes = [(name, value or "") for _, found_ in found.elements for name, value in found_.items()]
    assert all(value.startswith("#") for name, value in attributes if name in ("href", "src", "action"))
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not re.search(r"@import|url\(|https?://", html)
    assert "default-src 'none'" in html


def test_every_plot_says_what_it_shows_and_every_table_has_a_caption(html: str) -> None:
    found = Page(html)
    plots = found.every("svg")
    assert len(plots) >= 6
    assert all(plot["role"] == "img" and len(plot["aria-label"] or "") > 20 for plot in plots)
    assert len(found.every("figcaption")) == len(found.every("figure")) == len(plots)
    assert len(found.every("caption")) == len(found.every("table")) >= len(plots)
    assert all(cell.get("scope") in ("row", "col") for cell in found.every("th"))
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link["href"] for link in found.every("a")} <= {f"#{name}" for name in ids}


def test_each_language_is_marked(html: str) -> None:
    found = Page(html)
    assert found.every("html") == [{"lang": "en"}]
    assert {"lang": "it"} in [{"lang": e.get("lang")} for e in found.every("blockquote")]
    assert found.every("section")[0]["lang"] == "it"


def test_titles_of_others_stay_text_in_both_forms(html: str) -> None:
    assert "<script>" not in html
    assert any('<script>alert("x")</script>' in words for words in Page(html).words)
    assert "\x07" not in html
    written = markdown(document(RESULTS))
    assert r"Bando \<script\>" in written
    assert r"\| \*nidi\*" in written


def test_the_summary_says_in_italian_how_good_and_against_what() -> None:
    said = document(RESULTS).summary.text
    assert "Su 8 domande (Fabbisogni), remix mostra tra i primi cinque almeno un bando adatto nel 75% dei casi" in said
    assert "contro 0,26 della migliore alternativa (bm25; intervallo al 95%: da " in said
    assert "il 5% risulta non accessibile al comune (60% con bm25)" in said


def test_queries_that_lost_and_gained_are_shown_with_both_top_fives() -> None:
    written = markdown(document(RESULTS))
    assert "**q6** (lost 0.200: from 0.300 to 0.100): Serve un nido numero 6" in written
    lost = written[written.index("**q6** (lost") :]
    assert lost.index("remix:") < lost.index("[3] Avviso nidi") < lost.index("bm25:") < lost.index("[–] Bando")
    assert "gained 0.450: from 0.300 to 0.750" in written


def test_queries_that_nobody_could_answer_are_counted_and_not_among_the_worst() -> None:
    written = markdown(document(RESULTS))
    assert "1 of 8 queries have no relevant call" in written
    worst = written[written.index("Where remix does worst") :]
    assert worst.index("**q6**") < worst.index("**q0**")
    assert "**q7**" not in worst


def test_strata_coverage_calibration_and_robustness_are_reported() -> None:
    written = markdown(document(RESULTS))
    assert "| below 1,000 | 4 |" in written
    assert "| calls shown to anybody |  | 0.400 |" in written
    assert "Expected calibration error: 0.031" in written
    assert r"| capitals | remix | 0.070 \[0.070, 0.070\] |" in written


def test_one_system_alone_is_reported_without_comparison() -> None:
    alone = dataclasses.replace(RESULTS, results=tuple(r for r in RESULTS.results if r.system == "remix"))
    said = document(alone)
    assert "alternativa" not in said.summary.text
    assert "Query by query" not in markdown(said)
    assert "<svg" in page(said)


def test_a_task_without_a_ranking_has_its_figures() -> None:
    written = markdown(document(CHECKED))
    assert "| false exclusions | 0.000 |" in written
    assert "Nessuna graduatoria" in written


def test_a_dot_stands_where_its_value_is_on_the_axis() -> None:
    svg = dot_plot([Row("remix", (Dot(0.5, 0.25, 1.0),)), Row("nan", (Dot(float("nan"), 0.0, 0.0),))], "nDCG@10")
    (circle,) = svg.findall("circle")
    line = next(line for line in svg.findall("line") if line.get("class") == "interval s0")
    middle, low, high = (float(v or "") for v in (circle.get("cx"), line.get("x1"), line.get("x2")))
    assert (high - middle) / (middle - low) == pytest.approx(2.0, abs=0.01)
