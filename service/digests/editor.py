"""What everybody is told this week: from the records, for some hundreds of people at a time.

recipients ──► what each follows ──► questions ──rank_all──► candidates ──► sections, rings ──► Digest
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.recommender import Recommender, Request
from matcher.records import Commune
from service.catalogue.sequences import sequences
from service.catalogue.sources import source_states
from service.digests.asking import Asking, Items, Question, Readers
from service.digests.choosing import ROOM, Candidacy, Circumstances, fresh_since, is_near
from service.digests.content import (
    NOTHING,
    Audience,
    CommuneSection,
    Digest,
    Figures,
    Follow,
    FollowKind,
    Mail,
    Reason,
    Recipient,
    RequestNews,
    Told,
)
from service.digests.news import CallHistory, histories, moved
from service.digests.ranking import PLACES, Candidate, Progress, rank_all
from service.digests.said import Said
from service.digests.sections import Sources, changed_elsewhere, rings, section
from service.digests.weeks import Week
from service.events.telling import Upcoming, upcoming
from service.recommending import sources_in_scope
from service.tables import FundingCallRow

LOOK_BACK = timedelta(days=35)
"""What moved since then is looked for at once, so that people who were told at different times share the work."""
ROOM_IN_ALL = 20
"""Calls in one e-mail, so that it stays below what mail programs clip; each thing that is followed has its share."""
LEAST_ROOM = 3


@dataclass(slots=True)
class _Ranked:
    """Candidates by question and commune, as long as no call closes, and the calls that were looked for."""

    epoch: tuple[date, int]
    among: frozenset[str]
    of: dict[tuple[str, str, str], Sequence[Candidate]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Edition:
    """What all the e-mails of one gathering share."""

    week: Week
    at: datetime
    said: Said
    items: Items
    readers: Readers
    histories: Mapping[str, CallHistory]
    versions: Mapping[str, int]
    sequences: Mapping[str, int]
    figures: Figures
    events: Upcoming


class WeeklyEditor:
    """An ``Editor`` over one state of the catalogue.

    ``communes``: ISTAT code → commune. ``write`` composes a digest. ``resolution_days``: working days that a
    resolution of the *giunta* usually takes. ``progress`` is told of the questions that are ranked.
    """

    def __init__(
        self,
        recommender: Recommender,
        communes: Mapping[str, Commune],
        write: Callable[[Digest], Mail],
        *,
        resolution_days: int,
        progress: Progress | None = None,
    ) -> None:
        self._recommender = recommender
        self._communes = communes
        self._write = write
        self._resolution_days = resolution_days
        self._progress = progress
        self._scope = sources_in_scope(recommender, ())
        self._ranked: _Ranked | None = None

    def compose(self, digest: Digest) -> Mail:
        """Write a digest down; the same digest is always the same e-mail."""
        return self._write(digest)

    def gather(
        self, session: Session, recipients: Sequence[Recipient], told: Mapping[str, Told], week: Week, at: datetime
    ) -> Iterator[Digest]:
        """Yield one digest for each recipient, in their order."""
        edition = self._edition(session, recipients, told, week, at)
        askings = [self._askings(one, edition) for one in recipients]
        questions = [(asking, question) for of in askings for asking in of for question in asking.questions]
        self._rank(questions, frozenset(edition.histories), at)
        communes = [(asking.commune.istat, asking.private) for of in askings for asking in of]
        edition = replace(edition, events=upcoming(session, at, communes))
        for one, followed in zip(recipients, askings, strict=True):
            yield self._digest(one, followed, told.get(one.person_id, NOTHING), edition)

    def _edition(
        self, session: Session, recipients: Sequence[Recipient], told: Mapping[str, Told], week: Week, at: datetime
    ) -> _Edition:
        since = min((fresh_since(told.get(one.person_id, NOTHING), one.since) for one in recipients), default=at)
        versions = {id_: version for id_, version in session.execute(select(FundingCallRow.id, FundingCallRow.version))}
        stale = [changed_elsewhere(_versions(of), versions) for of in told.values()]
        said = Said.read(session, since)
        looked_for = moved(session, min(since, at - LOOK_BACK)).union(*stale, self._closing(at))
        named = {decision.call_id for of in said.decisions.values() for decision in of}.union(*said.reminded.values())
        known = histories(session, (looked_for | named) & self._recommender.catalogue.positions.keys())
        return _Edition(
            week=week,
            at=at,
            said=said,
            items=Items.read(session),
            readers=Readers(session, recipients),
            histories=known,
            versions=versions,
            sequences=sequences(session, versions, known),
            figures=self._figures(session),
            events=Upcoming(at),
        )

    def _closing(self, at: datetime) -> frozenset[str]:
        """The calls whose deadline is near enough to be told."""
        sources = self._sources(Said({}, {}, {}))
        calls = self._recommender.catalogue.calls
        return frozenset(call.id for call in calls if is_near(sources.closes(call), at, self._resolution_days))

    def _figures(self, session: Session) -> Figures:
        scope = self._recommender.catalogue.sources
        n_calls = sum(source in self._scope for source in scope.tolist())
        read = [one.imported_at for one in source_states(session) if one.calls and one.name in self._scope]
        return Figures(n_calls, min((at for at in read if at is not None), default=None))

    def _askings(self, recipient: Recipient, edition: _Edition) -> list[Asking]:
        follows = recipient.follows
        if recipient.audience is Audience.CONSULTANT and not follows:
            communes = sorted(edition.items.of_commune.keys() & self._communes.keys()) or sorted(self._communes)
            follows = tuple(Follow(FollowKind.COMMUNE, istat) for istat in communes)
        found = []
        for follow in follows:
            private = follow.kind is FollowKind.COMMUNE and edition.readers.keeps(recipient, follow.record_id)
            asking = edition.items.asking(follow, self._communes, private=private)
            if asking is not None:
                found.append(replace(asking, private=edition.readers.keeps(recipient, asking.commune.istat)))
        return found

    def _rank(self, asked: Sequence[tuple[Asking, Question]], among: frozenset[str], at: datetime) -> None:
        """Rank the questions that were not ranked yet."""
        ranked, epoch = self._ranked, (at.date(), self._recommender.catalogue.closings_before(at))
        if ranked is None or ranked.epoch != epoch:
            ranked = self._ranked = _Ranked(epoch, among)
        elif not among <= ranked.among:
            ranked = self._ranked = _Ranked(epoch, among | ranked.among)
        fresh = {_key(question): question.query for _, question in asked if _key(question) not in ranked.of}
        request = Request(k=PLACES, on=at, sources=self._scope, among=ranked.among)
        found = rank_all(self._recommender, list(fresh.values()), request, self._progress)
        ranked.of.update(zip(fresh, found, strict=True))

    def _sources(self, said: Said) -> Sources:
        return Sources(self._recommender.catalogue, self._candidates, said.refused)

    def _candidates(self, question: Question) -> Sequence[Candidate]:
        return self._ranked.of[_key(question)] if self._ranked is not None else ()

    def _digest(self, recipient: Recipient, askings: Sequence[Asking], told: Told, edition: _Edition) -> Digest:
        since = fresh_since(told, recipient.since)
        around = Circumstances(
            at=edition.at,
            week=edition.week,
            told=told,
            fresh_since=since,
            histories=edition.histories,
            muted=frozenset(theme.casefold() for theme in recipient.muted),
            closes=self._sources(edition.said).closes,
            resolution_days=self._resolution_days,
            sequences=edition.sequences,
        )
        is_consultant = recipient.audience is Audience.CONSULTANT
        own = askings if recipient.follows else ()
        return Digest(
            recipient=recipient,
            week=edition.week,
            at=edition.at,
            figures=edition.figures,
            sections=tuple(self._sections(recipient, own, around, edition)),
            rings=rings(askings, self._sources(edition.said), around) if is_consultant else (),
            events=edition.events.told(
                {one.commune.istat: one.private for one in own}, told.at or recipient.since, recipient.account_id
            ),
            requests=() if is_consultant else self._requests(recipient, askings, told, edition),
        )

    def _sections(
        self, recipient: Recipient, askings: Sequence[Asking], around: Circumstances, edition: _Edition
    ) -> Iterator[CommuneSection]:
        sources, room = self._sources(edition.said), max(LEAST_ROOM, ROOM_IN_ALL // max(len(askings), 1))
        changed = changed_elsewhere(_versions(around.told), edition.versions)
        seen: dict[str, set[str]] = {}
        left = ROOM_IN_ALL
        for asking in askings:
            istat = asking.commune.istat
            known = seen.setdefault(istat, set())
            candidacies = [one for one in sources.candidacies(asking) if one.candidate.call.id not in known]
            candidacies += self._wanted(recipient, asking, sources, edition, known)
            ranked = {one.candidate.call.id for one in candidacies}
            candidacies += sources.named(changed - ranked - known, asking, edition.at, wanted=False)
            own = replace(around, settled=edition.said.settled(istat))
            made = section(asking, candidacies, own, min(room, ROOM, left))
            if recipient.audience is Audience.CONSULTANT:
                made = replace(made, entries=tuple(one for one in made.entries if one.reason is not Reason.NEW))
            known.update(one.call_id for one in made.entries)
            changed -= known
            left -= len(made.entries)
            yield made

    def _wanted(
        self, recipient: Recipient, asking: Asking, sources: Sources, edition: _Edition, known: set[str]
    ) -> list[Candidacy]:
        """What a person saved for a commune, or wants to be reminded of, where the person acts for it."""
        istat = asking.commune.istat
        if not asking.private:
            return []
        reminded = edition.said.reminded.get((recipient.account_id or "", istat), frozenset())
        wanted = (edition.said.saved(istat) - edition.said.refused(istat, "")) | reminded
        return list(sources.named(wanted - known, asking, edition.at, wanted=True))

    def _requests(
        self, recipient: Recipient, askings: Sequence[Asking], told: Told, edition: _Edition
    ) -> tuple[RequestNews, ...]:
        since, own = told.at or recipient.since, {}
        for asking in askings:
            if asking.private:
                own[asking.commune.istat] = asking.commune.name
        return tuple(
            replace(act.news, commune=own[istat])
            for istat in own
            for act in edition.said.acts.get(istat, ())
            if act.news.at > since and act.account_id != recipient.account_id
        )


def _key(question: Question) -> tuple[str, str, str]:
    return question.query.text, question.item_id, question.query.commune.istat


def _versions(told: Told) -> dict[str, int]:
    return {call_id: call.version for call_id, call in told.calls.items()}
