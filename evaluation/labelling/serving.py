"""From what the command was given to a page on a port of this machine."""

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import uvicorn

from corpora.judged import load_judgments, load_queries, refresh_qrels
from evaluation.errors import LabelError
from evaluation.labelling.communes import known_communes
from evaluation.labelling.desk import Desk
from evaluation.labelling.journal import Journal
from evaluation.labelling.judges import role
from evaluation.labelling.pages import create_app
from evaluation.labelling.queue import Queue, disagreeing, to_read_again, unjudged
from evaluation.labelling.sheets import read_sheets

ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """The command's arguments as given."""

    sheets: Path
    labels: Path
    judge: str
    port: int
    disagreements: Path | None
    again: bool


def serve(asked: Asked, say: Callable[[str], None]) -> None:
    """Open the page, say where, answer until interrupted, then make the qrels anew if anything was judged.

    Raises LabelError for a judge who is no role or a port that is taken, CorporaError for sheets or labels that do
    not hold together.
    """
    desk = open_desk(asked)
    app = create_app(desk, known_communes({item.sheet.commune for item in desk.queue.items}))
    _, progress = desk.next()
    with _listen(asked.port) as listening:
        for sentence in desk.queue.left_out:
            say(sentence)
        say(f"{progress.left} coppie da giudicare su {progress.total}, come {desk.name}. Ctrl-C per chiudere.")
        say(f"http://{ADDRESS}:{listening.getsockname()[1]}/")
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        try:
            with contextlib.suppress(KeyboardInterrupt):
                server.run(sockets=[listening])
        finally:
            if desk.journal.written:
                refresh_qrels(asked.labels)
                say(f"{desk.journal.written} giudizi scritti in {desk.journal.path}; qrels rifatti.")


def open_desk(asked: Asked) -> Desk:
    """Return the desk of what was asked; raises LabelError and CorporaError as ``serve`` does."""
    judge = role(asked.judge)
    if asked.again and asked.disagreements:
        raise LabelError("--again hides earlier grades and --disagreements shows them: give one of them")
    journal = Journal(asked.labels)
    journal.rows()
    return Desk(_queue(asked, judge, journal), journal, judge, _today)


def _queue(asked: Asked, judge: str, journal: Journal) -> Queue:
    sheets = read_sheets(asked.sheets, load_queries(asked.labels))
    if asked.disagreements:
        # The name of a file of the labels, as SECOND_READING, or a path.
        file = asked.disagreements if asked.disagreements.exists() else asked.labels / asked.disagreements
        second = load_judgments(asked.labels, str(file.resolve()))
        return disagreeing(sheets, journal.rows(), second, judge)
    return to_read_again(sheets, judge) if asked.again else unjudged(sheets)


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((ADDRESS, port))
        # At once, so that the address answers as soon as it is said.
        listening.listen()
    except OSError as error:
        listening.close()
        raise LabelError(f"--port {port}: {error.strerror}; choose another, or 0 for any that is free") from error
    return listening


def _today() -> date:
    return datetime.now(tz=UTC).astimezone().date()
