"""From a digest to what its two templates lay out: headings, entries in words, signed links. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from matcher.feedback import DecisionKind
from service import wording
from service.digests.content import (
    Audience,
    CommuneSection,
    Digest,
    Entry,
    Event,
    FollowKind,
    Reason,
    RequestNews,
    Ring,
)
from service.digests.links import LIFE, Act, Link, Links
from service.digests.said import PICKED
from service.digests.sections import LIKE_YOURS
from service.digests.words import LONGEST_NAME, Said, said, short, when_words
from service.pages import formats
from service.pages.event_words import where_said, why_said
from service.pages.going import part
from service.pages.request_words import service_name
from service.pages.translations import translations
from service.requests.tables import RequestState, Service


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


BLOCKS = {
    Reason.NEW: _("Nuovi"),
    Reason.CHANGED: _("Cambiati"),
    Reason.CLOSING: _("In scadenza"),
}
_FOLLOWED = {
    FollowKind.NEED: _("Bisogno: %(title)s"),
    FollowKind.PROJECT: _("Progetto: %(title)s"),
    FollowKind.ASSET: _("Bene: %(title)s"),
}
_ACTS = (
    (Act.INTERESTED, _("Ci interessa")),
    (Act.NOT_FOR_US, _("Non fa per noi")),
    (Act.REMIND, _("Ricordamelo")),
)
LONGEST_THEME = 45
"""Characters of a theme on its button."""
_OF_PROFILE = _(
    "Qui non è scritto che cosa serve a %(commune)s: questi bandi sono scelti per le sue dimensioni "
    "e per dove si trova."
)
_SERVED = {
    RequestState.TAKEN: _("L’incubatore ha preso in carico la vostra richiesta."),
    RequestState.WAITING: _("L’incubatore vi ha fatto una domanda sulla vostra richiesta."),
    RequestState.ANSWERED: _("L’incubatore ha risposto alla vostra richiesta."),
    RequestState.CLOSED: _("L’incubatore ha chiuso la vostra richiesta."),
}
_REQUESTS = {
    PICKED: _("L’incubatore vi consiglia questo bando."),
    DecisionKind.SAVED.value: _("L’incubatore ha salvato questo bando per voi."),
    DecisionKind.NOT_FOR_US.value: _("L’incubatore ha segnato che questo bando non fa per voi."),
    DecisionKind.APPLIED.value: _("L’incubatore ha segnato che avete presentato la domanda."),
    DecisionKind.FUNDED.value: _("L’incubatore ha segnato che la domanda è stata finanziata."),
    DecisionKind.REJECTED.value: _("L’incubatore ha segnato che la domanda è stata respinta."),
}


@dataclass(frozen=True, slots=True)
class RequestView:
    """Something that the incubator did; ``is_call``: its title is a call's, in the language of its source."""

    title: str
    address: str
    done: str
    why: str
    is_call: bool


@dataclass(frozen=True, slots=True)
class Button:
    """A link that offers to do something."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One call: its words, its page, what it is for, and what the reader can do about it."""

    said: Said
    address: str
    item: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The calls told for one reason."""

    heading: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """What somebody follows, with its calls; ``note`` and ``others`` may be empty."""

    heading: str
    address: str
    note: str
    blocks: tuple[Block, ...]
    others: str


@dataclass(frozen=True, slots=True)
class RingView:
    """A new call and the communes to ring: each a name, why, and the verdict."""

    entry: EntryView
    communes: tuple[tuple[str, str, str], ...]
    others: str


class Views:
    """Makes the views of one digest in its reader's language."""

    def __init__(self, digest: Digest, links: Links, resolution_days: int) -> None:
        self._digest = digest
        self._links = links
        self._resolution_days = resolution_days
        self._until = digest.week.begins + LIFE + timedelta(days=7)
        self.language = digest.recipient.language
        self._words = translations(self.language)

    def sections(self) -> tuple[SectionView, ...]:
        """Return what the reader follows, as far as there is something to say of it."""
        return tuple(self._section(one) for one in self._digest.sections if one.entries)

    def rings(self) -> tuple[RingView, ...]:
        """Return the new calls with the communes to ring."""
        return tuple(self._ring(ring) for ring in self._digest.rings)

    def requests(self) -> tuple[RequestView, ...]:
        """Return what the incubator did: the call's title and page, what was done, and why."""
        return tuple(self._request(one) for one in self._digest.requests)

    def events(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """Return what there is to attend: title, when, where, address, and why it concerns the reader."""
        return tuple(self._event(one) for one in self._digest.events)

    def call_address(self, call_id: str) -> str:
        """Return the address of a call's page."""
        return self._links.page(f"/bandi/{part(call_id)}")

    def _section(self, section: CommuneSection) -> SectionView:
        is_commune = section.follow.kind is FollowKind.COMMUNE
        named = section.title if is_commune else self._gettext(_FOLLOWED[section.follow.kind], title=section.title)
        note = ""
        if section.is_profile:
            note = self._gettext(_OF_PROFILE, commune=section.title)
        own = f"/comuni/{section.commune_istat}"
        return SectionView(
            heading=named,
            address=self._links.page(own) if section.may_decide else "",
            note=note,
            blocks=tuple(self._blocks(section)),
            others=self._others(section.n_others),
        )

    def _others(self, number: int) -> str:
        if not number:
            return ""
        more = self._words.ngettext(
            "Un altro bando, che qui non sta, arriva la settimana prossima.",
            "Altri %(num)s bandi, che qui non stanno, arrivano la settimana prossima.",
            number,
        )
        return more % {"num": number}

    def _blocks(self, section: CommuneSection) -> Iterator[Block]:
        for reason, heading in BLOCKS.items():
            chosen = tuple(self._entry(one, section) for one in section.entries if one.reason is reason)
            if chosen:
                yield Block(self._gettext(heading), chosen)

    def _entry(self, entry: Entry, section: CommuneSection | None) -> EntryView:
        # Its place and what it is for differ from commune to commune; the words do not.
        alike = replace(entry, rank=0, item="", theme="", wanted=False)
        return EntryView(
            said=said(alike, self._digest.at, self.language, self._resolution_days),
            address=self.call_address(entry.call_id),
            item=short(entry.item, LONGEST_NAME),
            buttons=tuple(self._buttons(entry, section)),
        )

    def _buttons(self, entry: Entry, section: CommuneSection | None) -> Iterator[Button]:
        person = self._digest.recipient
        if section is not None and section.may_decide and section.commune_istat == person.commune_istat:
            for act, words in _ACTS:
                link = Link(act, person.person_id, self._until, entry.call_id, section.commune_istat)
                yield Button(self._gettext(words), self._links.address(link))
        if entry.theme:
            link = Link(Act.MUTE, person.person_id, self._until, theme=entry.theme)
            theme = short(entry.theme, LONGEST_THEME)
            yield Button(self._gettext(_("Basta bandi su: %(theme)s"), theme=theme), self._links.address(link))

    def _ring(self, ring: Ring) -> RingView:
        communes = tuple(
            (one.name, self._for(one.item, one.why), wording.verdict(one.verdict, self.language))
            for one in ring.communes
        )
        others = ""
        if ring.n_others:
            others = self._words.ngettext("e un altro comune", "e altri %(num)s comuni", ring.n_others)
        entry = self._entry(replace(ring.entry, why=()), None)
        own = self._links.page(f"/incubatore/bandi/{part(ring.entry.call_id)}")
        return RingView(replace(entry, address=own), communes, others % {"num": ring.n_others} if others else "")

    def _for(self, item: str, why: Sequence[str]) -> str:
        if item:
            return self._gettext(_("per «%(item)s»"), item=item)
        if tuple(why) == LIKE_YOURS:
            return self._gettext(_("per le sue dimensioni e per dove si trova"))
        return wording.why_said(why, self.language)

    def _request(self, news: RequestNews) -> RequestView:
        if news.service:
            done = self._gettext(_SERVED[RequestState(news.state)])
            title = service_name(Service(news.service), self.language)
            return RequestView(title, self._links.page(news.path), f"{news.commune}: {done}", "", is_call=False)
        done = self._gettext(_REQUESTS[news.state])
        address = self.call_address(news.call_id)
        return RequestView(news.call_title, address, f"{news.commune}: {done}", news.why, is_call=True)

    def _event(self, event: Event) -> tuple[str, str, str, str, str]:
        when = when_words(event.starts, self._digest.at, self.language)
        where = where_said(event.where, event.is_online, self.language) if event.event_id else event.where
        address = event.url or (self._links.page(f"/eventi/{event.event_id}") if event.event_id else "")
        why = why_said(event.why, self.language) if event.why else ""
        return event.title, when, where, address, self._gettext(_("Avete un posto.")) if event.has_place else why

    def _gettext(self, words: str, **shown: str) -> str:
        told = self._words.gettext(words)
        return told % shown if shown else told


def counts(digest: Digest) -> dict[Reason, int]:
    """Return how many calls a digest tells for each reason."""
    entries = [entry for section in digest.sections for entry in section.entries]
    entries += [ring.entry for ring in digest.rings]
    return {reason: sum(entry.reason is reason for entry in entries) for reason in BLOCKS}


def lead(digest: Digest) -> str:
    """Return the first sentence of an e-mail: how much of what it tells, or that there is nothing."""
    language = digest.recipient.language
    words = translations(language)
    if digest.is_quiet:
        return quiet_words(digest)
    number = counts(digest)
    told = (
        (Reason.NEW, words.ngettext("%(num)s bando nuovo", "%(num)s bandi nuovi", number[Reason.NEW])),
        (Reason.CHANGED, words.ngettext("%(num)s cambiato", "%(num)s cambiati", number[Reason.CHANGED])),
        (Reason.CLOSING, words.gettext("%(num)s in scadenza")),
    )
    parts = [one % {"num": number[reason]} for reason, one in told if number[reason]]
    if digest.requests:
        news = words.ngettext("una novità dall’incubatore", "%(num)s novità dall’incubatore", len(digest.requests))
        parts.append(news % {"num": len(digest.requests)})
    if digest.events:
        dates = words.ngettext("un appuntamento", "%(num)s appuntamenti", len(digest.events))
        parts.append(dates % {"num": len(digest.events)})
    return f"{', '.join(parts)}."


def quiet_words(digest: Digest) -> str:
    """Return what a week without news says: that it has none, how much was looked at, and how fresh it is."""
    language = digest.recipient.language
    words, figures = translations(language), digest.figures
    checked = words.ngettext("%(num)s bando controllato", "%(num)s bandi controllati", figures.n_calls)
    told = words.gettext("Niente di nuovo questa settimana") + ": "
    told += checked % {"num": formats.number(figures.n_calls, language)}
    if figures.fresh_as_of is not None:
        day = formats.day(figures.fresh_as_of, language)
        told += ", " + words.gettext("fonti aggiornate al %(day)s") % {"day": day}
    return f"{told}."


def followed(digest: Digest) -> str:
    """Return the names of what a reader follows, the first three."""
    names = [section.title for section in digest.sections]
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")


def is_consultant(digest: Digest) -> bool:
    """Whether the reader gets communes to ring."""
    return digest.recipient.audience is Audience.CONSULTANT
