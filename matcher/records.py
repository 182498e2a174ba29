"""The world in records: frozen dataclasses that every package speaks.

Codes are text, never numbers. Money is decimal. A deadline is an aware datetime plus "is the hour known?".
``None`` and the empty string mean *the source does not say*: never closed, never open, never zero.

    Commune ── Need, Project, PublicAsset      who asks, and what for
    FundingCall ── Precedent                   who pays, and what they paid for before
    Organisation                               with whom
    FrameItem                                  drivers, missions, STTM, programmes, services
    Boundary                                   the outline of a commune, for maps
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class ApplicantKind(StrEnum):
    """The kinds of body that a call may admit; ``PUBLIC_BODY`` is any public body that no other kind names."""

    COMMUNE = "commune"
    UNION = "union"
    PROVINCE = "province"
    REGION = "region"
    CENTRAL = "central"
    SCHOOL = "school"
    HEALTH = "health"
    UNIVERSITY = "university"
    PUBLIC_BODY = "public_body"
    THIRD_SECTOR = "third_sector"
    FIRM = "firm"
    PERSON = "person"


class QueryKind(StrEnum):
    """What a query describes."""

    NEED = "need"
    PROJECT = "project"
    ASSET = "asset"


class Level(StrEnum):
    """Who stands behind a call."""

    EU = "eu"
    NATIONAL = "national"
    REGIONAL = "regional"
    METROPOLITAN = "metropolitan"
    LOCAL = "local"
    FOUNDATION = "foundation"
    UNKNOWN = "unknown"


class CallStatus(StrEnum):
    """The state of a call as its publisher states it (CommonGrants names, plus ours)."""

    FORECASTED = "forecasted"
    OPEN = "open"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency (ISO 4217)."""

    amount: Decimal
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware datetime (Europe/Rome); when ``hour_known`` is false only the day counts, to its last minute."""

    at: datetime
    hour_known: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record was read: a title or address a person can follow, and the date it speaks for."""

    reference: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A municipality. ``istat`` is 6 digits as text, ``region`` the 2-digit ISTAT code, area in km², degrees WGS84."""

    istat: str
    name: str
    province: str = ""
    province_code: str = ""
    region: str = ""
    region_code: str = ""
    nuts3: str = ""
    cadastral_code: str = ""
    population: int | None = None
    population_year: int | None = None
    area_km2: float | None = None
    lat: float | None = None
    lon: float | None = None
    zone: str = ""
    zone_verified: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    provenance: Provenance | None = None

    @property
    def id(self) -> str:
        """The ISTAT code, under the name that every record has for its key."""
        return self.istat


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Any body that may apply or be a partner; ``id`` is ``<source>:<IPA code or own id>``."""

    id: str
    name: str
    kind: ApplicantKind
    category: str = ""
    ipa_code: str = ""
    commune_istat: str = ""
    commune_name: str = ""
    province: str = ""
    region: str = ""
    territory: str = ""
    themes: tuple[str, ...] = ()
    description: str = ""
    illustrative: bool = False
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingCall:
    """An opportunity: a call, a permanent desk, a programme measure; ``id`` is ``<source>:<publisher's own id>``.

    ``applicants_text`` and ``territory_text`` are the fields as published (lists joined by ``;``): what they admit is
    read by ``matcher.eligibility``, never by an importer. ``summary`` says in short what is paid for, ``text`` is the
    whole original. ``programme`` is the programme or measure code (``M5C2I2.01.00``); ``cofinancing`` the share of
    the cost that the call pays, 0 to 1. ``extra`` keeps other published fields, name and value, as they are.
    ``funded_before`` and ``notices`` are never published: the first says in phrases what the programme's projects were
    about, the second holds, for a programme's measure, the titles and recipients of its notices, a line each. Both are
    filled when the calls are indexed.
    """

    id: str
    source: str
    title: str
    issuer: str = ""
    summary: str = ""
    text: str = ""
    url: str = ""
    level: Level = Level.UNKNOWN
    status: CallStatus = CallStatus.UNKNOWN
    opens: Moment | None = None
    closes: Moment | None = None
    while_funds_last: bool | None = None
    total_amount: Money | None = None
    min_award: Money | None = None
    max_award: Money | None = None
    cofinancing: Decimal | None = None
    applicants_text: str = ""
    territory_text: str = ""
    programme: str = ""
    themes: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    funded_before: str = ""
    notices: str = ""
    illustrative: bool = False
    provenance: Provenance | None = None

    @property
    def is_measure(self) -> bool:
        """Whether this is a programme's measure itself and not one of its notices: its own id is the code."""
        return bool(self.programme) and self.id.partition(":")[2] == self.programme


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of a project: the day for which it is planned, and the day on which it was reached."""

    name: str
    planned: date | None = None
    actual: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A project that a measure or call has funded; ``measure`` and ``procedure`` are the publisher's codes.

    ``body`` is the implementing body (empty where it was a private person or firm), ``communes`` are ISTAT codes.
    ``beneficiary`` is the kind of who received the money where the publisher classifies it (CUP nature, legal form).
    ``committed`` and ``spent``: how much of the money is bound by contracts, and how much was paid.
    """

    id: str
    source: str
    title: str
    text: str = ""
    cup: str = ""
    measure: str = ""
    procedure: str = ""
    programme: str = ""
    theme: str = ""
    body: str = ""
    beneficiary: ApplicantKind | None = None
    communes: tuple[str, ...] = ()
    commune_names: tuple[str, ...] = ()
    region: str = ""
    amount: Money | None = None
    year: int | None = None
    state: str = ""
    milestones: tuple[Milestone, ...] = ()
    committed: Money | None = None
    spent: Money | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a place lacks."""

    id: str
    commune_istat: str
    title: str
    text: str
    themes: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    urgency: str = ""
    illustrative: bool = False
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An idea or a running project.

    ``state``: idea, defined, funded, under_way, completed, suspended or postponed (to a later programme).
    ``paired_with`` is the id of the project that accompanies it (works and services), ``programme`` a frame item's id.
    """

    id: str
    title: str
    text: str
    state: str = ""
    communes: tuple[str, ...] = ()
    lead: str = ""
    partners: tuple[str, ...] = ()
    programme: str = ""
    axis: str = ""
    action_code: str = ""
    cup: str = ""
    amount: Money | None = None
    paired_with: str = ""
    drivers: tuple[str, ...] = ()
    illustrative: bool = False
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAsset:
    """A building or area, unused or underused; ``path`` is sale, concession or undecided; surface in m².

    ``heritage`` (protected as cultural heritage) and ``contamination`` (ground or materials to be cleaned) are what
    somebody stated: None where nobody did. ``photos`` are web addresses; degrees WGS84, where the place is known.
    """

    id: str
    title: str
    text: str
    commune_istat: str
    owner: str = ""
    kind: str = ""
    surface_m2: float | None = None
    state: str = ""
    constraints: tuple[str, ...] = ()
    path: str = ""
    pilot_area: str = ""
    address: str = ""
    heritage: bool | None = None
    contamination: bool | None = None
    lat: float | None = None
    lon: float | None = None
    photos: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    illustrative: bool = False
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameItem:
    """A piece of the strategic frame.

    ``kind``: driver, mission, sttm, programme, axis, service, pilot_area or zone.
    """

    id: str
    kind: str
    code: str
    label: str
    description: str = ""
    links: tuple[str, ...] = ()
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """The outline of a commune as maps draw it, on the plane of ``corpora.mercator``, in its whole units.

    ``path`` is an SVG path (rings by M, l and z, even-odd), left to bottom the box around it, ``x`` and ``y`` a point
    well within it.
    """

    istat: str
    path: str
    left: int
    top: int
    right: int
    bottom: int
    x: int
    y: int
    name: str = ""
    provenance: Provenance | None = None

    @property
    def id(self) -> str:
        """The ISTAT code after the name of the source, for the code itself is the commune's."""
        return f"confini:{self.istat}"


Record = Commune | Organisation | FundingCall | Precedent | Need | Project | PublicAsset | FrameItem | Boundary
