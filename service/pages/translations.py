"""The words of the pages: Italian in the templates, English from ``locale/en/messages.po``.

The catalogue is read as it is written, so that no compiled copy can fall behind it; a test fails on a missing word.
"""

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = ("it", "en")
ITALIAN, ENGLISH = LANGUAGES
CATALOGUE = Path(__file__).parent.parent / "locale" / ENGLISH / "messages.po"


def marked(text: str) -> str:
    """Mark words for translation where they stand (imported as ``_``); they are translated when they are shown."""
    return text


@cache
def translations(language: str) -> NullTranslations:
    """Return the words of a language; Italian ones are those of the templates."""
    if language != ENGLISH:
        return NullTranslations()
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream, locale=ENGLISH)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
