"""``remix partners`` and ``remix consortium``: with whom, and by which rules of the call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from service.language import either

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from matcher.consortium import ConsortiumRule, ConsortiumVerdict, Proposal
    from matcher.partners import PartnerFinder, PartnerRecommendation
    from service.live import Serving
    from service.partners.suggesting import PartnerAsked, Suggested

TEXT = typer.Argument(help=either("Il progetto, in poche frasi.", "The project, in a few sentences."))
CALL_ID = typer.Argument(help=either("Il codice del bando.", "The id of the call."), show_default=False)
COMMUNE = typer.Option(
    "--commune", "-c", help=either("Il comune capofila: nome o codice ISTAT.", "The lead commune: name or ISTAT code.")
)
CALL = typer.Option("--call", help=either("Per questo bando.", "For this call."))
WANTED = typer.Option("--wanted", help=either("Chi cercate, a parole.", "Whom you look for, in words."))
MEMBER = typer.Option(
    "--member",
    help=either("Chi c’è già, con il suo codice (ripetibile).", "Who takes part already, by id (repeatable)."),
)
K = typer.Option("--k", "-k", min=1, max=100, help=either("Quanti partner.", "How many partners."))
AS_JSON = typer.Option("--json", help=either("Risultato in JSON.", "The result as JSON."))
_NO_RULES = (
    "Il testo non dice nulla di un partenariato: controllate l’originale.",
    "The text says nothing of a partnership: check the original.",
)
_BESIDES = ("E per quello che ancora manca:", "And for what is still lacking:")
_UNFILLED = ("Nessuno qui intorno per: ", "Nobody around here for: ")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "partners",
        help=either(
            "Con chi fare un progetto: comuni ed enti che lo completano, con i motivi e quanto è sicuro chi sono.",
            "With whom to do a project: communes and bodies that complement it, with reasons and how sure they are.",
        ),
    )(partners)
    app.command(
        "consortium",
        help=either(
            "Partenariati completi per un bando, e quale regola manca; con --member giudica quelli indicati.",
            "Complete partnerships for a call, and which rule is lacking; --member keeps those that are named.",
        ),
    )(consortium)


def partners(
    text: Annotated[str, TEXT],
    commune: Annotated[str, COMMUNE],
    call: Annotated[str, CALL] = "",
    wanted: Annotated[str, WANTED] = "",
    member: Annotated[list[str] | None, MEMBER] = None,
    k: Annotated[int, K] = 10,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print the bodies that complement a project, best first."""
    from service.access.principal import COMMAND_LINE
    from service.database import reading
    from service.partners.suggesting import PartnerAsked, suggest
    from service.partners.told import suggested_data
    from service.progress import print_json

    asked = PartnerAsked(text=text, commune=commune, call_id=call, wanted=wanted, present=tuple(member or ()), k=k)
    with _opened() as (engine, serving, finder, language):
        with reading(engine) as session:
            found = suggest(session, COMMAND_LINE, serving, finder, asked)
        if as_json:
            print_json(suggested_data(found))
            return
        _print(*_partner_lines(found, language))


def consortium(
    call: Annotated[str, CALL_ID],
    text: Annotated[str, TEXT],
    commune: Annotated[str, COMMUNE],
    wanted: Annotated[str, WANTED] = "",
    member: Annotated[list[str] | None, MEMBER] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print complete partnerships for a call, with the verdict of each rule."""
    from service.partners.suggesting import PartnerAsked
    from service.partners.told import proposal_data, rule_data
    from service.progress import print_json

    asked = PartnerAsked(text=text, commune=commune, call_id=call, wanted=wanted, present=tuple(member or ()))
    with _opened() as (engine, serving, finder, language):
        rules, found = _proposed(engine, serving, finder, asked)
        if as_json:
            proposals = [proposal_data(finder, one) for one in found]
            print_json({"call_id": call, "rules": [rule_data(rule) for rule in rules], "proposals": proposals})
            return
        _print(*([] if rules else [_NO_RULES[language != "it"]]), *_proposal_lines(found, language))


def _proposed(
    engine: Engine, serving: Serving, finder: PartnerFinder, asked: PartnerAsked
) -> tuple[tuple[ConsortiumRule, ...], list[Proposal]]:
    from service.access.principal import COMMAND_LINE
    from service.database import reading
    from service.partners.suggesting import interests_of, proposals, understood

    with reading(engine) as session:
        question = understood(session, COMMAND_LINE, serving, asked)
        seen = interests_of(session, COMMAND_LINE, serving, asked.call_id)
    return question.rules, proposals(finder, question, seen)


@contextmanager
def _opened() -> Iterator[tuple[Engine, Serving, PartnerFinder, str]]:
    """Open the database, what is served from it, and the bodies."""
    from service.database import open_database
    from service.live import serving_once
    from service.partners.bodies import Bodies
    from service.progress import progress_bar
    from service.recommending import encoder_of
    from service.settings import load_settings

    settings = load_settings()
    engine = open_database(settings)
    try:
        with progress_bar(settings.language) as progress:
            serving = serving_once(settings, engine, lambda: encoder_of(settings, progress))
        yield engine, serving, Bodies().finder(engine), settings.language
    finally:
        engine.dispose()


def _partner_lines(found: Suggested, language: str) -> Iterator[str]:
    from service import partner_wording

    for one in found.found.items:
        yield from _body_lines(one, language)
    if found.found.besides:
        yield _BESIDES[language != "it"]
    for one in found.found.besides:
        yield from _body_lines(one, language)
    if found.found.unfilled:
        roles = ", ".join(partner_wording.role(code, language) for code in found.found.unfilled)
        yield _UNFILLED[language != "it"] + roles


def _body_lines(one: PartnerRecommendation, language: str) -> Iterator[str]:
    from service import partner_wording

    apart = "" if one.km is None else f", {one.km:.0f} km"
    yield f"{one.rank}. {one.body.name} · {one.body.seat.name}{apart} · {one.body.id}"
    if one.roles:
        yield "   " + ", ".join(partner_wording.role(role.code, language) for role in one.roles)
    if reasons := partner_wording.reasons(one, language):
        yield "   " + "; ".join(reasons)
    yield "   " + partner_wording.identity(one.identity, language)


def _proposal_lines(found: list[Proposal], language: str) -> Iterator[str]:
    for number, one in enumerate(found, start=1):
        yield f"{number}. " + " · ".join(member.name for member in one.consortium.members)
        yield from _verdict_lines(one.verdict, language)


def _verdict_lines(verdict: ConsortiumVerdict, language: str) -> Iterator[str]:
    from service import partner_wording, wording

    for one in verdict.results:
        told = partner_wording.result(one, language)
        said = wording.say(f"criterion.{one.verdict.value}", language)
        yield f"   {said} · {partner_wording.rule(one.rule, language)}{f' — {told}' if told else ''}"


def _print(*lines: str) -> None:
    from service.progress import console

    for line in lines:
        console().print(line, markup=False, highlight=False)
