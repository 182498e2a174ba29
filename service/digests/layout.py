"""The two templates of an e-mail: MJML made into HTML once, and then filled like the text.

mail.mjml ──mjml, once──► HTML with its tables and inline styles, still a Jinja2 template ──► one e-mail after another
"""

import re
from functools import cache, lru_cache
from textwrap import TextWrapper
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup
from mjml import mjml2html

from service.pages.templating import TEMPLATES
from service.pages.translations import ITALIAN, translations

FOLDER = TEMPLATES / "digest"
WIDTH = 72
"""Characters of a line of the text part: what every mail program shows without breaking it (RFC 3676 asks for 78)."""
_KEPT = 20_000
"""Pieces remembered, some 2 kB each."""
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")


@cache
def html_template(language: str) -> Template:
    """Return the template of the HTML part in one language."""
    environment = _environment(language)
    parts = environment.get_template("parts.html").module
    macros = {name: getattr(parts, name) for name in dir(parts) if name.endswith("_part")}
    layout = mjml2html((FOLDER / "mail.mjml").read_text("utf-8"))
    return environment.from_string(layout, globals={name: _tight(macro) for name, macro in macros.items()})


@cache
def text_template(language: str) -> Template:
    """Return the template of the text part in one language."""
    return _environment(language).get_template("mail.txt")


def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"], default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = translations(language)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined] # of the extension
    made.filters.update(wrap=wrapped, underline=underlined)
    made.globals["of_the_call"] = Markup("") if language == ITALIAN else Markup(' lang="it"')
    return made


def _tight(macro: Any) -> Any:
    """Leave out the lines between tags, and remember what was laid out: many communes are told of one call."""

    @lru_cache(_KEPT)
    def made(*args: Any) -> Markup:
        return Markup(_BETWEEN_TAGS.sub("><", str(macro(*args))).strip())  # noqa: S704 - escaped by the macro

    return made


@lru_cache(_KEPT)
def wrapped(text: str, following: str = "", first: str = "") -> str:
    """Return a text in lines of ``WIDTH``; ``first`` and ``following`` begin its first line and the others."""
    made = TextWrapper(WIDTH, first, following, break_long_words=False, break_on_hyphens=False)
    return made.fill(" ".join(text.split()))


def underlined(text: str, line: str) -> str:
    """Return a line as long as the longest of a heading's."""
    return line * max(len(one) for one in wrapped(text).splitlines() or [""])
