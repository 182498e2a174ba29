"""One call, all of it: fields, criteria with the words they were read from, what changed, what is like it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.eligibility import Rule, judge
from matcher.eligibility.reviews import rule_key
from matcher.eligibility.rules import rule_data
from matcher.encoder import Encoder
from matcher.errors import EncoderError
from matcher.grouping import kind_of, members
from matcher.records import Commune, FundingCall
from matcher.strategy import with_overrides
from matcher.verdicts import municipality
from service.catalogue.view import CatalogueView
from service.history import Version, versions
from service.kinds import KIND_NAMED
from service.presentation import criterion_data
from service.tables import ImportRow
from service.tagging import tags_of_records
from service.work.tags import overrides_of

SIMILAR = 5
"""Calls shown as similar to one."""
MOST_VARIANTS = 20


def call_detail(view: CatalogueView, position: int, on: datetime, commune: Commune | None) -> dict[str, Any]:
    """Return a call whole; for a commune, judged for it, else with its criteria as they were read."""
    call, rules = view.catalogue.calls[position], view.catalogue.rules[position]
    judged = judge(rules, municipality(commune), on) if commune else None
    provenance = call.provenance
    return {
        "call": view.summary(position, on),
        "text": call.text,
        "full_summary": call.summary,
        "applicants_text": call.applicants_text,
        "territory_text": call.territory_text,
        "funded_before": [phrase for part in call.funded_before.split(";") if (phrase := part.strip())],
        "extra": [{"name": name, "value": value} for name, value in call.extra],
        "reference": provenance.reference if provenance else "",
        "as_of": provenance.as_of.isoformat() if provenance and provenance.as_of else None,
        "criteria": [_criterion(rule) for rule in rules],
        "eligibility": judged.verdict.value if judged else None,
        "judged": [criterion_data(result) for result in judged.criteria] if judged else [],
        "variants": _variants(view, position, on),
        "similar": _similar(view, position, on),
    }


def call_history(session: Session, call_id: str) -> list[dict[str, Any]]:
    """Return the versions of a call, oldest first, each field that changed with its old and new value."""
    return [_version(version) for version in versions(session, KIND_NAMED["calls"], call_id)]


def call_tags(session: Session, call: FundingCall, encoder: Encoder) -> list[dict[str, Any]]:
    """Return the strategy tags of a call as they count: people's alone, if the model does not know the encoder."""
    said = overrides_of(session, "calls", [call.id])
    try:
        tags = tags_of_records([call], said, encoder)[0]
    except EncoderError:
        tags = with_overrides((), said.get(call.id, ()))
    return [asdict(tag) for tag in tags]


def last_import(session: Session, source: str) -> datetime | None:
    """Return when the source of a call was last imported to the end."""
    return session.scalar(select(func.max(ImportRow.finished_at)).where(ImportRow.source == source))


def _criterion(rule: Rule) -> dict[str, Any]:
    data = rule_data(rule)
    return {
        "key": rule_key(rule),
        "criterion": rule.criterion.value,
        "quote": rule.quote,
        "origin": rule.origin,
        "reviewed_on": rule.reviewed_on.isoformat() if rule.reviewed_on else None,
        "read": {
            name: value
            for name, value in data.items()
            if name not in ("criterion", "quote", "origin", "reviewed_on") and value not in ([], None)
        },
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "at": version.at.isoformat(),
        "source": version.source,
        "file": version.file,
        "changes": {name: {"old": old, "new": new} for name, (old, new) in version.changes.items()},
    }


def _variants(view: CatalogueView, position: int, on: datetime) -> list[dict[str, Any]]:
    """The other entries and editions of the call, the measure that it belongs to, and the measure's notices."""
    groups = view.catalogue.groups
    others = [other for other in members(groups, position) if other != position]
    return [
        {"kind": kind_of(groups, position, other).value, "call": view.summary(other, on)}
        for other in others[:MOST_VARIANTS]
    ]


def _similar(view: CatalogueView, position: int, on: datetime) -> list[dict[str, Any]]:
    """The calls whose titles mean nearly the same, those aside that are one with it."""
    catalogue = view.catalogue
    similarity = view.titles @ view.titles[position]
    similarity[catalogue.groups.family == catalogue.groups.family[position]] = -1
    nearest = np.argsort(-similarity, kind="stable")[:SIMILAR]
    return [
        {"similarity": round(float(similarity[other]), 4), "call": view.summary(other, on)}
        for other in nearest.tolist()
        if similarity[other] > -1
    ]
