"""The tables: one per kind of record, and what happened to them.

    imports ──► communes, organisations, funding_calls, precedents, needs, projects, public_assets, frame_items,
       │            boundaries
       ├──► record_changes   what a later version changed, field by field
       └──► quarantine       the rows that could not be read, and why

A record's row holds the whole record as canonical JSON (``payload``) and, typed, only what queries ask for.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, Enum, ForeignKey, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from matcher.records import ApplicantKind, CallStatus, Level


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on both sides, stored in UTC, because SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(members: Iterable[Any]) -> list[str]:
    return [member.value for member in members]


def one_of(members: type[StrEnum], name: str) -> Enum:
    """Return a column type: one of a few words, kept as text and checked by the database."""
    return Enum(members, name=name, native_enum=False, create_constraint=True, length=32, values_callable=_values)


class Base(DeclarativeBase):
    """Constraints have names of one form, so that migrations can find them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ImportRow(Base):
    """One import that was carried through; rows in = new + changed + unchanged + quarantined.

    ``kept_by_hand`` counts the records in which a field that a person set stayed against what the file says.
    """

    __tablename__ = "imports"
    __table_args__ = (CheckConstraint("rows_in = new + changed + unchanged + quarantined", name="adds_up"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows_in: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    kept_by_hand: Mapped[int] = mapped_column(default=0, server_default="0")
    repairs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RecordRow:
    """What every kind of record has: its key, who says so, and which version this is.

    A record without import was written by hand. ``hand_fields`` names the fields that a person set: no import may
    change them. What is archived is kept and no longer offered.
    """

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:  # noqa: N805 - SQLAlchemy passes the class
        return (CheckConstraint("version >= 1", name="version"), CheckConstraint("length(id) > 0", name="id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    content_hash: Mapped[str]
    payload: Mapped[str] = mapped_column(Text)
    first_import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    hand_fields: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CommuneRow(RecordRow, Base):
    """A municipality; ``id`` is its ISTAT code."""

    __tablename__ = "communes"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:  # noqa: N805
        return (
            CheckConstraint("version >= 1", name="version"),
            CheckConstraint("length(id) = 6", name="istat"),
            CheckConstraint("population >= 0", name="population"),
        )

    name: Mapped[str] = mapped_column(index=True)
    province_code: Mapped[str]
    region_code: Mapped[str]
    zone: Mapped[str]
    population: Mapped[int | None]


class OrganisationRow(RecordRow, Base):
    """A body that may apply or be a partner."""

    __tablename__ = "organisations"

    name: Mapped[str]
    kind: Mapped[ApplicantKind] = mapped_column(one_of(ApplicantKind, "kind"))
    ipa_code: Mapped[str] = mapped_column(index=True)
    commune_istat: Mapped[str] = mapped_column(index=True)


class FundingCallRow(RecordRow, Base):
    """A call, desk or measure."""

    __tablename__ = "funding_calls"

    title: Mapped[str]
    issuer: Mapped[str]
    level: Mapped[Level] = mapped_column(one_of(Level, "level"))
    status: Mapped[CallStatus] = mapped_column(one_of(CallStatus, "status"))
    programme: Mapped[str] = mapped_column(index=True)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    illustrative: Mapped[bool]


class PrecedentRow(RecordRow, Base):
    """A project that was funded."""

    __tablename__ = "precedents"

    cup: Mapped[str] = mapped_column(index=True)
    measure: Mapped[str] = mapped_column(index=True)
    procedure: Mapped[str]
    programme: Mapped[str]
    year: Mapped[int | None]


class OwnedRow(RecordRow):
    """A record that a commune may keep itself: ``owner_istat`` is that commune, None for what was imported.

    What was written by hand has the moment and the account that made it.
    """

    owner_istat: Mapped[str | None] = mapped_column(ForeignKey("communes.id"), index=True)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))


class NeedRow(OwnedRow, Base):
    """What a place lacks."""

    __tablename__ = "needs"

    title: Mapped[str]
    commune_istat: Mapped[str] = mapped_column(index=True)


class ProjectRow(OwnedRow, Base):
    """An idea or a running project."""

    __tablename__ = "projects"

    title: Mapped[str]
    state: Mapped[str]
    programme: Mapped[str] = mapped_column(index=True)
    cup: Mapped[str]


class PublicAssetRow(OwnedRow, Base):
    """An unused or underused building or area."""

    __tablename__ = "public_assets"

    title: Mapped[str]
    commune_istat: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    path: Mapped[str]


class FrameItemRow(RecordRow, Base):
    """A piece of the strategic frame."""

    __tablename__ = "frame_items"

    kind: Mapped[str] = mapped_column(index=True)
    code: Mapped[str]
    label: Mapped[str]


class BoundaryRow(RecordRow, Base):
    """The outline of a commune; a commune need not be known for it, nor has every commune one."""

    __tablename__ = "boundaries"

    istat: Mapped[str] = mapped_column(index=True)


class RecordChangeRow(Base):
    """What one version of a record changed, by an import or by a person: each field with its old and new value."""

    __tablename__ = "record_changes"
    __table_args__ = (
        UniqueConstraint("record_id", "kind", "version"),
        CheckConstraint("version >= 2", name="version"),
        CheckConstraint("(import_id IS NULL) <> (account_id IS NULL)", name="one_author"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[str]
    version: Mapped[int]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON)


class DataVersionRow(Base):
    """How often the records of one kind, or what people say about them, were written: whoever serves them looks here.

    ``stamp`` is new at each writing, so that a database made anew never repeats a number and its stamp.
    """

    __tablename__ = "data_versions"

    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    stamp: Mapped[str]


class QuarantineRow(Base):
    """One row that could not be read; open until the same file is read again without it."""

    __tablename__ = "quarantine"
    __table_args__ = (CheckConstraint("line >= 0", name="line"),)

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), index=True)
    source: Mapped[str] = mapped_column(index=True)
    file: Mapped[str]
    line: Mapped[int]
    field: Mapped[str]
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
