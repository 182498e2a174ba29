"""From a template and what it shows to a page: escaped, in one language, with nothing left undefined."""

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service import wording
from service.access.identification import identify
from service.pages import assets, formats
from service.pages.languages import language_of
from service.pages.translations import LANGUAGES, translations
from service.web.state import state_of

TEMPLATES = Path(__file__).parent.parent / "templates"
QUICK = 5
"""How hard a page is packed: harder takes longer than it saves."""


@cache
def environment(language: str) -> Environment:
    """Return the templates of one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = translations(language)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined] # of the extension
    made.globals.update(asset=assets.address, language=language, languages=LANGUAGES)
    made.filters.update(
        day=lambda value, style="long": formats.day(value, language, style),
        hour=formats.hour,
        money=lambda value, currency="EUR": formats.money(value, currency, language),
        number=lambda value: formats.number(value, language),
        share=lambda value: formats.share(value, language),
        said=lambda key: wording.say(key, language),
    )
    return made


def page(request: Request, template: str, shown: Mapping[str, Any] | None = None, status: int = 200) -> HTMLResponse:
    """Return a page; ``shown`` is what the template lays out besides what every page has."""
    language = language_of(request)
    principal = identify(request)
    common = {
        "principal": principal,
        "path": request.url.path,
        "account_name": getattr(request.state, "account_name", ""),
        "settings": state_of(request).settings,
        "request_id": getattr(request.state, "request_id", ""),
    }
    body = environment(language).get_template(template).render(common | dict(shown or {}))
    headers = {"Content-Language": language, "Vary": "Accept-Language, Accept-Encoding, Cookie"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HTMLResponse(body, status, headers=headers)
    packed = gzip.compress(body.encode(), QUICK, mtime=0)
    return HTMLResponse(packed, status, headers=headers | {"Content-Encoding": "gzip"})
