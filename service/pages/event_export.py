"""The list of who takes part as a file to take along: one line for each registration that holds."""

from collections.abc import Mapping, Sequence

from service.events.registrations import Participant
from service.events.seen import Event
from service.events.tables import Standing
from service.moments import ROME
from service.pages.translations import translations
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_table, xlsx_table

TYPES: Mapping[str, str] = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


_HEADER = (
    _("Evento"),
    _("Nome"),
    _("Codice ISTAT"),
    _("Comune"),
    _("Iscrizione"),
    _("Iscritto il"),
    _("Presente"),
)
STANDINGS = {Standing.PLACE: _("con un posto"), Standing.WAITING: _("in lista d’attesa")}
_CAME = {True: _("sì"), False: _("no"), None: ""}


def exported(event: Event, people: Sequence[Participant], form: str, language: str) -> bytes:
    """Return the list as a file of one format, CSV or XLSX."""
    words = translations(language)
    header = [words.gettext(name) for name in _HEADER]
    rows: list[tuple[Cell, ...]] = [
        (
            event.title,
            one.name,
            one.commune_istat,
            one.commune_name,
            words.gettext(STANDINGS[one.standing]),
            one.at.astimezone(ROME).replace(microsecond=0),
            words.gettext(_CAME[one.attended]) if _CAME[one.attended] else "",
        )
        for one in people
    ]
    return csv_table(header, rows) if form == "csv" else xlsx_table(words.gettext("Iscritti"), header, rows)
