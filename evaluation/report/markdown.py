"""A report as Markdown: every plot as the table of its figures."""

from collections.abc import Iterator

from evaluation.report.blocks import Answers, Block, Document, Figure, Listed, Paragraph, Section, Table


def markdown(document: Document) -> str:
    """Return the report as Markdown (GitHub's tables)."""
    lines = [f"# {document.title}", "", document.summary.text, ""]
    for section in document.sections:
        lines.extend(_section(section, 2))
    lines.extend(["## What was run", ""])
    lines.extend(f"- {_plain(name)}: `{value}`" for name, value in sorted(document.context.items()))
    return "\n".join(lines) + "\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {section.title}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""
    for below in section.sections:
        yield from _section(below, level + 1)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _plain(block.text)
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Figure):
        yield from _table(block.table)
    else:
        yield from _answers(block)


def _table(table: Table) -> Iterator[str]:
    yield f"*{_plain(table.caption)}*"
    yield ""
    yield _cells(table.header)
    yield "|".join(["", "---", *["---:"] * (len(table.header) - 1), ""])
    for row in table.rows:
        yield _cells(row, "**" if row[0] == table.strong else "")


def _answers(answers: Answers) -> Iterator[str]:
    yield f"**{_plain(answers.query_id)}** ({_plain(answers.note)}): {_plain(answers.text)}"
    for system, calls in answers.rankings.items():
        yield ""
        yield f"{_plain(system)}:"
        yield ""
        for rank, call in enumerate(calls, start=1):
            yield f"{rank}. [{_grade(call)}] {_plain(call.title)}"
        if not calls:
            yield "1. nothing"


def _grade(call: Listed) -> str:
    return "–" if call.grade is None else str(call.grade)


def _cells(cells: tuple[str, ...], mark: str = "") -> str:
    return f"| {' | '.join(f'{mark}{_plain(cell)}{mark}' if cell else '' for cell in cells)} |"


def _plain(text: str) -> str:
    # Titles are other people's text: no line break, table cell, tag or emphasis of theirs may become ours.
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|" else c for c in flat)
