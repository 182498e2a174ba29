"""The parts that partners play: which ones a text asks for, and which ones a body plays, by its kind and its name.

    "cooperativa per persone con disabilità"  ──asked_roles──► disability, and a social cooperative whatever its trade
    "ANFFAS MARTESANA"                        ──roles_of──► disability

A role is a kind of body (the school, the park), a trade of the third sector (who works with disabled people) or a
legal form (a social cooperative whose name tells no trade). The table is ``roles.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from matcher.analyser import fold
from matcher.bodies import fold as fold_name
from matcher.records import ApplicantKind


class RoleSort(StrEnum):
    """What a role is read from: the kind of body, the trade that a name tells, or the legal form alone."""

    KIND = "kind"
    TRADE = "trade"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Role:
    """One part: a text that asks for it fits ``asked``; a body of ``kinds`` plays it whose name fits ``named``.

    ``named`` is None where every body of the kinds plays it.
    """

    code: str
    sort: RoleSort
    kinds: frozenset[ApplicantKind]
    asked: re.Pattern[str]
    named: re.Pattern[str] | None


def _words(patterns: Iterable[str]) -> re.Pattern[str]:
    """Each pattern from the beginning of a word; one of three letters or fewer is the whole word (an acronym)."""
    closed = (f"{pattern}\\b" if len(pattern) <= 3 else pattern for pattern in patterns)
    return re.compile(rf"\b(?:{'|'.join(closed)})")


def _role(row: Mapping[str, Any]) -> Role:
    named = row.get("named")
    return Role(
        code=row["code"],
        sort=RoleSort(row["sort"]),
        kinds=frozenset(ApplicantKind(kind) for kind in row["kinds"]),
        asked=_words(row["asked"]),
        named=_words(named) if named else None,
    )


ROLES: tuple[Role, ...] = tuple(
    _role(row) for row in tomllib.loads(files(__package__).joinpath("roles.toml").read_text("utf-8"))["role"]
)
"""Every role, kinds first; a text may ask for several and a body may play several."""

CODES = tuple(role.code for role in ROLES)
"""The codes of ``ROLES``, in their order."""


@lru_cache(maxsize=4096)
def asked_roles(text: str) -> frozenset[str]:
    """Return the codes of the roles that a text asks for or speaks of."""
    plain = fold(text)
    return frozenset(role.code for role in ROLES if role.asked.search(plain))


@lru_cache(maxsize=262_144)
def roles_of(kind: ApplicantKind, name: str) -> tuple[Role, ...]:
    """Return the roles that a body plays, by its kind and what its name says."""
    plain = fold_name(name).lower()
    return tuple(role for role in ROLES if kind in role.kinds and (role.named is None or role.named.search(plain)))
