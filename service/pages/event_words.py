"""Events in the words of the portal and of the e-mails: when they are, where, and why they concern a commune."""

from datetime import datetime

from babel.dates import format_datetime

from matcher.strategy import CODES, DRIVER
from service.events.whys import Why, WhyKind
from service.moments import ROME
from service.pages.formats import hour, locale
from service.pages.translations import ITALIAN, translations
from service.tag_wording import label as tag_label


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_WHYS = {
    WhyKind.COMMUNE: _("Riguarda il vostro comune."),
    WhyKind.CALL_DRIVER: _("Parla di «%(about)s», come il bando che avete salvato: «%(title)s»."),
    WhyKind.CALL_THEME: _("Parla di %(about)s, come il bando che avete salvato: «%(title)s»."),
    WhyKind.ZONE: _("È per i comuni della vostra zona: %(about)s."),
    WhyKind.EVERYBODY: _("È per tutti i comuni."),
}
_OF_ITEMS = {
    (WhyKind.DRIVER, "needs"): _("Parla di «%(about)s», come il vostro bisogno «%(title)s»."),
    (WhyKind.DRIVER, "projects"): _("Parla di «%(about)s», come il vostro progetto «%(title)s»."),
    (WhyKind.DRIVER, "assets"): _("Parla di «%(about)s», come il vostro bene «%(title)s»."),
    (WhyKind.THEME, "needs"): _("Parla di %(about)s, come il vostro bisogno «%(title)s»."),
    (WhyKind.THEME, "projects"): _("Parla di %(about)s, come il vostro progetto «%(title)s»."),
    (WhyKind.THEME, "assets"): _("Parla di %(about)s, come il vostro bene «%(title)s»."),
}
_WITH_YEAR = "EEEE d MMMM y"


def why_said(why: Why, language: str) -> str:
    """Return in one sentence why an event concerns a commune."""
    words = _OF_ITEMS.get((why.kind, why.item_kind)) or _WHYS[why.kind]
    about = driver_name(why.about) if why.kind in (WhyKind.DRIVER, WhyKind.CALL_DRIVER) else why.about
    return translations(language).gettext(words) % {"about": about, "title": why.title}


def driver_name(driver: str) -> str:
    """Return the name of a line of the strategic plan, in Italian as the plan has it."""
    code = driver.partition(":")[2]
    return tag_label(DRIVER, code, ITALIAN) if code in CODES[DRIVER] else driver


def when_said(starts: datetime, ends: datetime | None, language: str) -> str:
    """Return when something is: its day, its hour, and its end where somebody said when it ends."""
    words = translations(language)
    shown = {"day": _day(starts, language), "hour": hour(starts)}
    if ends is None:
        return words.gettext("%(day)s, ore %(hour)s") % shown
    shown |= {"last": _day(ends, language), "end": hour(ends)}
    if starts.astimezone(ROME).date() == ends.astimezone(ROME).date():
        return words.gettext("%(day)s, dalle %(hour)s alle %(end)s") % shown
    return words.gettext("da %(day)s, ore %(hour)s, a %(last)s, ore %(end)s") % shown


def where_said(place: str, is_online: bool, language: str) -> str:
    """Return where something is: its place, online, or both."""
    words = translations(language)
    if place and is_online:
        return words.gettext("%(place)s, e online") % {"place": place}
    return place or words.gettext("online")


def _day(moment: datetime, language: str) -> str:
    told: str = format_datetime(moment.astimezone(ROME), _WITH_YEAR, tzinfo=ROME, locale=locale(language))
    return told
