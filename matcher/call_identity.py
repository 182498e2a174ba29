"""What a call is known by, read once for all comparisons: name, issuer, place, dates, budget, page, language."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from matcher.analyser import Analyser, fold
from matcher.bodies import body_kind
from matcher.records import ApplicantKind, FundingCall
from matcher.stopwords import STOP_WORDS
from matcher.titles import TitleRead, read_title

_OF_ANY_BODY = frozenset(
    """
    camera camere commercio industria artigianato agricoltura comune citta regione autonoma provincia unione comuni
    ministero ministeri min dipartimento dipartim pcm direzione generale dg universita studi degli giunta assessorato
    agenzia nazionale regionale fondazione spa srl s p a cciaa i metropolitana montana comunita unioncamere servizio
    settore made italy italia dell
    """.split()
)
"""Words that any body of a kind has in its name: what is left tells one from another."""
_WORD = re.compile(r"[a-z0-9]{3,}")
_LANGUAGES = {
    "de": frozenset("der die das und für von zur zum im den des eine auf mit förderung".split()),
    "en": frozenset("the of for and to in on with grants grant call support".split()),
    "fr": frozenset("le les des du pour et aux de la une avec sur appel à".split()),
    "it": frozenset("il lo gli dei di del della delle per e alla alle con da nel al bando avviso".split()),
}
_LANGUAGE_WORD = re.compile(r"[^\W\d_]+")
LEAST_WORDS = 2
"""Function words of another language from which on a title counts as written in it."""


class Issuers(Enum):
    """How the issuers of two calls relate; ``UNCLEAR``: one is not named, or an office was renamed."""

    SAME = "same"
    UNCLEAR = "unclear"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class CallIdentity:
    """One call; ``measure`` is its programme's code where the call is the measure itself, else empty.

    ``issuer`` holds the words of the issuer's own name, ``places`` their stems with those of the territory; ``page`` is
    the address without scheme where it is more than a site's home; ``agent``: the issuer is a firm, which may publish
    for others.
    """

    source: str
    title: TitleRead
    language: str
    kind: ApplicantKind | None
    issuer: frozenset[str]
    places: frozenset[str]
    territory: str
    applicants: str
    opens: date | None
    closes: date | None
    total: Decimal | None
    page: str
    programme: str
    measure: str

    @property
    def agent(self) -> bool:
        """Whether the issuer is a firm."""
        return self.kind is ApplicantKind.FIRM

    @property
    def dated(self) -> bool:
        """Whether any of its days is known."""
        return self.opens is not None or self.closes is not None

    def same_dates(self, other: "CallIdentity") -> bool:
        """Return whether both open and close on the same known days."""
        return self.opens is not None and (self.opens, self.closes) == (other.opens, other.closes)

    def same_year_named(self, other: "CallIdentity") -> bool | None:
        """Return whether both titles name the same edition, None where one names none."""
        if not self.title.edition or not other.title.edition:
            return None
        return self.title.edition == other.title.edition


def identify(call: FundingCall, analyser: Analyser) -> CallIdentity:
    """Read what a call is known by; what its source does not say stays unknown."""
    budget = call.total_amount.amount if call.total_amount else None
    named = _named(call.title, call.issuer, call.territory_text, analyser)
    return CallIdentity(
        source=call.source,
        title=named.title,
        language=named.language,
        kind=named.kind,
        issuer=named.issuer,
        places=named.places,
        territory=named.territory,
        applicants=call.applicants_text,
        opens=call.opens.at.date() if call.opens else None,
        closes=call.closes.at.date() if call.closes else None,
        total=budget or None,
        page=_page(call.url),
        programme=call.programme,
        measure=call.programme if call.is_measure else "",
    )


class _Named(NamedTuple):
    """What the words of title, issuer and territory say."""

    title: TitleRead
    language: str
    kind: ApplicantKind | None
    issuer: frozenset[str]
    places: frozenset[str]
    territory: str


@lru_cache(maxsize=20_000)
def _named(title: str, issuer: str, territory: str, analyser: Analyser) -> _Named:
    """Read the words once: most calls are the same whenever a catalogue is built anew."""
    own = [word for word in _WORD.findall(fold(issuer)) if word not in _OF_ANY_BODY | STOP_WORDS]
    return _Named(
        read_title(title, analyser),
        language_of(title),
        body_kind(issuer) if issuer else None,
        frozenset(own),
        frozenset(analyser.stems(f"{' '.join(own)} {territory}")),
        fold(territory),
    )


def issuers_of(a: CallIdentity, b: CallIdentity) -> Issuers:
    """Compare the issuers of two calls: two bodies of one kind with nothing of a name in common are two bodies."""
    if a.issuer & b.issuer:
        return Issuers.SAME
    if not a.issuer or not b.issuer:
        return Issuers.SAME if a.kind is b.kind and a.issuer == b.issuer else Issuers.UNCLEAR
    central = a.kind is ApplicantKind.CENTRAL
    return Issuers.OTHERS if a.kind is b.kind and not central else Issuers.UNCLEAR


def language_of(title: str) -> str:
    """Return ``de``, ``en`` or ``fr`` where a title's function words say so and none is Italian, else ``it``."""
    words = _LANGUAGE_WORD.findall(title.lower())
    counts = {language: sum(word in known for word in words) for language, known in _LANGUAGES.items()}
    best = max(counts, key=lambda language: (counts[language], language))
    return best if counts[best] >= LEAST_WORDS and not counts["it"] else "it"


def _page(url: str) -> str:
    """Return an address that can be a call's own page: the home of a site is every call's."""
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    return f"{parts.netloc}{path}?{parts.query}" if path.count("/") > 1 or parts.query else ""
