"""``remix communes``: from a call to the communes that may apply, or where one of them stands and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.language import either

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.catalogue.reverse import CommuneMatch
    from service.live import Serving

CALL = typer.Argument(help=either("Il codice del bando.", "The id of the call."), show_default=False)
COMMUNE = typer.Option(
    "--commune",
    "-c",
    help=either(
        "Dove sta questo comune e perché: nome o codice ISTAT.",
        "Where this commune stands and why: name or ISTAT code.",
    ),
)
PROVINCE = typer.Option(
    "--province", help=either("Solo i comuni di questa provincia.", "Only communes of this province.")
)
ON_DATE = typer.Option(
    "--on-date",
    help=either(
        "Giorno a cui valutare le scadenze (AAAA-MM-GG); se manca, adesso.",
        "Day on which deadlines are judged (YYYY-MM-DD); now, if not given.",
    ),
)
K = typer.Option("--k", "-k", min=1, max=10_000, help=either("Quanti comuni.", "How many communes."))
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))
_COUNTED = (
    ("{} comuni possono fare domanda", "; altri {} con --k"),
    ("{} communes may apply", "; {} more with --k"),
)
_NONE = ("nessun bisogno, progetto o bene descritto", "no need, project or asset described")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "communes",
        help=either(
            "I comuni per un bando: chi può fare domanda, e per quale bisogno, progetto o bene.",
            "The communes for a call: who may apply, and for which need, project or asset.",
        ),
    )(communes)


def communes(
    call: Annotated[str, CALL],
    commune: Annotated[str, COMMUNE] = "",
    province: Annotated[str, PROVINCE] = "",
    on_date: Annotated[str, ON_DATE] = "",
    k: Annotated[int, K] = 20,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print the communes of a call, or where one commune stands."""
    from service.database import open_database, reading
    from service.live import serving_once
    from service.moments import judged_at, now
    from service.progress import progress_bar
    from service.recommending import encoder_of
    from service.settings import load_settings

    settings, on = load_settings(), judged_at(on_date, any_date=False) or now()
    engine = open_database(settings)
    try:
        with progress_bar(settings.language) as progress:
            serving = serving_once(settings, engine, lambda: encoder_of(settings, progress))
        with reading(engine) as session:
            asked = _Asked(session, serving, call, on, settings.language, as_json)
            asked.tell_one(commune) if commune else asked.list_communes(province, k)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One call, the moment at which it is judged, and how to answer."""

    session: Session
    serving: Serving
    call: str
    on: datetime
    language: str
    as_json: bool

    def list_communes(self, province: str, k: int) -> None:
        """Print those that may apply, best first, and how many there are."""
        from service.access.principal import COMMAND_LINE
        from service.catalogue.reverse import communes_for
        from service.progress import print_json

        position = self.serving.position(self.call)
        found = communes_for(self.session, COMMAND_LINE, self.serving, position, self.on, province=province)
        shown = list(enumerate(found[:k], start=1))
        if self.as_json:
            communes = [_data(rank, match) for rank, match in shown]
            print_json({"call": self.call, "of": len(found), "communes": communes})
            return
        rest, words = len(found) - len(shown), _COUNTED[self.language != "it"]
        counted = words[0].format(len(found)) + (words[1].format(rest) if rest else "")
        _print(*(_line(rank, match, self.language) for rank, match in shown), counted)

    def tell_one(self, commune: str) -> None:
        """Print where one commune stands, and why."""
        from service.access.principal import COMMAND_LINE
        from service.catalogue.whereabouts import whereabouts
        from service.presentation import criterion_data
        from service.progress import print_json
        from service.reverse_wording import reasons, standing

        istat, position = self.serving.finder.find(commune).istat, self.serving.position(self.call)
        found = whereabouts(self.session, COMMAND_LINE, self.serving, position, istat, self.on)
        if self.as_json:
            criteria = [criterion_data(one) for one in found.eligibility.criteria]
            place = {"standing": found.standing.value, "of": found.of, "criteria": criteria}
            print_json({"call": self.call} | place | _data(found.rank, found.match))
            return
        _print(standing(found, self.language), *reasons(found, self.language))


def _print(*lines: str) -> None:
    from service.progress import console

    for line in lines:
        console().print(line, markup=False, highlight=False)


def _line(rank: int, match: CommuneMatch, language: str) -> str:
    from service import wording

    item = match.item.title if match.item else _NONE[language != "it"]
    where = f"{match.commune.name} ({match.commune.province}, {match.commune.istat})"
    return f"{rank}. {where} · {wording.verdict(match.verdict, language)} · {item}"


def _data(rank: int | None, match: CommuneMatch) -> dict[str, Any]:
    return {
        "rank": rank,
        "istat": match.commune.istat,
        "name": match.commune.name,
        "eligibility": match.verdict.value,
        "likelihood": match.likelihood,
        "item": {"kind": match.item.ref.kind, "id": match.item.ref.id} if match.item else None,
        "item_title": match.item.title if match.item else "",
        "similarity": match.item.similarity if match.item else None,
    }
