"""The report of an evaluation: one Markdown file and one HTML page that needs nothing else.

Results ──► sections: what is said ──► markdown: for reviews
                                   └── page: to look at, with plots
"""

from pathlib import Path

from evaluation.errors import ResultsError
from evaluation.report.markdown import markdown
from evaluation.report.page import page
from evaluation.report.sections import document
from evaluation.results import Results

MARKDOWN, PAGE = "report.md", "report.html"


def write_report(results: Results, folder: Path) -> tuple[Path, Path]:
    """Write ``report.md`` and ``report.html`` into a folder that exists; return their paths.

    Raises ResultsError where there is nothing to report or the folder cannot be written to.
    """
    said = document(results)
    texts = {folder / MARKDOWN: markdown(said), folder / PAGE: page(said)}
    for path, text in texts.items():
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ResultsError(f"{path} cannot be written ({error.strerror}); choose another folder") from error
    return folder / MARKDOWN, folder / PAGE
