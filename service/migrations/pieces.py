"""The pieces that migrations are written with: columns, constraints and indexes under the project's names."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op


def text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of short text."""
    return sa.Column(name, sa.String(), nullable=nullable)


def long_text(name: str) -> sa.Column[Any]:
    """Return a column of text without bound."""
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of moments in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of JSON."""
    return sa.Column(name, sa.JSON(), nullable=nullable)


def one_of(name: str, *words: str, nullable: bool = False) -> sa.Column[Any]:
    """Return a column that holds one of a few words, checked by the database."""
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """Return a named check."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def points_to(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    """Return a foreign key."""
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def primary_key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """Return the primary key."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Return a named uniqueness."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{columns[0]}"))


def index(table: str, *columns: str) -> None:
    """Create one index per column."""
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def drop_tables(names: Sequence[str]) -> None:
    """Drop tables, the last one first."""
    for name in reversed(names):
        op.drop_table(name)
