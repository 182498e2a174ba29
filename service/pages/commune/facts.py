"""A commune's public facts: shown with who said so, corrected, and every correction undone if it was wrong."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from service.errors import ConflictError, InvalidError, StaleError
from service.pages.commune.form_errors import OTHER, Errors, errors_of, message
from service.pages.commune.patches import conflict, patch_of
from service.pages.commune.visit import Visit, Visited
from service.pages.commune.words import label, told
from service.pages.going import go
from service.pages.reasons import moment_day
from service.work import edits, profiles
from service.work.authors import AuthoredVersion, authored_versions
from service.work.fields import CommuneChanges

router = APIRouter(prefix="/comuni/{istat}/dati", include_in_schema=False)
CORRECTED = ("population", "population_year", "area_km2", "zone")
"""The facts that eligibility asks for; a place on the map nobody corrects by hand."""
Version = Annotated[int, Form(alias="versione", ge=0, le=2**31 - 1)]
Short = Annotated[str, Form(max_length=100)]


@router.get("")
def read_facts(visit: Visited) -> HTMLResponse:
    """Show the facts, the form to correct them, and what they were before."""
    return _shown(visit, {})


@router.post("")
def correct_facts(
    visit: Visited,
    version: Version = 0,
    population: Short = "",
    population_year: Short = "",
    area_km2: Short = "",
    zone: Short = "",
) -> Response:
    """Correct facts; imports leave them alone from now on."""
    sent = {"population": population, "population_year": population_year, "area_km2": area_km2, "zone": zone}
    try:
        changes = CommuneChanges.model_validate(patch_of(sent, visit.kept.data))
        with visit.acting() as acting:
            profiles.change_commune(acting, visit.istat, version, changes)
    except ValidationError as error:
        return _shown(visit, sent, errors_of(error), 422)
    except InvalidError as error:
        return _shown(visit, sent, {error.field: OTHER}, 422)
    except StaleError as error:
        return _shown(visit, sent, {}, 412, conflict(error, visit.language))
    return go(f"{visit.address}/dati", fatto="corretto")


@router.post("/annulla")
def undo_correction(visit: Visited, version: Version = 0) -> Response:
    """Undo the last correction; once more makes it again."""
    try:
        with visit.acting() as acting:
            edits.undo(acting, profiles.commune_to_change(acting, visit.istat), version)
    except (ConflictError, StaleError):
        return go(f"{visit.address}/dati", fatto="nulla")
    return go(f"{visit.address}/dati", fatto="annullato")


def _shown(
    visit: Visit,
    sent: dict[str, str],
    wrong: Errors | None = None,
    status: int = 200,
    differing: list[dict[str, str]] | None = None,
) -> HTMLResponse:
    with visit.acting() as acting:
        versions = authored_versions(acting, visit.kept)
    data, told_wrong = visit.kept.data, wrong or {}
    shown = {
        "fields": [
            {
                "name": name,
                "sent_as": name,
                "label": label(name, visit.language),
                "value": sent.get(name, data.get(name, "")),
                "error": message(told_wrong[name], visit.language) if name in told_wrong else "",
            }
            for name in CORRECTED
        ],
        "facts": [(label(name, visit.language), told(name, data.get(name), visit.language)) for name in CORRECTED],
        "zones": sorted({one.zone for one in visit.serving.communes if one.zone}),
        "version": visit.kept.version,
        "wrong": bool(wrong),
        "undo": {"address": f"{visit.address}/dati/annulla", "version": visit.kept.version},
        "differing": differing or [],
        "is_stale": differing is not None,
        "versions": [version_line(one, visit.language) for one in reversed(versions)],
    }
    return visit.page("facts.html", shown, status)


def version_line(version: AuthoredVersion, language: str) -> dict[str, Any]:
    """Return one version as pages tell it: when, by whom, what was and what became of each field."""
    hidden = {"zone_verified"}
    changes = [
        {"field": label(name, language), "old": told(name, old, language), "new": told(name, new, language)}
        for name, (old, new) in version.changes.items()
        if name not in hidden
    ]
    author = version.author
    return {
        "when": moment_day(version.at.isoformat(), language),
        "office": author.office.value,
        "author": author.name,
        "source": version.source,
        "changes": changes,
    }
