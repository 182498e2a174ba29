"""The fields of a project that stand for other records, as people write them: communes and programmes by their names.

stored: 015182, programme:pnrr ◄──► in a form: Rho, «PNRR, Piano nazionale…»
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.records import Commune
from service.communes import CommuneFinder
from service.errors import UnknownCommuneError
from service.imports import load_records
from service.pages.commune.form_errors import Errors
from service.pages.commune.item_forms import Choices, ItemForm
from service.register.entries import shown
from service.register.programmes import frame_programmes
from service.register.tables import RegisterEntryRow
from service.tables import CommuneRow

PROJECTS = "projects"
MOST_SUGGESTED = 200


def choices_of(session: Session, istat: str, present: str = "") -> Choices:
    """Return the programmes to suggest, and the projects that one of this commune's may go with.

    ``present``: the one that it goes with now, which is among them whatever it is.
    """
    entries = RegisterEntryRow
    own = select(entries.id, entries.title).where(
        or_(entries.id == present, entries.owner_istat == istat), shown() | (entries.id == present)
    )
    paired = {id_: title for id_, title in session.execute(own.order_by(entries.title).limit(MOST_SUGGESTED))}
    return {
        "programme": tuple((label, "") for label in frame_programmes(session).values()),
        "paired_with": tuple(paired.items()),
    }


def in_words(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a project's fields with names in the place of codes."""
    codes = list(values.get("communes") or ())
    found = session.execute(select(CommuneRow.id, CommuneRow.name).where(CommuneRow.id.in_(codes)))
    names = {code: name for code, name in found}
    said = {name: value for name, value in values.items() if name not in ("communes", "programme")}
    programme = values.get("programme", "")
    return said | {
        "communes": [names.get(code, code) for code in codes],
        "programme": frame_programmes(session).get(programme, programme),
    }


def in_codes(session: Session, sent: ItemForm) -> tuple[ItemForm, Errors]:
    """Return a form with codes in the place of names, or the fields with a name that nothing has."""
    labels = {label.casefold(): id_ for id_, label in frame_programmes(session).items()}
    programme = labels.get(sent.programme.strip().casefold(), sent.programme)
    written = [line.strip() for line in sent.communes.splitlines() if line.strip()]
    finder = CommuneFinder(load_records(session, Commune) if written else ())
    try:
        codes = [finder.find(name).istat for name in written]
    except UnknownCommuneError:
        return sent, {"communes": "commune"}
    return sent.model_copy(update={"programme": programme, "communes": "\n".join(codes)}), {}
