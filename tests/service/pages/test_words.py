"""Every word of the pages is there in both languages."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from service.pages.translations import CATALOGUE, ENGLISH, ITALIAN, translations

SERVICE = CATALOGUE.parent.parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.mjml", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def used() -> set[object]:
    """Return the words (or pairs of singular and plural) that pages and e-mails use."""
    return {
        message
        for folder in ("digests", "pages", "templates")
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(SERVICE / folder), METHODS, keywords=KEYWORDS
        )
    }


@pytest.fixture(scope="module")
def english():
    with CATALOGUE.open("rb") as stream:
        return {message.id: message.string for message in read_po(stream, locale=ENGLISH) if message.id}


def test_every_word_has_an_english_one(english):
    missing = {words for words in used() if words not in english or not all(english[words])}
    assert missing == set()


def test_no_english_word_is_left_that_nobody_uses(english):
    assert set(english) - used() == set()


def test_both_languages_leave_the_same_places_open(english):
    for words, translated in english.items():
        for one, other in zip(
            [words] if isinstance(words, str) else words,
            [translated] if isinstance(translated, str) else translated,
            strict=True,
        ):
            assert set(PLACEHOLDER.findall(one)) == set(PLACEHOLDER.findall(other)), one


def test_italian_is_what_the_templates_say_and_english_what_the_catalogue_says():
    assert translations(ITALIAN).gettext("Trova i bandi") == "Trova i bandi"
    assert translations(ENGLISH).gettext("Trova i bandi") == "Find the calls"


def test_no_template_writes_words_outside_the_catalogue():
    text = re.compile(r">\s*([A-ZÀ-Ù][a-zà-ù]{2,}[^<{]*)<")
    loose = {
        path.name: found
        for path in Path(SERVICE / "templates").rglob("*.html")
        if (
            found := [
                words
                for words in text.findall(re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text("utf-8"), flags=re.S))
                if words.strip() != "Remix"
            ]
        )
    }
    assert loose == {}
