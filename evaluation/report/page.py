"""A report as one HTML page: no script, nothing from elsewhere, readable without seeing the plots."""

from collections.abc import Mapping
from importlib.resources import files
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evaluation.report.blocks import Answers, Block, Document, Figure, Listed, Paragraph, Section, Table

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(document: Document) -> str:
    """Return the report as a whole HTML document."""
    html = Element("html", {"lang": "en"})
    _head(html, document.title)
    body = SubElement(html, "body")
    _text(body, "a", "Skip to the figures", {"class": "skip", "href": "#main"})
    header = SubElement(body, "header")
    _text(header, "p", "Remix · evaluation", {"class": "kicker"})
    _text(header, "h1", document.title)
    summary = SubElement(header, "section", {"lang": document.summary.language, "aria-label": "In breve"})
    _text(summary, "p", document.summary.text, {"class": "summary"})
    _contents(header, document.sections)
    main = SubElement(body, "main", {"id": "main"})
    for section in document.sections:
        _section(main, section, 2)
    _context(body, document.context)
    indent(html, "")
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _head(html: Element, title: str) -> None:
    head = SubElement(html, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "meta", {"name": "color-scheme", "content": "light dark"})
    _text(head, "title", f"{title} · Remix")
    _text(head, "style", files(__package__).joinpath("style.css").read_text(encoding="utf-8"))


def _contents(parent: Element, sections: tuple[Section, ...]) -> None:
    nav = SubElement(parent, "nav", {"aria-label": "Contents"})
    listed = SubElement(nav, "ul")
    for section in sections:
        item = SubElement(listed, "li")
        _text(item, "a", section.title, {"href": f"#{section.id}", "lang": section.language})


def _section(parent: Element, section: Section, level: int) -> None:
    made = SubElement(parent, "section", {"id": section.id, "class": f"level{level}"})
    _text(made, f"h{level}", section.title, {"lang": section.language} if section.language != "en" else {})
    for block in section.blocks:
        _block(made, block)
    for below in section.sections:
        _section(made, below, level + 1)


def _block(parent: Element, block: Block) -> None:
    if isinstance(block, Paragraph):
        _text(parent, "p", block.text)
    elif isinstance(block, Table):
        _table(parent, block)
    elif isinstance(block, Figure):
        _figure(parent, block)
    else:
        _answers(parent, block)


def _figure(parent: Element, figure: Figure) -> None:
    made = SubElement(parent, "figure")
    _text(made, "figcaption", figure.table.caption)
    frame = SubElement(made, "div", {"class": "plot", "role": "group", "tabindex": "0", "aria-label": "Plot"})
    figure.svg.set("aria-label", figure.alternative)
    frame.append(figure.svg)
    details = SubElement(made, "details")
    _text(details, "summary", "The figures as a table")
    _table(details, figure.table)


def _table(parent: Element, table: Table) -> None:
    frame = SubElement(parent, "div", {"class": "scroll", "role": "group", "tabindex": "0", "aria-label": "Table"})
    made = SubElement(frame, "table")
    _text(made, "caption", table.caption)
    head = SubElement(SubElement(made, "thead"), "tr")
    for name in table.header:
        _text(head, "th", name, {"scope": "col"})
    body = SubElement(made, "tbody")
    for row in table.rows:
        line = SubElement(body, "tr", {"class": "strong"} if row[0] == table.strong else {})
        _text(line, "th", row[0], {"scope": "row"})
        for cell in row[1:]:
            _text(line, "td", cell)


def _answers(parent: Element, answers: Answers) -> None:
    made = SubElement(parent, "article", {"class": "answers"})
    head = SubElement(made, "p", {"class": "note"})
    _text(head, "strong", answers.query_id)
    _text(head, "span", answers.note)
    _text(made, "blockquote", answers.text, {"lang": answers.language})
    columns = SubElement(made, "div", {"class": "columns"})
    for system, calls in answers.rankings.items():
        column = SubElement(columns, "div")
        _text(column, "p", system, {"class": "system"})
        listed = SubElement(column, "ol")
        for call in calls:
            _call(listed, call, answers.language)
        if not calls:
            _text(column, "p", "shows nothing")


def _call(parent: Element, call: Listed, language: str) -> None:
    item = SubElement(parent, "li")
    label = "not judged" if call.grade is None else f"grade {call.grade}"
    shown = "–" if call.grade is None else str(call.grade)
    kind = "grade" if call.grade is None else f"grade g{min(call.grade, 3)}"
    _text(item, "span", shown, {"class": kind, "title": label, "role": "img", "aria-label": label})
    _text(item, "span", call.title, {"lang": language, "class": "title"})


def _context(parent: Element, context: Mapping[str, str]) -> None:
    footer = SubElement(parent, "footer")
    _text(footer, "h2", "What was run")
    listed = SubElement(footer, "dl")
    for name, value in sorted(context.items()):
        _text(listed, "dt", name)
        _text(SubElement(listed, "dd"), "code", value)


def _text(parent: Element, tag: str, text: str, attributes: Mapping[str, str] | None = None) -> Element:
    made = SubElement(parent, tag, dict(attributes or {}))
    # Control characters of other people's texts have no place in XML or HTML.
    made.text = "".join(c for c in text if c in "\n\t" or c.isprintable() or c == " ")
    return made
