"""Saying on its page what becomes of a project, taking it back, and saying it again."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from service.api.acting import Writing
from service.errors import ConflictError, InvalidError
from service.pages import register_words as words
from service.pages.commune.patches import plain_number
from service.pages.going import go, part
from service.pages.languages import PageLanguage
from service.pages.register_project import entry_to_show, project_page
from service.pages.translations import translations
from service.register.observation_rows import Fact
from service.register.observations import Said, observe, restore_observation, withdraw_observation
from service.work.texts import plain_text

router = APIRouter(include_in_schema=False)
SAYINGS = f"{words.PROJECTS}/osservazioni"


class SayingForm(BaseModel):
    """What the form sends: words as they were typed."""

    che: Fact
    giorno: str = Field("", max_length=40)
    stato: str = Field("", max_length=40)
    nome: str = Field("", max_length=300)
    prevista: str = Field("", max_length=40)
    effettiva: str = Field("", max_length=40)
    valore: str = Field("", max_length=40)
    unita: str = Field("", max_length=40)
    dove: str = Field("", max_length=500)
    nota: str = Field("", max_length=2000)

    def said(self) -> Said:
        """Return the fact; raises InvalidError naming the field that cannot be read."""
        is_milestone, has_value = self.che is Fact.MILESTONE, self.che in (Fact.AMOUNT, Fact.INDICATOR)
        said_on = _day("said_on", self.giorno)
        if said_on is None:
            raise InvalidError("said_on", "needed")
        return Said(
            fact=self.che,
            said_on=said_on,
            state=_plain("state", self.stato) if self.che is Fact.STATE else "",
            name=_plain("name", self.nome) if self.che is not Fact.STATE else "",
            planned_on=_day("planned_on", self.prevista) if is_milestone else None,
            actual_on=_day("actual_on", self.effettiva) if is_milestone else None,
            value=_number(self.valore) if has_value else None,
            unit=_plain("unit", self.unita) if self.che is Fact.INDICATOR else "",
            reference=_plain("reference", self.dove),
            note=_plain("note", self.nota),
        )


@router.post(f"{SAYINGS}/{{observation_id}}/annulla")
def withdraw(acting: Writing, observation_id: str) -> Response:
    """Take back what was said."""
    taken = withdraw_observation(acting, observation_id)
    return go(f"{words.PROJECTS}/{part(taken.entry_id)}#detto", fatto="tolto", detto=taken.id)


@router.post(f"{SAYINGS}/{{observation_id}}/ripristina")
def restore(acting: Writing, observation_id: str) -> Response:
    """Say again what was taken back."""
    try:
        again = restore_observation(acting, observation_id)
    except ConflictError:
        return go(words.PROJECTS)
    return go(f"{words.PROJECTS}/{part(again.entry_id)}#detto", fatto="rimesso")


@router.post(f"{words.PROJECTS}/{{record_id:path}}/osservazioni")
def say(
    request: Request, acting: Writing, language: PageLanguage, record_id: str, sent: Annotated[SayingForm, Form()]
) -> Response:
    """Keep what is said of a project; what cannot be kept comes back with the reason."""
    entry = entry_to_show(acting, record_id)
    try:
        made = observe(acting, entry.id, sent.said())
    except InvalidError as error:
        words_of = translations(language).gettext
        refusal = words_of(words.REFUSALS.get(error.field, words.OTHER_REFUSAL))
        more = {"wrong": error.field, "refusal": refusal, "sent": sent.model_dump(), "done": "", "said": ""}
        return project_page(request, acting, entry, language, more, status=422)
    return go(f"{words.PROJECTS}/{part(entry.id)}#detto", fatto="detto", detto=made.id)


def _day(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise InvalidError(field, f"{text}: not a day") from error


def _plain(field: str, text: str) -> str:
    try:
        return plain_text(text.strip())
    except ValueError as error:
        raise InvalidError(field, str(error)) from error


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(plain_number(text))
    except InvalidOperation as error:
        raise InvalidError("value", f"{text}: not a number") from error
