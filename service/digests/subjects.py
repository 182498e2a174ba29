"""The subject of an e-mail: the one thing that its reader should not miss. Pure."""

from collections.abc import Iterator

from matcher.verdicts import Verdict
from service.digests.content import Audience, Digest, Entry, Reason
from service.digests.words import NEAR_DAYS, short
from service.moments import ROME
from service.pages import formats
from service.pages.translations import translations

LONGEST_TITLE = 60
"""Characters of a call's title: telephones show some eighty of a subject."""


def subject(digest: Digest) -> str:
    """Return the subject: a deadline that is near or was moved, what is new, what closes, or that all is quiet."""
    words = translations(digest.recipient.language)
    if digest.recipient.audience is Audience.CONSULTANT and digest.rings:
        number = len(digest.rings)
        told = words.ngettext(
            "Un bando nuovo: i comuni da chiamare", "%(num)s bandi nuovi: i comuni da chiamare", number
        )
        return told % {"num": number}
    for told in (_pressing(digest), _moved(digest), _new(digest), _closing(digest)):
        if told:
            return told
    if digest.requests:
        return words.gettext("Novità dall’incubatore per %(names)s") % {"names": digest.requests[0].commune}
    if digest.events:
        return words.gettext("Appuntamenti per i tecnici comunali")
    names = _names(digest)
    if not names:
        return words.gettext("Niente di nuovo questa settimana")
    return words.gettext("Niente di nuovo per %(names)s questa settimana") % {"names": names}


def _pressing(digest: Digest) -> str:
    """What closes within days, that the reader wanted or that suits best."""
    near = [
        entry for entry in _entries(digest, Reason.CLOSING) if (entry.working_days or 0) <= NEAR_DAYS and entry.closes
    ]
    near.sort(key=lambda entry: (not entry.wanted, entry.closes.at if entry.closes else digest.at))
    return _closes(near[0], digest) if near else ""


def _closes(entry: Entry, digest: Digest) -> str:
    language = digest.recipient.language
    words = translations(language)
    if entry.closes is None:
        return ""
    distance = (entry.closes.at.astimezone(ROME).date() - digest.at.astimezone(ROME).date()).days
    day = formats.day(entry.closes.at, language, "long")
    if distance in (0, 1):
        day = words.gettext("oggi") if distance == 0 else words.gettext("domani")
    if entry.closes.hour_known:
        day = words.gettext("%(day)s alle %(hour)s") % {"day": day, "hour": formats.hour(entry.closes.at)}
    shown = {"day": day, "title": _short(entry.title)}
    if distance in (0, 1):
        return words.gettext("Scade %(day)s: %(title)s") % shown
    return words.gettext("Scade il %(day)s: %(title)s") % shown


def _moved(digest: Digest) -> str:
    for entry in _entries(digest, Reason.CHANGED):
        if any(change.field == "closes" for change in entry.changes) and entry.closes is not None:
            words = translations(digest.recipient.language)
            day = formats.day(entry.closes.at, digest.recipient.language)
            return words.gettext("Scadenza spostata al %(day)s: %(title)s") % {"day": day, "title": _short(entry.title)}
    return ""


def _new(digest: Digest) -> str:
    new = sorted(_entries(digest, Reason.NEW), key=lambda entry: (entry.verdict is not Verdict.MET, entry.rank))
    if not new:
        return ""
    words = translations(digest.recipient.language)
    shown = {"title": _short(new[0].title), "num": len(new) - 1}
    if len(new) == 1:
        return words.gettext("Nuovo bando: %(title)s") % shown
    told = words.ngettext("Nuovo bando: %(title)s, e un altro", "Nuovo bando: %(title)s, e altri %(num)s", len(new) - 1)
    return told % shown


def _closing(digest: Digest) -> str:
    closing = _entries(digest, Reason.CLOSING)
    first = next(closing, None)
    if first is not None:
        return _closes(first, digest)
    changed = next(_entries(digest, Reason.CHANGED), None)
    if changed is None:
        return ""
    words = translations(digest.recipient.language)
    return words.gettext("È cambiato un bando: %(title)s") % {"title": _short(changed.title)}


def _entries(digest: Digest, reason: Reason) -> Iterator[Entry]:
    return (entry for section in digest.sections for entry in section.entries if entry.reason is reason)


def _names(digest: Digest) -> str:
    names = list(dict.fromkeys(section.title for section in digest.sections))
    return ", ".join(names[:2]) + ("…" if len(names) > 2 else "")


def _short(title: str) -> str:
    return short(title, LONGEST_TITLE)
