"""A digest written down: subject, HTML, text and a calendar file. Pure: the same digest is always the same e-mail."""

from collections.abc import Iterator

from babel.dates import format_date

from service.calendar_files import MEDIA_TYPE, Deadline, calendar_file
from service.digests.content import Attachment, Digest, Entry, Mail
from service.digests.layout import html_template, text_template
from service.digests.links import Links
from service.digests.subjects import subject
from service.digests.views import Views, followed, lead
from service.digests.words import deadline
from service.pages import formats
from service.pages.translations import translations

PREFERENCES = "/account/posta"
CALENDAR = "scadenze.ics"


class Composer:
    """Writes digests down; ``resolution_days`` as in ``WeeklyEditor``."""

    def __init__(self, links: Links, resolution_days: int) -> None:
        self._links = links
        self._resolution_days = resolution_days

    def __call__(self, digest: Digest) -> Mail:
        """Return the e-mail of a digest."""
        language = digest.recipient.language
        views = Views(digest, self._links, self._resolution_days)
        told = subject(digest)
        person = digest.recipient
        unsubscribe = self._links.end_address(person.token)
        shown = {
            "language": language,
            "title": told,
            "week": week_words(digest),
            "lead": lead(digest),
            "rings": views.rings(),
            "sections": views.sections(),
            "requests": views.requests(),
            "events": views.events(),
            "names": followed(digest),
            "preferences": self._links.page(PREFERENCES) if person.account_id else unsubscribe,
            "unsubscribe": unsubscribe,
        }
        return Mail(
            subject=told,
            html=html_template(language).render(shown),
            text=text_template(language).render(shown).strip() + "\n",
            unsubscribe=unsubscribe,
            attachments=tuple(self._attachments(digest, views)),
        )

    def _attachments(self, digest: Digest, views: Views) -> Iterator[Attachment]:
        deadlines = {entry.call_id: self._deadline(entry, digest, views) for entry in _with_deadline(digest)}
        if deadlines:
            name = translations(views.language).gettext("Scadenze da Remix")
            content = calendar_file(deadlines.values(), name, digest.at)
            yield Attachment(CALENDAR, MEDIA_TYPE.partition(";")[0], content)

    def _deadline(self, entry: Entry, digest: Digest, views: Views) -> Deadline:
        assert entry.closes is not None  # noqa: S101 - only such are asked for
        address = views.call_address(entry.call_id)
        lines = [entry.issuer, deadline(entry, digest.at, views.language), entry.url, address]
        return Deadline(
            call_id=entry.call_id,
            closes=entry.closes.at,
            hour_known=entry.closes.hour_known,
            summary=translations(views.language).gettext("Scade: %(title)s") % {"title": entry.title},
            description="\n".join(line for line in lines if line),
            address=address,
            sequence=entry.sequence,
        )


def week_words(digest: Digest) -> str:
    """Return the week of an e-mail in words: from its Monday to its Sunday."""
    language = digest.recipient.language
    locale = formats.locale(language)
    first, last = digest.week.monday, digest.week.sunday
    pattern = "d" if first.month == last.month else ("d MMMM" if first.year == last.year else "d MMMM y")
    shown = {
        "first": format_date(first, pattern, locale=locale),
        "last": format_date(last, "d MMMM y", locale=locale),
    }
    return translations(language).gettext("Settimana %(first)s – %(last)s") % shown


def _with_deadline(digest: Digest) -> Iterator[Entry]:
    entries = [entry for section in digest.sections for entry in section.entries]
    entries += [ring.entry for ring in digest.rings]
    return (entry for entry in entries if entry.closes is not None and entry.closes.at > digest.at)
