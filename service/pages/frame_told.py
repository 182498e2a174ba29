"""The strategic tags of a record in words: what each is called, what speaks for it, how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from matcher.agenda import PLAN
from matcher.strategy import DRIVER
from service.frame.stored import stored_tags
from service.pages.formats import share
from service.pages.translations import translations
from service.tag_wording import label, scheme_name


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_BY_HAND = _("l’ha deciso una persona")
_STATED = _("lo dice la scheda")
_READ = _("sicurezza %(share)s")
_AGENDA = _("dall’agenda del piano per «%(line)s»")
_LINE = _("Linea del piano")
_SUREST = 0.99
"""What is read is never told as wholly sure."""


@dataclass(frozen=True, slots=True)
class ToldTag:
    """One tag on a page: ``name`` with its number, ``quote`` from the record, ``why`` in words."""

    scheme: str
    code: str
    scheme_name: str
    name: str
    quote: str
    why: str


@dataclass(frozen=True, slots=True)
class ToldTags:
    """The tags of a record, and the page on which they are explained whole and corrected."""

    tags: Sequence[ToldTag]
    address: str


def told_tags(session: Session, kind_name: str, record_id: str, language: str) -> ToldTags:
    """Return the stored tags of a record; none where it was not read yet."""
    tags = [
        told_tag(tag.scheme, tag.code, tag.evidence, tag.confidence, language, by_hand=tag.by_hand)
        for tag in stored_tags(session, kind_name, record_id)
    ]
    return ToldTags(tags, address_of(kind_name, record_id))


def address_of(kind_name: str, record_id: str) -> str:
    """Return the page on which the tags of a record are explained and corrected."""
    return f"/quadro/etichette?{urlencode({'tipo': kind_name, 'scheda': record_id})}"


def told_tag(scheme: str, code: str, evidence: str, sure: float, language: str, *, by_hand: bool) -> ToldTag:
    """Return one tag in words."""
    words = translations(language).gettext
    why = words(_STATED) if sure >= 1 else words(_READ) % {"share": share(min(round(sure, 2), _SUREST), language)}
    # A driver that the record names itself stands there as an id of ours.
    quote = "" if evidence.startswith((PLAN, f"{DRIVER}:")) else evidence
    if evidence.startswith(PLAN):
        line = words(_AGENDA) % {"line": label(DRIVER, evidence.removeprefix(PLAN), language)}
        why = line if sure >= 1 else f"{line}, {why}"
    name = label(scheme, code, language).removeprefix(f"STTM {code}: ")
    named = f"{code}. {name}" if code[-1].isdecimal() else name
    of_scheme = words(_LINE) if scheme == DRIVER else scheme_name(scheme, language)
    return ToldTag(scheme, code, of_scheme, named, quote, words(_BY_HAND) if by_hand else why)
