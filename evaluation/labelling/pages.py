"""The page: what is next to judge, as HTML that works without a script, and the forms that it sends."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpora.errors import CorporaError
from corpora.judged import MAY_APPLY, PURPOSES
from corpora.labelfile import WHY_LIMIT
from evaluation.errors import LabelError
from evaluation.labelling.desk import NO_REASON, Desk
from evaluation.labelling.guard import guard
from evaluation.labelling.reading import commune_in_words, guide_as_html, with_nearest_marked
from evaluation.labelling.words import words
from matcher.analyser import Analyser
from matcher.records import Commune

_HERE = Path(__file__).resolve().parent
_KEYS = {"no": "n", "unknown": "u"}

Field = Annotated[str, Form()]


def create_app(desk: Desk, communes: Mapping[str, Commune]) -> FastAPI:
    """Return the page of a desk; ``communes`` by ISTAT code, those missing are shown by their code.

    Its handlers are coroutines that never wait: they run one after the other, so that the desk needs no lock.
    """
    # The generated documentation would load scripts from elsewhere.
    app = FastAPI(title="remix label", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(guard)
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    page = _Page(desk, communes)
    app.get("/")(page.show)
    app.get("/guide")(page.guide)
    app.post("/judge")(page.judge)
    app.post("/skip")(page.skip)
    app.post("/skipped")(page.show_skipped)
    app.post("/undo")(page.undo)
    app.add_exception_handler(LabelError, page.refused)
    app.add_exception_handler(CorporaError, page.failed)
    app.add_exception_handler(OSError, page.failed)
    return app


class _Page:
    """The handlers, with what they share: the desk, the communes and the templates."""

    def __init__(self, desk: Desk, communes: Mapping[str, Commune]) -> None:
        self.desk = desk
        self.communes = communes
        self.analyser = Analyser()
        self.templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def show(self, request: Request) -> Response:
        said = words(request.headers.get("accept-language", ""))
        item, progress = self.desk.next()
        shown: dict[str, Any] = {"progress": progress, "desk": self.desk}
        if item is None:
            return self._html("finished.html", said, **shown)
        kind = said[f"kind_{item.sheet.kind}"]
        commune = commune_in_words(item.sheet.commune, self.communes, said)
        return self._html(
            "pair.html",
            said,
            item=item,
            asker=said["of_commune"].format(kind=kind, commune=commune),
            summary=with_nearest_marked(item.call.summary, item.sheet.text, self.analyser),
            former=self._former(item.pair),
            **shown,
        )

    def _former(self, pair: tuple[str, str]) -> dict[str, str]:
        """What the form is filled with: the judgment just taken back, or nothing."""
        back = self.desk.taken_back
        if back is None or back.pair != pair:
            return {"purpose": "", "may_apply": "", "why": ""}
        why = "" if back.why == NO_REASON else back.why
        return {"purpose": str(back.purpose), "may_apply": back.may_apply, "why": why}

    async def guide(self, request: Request) -> Response:
        said = words(request.headers.get("accept-language", ""))
        return self._html("guide.html", said, guide=guide_as_html())

    async def judge(
        self, query_id: Field = "", call_id: Field = "", purpose: Field = "", may_apply: Field = "", why: Field = ""
    ) -> Response:
        self.desk.judge((query_id, call_id), purpose, may_apply, why)
        return _next()

    async def skip(self, query_id: Field = "", call_id: Field = "") -> Response:
        self.desk.skip((query_id, call_id))
        return _next()

    async def show_skipped(self) -> Response:
        self.desk.show_skipped()
        return _next()

    async def undo(self) -> Response:
        self.desk.undo()
        return _next()

    async def refused(self, request: Request, error: Exception) -> Response:
        said = words(request.headers.get("accept-language", ""))
        code = error.code if isinstance(error, LabelError) else ""
        status = 409 if code in ("not_left", "written_after") else 422
        return self._html("message.html", said, status, heading=said["refused"], text=said[code])

    async def failed(self, request: Request, error: Exception) -> Response:
        said = words(request.headers.get("accept-language", ""))
        return self._html("message.html", said, 500, heading=said["failed"], text=str(error))

    def _html(self, template: str, said: dict[str, str], status: int = 200, **values: Any) -> Response:
        yes_no = {answer: _KEYS.get(answer, said["yes_keys"]) for answer in MAY_APPLY}
        grades = tuple(reversed(PURPOSES))
        page = self.templates.get_template(template)
        html = page.render(said=said, grades=grades, answers=yes_no, why_limit=WHY_LIMIT, **values)
        return HTMLResponse(html, status)


def _next() -> Response:
    # 303: going back or loading again sends no judgment twice.
    return RedirectResponse("/", 303)
